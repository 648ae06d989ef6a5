"""Reads in a process of its own: started with the first file, ended when idle, killed and replaced when a file is too much."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from cordboard.knowledge.ocr.reading import LONGEST_TEXT, ReadState, ReadText

SECONDS = 60.0
"""The longest that one file may take."""
IDLE_SECONDS = 300.0
LINE = LONGEST_TEXT * 12 + 10_000
"""Bytes of an answer: JSON writes a character as up to twelve."""


class ReadingProcess:
    """A `TextReader`. One file is read at a time."""

    def __init__(self, seconds: float = SECONDS, idle_seconds: float = IDLE_SECONDS) -> None:
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None

    async def read(self, path: Path, media_type: str, languages: Sequence[str]) -> ReadText:
        async with self._one_at_a_time:
            if self._idle is not None:
                self._idle.cancel()
            try:
                return await asyncio.wait_for(self._ask(path, media_type, languages), self._seconds)
            except TimeoutError:
                await self._kill()
                return ReadText(
                    ReadState.TOO_LONG, detail=f"Reading it took longer than {self._seconds:.0f} seconds."
                )
            except (OSError, EOFError, ValueError):
                await self._kill()
                return ReadText(ReadState.UNREADABLE, detail="The program that reads texts broke over it.")
            except asyncio.CancelledError:
                await self._kill()  # its answer would be taken for the next file's
                raise
            finally:
                self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._end)

    async def stop(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        await self._kill()

    @property
    def is_running(self) -> bool:
        """True while there is a process: not before the first file, and not after a while without one."""
        return self._process is not None and self._process.returncode is None

    async def _ask(self, path: Path, media_type: str, languages: Sequence[str]) -> ReadText:
        process = await self._at_hand()
        assert process.stdin is not None
        assert process.stdout is not None
        asked = {"path": str(path), "media_type": media_type, "languages": list(languages)}
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise EOFError
        state, text, detail = json.loads(line)
        return ReadText(ReadState(state), text, detail)

    async def _at_hand(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "cordboard.knowledge.ocr.worker",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=LINE,
                start_new_session=True,  # it and the Tesseract that it has started are killed together
            )
        return self._process

    def _end(self) -> None:
        """After a while without files: its input ends, and so does it."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
