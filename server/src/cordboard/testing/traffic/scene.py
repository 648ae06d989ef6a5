"""The whole simulation: the network, the callers, the agents, and one line a minute about them. Ends with its task."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from ruamel.yaml import YAML

from cordboard.errors import Refused, Unavailable
from cordboard.numbers import normalise
from cordboard.settings import Settings
from cordboard.testing.product import Login
from cordboard.testing.traffic.agents import SimulatedAgent
from cordboard.testing.traffic.callers import Callers
from cordboard.testing.traffic.chance import Chance, Entry
from cordboard.testing.traffic.ears import Ears
from cordboard.testing.traffic.exchange import Exchange, NetworkLine
from cordboard.testing.traffic.network import Network
from cordboard.testing.traffic.report import Tally
from cordboard.testing.traffic.writers import Writers, demo_inboxes

log = structlog.get_logger(__name__)

MOST_CALLERS = 150
"""The ports of the simulated network carry 200 lines: these callers, the agents' telephones, and whom agents call."""
TELL_SECONDS = 60.0
START_SECONDS = 30.0
CHECK_SECONDS = 1.0
DEMO_CENTRE = Path(__file__).resolve().parents[2] / "demo/centre.yaml"


@dataclass(frozen=True, slots=True)
class Plan:
    """`callers`: calls in progress on average. `seconds` None: until it is stopped."""

    callers: int
    agents: int
    seed: str
    seconds: float | None = None
    numbers: tuple[str, ...] = ()


async def simulate(settings: Settings, plan: Plan) -> Tally:
    """Runs the simulation to its end, or until cancelled."""
    if not 0 <= plan.callers <= MOST_CALLERS:
        raise Refused(f"At most {MOST_CALLERS} simulated callers are possible.")
    entries = [entry for entry in demo_entries() if not plan.numbers or entry.number in plan.numbers]
    entries += [Entry(n, ("1", "2")) for n in plan.numbers if n not in {entry.number for entry in entries}]
    logins = _agents_logins(settings, plan.agents)
    network = Network(settings)
    tally = Tally()
    await network.start()
    try:
        async with asyncio.timeout(plan.seconds):
            await _play(settings, plan, network, entries, logins, tally)
    except TimeoutError:
        log.info("traffic_over")
    except ExceptionGroup as group:
        raise group.exceptions[0] from None
    finally:
        await network.stop()
    return tally


async def _play(
    settings: Settings,
    plan: Plan,
    network: Network,
    entries: Sequence[Entry],
    logins: Iterable[Login],
    tally: Tally,
) -> None:
    chance = Chance(plan.seed)
    agents: list[SimulatedAgent] = []
    called = chance.child("called")
    async with asyncio.TaskGroup() as group:

        def ring(line: NetworkLine) -> None:
            """The centre calls into the network: an agent's telephone, or anybody else's."""
            agent = next((one for one in agents if one.username == line.number), None)
            group.create_task(agent.take_call(line) if agent is not None else be_called(line, called))

        exchange = Exchange(network.address, ring)
        group.create_task(exchange.run())
        if not await exchange.wait_connected(START_SECONDS):
            raise Unavailable("The simulated network did not start; its log is in DATA/network/log.")
        ears = Ears(settings)
        group.create_task(ears.run())
        base_url = f"http://127.0.0.1:{settings.http_port}"
        for login in logins:
            mood = chance.child(login.login)
            agents.append(SimulatedAgent(base_url, login, exchange, settings.sip_port, mood, tally))
            group.create_task(agents[-1].run())
        group.create_task(Callers(exchange, ears, tally, entries, chance.child("callers")).run(plan.callers))
        if settings.demo and not plan.numbers:
            writers = Writers(settings, demo_inboxes(DEMO_CENTRE), chance.child("writers"), tally)
            group.create_task(writers.run(plan.callers))
        group.create_task(_tell(tally))
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            if not network.running():
                raise Unavailable("The simulated network has ended; its log is in DATA/network/log.")


async def be_called(line: NetworkLine, chance: Chance) -> None:
    """Somebody outside whom an agent calls: mostly answers and speaks; sometimes is busy or not there."""
    if chance.happens(0.12):
        await line.hang_up("busy")
        return
    await line.ring()
    if chance.happens(0.12):
        await line.pause(60)
        await line.hang_up("no_answer")
        return
    if not await line.pause(chance.between(2.0, 6.0)):
        return
    await line.answer()
    language = "fr" if line.number.startswith(("+33", "0")) else "en"
    for sentence in (f"caller-{1 + chance.number_below(3)}", "caller-4", "caller-4", "caller-5"):
        if not await line.pause(chance.between(2.0, 9.0)) or not await line.say(sentence, language):
            return
    await line.hang_up()


async def _tell(tally: Tally) -> None:
    while True:
        await asyncio.sleep(TELL_SECONDS)
        log.info("traffic", now=tally.sentence())


def demo_entries(document: Path = DEMO_CENTRE) -> list[Entry]:
    """The numbers of the demo centre with the keys of the menus in their scripts."""
    centre = YAML(typ="safe").load(document.read_text(encoding="utf-8"))
    country = centre["dial_plan"]["country"]
    entries = []
    for number in centre["numbers"].values():
        steps = centre["scripts"][number["script"]]["steps"].values()
        keys = [str(key) for step in steps for key in step.get("choices", ())]
        e164 = normalise(number["number"], country)
        if e164 is not None:
            entries.append(Entry(e164, tuple(keys)))
    return entries


def _agents_logins(settings: Settings, wanted: int) -> list[Login]:
    """Demo logins of agents, the last ones first: a visitor mostly takes the first of the list."""
    path = settings.data_dir / "logins.json"
    if not wanted or not path.exists():
        return []
    centre = YAML(typ="safe").load(DEMO_CENTRE.read_text(encoding="utf-8"))
    are_agents = {agent.get("login", key) for key, agent in centre["agents"].items()}
    known = [Login(one["login"], one["password"]) for one in json.loads(path.read_text())]
    return [login for login in reversed(known) if login.login in are_agents][:wanted]
