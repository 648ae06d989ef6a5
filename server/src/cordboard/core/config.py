"""The published configuration as the core sees it: frozen, complete, already validated.

It is made from the configuration document (`cordboard.configuration`), enters the core as
`events.ConfigPublished` and is part of every snapshot, so that nothing reads tables while deciding.
Ids are the document's own keys (`sales`, `amelie`): readable in every fact, stable across versions.
Levels are integers 1..5, 5 the best. Durations are `timedelta`. Clock times are local to `time_zone`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from cordboard.core.script.steps import FormField, Script
from cordboard.core.words import (
    Channel,
    MailAfter,
    MailProtocol,
    MailSecurity,
    MailSignIn,
    MailStart,
    SeatKind,
    Word,
)


@dataclass(frozen=True, slots=True)
class Named:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Space:
    id: str
    name: str
    website: str = ""  # template of Show Website: https://…/{caller}?contact={contact}


@dataclass(frozen=True, slots=True)
class Location:
    id: str
    name: str
    country: str  # ISO 3166 alpha-2
    time_zone: str  # IANA


@dataclass(frozen=True, slots=True)
class WithdrawalReason:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ClosingReason:
    id: str
    name: str
    space_id: str
    resolved: bool = False  # the end-customer's matter is settled: it counts for the first contact ratio


@dataclass(frozen=True, slots=True)
class AgentProfile:
    id: str
    name: str
    location_id: str
    space_ids: tuple[str, ...]
    group_ids: tuple[str, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)  # skill id -> level
    capacity: Mapping[Channel, int] = field(default_factory=lambda: {Channel.VOICE: 1})
    language: str = "en"
    extension: str = ""  # short internal number
    pull: tuple[Channel, ...] = ()  # channels whose contacts this agent picks himself
    auto_accept: tuple[Channel, ...] = ()  # channels whose contacts he takes without being asked
    signature: str = ""  # below his mails, instead of the inbox's


class Selection(Word):
    LONGEST_IDLE = "longest_idle"
    BEST_SKILL = "best_skill"


@dataclass(frozen=True, slots=True)
class Queue:
    id: str
    name: str
    space_id: str
    channel: Channel = Channel.VOICE
    needs: Mapping[str, int] = field(default_factory=dict)  # skill id -> least level
    group_ids: tuple[str, ...] = ()  # agents of any of these groups; empty: of any group
    selection: Selection = Selection.LONGEST_IDLE
    priority: int = 0  # higher goes first, across queues
    ring: timedelta = timedelta(seconds=20)
    wrap_up: timedelta = timedelta(seconds=30)
    closing_reason_required: bool = True
    service_level: timedelta = timedelta(seconds=20)
    welcome_message_id: str = ""  # once, on entering
    comfort_message_ids: tuple[str, ...] = ()  # one after the other, every `announce_every`
    announce_position: bool = True
    announce_every: timedelta = timedelta(seconds=30)
    music: str = "default"
    website: str = ""  # overrides the Space's template
    due: timedelta | None = None  # an email is to be answered within this, in the hours of `due_schedule_id`
    due_schedule_id: str = ""  # "" by the clock
    preferred_wait: timedelta = (
        timedelta()
    )  # so long an email waits for who knows its thread, then for anybody
    auto_accept: bool = False  # contacts without legs are the agent's at once, when he is at his desktop


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Open on `weekdays` (0 Monday .. 6 Sunday) from `opens` to `closes` (exclusive; 00:00 means midnight after)."""

    weekdays: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Schedule:
    id: str
    name: str
    space_id: str
    time_zone: str
    hours: tuple[OpenHours, ...]
    closed_on: tuple[date, ...] = ()
    open_on: Mapping[date, tuple[OpenHours, ...]] = field(
        default_factory=dict
    )  # exceptional openings; weekdays ignored


@dataclass(frozen=True, slots=True)
class Message:
    """What is said or written: for each language the name of its recorded sound, and its words.

    As a mail it has `subjects` and `attachments` (the name that is shown -> the id of an uploaded file) too.
    """

    id: str
    name: str
    space_id: str
    sounds: Mapping[str, str] = field(default_factory=dict)  # language -> sound name (`en/retail-welcome`)
    texts: Mapping[str, str] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """Where contacts arrive: a number (E.164), an inbox or a chat button. Runs at most one script."""

    id: str
    name: str
    channel: Channel
    address: str
    space_id: str
    script_id: str = ""
    language: str = "en"
    tags: tuple[str, ...] = ()


class ButtonKind(Word):
    """FIXED: always there. DYNAMIC: shown while an agent is free and its rules match."""

    FIXED = "fixed"
    DYNAMIC = "dynamic"


class Calls(Word):
    """How agents may call the visitors of a button, out of the chat."""

    NONE = "none"
    CALLBACK = "callback"
    PAGE = "page"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class InvitationRule:
    """All that is given must be true of the visitor's page; the widget looks. `basket`: the least value that the page gives."""

    pages: str = ""  # a part of the address, * for anything
    seconds: int = 0  # on this page
    scrolled: int = 0  # percent
    returning: bool = False
    basket: float = 0.0
    texts: Mapping[str, str] = field(default_factory=dict)  # what it says, by language


@dataclass(frozen=True, slots=True)
class ChatButton:
    """What is particular to an entry point of channel chat; its id is the entry point's."""

    id: str
    name: str
    space_id: str
    kind: ButtonKind = ButtonKind.FIXED
    languages: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()  # sites that may show it: https://shop.example
    rules: tuple[InvitationRule, ...] = ()
    queue_id: str = ""  # whose agents invitations are for
    invitation_time: timedelta = timedelta(seconds=20)
    form: tuple[FormField, ...] = ()  # asked before the chat
    schedule_id: str = ""
    inbox_id: str = ""  # where chats become mails, and whence transcripts are sent
    titles: Mapping[str, str] = field(default_factory=dict)  # by language, as all texts
    subtitles: Mapping[str, str] = field(default_factory=dict)
    welcomes: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, str] = field(default_factory=dict)
    survey: bool = False
    transcript: bool = True
    preview: bool = False  # agents see what is being typed
    theme: Mapping[str, str] = field(default_factory=dict)
    identity_secret: str = ""  # the name of the secret that the site signs identities with
    files: tuple[str, ...] = ()  # media types that may be sent, such as image/png or image/*; none: no files
    largest_file: int = 10_000_000
    idle_warning: timedelta = timedelta(minutes=5)
    idle_timeout: timedelta = timedelta(minutes=2)
    visitor_grace: timedelta = timedelta(seconds=60)
    reopen_within: timedelta = timedelta(hours=24)  # so long after its end a visitor may go on with his chat
    calls: Calls = Calls.BOTH
    call_queue_id: str = ""  # whose agents call for those who have no telephone


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where an inbox fetches its mail, or sends it. `secret` names what `cordboard secret` has sealed."""

    host: str
    port: int = 0  # 0: the usual one of protocol and security
    protocol: MailProtocol = MailProtocol.IMAP
    security: MailSecurity = MailSecurity.TLS
    sign_in: MailSignIn = MailSignIn.PASSWORD
    user: str = ""
    secret: str = ""
    folder: str = "INBOX"
    after: MailAfter = MailAfter.LEAVE
    move_to: str = ""  # folder of fetched mails, with `MailAfter.MOVE`
    folders: tuple[str, ...] = ()  # several instead of `folder`
    start: MailStart = MailStart.ALL


@dataclass(frozen=True, slots=True)
class Inbox:
    """What an entry point of channel email has beside its address. Its id is the entry point's."""

    id: str
    receive: MailServer | None = None  # None: its mail is delivered to us by SMTP or LMTP
    send: MailServer | None = None  # None: the installation's own relay
    from_name: str = ""
    signature: str = ""
    rate: int = 60  # mails that leave in a minute, at most
    undo: timedelta = timedelta(seconds=10)
    thread_days: int = 30  # so long the same subject and sender belong to one thread
    sent_folder: str = "auto"  # of its mailbox, for copies of what it sends; "none": no copies


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """Holds answers for approval. `agent_ids`, `group_ids`, `queue_ids` and `tags` say whose and which: empty means any.

    Of those it holds an agent's `first` ones, `percent` of them, those with one of `words`; all when none is given.
    """

    id: str
    name: str
    agent_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    queue_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    first: int = 0
    percent: int = 0
    words: tuple[str, ...] = ()  # regular expressions; letters' case does not matter
    due: timedelta | None = None
    due_schedule_id: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What the provider switches on for a customer (FEATURES: Opt). What is off is refused with a sentence."""

    outgoing_mail: bool = False  # D8: new mails without one before
    ocr: bool = False  # D10


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the customer's that scripts look things up in. Its rows are loaded by themselves (`cordboard table import`)."""

    id: str
    name: str
    columns: tuple[str, ...]
    key: str = ""  # the column that names a row; "" the first one

    @property
    def key_column(self) -> str:
        return self.key or self.columns[0]


class ConnectorMethod(Word):
    GET = "get"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Connector:
    """A service of the customer's that scripts ask over HTTP. `{name}` in `address` is filled with what the step asks."""

    id: str
    name: str
    address: str
    method: ConnectorMethod = ConnectorMethod.GET
    secret: str = ""  # the name of the secret that it asks of us
    header: str = "Authorization"  # that carries it; there as `Bearer …`
    timeout: timedelta = timedelta(seconds=5)  # in all
    retries: int = 1


@dataclass(frozen=True, slots=True)
class DialPlan:
    """What may be called. Prefixes are of E.164 numbers (`+33`); emergency numbers are as dialled (`112`)."""

    country: str = "FR"  # how numbers without + are read
    allowed_prefixes: tuple[str, ...] = ()
    refused_prefixes: tuple[str, ...] = ()
    emergency_numbers: tuple[str, ...] = ()
    presented_numbers: tuple[str, ...] = ()  # the first is the default
    ring: timedelta = timedelta(seconds=45)
    wrap_up: timedelta = timedelta(seconds=30)


_PLACE = re.compile(r"\{([A-Za-z_]\w*)\}")


def places_in(address: str) -> tuple[str, ...]:
    """The names in a connector's address that are filled with what is asked."""
    return tuple(_PLACE.findall(address))


@dataclass(frozen=True, slots=True)
class TenantConfig:
    version: int
    name: str
    language: str
    time_zone: str
    seats: Mapping[SeatKind, int] = field(default_factory=dict)
    spaces: Mapping[str, Space] = field(default_factory=dict)
    locations: Mapping[str, Location] = field(default_factory=dict)
    skills: Mapping[str, Named] = field(default_factory=dict)
    groups: Mapping[str, Named] = field(default_factory=dict)
    agents: Mapping[str, AgentProfile] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    messages: Mapping[str, Message] = field(default_factory=dict)
    scripts: Mapping[str, Script] = field(default_factory=dict)
    entry_points: Mapping[str, EntryPoint] = field(default_factory=dict)
    chat_buttons: Mapping[str, ChatButton] = field(default_factory=dict)
    withdrawal_reasons: Mapping[str, WithdrawalReason] = field(default_factory=dict)
    closing_reasons: Mapping[str, ClosingReason] = field(default_factory=dict)
    dial_plan: DialPlan = field(default_factory=DialPlan)
    inboxes: Mapping[str, Inbox] = field(default_factory=dict)
    validation: Mapping[str, ValidationRule] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    tables: Mapping[str, Table] = field(default_factory=dict)
    connectors: Mapping[str, Connector] = field(default_factory=dict)
    desktop_grace: timedelta = timedelta(seconds=60)  # a login outlives its last desktop by this
    reconnect_grace: timedelta = timedelta(seconds=60)  # a call waits for its lost agent by this
