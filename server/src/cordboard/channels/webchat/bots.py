"""Asks a bot over HTTP, and says its answers to the core. A bot that fails never holds a visitor up: the core hands over.

The request is JSON: `{contact_id, turn, language, messages: [{from, text}], values, page}`, signed with the step's secret
(`X-Cordboard-Signature: sha256=…`, HMAC of the body) and marked with `Idempotency-Key`. The answer is one JSON object
`{text | texts[], then: stay|hand_over|end, values}`, or the same as one object a line (`application/x-ndjson`) while the bot
is still thinking: each line is said as it comes.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx2
import structlog

from cordboard.core.conversation.commands import AskBot
from cordboard.core.conversation.events import BotAnswered, BotFailed
from cordboard.core.conversation.pages import page_of
from cordboard.core.conversation.transcript import Transcript
from cordboard.reach import OutOfReach, Reach
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.background import Background
from cordboard.runtime.clock import Clock
from cordboard.runtime.transcripts import Transcripts

log = structlog.get_logger(__name__)

LONGEST_TEXT = 4_000
LARGEST_ANSWER = 200_000
MOST_PARTS = 50
MESSAGES_SENT = 50

SecretOf = Callable[[str, str], Awaitable[str]]


class Bots:
    """Performs `AskBot`. `close` at the end."""

    def __init__(
        self,
        switchboard: Switchboard,
        transcripts: Transcripts,
        clock: Clock,
        background: Background,
        outside: tuple[Reach, SecretOf],
    ) -> None:
        self._switchboard = switchboard
        self._transcripts = transcripts
        self._clock = clock
        self._background = background
        self._reach, self._secret_of = outside

    def ask(self, tenant_id: str, command: AskBot) -> None:
        """Returns at once."""
        self._background.spawn(self._ask(tenant_id, command), f"bot for {command.contact_id}")

    async def _ask(self, tenant_id: str, command: AskBot) -> None:
        self._transcripts.typing(tenant_id, command.contact_id, "bot", True)
        seconds = max(0.5, (command.deadline - self._clock.now()).total_seconds())
        try:
            async with asyncio.timeout(seconds):
                await self._converse(tenant_id, command)
        except (httpx2.HTTPError, TimeoutError, ValueError, OSError) as error:
            detail = str(error) if isinstance(error, OutOfReach) else type(error).__name__
            log.warning("bot_failed", tenant=tenant_id, error=detail)
            failed = BotFailed(command.contact_id, command.turn, detail)
            self._switchboard.post(tenant_id, failed)
        finally:
            self._transcripts.typing(tenant_id, command.contact_id, "bot", False)

    async def _converse(self, tenant_id: str, command: AskBot) -> None:
        body = json.dumps(await self._question(tenant_id, command), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/x-ndjson, application/json",
            "Idempotency-Key": f"{tenant_id}-{command.contact_id}-{command.turn}",
        }
        secret = await self._secret_of(tenant_id, command.secret) if command.secret else ""
        if secret:
            signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Cordboard-Signature"] = f"sha256={signature}"
        url, headers["Host"], name = await self._reach.located(command.bot)
        extensions = {"sni_hostname": name}
        async with (  # the deadline is around it
            httpx2.AsyncClient(follow_redirects=False, timeout=None, trust_env=False) as client,
            client.stream("POST", url, content=body, headers=headers, extensions=extensions) as response,
        ):
            response.raise_for_status()
            await self._hear(tenant_id, command, _objects(response))

    async def _hear(self, tenant_id: str, command: AskBot, objects: AsyncIterator[dict[str, Any]]) -> None:
        """Each part is said as it comes; what follows is said at the end."""
        part, then = 0, "stay"
        values: dict[str, str] = {}
        async for each in objects:
            for text in (each.get("texts") or ([each["text"]] if each.get("text") else []))[:MOST_PARTS]:
                if part < MOST_PARTS:
                    said = BotAnswered(
                        command.contact_id, command.turn, part, str(text)[:LONGEST_TEXT], more=True
                    )
                    self._switchboard.post(tenant_id, said)
                    part += 1
            then = each["then"] if each.get("then") in ("stay", "hand_over", "end") else then
            if isinstance(each.get("values"), dict):
                values |= {str(k)[:60]: str(v)[:2000] for k, v in list(each["values"].items())[:30]}
        answer = BotAnswered(command.contact_id, command.turn, part, "", False, then, values)
        self._switchboard.post(tenant_id, answer)

    async def _question(self, tenant_id: str, command: AskBot) -> dict[str, Any]:
        transcript: Transcript = await self._transcripts.get(tenant_id, command.contact_id)
        state = self._switchboard.find_state(tenant_id)
        contact = state.contacts.get(command.contact_id) if state else None
        return {
            "contact_id": command.contact_id,
            "turn": command.turn,
            "language": contact.language if contact else "",
            "values": dict(contact.values) if contact else {},
            "page": page_of(contact) if contact else {},
            "messages": [
                {"from": line.author.value, "kind": line.kind.value, "text": line.text, "number": line.number}
                for line in transcript.lines[-MESSAGES_SENT:]
                if line.for_visitor
            ],
        }


async def _objects(response: httpx2.Response) -> AsyncIterator[dict[str, Any]]:
    """The JSON objects of an answer, as they come; raises ValueError for anything else."""
    streamed = response.headers.get("content-type", "").startswith("application/x-ndjson")
    pending = b""
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise ValueError("the answer is too long")
        pending += chunk
        while streamed and b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            if line.strip():
                yield _object(line)
    if pending.strip():
        yield _object(pending)


def _object(text: bytes) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value
