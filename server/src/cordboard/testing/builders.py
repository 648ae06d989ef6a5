"""Configurations and events for tests, in few words.

`centre()` is the customer that the core's stories are told about; the `with_…` and `without_…` functions give a changed copy,
one version later. Agents' phones are addressed `demo.<agent>`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from cordboard.core import events as ev
from cordboard.core.config import (
    AgentProfile,
    ClosingReason,
    DialPlan,
    EntryPoint,
    Inbox,
    Location,
    Message,
    Named,
    OpenHours,
    Options,
    Queue,
    Schedule,
    Space,
    TenantConfig,
    ValidationRule,
    WithdrawalReason,
)
from cordboard.core.script.steps import (
    HangUpStep,
    MenuStep,
    PlayStep,
    QueueStep,
    ScheduleStep,
    Script,
    Step,
)
from cordboard.core.words import Channel, PhoneKind, SeatKind

TENANT = "demo"
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, 10:00 in Paris
NUMBER = "+33199001000"
CALLER = "+33611223344"
OUTSIDE = "+33155667788"
EMERGENCY_NUMBERS = ("112", "15", "17", "18", "911", "999")

_FRENCH, _ENGLISH = "french", "english"


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def centre() -> TenantConfig:
    """One number with greeting, opening hours and menu; queues for calls, emails and chats; seven agents."""
    return TenantConfig(
        1,
        "Demo",
        "en",
        "Europe/Paris",
        seats={
            SeatKind.VOICE: 4,
            SeatKind.EMAIL: 2,
            SeatKind.CHAT: 2,
            SeatKind.MULTIMEDIA: 1,
            SeatKind.DIGITAL: 2,
            SeatKind.OMNICHANNEL: 2,
        },
        spaces={"shop": Space("shop", "Shop")},
        locations={"paris": Location("paris", "Paris", "FR", "Europe/Paris")},
        skills={skill_id: Named(skill_id, skill_id.title()) for skill_id in (_FRENCH, _ENGLISH)},
        groups={"team": Named("team", "Team"), "night": Named("night", "Night")},
        agents={profile.id: profile for profile in _agents()},
        queues={queue.id: queue for queue in _queues()},
        schedules={"office": _office()},
        messages={
            name: Message(name, name.title(), "shop") for name in ("welcome", "menu", "closed", "wait")
        },
        scripts={"main": _main_script()},
        entry_points={point.id: point for point in _entry_points()},
        withdrawal_reasons={"lunch": WithdrawalReason("lunch", "Lunch")},
        closing_reasons={"sold": ClosingReason("sold", "Sold", "shop")},
        inboxes={"inbox": Inbox("inbox")},
        validation={"new": ValidationRule("new", "New", ("felix",), due=timedelta(hours=1))},
        options=Options(outgoing_mail=True),
        dial_plan=DialPlan("FR", ("+33",), ("+3389",), EMERGENCY_NUMBERS, (NUMBER, "+33199001001")),
    )


def _agents() -> tuple[AgentProfile, ...]:
    def agent(
        agent_id: str,
        skills: Mapping[str, int],
        capacity: Mapping[Channel, int] | None = None,
        pull: tuple[Channel, ...] = (),
    ) -> AgentProfile:
        channels = capacity or {Channel.VOICE: 1}
        groups = ("team",)
        return AgentProfile(
            agent_id, agent_id.title(), "paris", ("shop",), groups, skills, channels, pull=pull
        )

    digital = {Channel.EMAIL: 2, Channel.CHAT: 2}
    return (
        agent("amelie", {_FRENCH: 5, _ENGLISH: 3}),
        agent("bruno", {_FRENCH: 3, _ENGLISH: 3}),
        agent("chloe", {_FRENCH: 1, _ENGLISH: 5}),
        agent("dan", {_ENGLISH: 5}, {**digital, Channel.VOICE: 1}),
        agent("emma", {_FRENCH: 5, _ENGLISH: 3}, digital),
        agent("felix", {_FRENCH: 5, _ENGLISH: 3}, digital),
        agent("grace", {_FRENCH: 5, _ENGLISH: 3}, digital, (Channel.EMAIL,)),
    )


def _queues() -> tuple[Queue, ...]:
    return (
        Queue("sales", "Sales", "shop", needs={_ENGLISH: 3}, wrap_up=seconds(30)),
        Queue(
            "support",
            "Support",
            "shop",
            needs={_FRENCH: 2},
            closing_reason_required=False,
            comfort_message_ids=("wait",),
            announce_position=False,
        ),
        Queue("urgent", "Urgent", "shop", needs={_ENGLISH: 3}, priority=10, ring=seconds(10)),
        Queue(
            "mail",
            "Mail",
            "shop",
            Channel.EMAIL,
            ring=timedelta(minutes=2),
            closing_reason_required=False,
            due=timedelta(hours=4),
            due_schedule_id="office",
        ),
        Queue("chat", "Chat", "shop", Channel.CHAT, ring=seconds(30), closing_reason_required=False),
    )


def _office() -> Schedule:
    return Schedule(
        "office", "Office", "shop", "Europe/Paris", (OpenHours((0, 1, 2, 3, 4), time(9), time(18)),)
    )


def _main_script() -> Script:
    steps: dict[str, Step] = {
        "welcome": PlayStep("welcome", "hours"),
        "hours": ScheduleStep("office", "menu", "closed"),
        "menu": MenuStep("menu", {"1": "sales", "2": "support", "3": "urgent"}, "sales"),
        "sales": QueueStep("sales"),
        "support": QueueStep("support", max_wait=timedelta(minutes=5), timeout="closed"),
        "urgent": QueueStep("urgent"),
        "closed": HangUpStep("closed", dissuaded=True),
    }
    return Script("main", "Main", "shop", "welcome", steps)


def _entry_points() -> tuple[EntryPoint, ...]:
    return (
        EntryPoint("front", "Front door", Channel.VOICE, NUMBER, "shop", "main"),
        EntryPoint("inbox", "Inbox", Channel.EMAIL, "hello@demo.example", "shop"),
        EntryPoint("button", "Button", Channel.CHAT, "button", "shop"),
    )


# -- changed copies


def _next(config: TenantConfig, **changes: object) -> TenantConfig:
    return replace(config, version=config.version + 1, **changes)  # type: ignore[arg-type]  # names are the fields'


def with_script(config: TenantConfig, /, **steps: Step) -> TenantConfig:
    """The main script is these steps; it begins at `start`."""
    return _next(config, scripts={**config.scripts, "main": Script("main", "Main", "shop", "start", steps)})


def with_queue(config: TenantConfig, queue_id: str, **changes: object) -> TenantConfig:
    queue = replace(config.queues[queue_id], **changes)  # type: ignore[arg-type]  # names are the fields'
    return _next(config, queues={**config.queues, queue_id: queue})


def without_queue(config: TenantConfig, queue_id: str) -> TenantConfig:
    return _next(config, queues={key: queue for key, queue in config.queues.items() if key != queue_id})


def with_agent(config: TenantConfig, agent_id: str, **changes: object) -> TenantConfig:
    profile = replace(config.agents[agent_id], **changes)  # type: ignore[arg-type]  # names are the fields'
    return _next(config, agents={**config.agents, agent_id: profile})


def without_agent(config: TenantConfig, agent_id: str) -> TenantConfig:
    return _next(config, agents={key: agent for key, agent in config.agents.items() if key != agent_id})


def with_seats(config: TenantConfig, **seats: int) -> TenantConfig:
    return _next(config, seats={SeatKind(kind): number for kind, number in seats.items()})


# -- events


def phone_of(agent_id: str, kind: PhoneKind = PhoneKind.BROWSER) -> ev.Phone:
    return ev.Phone(kind, OUTSIDE if kind is PhoneKind.NUMBER else f"{TENANT}.{agent_id}")


def logged_in(
    agent_id: str,
    seat: SeatKind = SeatKind.VOICE,
    kind: PhoneKind | None = PhoneKind.BROWSER,
    login_id: str = "login-1",
) -> ev.AgentLoggedIn:
    return ev.AgentLoggedIn(agent_id, login_id, seat, phone_of(agent_id, kind) if kind else None)
