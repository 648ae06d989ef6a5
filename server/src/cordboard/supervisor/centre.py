"""`cordboard run`, top to bottom: lock the folder, start every part, say where to log in, keep all of it running."""

import json
import signal
import subprocess
import time
from dataclasses import dataclass

import psycopg

from cordboard.db.embedded import DatabaseDoesNotStart
from cordboard.db.migrate import OWNER_DSN_VARIABLE, is_current
from cordboard.errors import CordboardError
from cordboard.settings import Settings
from cordboard.supervisor import certificate
from cordboard.supervisor.folder import DataFolder, write_json
from cordboard.supervisor.parts import (
    Part,
    asterisk_part,
    demo_mail_part,
    mail_part,
    own_program,
    postgres_part,
    server_part,
    traffic_part,
)
from cordboard.supervisor.screen import Screen
from cordboard.supervisor.watch import PartFailed, StopAsked, Watch

MIGRATION_SECONDS = 600
PARTS = ("postgres", "asterisk", "demo-mail", "server", "mail", "traffic")


@dataclass(frozen=True, slots=True)
class Login:
    """A demo login as the server wrote it into `logins.json`."""

    login: str
    password: str
    who: str


def run(settings: Settings, traffic: int, screen: Screen) -> int:
    """Runs the centre until a stop is asked for. Returns the exit code: 0 after an orderly stop, 1 with a sentence."""
    try:
        with DataFolder(settings.data_dir) as folder:
            folder.remember(settings)
            settings = Settings.load(settings.data_dir, **_said(settings))
            return _run_locked(settings, folder, traffic, screen)
    except CordboardError as error:
        screen.failure(error.detail)
        return 1


def _said(settings: Settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.model_fields_set if name not in ("data_dir",)}


def _run_locked(settings: Settings, folder: DataFolder, traffic: int, screen: Screen) -> int:
    watch = Watch(folder, screen.note)
    watch.catch_signals()
    begin = time.monotonic()
    code = 0
    try:
        _start_all(settings, folder, traffic, watch, screen)
        logins = _read_logins(folder)
        write_json(folder.endpoints, endpoints(settings, logins))
        screen.ready(
            time.monotonic() - begin, settings, [(one.who, one.login, one.password) for one in logins]
        )
        watch.forever()
    except StopAsked:
        screen.note("Stop asked for")
    except (CordboardError, DatabaseDoesNotStart) as error:
        screen.failure(str(error))
        code = 1
    finally:
        folder.endpoints.unlink(missing_ok=True)
        watch.stop()
    if code == 0:
        screen.note("Stopped. Everything is kept in " + str(settings.data_dir))
    return code


def _start_all(settings: Settings, folder: DataFolder, traffic: int, watch: Watch, screen: Screen) -> None:
    parts = _parts(settings, traffic)
    watch.take_over([*parts.values()])
    if settings.certificate is None and certificate.ensure(
        settings.certificate_file, settings.certificate_key_file, settings.public_hosts
    ):
        screen.note("Made an HTTPS certificate of our own: browsers will warn once")
    # What takes long goes on side by side: the server's imports, Asterisk's start, the tables.
    watch.prepare(parts["server"])
    for part in parts.values():
        if part.name not in ("server", "mail", "traffic"):
            watch.begin(part)
    for name, part in parts.items():
        if name == "server":
            with screen.step("Database tables"):
                _migrate(settings, folder, watch)
        with screen.step(part.title):
            watch.start(part)


def _parts(settings: Settings, traffic: int) -> dict[str, Part]:
    parts: list[Part] = []
    if settings.embedded_database:
        parts.append(postgres_part(settings))
    if settings.asterisk == "private":
        parts.append(asterisk_part(settings))
    demo_mail = demo_mail_part(settings) if settings.demo else None
    if demo_mail is not None:
        parts.append(demo_mail)
    parts.append(server_part(settings))
    parts.append(mail_part(settings))
    if traffic:
        parts.append(traffic_part(settings, traffic))
    return {part.name: part for part in parts}


def _migrate(settings: Settings, folder: DataFolder, watch: Watch) -> None:
    """Brings the tables up to date in a program of its own: what that needs is not kept in memory here."""
    try:
        if is_current(settings.database_owner_dsn):
            return
    except (OSError, psycopg.Error) as error:
        where = settings.database_owner_dsn.rpartition("@")[2]
        raise PartFailed(f"The database at {where} does not answer as its owner: {error}") from error
    except ValueError as error:
        raise PartFailed(str(error)) from error
    launch = own_program(settings, module="cordboard.db.migrate")
    log = folder.log("migrate")
    with log.open("ab") as output:
        child = subprocess.Popen(
            launch.command,
            env={**launch.environment, OWNER_DSN_VARIABLE: settings.database_owner_dsn},
            cwd=launch.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + MIGRATION_SECONDS
        while child.poll() is None and time.monotonic() < deadline:
            watch.pause(0.05)
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            child.wait()
    if child.returncode != 0:
        tail = "".join(f"\n  {line}" for line in log.read_text(errors="replace").splitlines()[-15:])
        raise PartFailed(
            f"The database's tables could not be brought up to date. The end of the log ({log}):{tail}"
        )


def endpoints(settings: Settings, logins: list[Login]) -> dict[str, object]:
    """Every address of the running centre, for programs (tests, benches, simulators) that use it."""
    return {
        "data_dir": str(settings.data_dir),
        "https": f"https://localhost:{settings.https_port}",
        "http": f"http://127.0.0.1:{settings.http_port}",
        "sip": f"127.0.0.1:{settings.sip_port}",
        "ari": settings.ari_url,
        "ari_user": settings.ari_user,
        "ari_password": settings.ari_password.get_secret_value(),
        "database": settings.database_dsn,
        "database_owner": settings.database_owner_dsn,
        "mail": _mail_endpoints(settings),
        "certificate": str(settings.certificate_file),
        "logins": [{"login": one.login, "password": one.password, "who": one.who} for one in logins],
        "parts": {name: str(folder_path) for name, folder_path in _pid_files(settings).items()},
    }


def _mail_endpoints(settings: Settings) -> dict[str, object]:
    """Where mail is brought to us, and the demo centre's mail server: any address, one password."""
    found: dict[str, object] = {
        "smtp": f"{settings.mail_host}:{settings.mail_smtp_port}",
        "lmtp": f"127.0.0.1:{settings.mail_lmtp_port}",
    }
    if settings.demo:
        found["demo"] = {
            "imap": f"127.0.0.1:{settings.demo_imap_port}",
            "pop3": f"127.0.0.1:{settings.demo_pop3_port}",
            "smtp": f"127.0.0.1:{settings.demo_smtp_port}",
            "login": "you@outside.example",
            "password": "demo",
            "who": "any address of any name: its mailbox is there when it is first used",
        }
    return found


def _pid_files(settings: Settings) -> dict[str, str]:
    folder = DataFolder(settings.data_dir)
    return {name: str(folder.pid_file(name)) for name in PARTS}


def _read_logins(folder: DataFolder) -> list[Login]:
    if not folder.logins.exists():
        return []
    return [Login(one["login"], one["password"], one["who"]) for one in json.loads(folder.logins.read_text())]
