"""The product with a queue and many agents, on an Asterisk that also has a plain `Dial()` to compare with."""

import asyncio
import dataclasses
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from cordboard.channels.asterisk.conf import AsteriskConf, write_conf
from cordboard.channels.asterisk.install import find
from cordboard.channels.asterisk.process import start
from cordboard.settings import Settings
from cordboard.supervisor.parts import asterisk_conf
from cordboard.supervisor.precedence import give_precedence
from cordboard.testing.desk import Desk
from cordboard.testing.product import Login, Product, free_port_base
from rig.telephones import HOST, Telephones

NUMBER = "+33199009999"
DIALLED = "7777"
"""Called from the trunk, it is no number of the centre: the dialplan alone connects it."""
TRUNK_CONTEXT = "cordboard-trunk"
RTP_PORTS = 6_000
LOGINS_AT_ONCE = 4
APPLY_SECONDS = 600.0


@dataclass
class BenchCentre:
    product: Product
    folder: Path
    asterisk: subprocess.Popen[bytes]
    phones_port: int  # where all telephones are
    logins: list[Login] = field(default_factory=list)

    @property
    def server(self) -> psutil.Process:
        return psutil.Process(self.product.pid("server"))

    def cpu(self) -> tuple[float, float]:
        """Seconds of processor time that Asterisk and the server have used."""
        return _cpu(psutil.Process(self.asterisk.pid)), _cpu(self.server)


@contextmanager
def centre(agents: int, *, wrap_up: str, reason_required: bool, keep: bool = False) -> Iterator[BenchCentre]:
    """A running centre whose queue `bench` has `agents` logins; nobody is logged in yet. `keep`: do not remove its folder."""
    folder = Path(tempfile.mkdtemp(prefix="cordboard-bench-"))
    base = free_port_base(10_000, 20_000)
    environment = {
        "CORDBOARD_ASTERISK": "external",
        "CORDBOARD_ARI_PASSWORD": secrets.token_urlsafe(16),
        "CORDBOARD_SIP_HOST": "127.0.0.1",
        "CORDBOARD_RTP_FIRST": str(base + 1_000),
        "CORDBOARD_RTP_LAST": str(base + 1_000 + RTP_PORTS),
        "CORDBOARD_LOG_LEVEL": "warning",
    }
    phones_port = base + 700
    settings = Settings(
        data_dir=folder / "data",
        port_base=base,
        ari_password=environment["CORDBOARD_ARI_PASSWORD"],  # type: ignore[arg-type]  # pydantic makes it a secret
        sip_host="127.0.0.1",
        rtp_first=base + 1_000,
        rtp_last=base + 1_000 + RTP_PORTS,
    )
    asterisk = _start_asterisk(settings, phones_port)
    product = Product(folder / "data", base, environment)
    try:
        note("starting the product")
        product.start()
        bench = BenchCentre(product, folder, asterisk, phones_port)
        note(f"making {agents} agents")
        asyncio.run(_configure(bench, agents, wrap_up, reason_required))
        yield bench
    except BaseException:
        note(f"the logs are kept in {folder}")
        raise
    finally:
        product.stop()
        asterisk.terminate()
        asterisk.wait()
    if keep:
        note(f"the logs are kept in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)


def note(text: str) -> None:
    """Progress, apart from the tables."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


async def log_in_all(bench: BenchCentre, agents: int) -> None:
    """Every agent takes a seat with a SIP telephone, registers it, and is Ready. No browser stays open (the grace is a day)."""
    note(f"logging {agents} agents in")
    telephones = Telephones(bench.product.sip_port, bench.phones_port, lambda user, at: None)
    await telephones.open()
    turn = asyncio.Semaphore(LOGINS_AT_ONCE)

    async def one(login: Login) -> None:
        async with turn, Desk(bench.product.base_url, login) as desk:
            held = await desk.post("/desktop/seat", {"seat": "voice", "phone": {"kind": "sip"}})
            account = held.json()["sip_account"]
            await telephones.register(account["username"], account["password"])
            await desk.ready()

    try:
        await asyncio.gather(*(one(login) for login in bench.logins[:agents]))
    finally:
        telephones.close()


def _start_asterisk(settings: Settings, phones_port: int) -> "subprocess.Popen[bytes]":
    installation = find(settings.asterisk_dir)
    if installation is None:
        sys.exit("Asterisk is not there: run ./run first, which brings it.")
    conf: AsteriskConf = dataclasses.replace(
        asterisk_conf(settings),
        folder=settings.data_dir.parent / "asterisk",
        extra_modules=("app_dial.so",),
        extra_dialplan=f"""
[{TRUNK_CONTEXT}](+)
exten => {DIALLED},1,Dial(PJSIP/bench/sip:dialled@{HOST}:{phones_port},30,I)
 same => n,Hangup()
""",
        extra_files={"bench.conf": _ENDPOINT},
    )
    write_conf(conf, installation)
    sorcery = conf.config_folder / "sorcery.conf"
    sorcery.write_text(
        sorcery.read_text().replace(
            "endpoint = memory", "endpoint = config,bench.conf,criteria=type=endpoint\nendpoint = memory", 1
        )
    )
    asterisk = start(conf, installation)
    give_precedence(asterisk.pid)  # as the supervisor does
    return asterisk


_ENDPOINT = """[bench]
type = endpoint
transport = udp
context = nowhere
disallow = all
allow = alaw,ulaw
direct_media = no
"""


async def _configure(bench: BenchCentre, agents: int, wrap_up: str, reason_required: bool) -> None:
    async with Desk(bench.product.base_url, bench.product.login("alice")) as desk:
        desk.http.timeout = APPLY_SECONDS
        version = (await desk.get("/configuration"))["version"]
        document = _document(agents, wrap_up, reason_required)
        answer = await desk.post(
            "/configuration/apply", {"document": document, "base_version": version, "note": "bench"}
        )
    bench.logins = [Login(login, password) for login, password in sorted(answer.json()["new_logins"].items())]
    if len(bench.logins) != agents:
        raise RuntimeError(f"{len(bench.logins)} logins were made instead of {agents}")


def _document(agents: int, wrap_up: str, reason_required: bool) -> str:
    people = "".join(
        f"  bench{n:04d}: {{name: Bench {n}, location: paris, spaces: [retail], groups: [bench], skills: {{english: 3}}}}\n"
        for n in range(agents)
    )
    return f"""customer: {{key: demo}}
seats: {{voice: {agents + 10}}}
times: {{desktop_grace: 24h}}
groups: {{bench: Bench}}
queues:
  bench:
    name: Bench
    space: retail
    groups: [bench]
    ring: 30s
    wrap_up: {wrap_up}
    closing_reason_required: {"yes" if reason_required else "no"}
    announce_position: no
scripts:
  bench:
    name: Bench
    space: retail
    steps:
      wait: {{queue: bench}}
numbers:
  bench: {{name: Bench, number: "{NUMBER}", space: retail, script: bench, language: en}}
agents:
{people}"""


def _cpu(process: psutil.Process) -> float:
    times: Sequence[float] = process.cpu_times()
    return times[0] + times[1]
