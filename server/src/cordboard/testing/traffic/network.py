"""The simulated public network: a second private Asterisk that only knows one trunk, to the centre, all on loopback."""

import asyncio
import os
import secrets
import signal
import subprocess
from pathlib import Path

from cordboard.channels.asterisk.client import AriAddress
from cordboard.channels.asterisk.conf import AsteriskConf, write_conf
from cordboard.channels.asterisk.install import Installation, find
from cordboard.channels.asterisk.process import start
from cordboard.errors import Unavailable
from cordboard.settings import Settings

APPLICATION = "network"
TRUNK = "centre"
"""The network's only endpoint: whatever is called goes to the centre, whatever the centre calls comes from it."""

PHONES_HOST = "127.0.0.2"
"""Where the telephones are: not at the trunk's address, by which the centre recognises the trunk. Loopback as well."""
PHONES_TRANSPORT = "phones"

STOP_SECONDS = 8.0

_DIALPLAN = f"""
[network]
exten => _[+*#0-9a-zA-Z]!,1,Stasis({APPLICATION},called,${{EXTEN}},${{CALLERID(num)}})
 same => n,Hangup()
"""

_SORCERY = """[res_pjsip]
endpoint = config,pjsip.conf,criteria=type=endpoint
aor = config,pjsip.conf,criteria=type=aor
contact = memory
auth = memory
transport = config,pjsip.conf,criteria=type=transport
global = config,pjsip.conf,criteria=type=global
system = config,pjsip.conf,criteria=type=system

[res_pjsip_endpoint_identifier_ip]
identify = config,pjsip.conf,criteria=type=identify

[res_pjsip_outbound_registration]
registration = memory
"""


def network_conf(settings: Settings) -> AsteriskConf:
    """Where the network lies and what it says. Its ARI password is drawn anew at every start."""
    centre = f"sip:127.0.0.1:{settings.sip_port}"
    pjsip = f"""[system]
type = system

[global]
type = global
user_agent = Simulated telephone network
endpoint_identifier_order = ip,username

[udp]
type = transport
protocol = udp
bind = 127.0.0.1:{settings.network_sip_port}

[{PHONES_TRANSPORT}]
type = transport
protocol = udp
bind = {PHONES_HOST}:{settings.network_sip_port}

[{TRUNK}]
type = endpoint
transport = udp
context = network
disallow = all
allow = alaw,ulaw
aors = {TRUNK}
direct_media = no
media_address = 127.0.0.1
bind_rtp_to_media_address = yes
rtp_symmetric = yes
dtmf_mode = rfc4733
send_pai = yes
trust_id_outbound = yes

[{TRUNK}]
type = aor
contact = {centre}

[{TRUNK}]
type = identify
endpoint = {TRUNK}
match = 127.0.0.1
"""
    return AsteriskConf(
        folder=settings.data_dir / "network",
        ari_port=settings.network_ari_port,
        ari_user=APPLICATION,
        ari_password=secrets.token_urlsafe(24),
        sip_port=settings.network_sip_port,
        sip_host="127.0.0.1",
        rtp_first=settings.network_rtp_first,
        rtp_last=settings.network_rtp_last,
        extra_dialplan=_DIALPLAN,
        extra_files={"pjsip.conf": pjsip, "sorcery.conf": _SORCERY},
    )


class Network:
    """The running Asterisk. Ends what an earlier, killed simulator left behind on the same folder."""

    def __init__(self, settings: Settings) -> None:
        installation = find(settings.asterisk_dir)
        if installation is None:
            raise Unavailable("Asterisk is not there: run ./run, which brings it.")
        self._installation: Installation = installation
        self._conf = network_conf(settings)
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> AriAddress:
        conf = self._conf
        return AriAddress("127.0.0.1", conf.ari_port, conf.ari_user, conf.ari_password, APPLICATION)

    async def start(self) -> None:
        end_leftover(self._conf.main_file)
        write_conf(self._conf, self._installation)
        self._running = start(self._conf, self._installation)

    def running(self) -> bool:
        return self._running is not None and self._running.poll() is None

    async def stop(self) -> None:
        if self._running is None or self._running.poll() is not None:
            return
        self._running.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(self._running.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()


def end_leftover(main_file: Path) -> None:
    """Ends an Asterisk that runs on this very configuration file: nobody drives it any more."""
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended meanwhile, or is not ours to read
        if os.fsencode(main_file) in words:
            os.kill(int(process.name), signal.SIGKILL)
