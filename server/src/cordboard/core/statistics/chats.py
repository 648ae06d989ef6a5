"""What chats add: responses, how many an agent has at once, invitations, ratings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from cordboard.core import facts
from cordboard.core.conversation import facts as chat_facts
from cordboard.core.statistics.items import Item, Measure
from cordboard.core.words import Channel


class Maker(Protocol):
    """Makes an item of a contact, with all that is known of it."""

    def item(
        self,
        measure: Measure,
        at: datetime,
        contact_id: int,
        agent_id: str = "",
        queue_id: str = "",
        lasted: timedelta = timedelta(),
    ) -> Item: ...


class Chats:
    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._live: set[int] = set()
        self._held: dict[str, set[int]] = {}  # agent -> chats in his hands
        self._since: dict[str, datetime] = {}  # agent -> since when he has at least one

    def items(self, fact: facts.Fact, at: datetime) -> Iterator[Item]:
        match fact:
            case chat_facts.ResponseGiven():
                who = (fact.contact_id, fact.agent_id, fact.queue_id)
                if fact.waited is not None:
                    item = self._maker.item(Measure.RESPONSE, at, *who, fact.waited)
                    yield replace(item, waited=item.seconds)
                if fact.first is not None:
                    item = self._maker.item(Measure.FIRST_RESPONSE, at, *who, fact.first)
                    yield replace(item, waited=item.seconds)
            case chat_facts.InvitationMade():
                item = self._maker.item(Measure.INVITED, at, 0, fact.agent_id, fact.queue_id)
                yield replace(item, entry_point_id=fact.entry_point_id, channel=Channel.CHAT.value)
            case chat_facts.InvitationClosed() if fact.outcome == "accepted":
                who = (fact.contact_id, fact.agent_id, fact.queue_id)
                item = self._maker.item(Measure.INVITATION_ACCEPTED, at, *who)
                yield replace(item, entry_point_id=fact.entry_point_id, channel=Channel.CHAT.value)
            case chat_facts.SurveyGiven():
                item = self._maker.item(Measure.RATED, at, fact.contact_id)
                yield replace(item, seconds=float(fact.score), channel=Channel.CHAT.value)
            case _:
                return

    def ended(self, fact: facts.TalkEnded, at: datetime) -> Iterator[Item]:
        """One chat is out of the agent's hands; was it his last, so is the time with at least one over."""
        held = self._held.get(fact.agent_id, set())
        if fact.contact_id not in held:
            return
        who = (fact.contact_id, fact.agent_id, fact.queue_id)
        yield (item := self._maker.item(Measure.CHATTED, at, *who, fact.talked))
        if held == {fact.contact_id}:
            lasted = at - self._since.get(fact.agent_id, at)
            yield Item(
                Measure.CHATTING,
                at,
                agent_id=fact.agent_id,
                seconds=lasted.total_seconds(),
                group_ids=item.group_ids,
                channel=Channel.CHAT.value,
            )

    def follow(self, fact: facts.Fact, at: datetime) -> None:
        match fact:
            case facts.ContactArrived() if fact.channel is Channel.CHAT:
                self._live.add(fact.contact_id)
            case facts.ContactAnswered() if fact.contact_id in self._live:
                held = self._held.setdefault(fact.agent_id, set())
                if not held:
                    self._since[fact.agent_id] = at
                held.add(fact.contact_id)
            case facts.TalkEnded():
                self._held.get(fact.agent_id, set()).discard(fact.contact_id)
            case facts.ContactEnded():
                self._live.discard(fact.contact_id)
            case _:
                return
