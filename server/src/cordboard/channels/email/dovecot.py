"""A mail server of the centre's own for the demonstration and for tests: Debian's Dovecot, unprivileged, loopback, high ports.

Every address has a mailbox, made when it is first used; one password opens them all. That is right for a demonstration on
one's own machine, and for nothing else. Dovecot refuses to run mailboxes of root: when we are root it runs as PostgreSQL does
(`db.embedded.as_other_user`), in a user namespace or as `nobody`.
"""

import hashlib
import os
import pwd
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cordboard.db.embedded import as_other_user

PROGRAM = "dovecot"
LONGEST_RUN_FOLDER = 70
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])

_CONF = """\
base_dir = {run}
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap pop3 lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
ssl = {ssl}
{certificate}disable_plaintext_auth = no
auth_mechanisms = plain login{mechanisms}
auth_failure_delay = 0 secs
mail_location = sdbox:{folder}/mail/%Lu
mail_max_userip_connections = 200
mailbox_list_index = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%Lu allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3_port}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
protocol lmtp {{
  recipient_delimiter = +
}}
lmtp_save_to_detail_mailbox = no
namespace inbox {{
  inbox = yes
}}
"""


class DovecotMissing(RuntimeError):
    """Dovecot is not installed: apt-get install dovecot-imapd dovecot-pop3d dovecot-lmtpd."""


@dataclass(frozen=True, slots=True)
class DovecotConf:
    """Where it keeps everything, and its ports; 0 leaves a listener out. `certificate` and `key` are PEM files, for TLS."""

    folder: Path
    password: str
    imap_port: int
    pop3_port: int
    lmtp_port: int
    imaps_port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    mechanisms: str = ""  # further ways to sign in
    extra: str = ""  # further configuration, as it is


@dataclass(frozen=True, slots=True)
class DovecotLaunch:
    command: list[str]
    environment: Mapping[str, str]
    folder: Path


def find() -> str | None:
    """The program, None when it is not installed."""
    return shutil.which(PROGRAM, path=PATH)


def write_conf(conf: DovecotConf) -> None:
    """Makes the folders and the configuration, and removes what a killed server left."""
    for name in ("state", "mail", "home"):
        (conf.folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    run = run_folder(conf.folder)
    run.mkdir(exist_ok=True, mode=0o700)
    (run / "master.pid").unlink(missing_ok=True)
    user, group = _user()
    with_tls = conf.certificate is not None and conf.key is not None
    certificate = f"ssl_cert = <{conf.certificate}\nssl_key = <{conf.key}\n" if with_tls else ""
    text = _CONF.format(
        folder=conf.folder,
        run=run,
        user=user,
        group=group,
        ssl="yes" if with_tls else "no",
        certificate=certificate,
        mechanisms=f" {conf.mechanisms}" if conf.mechanisms else "",
        password=conf.password,
        imap_port=conf.imap_port,
        imaps_port=conf.imaps_port if with_tls else 0,
        pop3_port=conf.pop3_port,
        lmtp_port=conf.lmtp_port,
    )
    path = conf.folder / "dovecot.conf"
    path.touch(mode=0o600)
    path.write_text(text + conf.extra)


def launch_of(conf: DovecotConf) -> DovecotLaunch:
    """Raises `DovecotMissing`. Everything below `conf.folder` becomes the server's own."""
    program = find()
    if program is None:
        raise DovecotMissing(str(DovecotMissing.__doc__))
    as_other_user(run_folder(conf.folder))
    command = [*as_other_user(conf.folder), program, "-F", "-c", str(conf.folder / "dovecot.conf")]
    return DovecotLaunch(command, {**os.environ, "PATH": PATH}, conf.folder)


def run_folder(folder: Path) -> Path:
    """Where its sockets are: their paths may have 107 bytes, and folders of data may lie deep."""
    near = folder / "run"
    if len(os.fsencode(near)) <= LONGEST_RUN_FOLDER:
        return near
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"cordboard-mail-{name}"


def _user() -> tuple[str, str]:
    """Names of the user and group that it runs as."""
    import grp

    entry = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    return entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name
