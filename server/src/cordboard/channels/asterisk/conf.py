"""Writes the configuration folder of our private Asterisk. Everything it ever writes lies under one data folder.

Nothing here depends on a customer: agents' phones and trunk peers are pushed through ARI at run time (`endpoints`),
and every call is handed to one Stasis application, so these files change only with ports and addresses.

The folder is readable by its owner alone: it holds the ARI password.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cordboard.channels.asterisk.install import Installation
from cordboard.sounds import FOLDER as SOUNDS

APPLICATION = "cordboard"
"""The Stasis application that every call enters."""

TRUNK_CONTEXT = "cordboard-trunk"
"""Dialplan context of calls from the telephone network: `Stasis(cordboard,trunk,<number called>)`."""

PHONE_CONTEXT = "cordboard-phone"
"""Dialplan context of calls that agents' phones make: `Stasis(cordboard,phone,<number dialled>)`."""

APOLOGY_CONTEXT = "cordboard-apology"
"""Dialplan context of calls that can not be taken: a sentence in each language, then the end."""

SECURITY_LOG = "security.log"
"""Name, in the log folder, of the file of Asterisk's security events (`guard` reads it)."""

RETRY_SECONDS = 2
RETRIES = 30
"""A call that arrives while the application is away hears music and tries again, this often, this many times."""

MODULES = (
    # SIP
    "res_sorcery_config.so", "res_sorcery_memory.so", "res_sorcery_astdb.so", "res_pjproject.so", "res_pjsip.so",
    "res_pjsip_session.so", "res_pjsip_pubsub.so", "res_pjsip_sdp_rtp.so", "res_pjsip_caller_id.so", "res_pjsip_nat.so", "res_pjsip_acl.so",
    "res_pjsip_authenticator_digest.so", "res_pjsip_outbound_authenticator_digest.so", "res_pjsip_registrar.so",
    "res_pjsip_outbound_registration.so", "res_pjsip_endpoint_identifier_user.so",
    "res_pjsip_endpoint_identifier_ip.so", "res_pjsip_dtmf_info.so", "res_pjsip_empty_info.so",
    "res_pjsip_rfc3326.so", "res_pjsip_header_funcs.so", "res_pjsip_dlg_options.so", "res_http_websocket.so",
    "res_pjsip_transport_websocket.so", "res_pjsip_logger.so", "chan_pjsip.so", "res_security_log.so",
    # media
    "res_rtp_asterisk.so", "res_crypto.so", "res_srtp.so", "res_timing_timerfd.so", "res_musiconhold.so",
    "res_format_attr_opus.so", "codec_ulaw.so", "codec_alaw.so", "codec_g722.so", "codec_resample.so",
    "codec_opus_open_source.so", "format_wav.so", "format_pcm.so", "format_sln.so", "format_ogg_opus_open_source.so",
    "bridge_simple.so", "bridge_native_rtp.so", "bridge_softmix.so", "bridge_holding.so", "chan_bridge_media.so",
    # ARI
    "res_websocket_client.so", "res_ari.so", "res_ari_model.so", "res_ari_applications.so", "res_ari_asterisk.so", "res_ari_bridges.so",
    "res_ari_channels.so", "res_ari_endpoints.so", "res_ari_events.so", "res_ari_playbacks.so",
    "res_ari_recordings.so", "res_stasis.so", "res_stasis_answer.so", "res_stasis_playback.so",
    "res_stasis_recording.so", "res_stasis_snoop.so", "app_stasis.so",
    # dialplan
    "pbx_config.so", "func_channel.so", "func_callerid.so", "func_logic.so", "app_playback.so",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AsteriskConf:
    """What the files depend on. `folder` is Asterisk's own part of the data folder (DATA/asterisk)."""

    folder: Path
    ari_port: int
    ari_user: str
    ari_password: str
    sip_port: int
    rtp_first: int
    rtp_last: int
    sip_host: str = "0.0.0.0"  # callers and phones come from anywhere
    external_address: str | None = None
    local_networks: tuple[str, ...] = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")
    stun_server: str = ""
    extra_modules: tuple[str, ...] = ()
    extra_dialplan: str = ""  # further contexts of extensions.conf (benches, the simulated network)
    extra_files: Mapping[str, str] = field(default_factory=dict)  # further files, by name

    @property
    def config_folder(self) -> Path:
        return self.folder / "etc"

    @property
    def main_file(self) -> Path:
        """The file to start Asterisk with: `asterisk -C <main_file>`."""
        return self.config_folder / "asterisk.conf"

    @property
    def log_folder(self) -> Path:
        return self.folder / "log"

    @property
    def run_folder(self) -> Path:
        """Where the control socket and the pid file are; a short path, socket names are limited to 107 bytes."""
        return self.folder / "run"

    @property
    def security_log(self) -> Path:
        return self.log_folder / SECURITY_LOG


def write_conf(conf: AsteriskConf, installation: Installation) -> Path:
    """Writes all files (replacing older ones) and returns the main file. Keeps Asterisk's own database and logs."""
    for name in ("etc", "log", "run", "spool", "lib", "keys", "cache"):
        (conf.folder / name).mkdir(parents=True, exist_ok=True)
    conf.folder.chmod(0o700)
    for stale in conf.config_folder.iterdir():
        if stale.is_file():
            stale.unlink()
        else:
            shutil.rmtree(stale)
    for name, text in {**_files(conf, installation), **conf.extra_files}.items():
        path = conf.config_folder / name
        path.touch(mode=0o600)
        path.write_text(text)
    return conf.main_file


def _files(conf: AsteriskConf, installation: Installation) -> dict[str, str]:
    return {
        "asterisk.conf": _asterisk_conf(conf, installation),
        "modules.conf": _modules_conf(conf, installation),
        "logger.conf": _LOGGER,
        "http.conf": f"[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = {conf.ari_port}\n",
        "ari.conf": _ari_conf(conf),
        "stasis.conf": _STASIS,
        "sorcery.conf": _SORCERY,
        "pjsip.conf": _pjsip_conf(conf),
        "rtp.conf": _rtp_conf(conf),
        "musiconhold.conf": _MUSIC,
        "extensions.conf": _DIALPLAN + conf.extra_dialplan,
        "indications.conf": _INDICATIONS,
        "cdr.conf": "[general]\nenable = no\n",
        "cel.conf": "[general]\nenable = no\n",
        "codecs.conf": "[opus]\ntype = opus\ncomplexity = 5\nfec = yes\n",
        "acl.conf": "",
        "features.conf": "[general]\n[featuremap]\n",
        "ccss.conf": "[general]\n",
        "udptl.conf": "[general]\n",
        "users.conf": "",
        "cli.conf": "",
        "pjproject.conf": "",
        "websocket_client.conf": "",
    }


def _asterisk_conf(conf: AsteriskConf, installation: Installation) -> str:
    folder = conf.folder
    return f"""[directories]
astetcdir = {conf.config_folder}
astmoddir = {installation.modules}
astvarlibdir = {folder}/lib
astdbdir = {folder}/lib
astkeydir = {folder}
astdatadir = {installation.data}
astagidir = {folder}/lib
astspooldir = {folder}/spool
astrundir = {folder}/run
astlogdir = {folder}/log
astsbindir = {installation.program.parent}
astcachedir = {folder}/cache

[options]
documentation_language = en_US
defaultlanguage = en
hideconnect = yes
transmit_silence = no
cache_record_files = no
maxfiles = 65536
"""


def _modules_conf(conf: AsteriskConf, installation: Installation) -> str:
    names = [*MODULES, *conf.extra_modules]
    there = [name for name in names if (installation.modules / name).is_file()]
    return "[modules]\nautoload = no\n" + "".join(f"load = {name}\n" for name in there)


_LOGGER = f"""[general]
dateformat = %F %T.%3q
[logfiles]
messages.log => notice,warning,error
{SECURITY_LOG} => security
"""


def _ari_conf(conf: AsteriskConf) -> str:
    # A server that is stopped for a moment (a debugger, a paging storm) should find its socket again.
    return f"""[general]
enabled = yes
pretty = no
websocket_write_timeout = 250
[{conf.ari_user}]
type = user
read_only = no
password_format = plain
password = {conf.ari_password}
"""


# Messages that nobody here listens to are not even made: this saves a good part of the work per call.
_STASIS = """[declined_message_types]
decline = ast_channel_varset_type
decline = ast_channel_dtmf_begin_type
decline = ast_channel_hangup_handler_type
decline = ast_channel_moh_start_type
decline = ast_channel_moh_stop_type
decline = ast_channel_dial_type
decline = ast_channel_talking_start
decline = ast_channel_talking_stop
decline = ast_device_state_message_type
decline = ast_manager_get_generic_type
decline = cel_generic_type
decline = ast_mwi_state_type
decline = ast_test_suite_message_type
decline = ast_presence_state_message_type
"""

# `memory` lets ARI create objects at run time and forgets them with the process, so that no SIP password is ever on
# disk; the adapter pushes them again. Registrations of phones outlive a restart (astdb).
_SORCERY = """[res_pjsip]
endpoint = memory
auth = memory
aor = memory
contact = astdb,registrar
transport = config,pjsip.conf,criteria=type=transport
global = config,pjsip.conf,criteria=type=global
system = config,pjsip.conf,criteria=type=system
domain_alias = memory

[res_pjsip_endpoint_identifier_ip]
identify = memory

[res_pjsip_outbound_registration]
registration = memory

[res_pjsip_acl]
acl = memory
"""


def _pjsip_conf(conf: AsteriskConf) -> str:
    outside = ""
    if conf.external_address:
        outside = (
            f"external_media_address = {conf.external_address}\n"
            f"external_signaling_address = {conf.external_address}\n"
            + "".join(f"local_net = {network}\n" for network in conf.local_networks)
        )
    bind = f"{conf.sip_host}:{conf.sip_port}"
    return f"""[system]
type = system
threadpool_initial_size = 8
threadpool_auto_increment = 4
threadpool_max_size = 32

[global]
type = global
user_agent = Cordboard
endpoint_identifier_order = auth_username,username,ip
unidentified_request_count = 5
unidentified_request_period = 5
unidentified_request_prune_interval = 30
keep_alive_interval = 30
taskprocessor_overload_trigger = pjsip_only

[udp]
type = transport
protocol = udp
bind = {bind}
{outside}
[tcp]
type = transport
protocol = tcp
bind = {bind}
{outside}
[ws]
type = transport
protocol = ws
bind = {conf.sip_host}
{outside}"""


def _rtp_conf(conf: AsteriskConf) -> str:
    stun = f"stunaddr = {conf.stun_server}\n" if conf.stun_server else ""
    return f"""[general]
rtpstart = {conf.rtp_first}
rtpend = {conf.rtp_last}
strictrtp = yes
icesupport = yes
{stun}"""


_MUSIC = f"""[default]
mode = files
directory = {SOUNDS / "music"}
"""


_RETRY = f"""
 same => n,GotoIf($["${{STASISSTATUS}}" != "FAILED"]?done)
 same => n,GotoIf($[${{TRIES}} >= {RETRIES}]?away)
 same => n,Set(TRIES=$[${{TRIES}} + 1])
 same => n,Answer()
 same => n,MusicOnHold(default,{RETRY_SECONDS})
 same => n,Goto(try)
 same => n(away),Congestion(5)
 same => n(done),Hangup()
"""

# Numbers only: anything else that is called does not exist (and the dialplan's own names, h, i, t, stay free).
_DIALPLAN = f"""[general]
static = yes
writeprotect = yes
autofallthrough = yes

[{TRUNK_CONTEXT}]
exten => _[+*#0-9]!,1,Ringing()
 same => n,Set(TRIES=0)
 same => n(try),Stasis({APPLICATION},trunk,${{EXTEN}}){_RETRY}

[{PHONE_CONTEXT}]
exten => _[+*#0-9]!,1,Ringing()
 same => n,Set(TRIES=0)
 same => n(try),Stasis({APPLICATION},phone,${{EXTEN}}){_RETRY}

[{APOLOGY_CONTEXT}]
exten => s,1,Answer(300)
 same => n,Playback({SOUNDS}/en/technical-problem)
 same => n,Playback({SOUNDS}/fr/technical-problem)
 same => n,Hangup()
"""

_INDICATIONS = """[general]
country = fr
[fr]
description = France
ringcadence = 1500,3500
dial = 440
busy = 440/500,0/500
ring = 440/1500,0/3500
congestion = 440/250,0/250
"""
