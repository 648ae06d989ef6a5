"""The parts of a centre as the supervisor sees them: how each is started, how one knows that it is ready, how it is stopped."""

import base64
import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cordboard.channels.asterisk.conf import AsteriskConf, write_conf
from cordboard.channels.asterisk.install import Installation, find
from cordboard.channels.asterisk.process import launch_of
from cordboard.channels.email import dovecot
from cordboard.db.embedded import EmbeddedPostgres
from cordboard.errors import Refused
from cordboard.settings import Settings, project_folder
from cordboard.supervisor.ports import Port

PATIENCE_SECONDS = 8.0
"""How long a server that answers may be without one of its parts before a start counts as done all the same."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What starts a program. `fingerprint` changes when a running one would have to be started anew."""

    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    fingerprint: str


def _nothing() -> None:
    """For parts that need no preparation."""


@dataclass(frozen=True, slots=True)
class Part:
    """One program that must run.

    `prepare` runs before every start; `is_ready` asks once, without waiting long. `adoptable`: when it outlived a killed
    supervisor with the same fingerprint it goes on as it is; others are ended and started anew. `spare` starts the same
    program up to where it waits for one byte on its standard input, so that it can take over without delay. `first`: it
    carries calls, and goes before other work of the machine.
    """

    name: str
    title: str
    launch: Callable[[], Launch]
    is_ready: Callable[[], bool]
    ports: tuple[Port, ...] = ()
    prepare: Callable[[], None] = _nothing
    adoptable: bool = False
    ready_seconds: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 20.0
    spare: Callable[[], Launch] | None = None
    first: bool = False


def postgres_part(settings: Settings) -> Part:
    server = EmbeddedPostgres(
        settings.data_dir / "postgres",
        settings.postgres_port,
        owner_password=settings.postgres_owner_password.get_secret_value(),
        app_password=settings.postgres_app_password.get_secret_value(),
    )

    def prepare() -> None:
        server.initialise()
        server.clear_stale_lock()

    def launch() -> Launch:
        command = server.command()
        return Launch(command, dict(os.environ), server.folder, " ".join(command))

    return Part(
        name="postgres",
        title="PostgreSQL",
        launch=launch,
        is_ready=server.is_ready,
        ports=(Port(settings.postgres_port, "tcp", "127.0.0.1", "PostgreSQL"),),
        prepare=prepare,
        adoptable=True,
        first=settings.precedence,
        stop_signal=signal.SIGINT,
        stop_seconds=30.0,
    )


def asterisk_conf(settings: Settings) -> AsteriskConf:
    """The configuration of this centre's own Asterisk."""
    return AsteriskConf(
        folder=settings.data_dir / "asterisk",
        ari_port=settings.ari_port,
        ari_user=settings.ari_user,
        ari_password=settings.ari_password.get_secret_value(),
        sip_port=settings.sip_port,
        sip_host=settings.sip_host,
        rtp_first=settings.rtp_first,
        rtp_last=settings.rtp_last,
        external_address=settings.external_address,
    )


def asterisk_part(settings: Settings) -> Part:
    conf = asterisk_conf(settings)
    installation = _installation(settings)

    def launch() -> Launch:
        what = launch_of(conf, installation)
        return Launch(what.command, what.environment, what.folder, f"{what.command} {conf!r}")

    def prepare() -> None:
        write_conf(conf, installation)

    def is_ready() -> bool:
        where = (settings.ari_host, settings.ari_port, "/ari/asterisk/ping")
        return _answer(*where, settings.ari_user, conf.ari_password)[0] == 200

    return Part(
        name="asterisk",
        title=f"Asterisk {installation.version}",
        launch=launch,
        is_ready=is_ready,
        ports=(
            Port(settings.ari_port, "tcp", "127.0.0.1", "Asterisk's HTTP"),
            Port(settings.sip_port, "udp", settings.sip_host, "SIP"),
            Port(settings.sip_port, "tcp", settings.sip_host, "SIP"),
        ),
        prepare=prepare,
        adoptable=True,
        first=settings.precedence,
        stop_seconds=10.0,
    )


def server_part(settings: Settings) -> Part:
    return Part(
        name="server",
        title="Cordboard",
        launch=lambda: _server(settings),
        spare=lambda: _server(settings, "--spare"),
        is_ready=_Health(settings).is_ready,
        ports=(
            Port(settings.https_port, "tcp", settings.host, "web, HTTPS"),
            Port(settings.http_port, "tcp", "127.0.0.1", "web, HTTP on loopback"),
        ),
        first=settings.precedence,
        stop_seconds=30.0,
    )


def mail_part(settings: Settings) -> Part:
    """Fetches, receives, understands and sends mail: apart from the server, so that no mail can slow a call."""
    ports = [
        Port(settings.mail_smtp_port, "tcp", settings.mail_host, "SMTP"),
        Port(settings.mail_lmtp_port, "tcp", "127.0.0.1", "LMTP"),
    ]
    if settings.demo:
        ports.append(Port(settings.demo_smtp_port, "tcp", "127.0.0.1", "demo mail server, SMTP"))
    return Part(
        name="mail",
        title="Mail",
        launch=lambda: own_program(settings, module="cordboard.cli.mail"),
        is_ready=lambda: _listens(settings.mail_smtp_port),
        ports=tuple(ports),
    )


def demo_mail_part(settings: Settings) -> Part | None:
    """The demo centre's own mail server; None when Dovecot is not installed."""
    if dovecot.find() is None:
        return None
    conf = dovecot.DovecotConf(
        settings.data_dir / "demo-mail",
        "demo",
        settings.demo_imap_port,
        settings.demo_pop3_port,
        settings.demo_lmtp_port,
    )

    def launch() -> Launch:
        what = dovecot.launch_of(conf)
        return Launch(what.command, what.environment, what.folder, f"{what.command} {conf!r}")

    return Part(
        name="demo-mail",
        title="Demo mail server",
        launch=launch,
        is_ready=lambda: _listens(conf.imap_port) and _listens(conf.lmtp_port),
        ports=(
            Port(conf.imap_port, "tcp", "127.0.0.1", "demo mail server, IMAP"),
            Port(conf.pop3_port, "tcp", "127.0.0.1", "demo mail server, POP3"),
            Port(conf.lmtp_port, "tcp", "127.0.0.1", "demo mail server, LMTP"),
        ),
        prepare=lambda: dovecot.write_conf(conf),
        adoptable=True,
        stop_seconds=10.0,
    )


def traffic_part(settings: Settings, callers: int) -> Part:
    return Part(
        name="traffic",
        title=f"Simulated traffic, {callers} callers",
        launch=lambda: own_program(settings, "traffic", str(callers)),
        is_ready=lambda: True,
        ports=(
            Port(settings.network_ari_port, "tcp", "127.0.0.1", "simulated network, HTTP"),
            Port(settings.network_sip_port, "udp", "127.0.0.1", "simulated network, SIP"),
        ),
    )


def _server(settings: Settings, *arguments: str) -> Launch:
    return own_program(settings, *arguments, module="cordboard.cli.serving")


def own_program(settings: Settings, *arguments: str, module: str = "cordboard") -> Launch:
    """One of our own commands as a program: the same Python, the same data folder and ports."""
    command = [sys.executable, "-m", module, *arguments]
    environment = own_environment(settings)
    return Launch(command, environment, project_folder(), " ".join(command))


def own_environment(settings: Settings) -> dict[str, str]:
    """The environment in which our own commands find this centre."""
    source = str(Path(__file__).resolve().parents[2])
    further = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one and one != source]
    return {
        **os.environ,
        "CORDBOARD_DATA_DIR": str(settings.data_dir),
        "CORDBOARD_PORT_BASE": str(settings.port_base),
        "PYTHONPATH": os.pathsep.join([source, *further]),
        "PYTHONUNBUFFERED": "1",
    }


def _installation(settings: Settings) -> Installation:
    found = find(settings.asterisk_dir)
    if found is None:
        raise Refused(f"Asterisk is not there: run {project_folder() / 'run'}, which brings it.")
    return found


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answer(host: str, port: int, path: str, user: str = "", password: str = "") -> tuple[int, bytes]:
    """Status and body that an HTTP server gives; status 0 when it gives none."""
    credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path, headers={"Authorization": f"Basic {credentials}"} if user else {})
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


class _Health:
    """Asks the server how it is. It is ready when all its parts are well, or when it has answered for a while without them:
    it goes on trying by itself, and a person can log in meanwhile."""

    def __init__(self, settings: Settings) -> None:
        self._port = settings.http_port
        self._answers_since: float | None = None

    def is_ready(self) -> bool:
        status, body = _answer("127.0.0.1", self._port, "/api/v1/health")
        if status != 200:
            self._answers_since = None
            return False
        if json.loads(body).get("status") == "ok":
            return True
        now = time.monotonic()
        self._answers_since = now if self._answers_since is None else self._answers_since
        return now - self._answers_since > PATIENCE_SECONDS
