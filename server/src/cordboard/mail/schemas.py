"""What travels over HTTP about mails. Instants are ISO 8601 UTC."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field, SecretStr

from cordboard.core.words import MailProtocol, MailSecurity, MailSignIn, MailThen

MOST_RECIPIENTS = 50
LONGEST = 500_000


class Named(BaseModel):
    id: str
    name: str


class Address(BaseModel):
    address: str
    name: str


class Attachment(BaseModel):
    index: int
    name: str
    media_type: str
    size: int
    inline: bool
    warning: str
    read: str
    scan: str = Field(description="scanning | clean | infected | failed; empty where nothing is scanned")


class ThreadMail(BaseModel):
    """`state` of our own: held | queued | sending | sent | failed | bounced | recalled | sent_back | corrected.

    `remark` and `remark_by`: of the validation that sent it back, or that wrote it instead of the mail `corrects`.

    `sender_check`: what the trusted filter in front found: verified | failed | "" (nothing certain).
    `protection`: signed (read; not checked) | encrypted (closed; attached as it came) | unreadable |
    forgotten (older than mails are kept), or "".
    """

    id: int
    direction: str
    kind: str
    state: str
    from_: str = Field(serialization_alias="from")
    from_name: str
    reply_to: list[Address]
    to: list[Address]
    cc: list[Address]
    bcc: list[Address]
    subject: str
    sent_at: datetime | None
    received_at: datetime
    text: str
    has_html: bool
    has_remote_images: bool
    sender_check: str
    protection: str
    quoted_text: str
    signature_text: str
    language: str
    attachments: list[Attachment]
    agent: Named | None
    remark: str
    remark_by: Named | None
    corrects: int | None
    failure: str
    expert: bool


class File(BaseModel):
    """With an `inline_id` it is shown where the html says `cid:<inline_id>`."""

    file_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str = Field(min_length=1, max_length=200)
    media_type: str = Field(default="application/octet-stream", max_length=100)
    size: int = 0
    inline_id: str = Field(default="", max_length=200)


class Draft(BaseModel):
    """`version`: the one that it started from, 0 for none yet."""

    to: list[str] = Field(default_factory=list, max_length=MOST_RECIPIENTS)
    cc: list[str] = Field(default_factory=list, max_length=MOST_RECIPIENTS)
    bcc: list[str] = Field(default_factory=list, max_length=MOST_RECIPIENTS)
    subject: str = Field(default="", max_length=500)
    html: str = Field(default="", max_length=LONGEST)
    text: str = Field(default="", max_length=LONGEST)
    attachments: list[File] = Field(default_factory=list, max_length=50)
    language: str = Field(default="", max_length=10)
    plain: bool = False
    version: int = 0


class SavedDraft(Draft):
    saved_at: datetime
    saved_by: Named | None


class DraftSaved(BaseModel):
    version: int
    saved_at: datetime


class Answer(Draft):
    """`key`: random, so that a repeated request is the same answer. `seen_mails`: how many mails of the thread were on screen.

    `known_mail`: the newest mail when the writing began (0: not said). A colleague's answer after it refuses this one with
    `already_answered`, unless `anyway`.
    """

    then: MailThen = MailThen.CLOSE
    park_until: AwareDatetime | None = None
    park_reason: str = Field(default="", max_length=500)
    closing_reason_id: str = Field(default="", max_length=100)
    note: str = Field(default="", max_length=4000)
    key: str = Field(min_length=8, max_length=64)
    seen_mails: int = Field(default=0, ge=0)
    known_mail: int = Field(default=0, ge=0)
    anyway: bool = False


class Sent(BaseModel):
    """`state`: sending (it can be taken back until `undo_until`) or held (somebody looks at it first)."""

    mail_id: int
    state: str
    undo_until: datetime | None


class NewDraft(Draft):
    """Of a mail that answers none."""

    inbox_id: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=4000)


class SavedNewDraft(NewDraft):
    saved_at: datetime
    saved_by: Named | None


class NewDraftLine(BaseModel):
    """`preview`: how its text begins. `files`: how many are attached."""

    draft_id: str
    inbox_id: str
    to: list[str]
    subject: str
    preview: str
    files: int
    saved_at: datetime


class NewDrafts(BaseModel):
    items: list[NewDraftLine]


class NewMail(NewDraft):
    """`key`: the id of its draft, when it has one: two windows send it once."""

    inbox_id: str = Field(max_length=40)
    closing_reason_id: str = Field(default="", max_length=100)
    key: str = Field(min_length=8, max_length=64)


class Written(BaseModel):
    contact_id: int
    mail_id: int
    state: str
    undo_until: datetime | None


class Park(BaseModel):
    """`until` None: until a reply comes."""

    until: AwareDatetime | None = None
    reason: str = Field(default="", max_length=500)


class Return(BaseModel):
    reason: str = Field(min_length=1, max_length=500)


class Forward(BaseModel):
    """A question to an outside expert, whose reply comes back into the contact."""

    to: str = Field(max_length=320)
    text: str = Field(min_length=1, max_length=LONGEST)
    deadline: AwareDatetime | None = None
    remind: bool = True


class Reopened(BaseModel):
    contact_id: int


class ThreadContact(BaseModel):
    contact_id: int
    thread_id: int | None
    channel: str
    state: str
    subject: str
    remote: str
    remote_name: str
    queue: Named | None
    agent: Named | None
    entry_point: Named | None
    space_id: str
    language: str
    tags: list[str]
    values: dict[str, str]
    arrived_at: datetime
    due_at: datetime | None
    parked_until: datetime | None
    closing_reason: Named | None
    trouble: str
    return_reason: str
    expert_to: str
    expert_deadline: datetime | None


class Note(BaseModel):
    at: datetime
    agent: Named | None
    text: str


class Undo(BaseModel):
    mail_id: int
    until: datetime


class SendingAddress(BaseModel):
    inbox_id: str
    address: str
    name: str


class Signature(BaseModel):
    html: str
    text: str


class Thread(BaseModel):
    contact: ThreadContact
    mails: list[ThreadMail]
    draft: SavedDraft | None
    notes: list[Note]
    can: list[str]
    undo: Undo | None
    closing_reasons: list[Named]
    closing_reason_required: bool
    languages: list[str]
    from_addresses: list[SendingAddress]
    signature: Signature


class HeldAnswer(BaseModel):
    mail_id: int
    contact_id: int
    subject: str
    remote: str
    remote_name: str
    agent: Named | None
    queue: Named | None
    rule: str
    held_at: datetime
    due_at: datetime | None
    language: str


class HeldAnswers(BaseModel):
    items: list[HeldAnswer]


class Correction(BaseModel):
    subject: str = Field(default="", max_length=500)
    html: str = Field(default="", max_length=LONGEST)
    text: str = Field(default="", max_length=LONGEST)
    remark: str = Field(default="", max_length=2000)


class SendBack(BaseModel):
    remark: str = Field(min_length=1, max_length=2000)


class Receiving(BaseModel):
    kind: str
    host: str
    port: int


class InboxState(BaseModel):
    """`state`: ok | waiting (not looked at yet) | trouble | off (mail is delivered to us)."""

    id: str
    name: str
    address: str
    space: Named | None
    receive: Receiving | None
    state: str
    last_fetch_at: datetime | None
    waiting_since: datetime | None
    error: str
    sent_today: int
    failed_today: int


class Inboxes(BaseModel):
    items: list[InboxState]


class SetAside(BaseModel):
    """`direction`: in, one that could not be understood; out, one that could not be put into the outbox, with to whom it goes."""

    mail_id: int
    direction: str
    to: str
    inbox: Named | None
    received_at: datetime
    sender: str
    subject: str
    size: int
    reason: str
    retrying: bool


class SetAsides(BaseModel):
    items: list[SetAside]


class TypedServer(BaseModel):
    """A mail server as it was typed. `port` 0: the usual one. The secret is used once, and neither kept nor logged."""

    protocol: MailProtocol = MailProtocol.IMAP
    host: str = Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", max_length=253)
    port: int = Field(default=0, ge=0, le=65535)
    security: MailSecurity = MailSecurity.TLS
    sign_in: MailSignIn = MailSignIn.PASSWORD
    user: str = Field(default="", max_length=320)
    secret: SecretStr = Field(default=SecretStr(""), max_length=20_000)
    folder: str = Field(default="", max_length=200)


class TypedServers(BaseModel):
    receive: TypedServer | None = None
    send: TypedServer | None = None


class TestStep(BaseModel):
    """`name`: receive or send. `stage`: dns, connect, tls, login, folder, send; "" of a test in one piece."""

    name: str
    stage: str = ""
    ok: bool
    detail: str


class Tested(BaseModel):
    steps: list[TestStep]
