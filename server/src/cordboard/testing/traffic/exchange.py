"""Drives the simulated network by ARI: calls out of it, calls into it, and what the parties do on their lines."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from pathlib import Path

import structlog

from cordboard.channels.asterisk.client import AriAddress, AriClient
from cordboard.channels.asterisk.wire import Message
from cordboard.testing.traffic.network import PHONES_TRANSPORT, TRUNK

log = structlog.get_logger(__name__)

VOICES = Path(__file__).resolve().parent / "voices"
RING_SECONDS = 60
LONGEST_CLIP_SECONDS = 30.0


class NetworkLine:
    """One party's connection in the network. Doing something on a line that has ended is fine and does nothing."""

    def __init__(self, ari: AriClient, line_id: str, number: str, remote: str = "") -> None:
        self._ari = ari
        self._clips = count(1)
        self._sounding = ""
        self.id = line_id
        self.number = number
        self.remote = remote
        self.answered = asyncio.Event()
        self.ended = asyncio.Event()
        self.cause = 0
        self.playing: dict[str, asyncio.Event] = {}

    async def pause(self, seconds: float) -> bool:
        """Lets time pass on the line. False when it has ended meanwhile."""
        # Not wait_for: Python 3.11's loses a cancellation that arrives together with the event.
        try:
            async with asyncio.timeout(seconds):
                await self.ended.wait()
        except TimeoutError:
            return True
        return False

    async def wait_answered(self, seconds: float) -> bool:
        """Waits for the other side. False when it did not answer."""
        await _first_of((self.answered, self.ended), seconds)
        return self.answered.is_set() and not self.ended.is_set()

    async def answer(self) -> None:
        await self._ari.request("POST", f"channels/{self.id}/answer")
        self.answered.set()
        await self.be_silent()

    async def ring(self) -> None:
        await self._ari.request("POST", f"channels/{self.id}/ring")

    async def be_silent(self) -> None:
        """Sends packets of silence, as a telephone does while nobody speaks into it."""
        await self._ari.request("POST", f"channels/{self.id}/silence")

    async def say(self, name: str, language: str) -> bool:
        """Speaks a clip of `voices` to its end. False when the line has ended meanwhile."""
        playback_id = f"{self.id}.{next(self._clips)}"
        done = self.playing[playback_id] = asyncio.Event()
        media = f"sound:{VOICES / language / name}"
        started = await self._ari.request("POST", f"channels/{self.id}/play/{playback_id}", {"media": media})
        if started.ok:
            await _first_of((done, self.ended), LONGEST_CLIP_SECONDS)
            await self.be_silent()
        self.playing.pop(playback_id, None)
        return not self.ended.is_set()

    async def sound(self, media: str) -> None:
        """Plays any media of Asterisk's (`tone:440/60000`) until `hush`."""
        self._sounding = f"{self.id}.{next(self._clips)}"
        await self._ari.request("POST", f"channels/{self.id}/play/{self._sounding}", {"media": media})

    async def hush(self) -> None:
        await self._ari.request("DELETE", f"playbacks/{self._sounding}")

    async def record(self, name: str, seconds: int) -> None:
        """Records what arrives on the line into the network's folder `spool/recording`. Nothing may be playing."""
        recording = {
            "name": name,
            "format": "wav",
            "maxDurationSeconds": str(seconds),
            "ifExists": "overwrite",
        }
        await self._ari.request("POST", f"channels/{self.id}/record", recording)
        await self.pause(seconds + 1.0)
        await self.be_silent()

    async def press(self, digits: str) -> None:
        await self._ari.request(
            "POST", f"channels/{self.id}/dtmf", {"dtmf": digits, "duration": "160", "between": "120"}
        )

    async def hang_up(self, reason: str = "normal") -> None:
        await self._ari.request("DELETE", f"channels/{self.id}", {"reason": reason})


class Exchange:
    """The network's switchboard. `on_called` is told of every call that the centre makes into the network."""

    def __init__(self, address: AriAddress, on_called: Callable[[NetworkLine], None]) -> None:
        self._on_called = on_called
        self._lines: dict[str, NetworkLine] = {}
        self._numbers = count(1)
        self._connected = asyncio.Event()
        self._ari = AriClient(address, self._event, self._when_connected, self._when_lost)

    async def run(self) -> None:
        """Runs until cancelled."""
        await self._ari.run()

    async def wait_connected(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._connected.wait()
        except TimeoutError:
            return False
        return True

    async def call(self, caller: str, number: str, name: str = "") -> NetworkLine:
        """Calls the centre from `caller`. The line says when it is answered or has ended."""
        line = NetworkLine(self._ari, f"call-{next(self._numbers)}", caller, number)
        self._lines[line.id] = line
        answer = await self._ari.request(
            "POST",
            f"channels/{line.id}",
            {
                "endpoint": f"PJSIP/{number}@{TRUNK}",
                "app": "network",
                "appArgs": "calling",
                "callerId": f'"{name}" <{caller}>',
                "timeout": str(RING_SECONDS),
            },
        )
        if not answer.ok:
            self._end(line.id, 0)
        return line

    async def register(self, name: str, centre_port: int, username: str, password: str) -> None:
        """Registers a telephone with the centre: its calls then come here, to the number `username`."""
        centre = f"127.0.0.1:{centre_port}"
        await self._push("auth", name, {"auth_type": "digest", "username": username, "password": password})
        await self._push(
            "registration",
            name,
            {
                "server_uri": f"sip:{centre}",
                "client_uri": f"sip:{username}@{centre}",
                "contact_user": username,
                "outbound_auth": name,
                "transport": PHONES_TRANSPORT,
                "expiration": "120",
                "retry_interval": "5",
                "forbidden_retry_interval": "5",
                "fatal_retry_interval": "5",
                "max_retries": "10000",
                "auth_rejection_permanent": "no",
            },
        )

    async def unregister(self, name: str) -> None:
        for kind in ("registration", "auth"):
            await self._ari.request("DELETE", f"asterisk/config/dynamic/res_pjsip/{kind}/{name}")

    async def _push(self, kind: str, name: str, fields: Mapping[str, str]) -> None:
        body = {"fields": [{"attribute": key, "value": value} for key, value in fields.items()]}
        answer = await self._ari.request("PUT", f"asterisk/config/dynamic/res_pjsip/{kind}/{name}", body=body)
        if not answer.ok:
            log.warning("network_push_failed", kind=kind, status=answer.status, body=answer.body)

    async def _when_connected(self) -> None:
        self._connected.set()

    def _when_lost(self) -> None:
        self._connected.clear()
        for line_id in list(self._lines):
            self._end(line_id, 0)

    def _event(self, message: Message) -> None:
        channel = message.channel
        if message.type == "PlaybackFinished" and message.playback is not None:
            line = self._lines.get(message.playback.target_uri.removeprefix("channel:"))
            done = line.playing.get(message.playback.id) if line is not None else None
            if done is not None:
                done.set()
        elif channel is None:
            return
        elif message.type == "StasisStart":
            self._started(channel.id, message.args)
        elif message.type in ("ChannelDestroyed", "StasisEnd"):
            self._end(channel.id, message.cause)

    def _started(self, line_id: str, args: tuple[str, ...]) -> None:
        if args and args[0] == "calling":
            if line_id in self._lines:
                self._lines[line_id].answered.set()
            return
        _, number, remote = (*args, "", "", "")[:3]
        line = self._lines[line_id] = NetworkLine(self._ari, line_id, number, remote)
        self._on_called(line)

    def _end(self, line_id: str, cause: int) -> None:
        line = self._lines.pop(line_id, None)
        if line is not None:
            line.cause = cause
            line.ended.set()


async def _first_of(events: Iterable[asyncio.Event], seconds: float) -> None:
    """Waits until one of them is set, or the time is over."""
    waits = {asyncio.ensure_future(one.wait()) for one in events}
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()
