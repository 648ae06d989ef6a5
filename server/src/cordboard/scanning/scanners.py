"""Who says whether a file is harmful: `clamd` over its socket, or any command that is given the file's path.

`clamd:/run/clamav/clamd.ctl` and `clamd:scanner.inside:3310` send the file (INSTREAM), so clamd needs no right to our folder.
`command:/usr/bin/clamdscan --no-summary` is asked with the path as its last word: 0 is clean, 1 is harmful, everything else a failure.
"""

import asyncio
import shlex
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

CHUNK = 128 * 1024
LONGEST_NAME = 200


class ScanFailed(Exception):
    """The file could not be looked at. The message is for people who look after the centre."""


class Scanner(Protocol):
    async def scan(self, path: Path) -> str:
        """What harmful thing was found, "" for nothing. Raises ScanFailed."""


def scanner_of(setting: str, seconds: float) -> Scanner | None:
    """By the setting `scan`; None for "". Raises ValueError with a sentence for any other word."""
    if not setting:
        return None
    kind, _, where = setting.partition(":")
    if kind == "clamd" and where:
        return Clamd(where, seconds)
    if kind == "command" and shlex.split(where):
        return Command(tuple(shlex.split(where)), seconds)
    raise ValueError(
        f"{setting!r} is no way to scan: write clamd:/run/clamav/clamd.ctl, clamd:HOST:3310 or command:PROGRAM."
    )


@dataclass(frozen=True, slots=True)
class Clamd:
    """`where`: the path of a socket, or host and port."""

    where: str
    seconds: float

    async def scan(self, path: Path) -> str:
        try:
            async with asyncio.timeout(self.seconds):
                reply = await self._ask(path)
        except TimeoutError as error:
            raise ScanFailed("clamd does not answer in time") from error
        except OSError as error:
            raise ScanFailed(
                f"clamd can not be reached ({error.strerror or type(error).__name__})"
            ) from error
        if reply.endswith(" FOUND"):
            return reply.removeprefix("stream: ").removesuffix(" FOUND")[:LONGEST_NAME] or "harmful"
        if reply == "stream: OK":
            return ""
        raise ScanFailed(f"clamd says {reply[:LONGEST_NAME]!r}")

    async def _ask(self, path: Path) -> str:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\0")
            with path.open("rb") as file:
                while chunk := await asyncio.to_thread(file.read, CHUNK):
                    writer.write(struct.pack(">I", len(chunk)) + chunk)
                    await writer.drain()
            writer.write(struct.pack(">I", 0))
            await writer.drain()
        except (ConnectionResetError, BrokenPipeError):
            pass  # it has enough: what it thinks of it is in its answer
        try:
            return (await reader.read(4096)).decode("utf-8", "replace").strip("\0\n ")
        except ConnectionError as error:
            raise ScanFailed("clamd has hung up: is its StreamMaxLength as large as the files?") from error
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.where.startswith("/"):
            return await asyncio.open_unix_connection(self.where)
        host, _, port = self.where.rpartition(":")
        if not port.isdecimal():
            raise ScanFailed(f"{self.where} names no port of clamd")
        return await asyncio.open_connection(host.strip("[]"), int(port))


@dataclass(frozen=True, slots=True)
class Command:
    words: tuple[str, ...]
    seconds: float

    async def scan(self, path: Path) -> str:
        try:
            process = await asyncio.create_subprocess_exec(
                *self.words,
                str(path),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            raise ScanFailed(f"{self.words[0]} can not be started ({error.strerror})") from error
        try:
            async with asyncio.timeout(self.seconds):
                said, _ = await process.communicate()
        except TimeoutError as error:
            raise ScanFailed(f"{self.words[0]} does not answer in time") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode == 0:
            return ""
        if process.returncode == 1:
            lines = said.decode("utf-8", "replace").replace(str(path), "").strip(" :\n").split("\n")
            return lines[-1].strip(" :").removesuffix(" FOUND")[:LONGEST_NAME] or "harmful"
        raise ScanFailed(f"{self.words[0]} ended with {process.returncode}")
