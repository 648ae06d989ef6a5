"""A real private Asterisk for tests: one for a session, on free ports, in a folder of its own.

    server = AsteriskServer(folder)        # not started yet
    server.start()                         # answers on ARI when this returns
    server.ask("core show channels")       # Asterisk's own command line
    server.stop()

`rig` has the server's part around it.
"""

import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from cordboard.channels.asterisk.client import AriAddress
from cordboard.channels.asterisk.conf import APPLICATION, AsteriskConf, write_conf
from cordboard.channels.asterisk.install import Installation, find
from cordboard.channels.asterisk.process import command_line, start
from cordboard.settings import project_folder
from cordboard.testing.sipp import SipServer

START_SECONDS = 20.0
USER = "cordboard"
RTP_PORTS = 2_000


class AsteriskMissing(Exception):
    """The private Asterisk is not in .parts/asterisk: `./run` and `./test` bring it."""


class AsteriskServer:
    """One Asterisk process on its own folder and ports."""

    def __init__(
        self,
        folder: Path,
        *,
        port_base: int = 0,
        extra_dialplan: str = "",
        extra_modules: Sequence[str] = (),
        parts: Path | None = None,
    ) -> None:
        installation = find((parts or project_folder() / ".parts") / "asterisk")
        if installation is None:
            raise AsteriskMissing(AsteriskMissing.__doc__)
        base = port_base or free_port_base()
        self.installation: Installation = installation
        self.conf = AsteriskConf(
            folder=folder,
            ari_port=base,
            ari_user=USER,
            ari_password=secrets.token_urlsafe(16),
            sip_port=base + 1,
            rtp_first=base + 10,
            rtp_last=base + 9 + RTP_PORTS,
            extra_dialplan=extra_dialplan,
            extra_modules=tuple(extra_modules),
        )
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> AriAddress:
        return AriAddress("127.0.0.1", self.conf.ari_port, USER, self.conf.ari_password, APPLICATION)

    @property
    def sip(self) -> SipServer:
        return SipServer("127.0.0.1", self.conf.sip_port)

    @property
    def pid(self) -> int:
        assert self._running is not None, "Asterisk is not started"
        return self._running.pid

    def start(self) -> None:
        """Starts it and waits until ARI answers."""
        write_conf(self.conf, self.installation)
        self._running = start(self.conf, self.installation)
        give_up = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._running.poll() is not None or time.monotonic() > give_up:
                log = (self.conf.log_folder / "console.log").read_text(errors="replace")
                self.kill()
                raise RuntimeError(f"Asterisk did not start:\n{log[-3000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """Ends it as a crash would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it in order."""
        self._end(signal.SIGTERM)

    def freeze(self, frozen: bool) -> None:
        """Stops it from doing anything, or lets it go on."""
        os.kill(self.pid, signal.SIGSTOP if frozen else signal.SIGCONT)

    def ask(self, request: str) -> str:
        """What Asterisk's command line says to `request`."""
        command = command_line(self.conf, self.installation, request)
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout

    def channels(self) -> list[str]:
        """Names of all channels that exist."""
        said = self.ask("core show channels concise")
        return [line.partition("!")[0] for line in said.splitlines() if "!" in line]

    def bridges(self) -> list[str]:
        """Ids of all bridges that exist."""
        rows = self.ask("bridge show all").splitlines()[1:]
        return [row.split()[0] for row in rows if row.strip()]

    def _answers(self) -> bool:
        credentials = b64encode(f"{USER}:{self.conf.ari_password}".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.conf.ari_port, timeout=2)
        try:
            connection.request("GET", "/ari/asterisk/ping", headers={"Authorization": f"Basic {credentials}"})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _end(self, number: signal.Signals) -> None:
        if self._running is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._running.pid, signal.SIGCONT)
            os.kill(self._running.pid, number)
        try:
            self._running.wait(10)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait(10)
        self._running = None


def free_port_base(ports: int = 10 + RTP_PORTS) -> int:
    """The first of a range of ports that nobody listens on (by its first two, which are the fixed ones)."""
    for _ in range(50):
        base = 20_000 + secrets.randbelow(60_000 - 20_000 - ports)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for port in (base, base + 1):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    one = stack.enter_context(socket.socket(socket.AF_INET, kind))
                    one.bind(("127.0.0.1", port))
            return base
    raise RuntimeError("no free ports")
