"""The chats that somebody looks at, in memory: folded from the facts once, then kept up to date by every committed batch.

Batches that are committed while one is being loaded are applied after it, so none is missed and none is applied twice.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

from cordboard.core.conversation.transcript import Transcript, earlier_of, transcript_of
from cordboard.core.facts import Recorded
from cordboard.runtime.ports import Batch

MOST_KEPT = 5_000

Key = tuple[str, int]  # tenant, contact
Changed = Callable[[str, Transcript, Sequence[int], Sequence[Recorded]], None]
"""(tenant, transcript, numbers of messages that came or changed, the contact's facts of this batch)."""
Keystroke = Callable[[str, int, str, bool, str], None]
"""(tenant, contact, agent or "" for the visitor, typing, preview)."""


class FactsOfContact(Protocol):
    async def of_contact(self, tenant_id: str, contact_id: int) -> list[Recorded]: ...


class Transcripts:
    """One for the server. What changes is told to the listeners right after the commit."""

    def __init__(self, history: FactsOfContact) -> None:
        self._history = history
        self._kept: OrderedDict[Key, Transcript] = OrderedDict()
        self._loading: dict[Key, asyncio.Task[Transcript]] = {}
        self._backlog: dict[Key, list[Recorded]] = {}
        self._held: Counter[Key] = Counter()
        self._changed: list[Changed] = []
        self._typing: list[Keystroke] = []

    def on_change(self, listener: Changed) -> None:
        self._changed.append(listener)

    # -- typing is told and forgotten

    def on_typing(self, listener: Keystroke) -> None:
        self._typing.append(listener)

    def typing(self, tenant_id: str, contact_id: int, agent_id: str, on: bool, preview: str = "") -> None:
        for listener in self._typing:
            listener(tenant_id, contact_id, agent_id, on, preview)

    # -- looking

    def find(self, tenant_id: str, contact_id: int) -> Transcript | None:
        """What is in memory."""
        return self._kept.get((tenant_id, contact_id))

    async def get(self, tenant_id: str, contact_id: int) -> Transcript:
        """Loads it when it is not there; an unknown contact has an empty one."""
        key = (tenant_id, contact_id)
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            return known
        task = self._loading.get(key)
        if task is None:
            self._backlog[key] = []
            task = self._loading[key] = asyncio.create_task(self._load(key))
        return await asyncio.shield(task)

    async def _load(self, key: Key) -> Transcript:
        try:
            made = await self._fold(*key)
            for recorded in self._backlog[key]:
                if recorded.seq > made.last_seq:
                    made.apply(recorded)
            if self._backlog[key]:
                made.last_seq = max(made.last_seq, self._backlog[key][-1].seq)
            self._keep(key, made)
            return made
        finally:
            del self._backlog[key]
            del self._loading[key]

    async def _fold(self, tenant_id: str, contact_id: int) -> Transcript:
        """With the chats that it goes on with, the oldest first."""
        found = [(contact_id, await self._history.of_contact(tenant_id, contact_id))]
        while 0 < (earlier_id := earlier_of(found[-1][1])) < found[-1][0]:
            found.append((earlier_id, await self._history.of_contact(tenant_id, earlier_id)))
        made: Transcript | None = None
        for each, recorded in reversed(found):
            made = transcript_of(each, recorded, made)
        assert made is not None
        return made

    def hold(self, tenant_id: str, contact_id: int) -> None:
        """Somebody listens: it is kept until as many have let go."""
        self._held[tenant_id, contact_id] += 1

    def let_go(self, tenant_id: str, contact_id: int) -> None:
        self._held[tenant_id, contact_id] -= 1
        if self._held[tenant_id, contact_id] <= 0:
            del self._held[tenant_id, contact_id]

    def _keep(self, key: Key, transcript: Transcript) -> None:
        self._kept[key] = transcript
        if len(self._kept) > MOST_KEPT:
            gone = next((each for each in self._kept if each not in self._held and each != key), None)
            if gone is not None:
                del self._kept[gone]

    # -- following

    def on_batch(self, batch: Batch) -> None:
        by_contact: dict[int, list[Recorded]] = {}
        for recorded in batch.recorded:
            contact_id = getattr(recorded.fact, "contact_id", 0)
            if contact_id:
                by_contact.setdefault(contact_id, []).append(recorded)
        for contact_id, found in by_contact.items():
            key = (batch.tenant_id, contact_id)
            if key in self._backlog:
                self._backlog[key].extend(found)
            transcript = self._kept.get(key)
            if transcript is not None:
                self._follow(batch.tenant_id, transcript, found)

    def _follow(self, tenant_id: str, transcript: Transcript, found: Sequence[Recorded]) -> None:
        fresh = [recorded for recorded in found if recorded.seq > transcript.last_seq]
        if not fresh:
            return
        numbers = [number for number in map(transcript.apply, fresh) if number]
        transcript.last_seq = fresh[-1].seq
        for listener in self._changed:
            listener(tenant_id, transcript, numbers, fresh)
