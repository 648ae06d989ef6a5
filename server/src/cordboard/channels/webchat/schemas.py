"""What travels over HTTP between the widget and the server. Types of the widget: widget/src/protocol.ts."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

Short = Annotated[str, StringConstraints(max_length=60)]
Value = Annotated[str, StringConstraints(max_length=2000)]


class PageSeen(BaseModel):
    url: str = Field("", max_length=2000)
    title: str = Field("", max_length=300)
    referrer: str = Field("", max_length=2000)


class NewSession(BaseModel):
    """`key`: random; the same again is the same session. `identity`: a JWT that the site has signed."""

    key: str = Field(min_length=8, max_length=64)
    language: str = Field("", max_length=20)
    page: PageSeen = Field(default_factory=lambda: PageSeen(url="", title="", referrer=""))
    visitor_id: str = Field("", max_length=64)
    fields: dict[Short, Value] = Field(default_factory=dict, max_length=30)
    identity: str = Field("", max_length=4096)
    invitation: str = Field("", max_length=64)


class Begun(BaseModel):
    token: str
    socket: str = "/api/v1/visitor/socket"


class NewInvitation(BaseModel):
    visitor_id: str = Field("", max_length=64)
    rule: str = Field("", max_length=40)
    page: str = Field("", max_length=2000)


class Invited(BaseModel):
    invitation: str
    expires_in: int


class FileKept(BaseModel):
    file_id: str
    name: str
    size: int
    media_type: str


class IceServerOfPage(BaseModel):
    """A STUN or TURN server, as RTCPeerConnection wants it."""

    urls: list[str]
    username: str = ""
    credential: str = ""


class LineOfPage(BaseModel):
    """What the page registers with for one call."""

    socket: str = "/api/v1/visitor/sip"
    uri: str
    username: str
    password: str
    ice_servers: list[IceServerOfPage] = Field(default_factory=list)


class FieldShown(BaseModel):
    name: str
    label: str
    type: str
    required: bool
    options: list[str]


class RuleShown(BaseModel):
    id: str
    page: str
    seconds: int
    scroll: float
    returning: bool | None
    basket: float
    text: str


class FilesAllowed(BaseModel):
    max_size: int
    types: list[str]


class ButtonShown(BaseModel):
    """What the widget needs to know of a button, in `language`. `words`: the widget's own sentences."""

    name: str
    open: bool
    staffed: bool
    kind: str
    languages: list[str]
    language: str
    words: dict[str, str]
    texts: dict[str, str]
    theme: dict[str, str]
    form: list[FieldShown]
    consent: str
    rules: list[RuleShown]
    files: FilesAllowed | None
    survey: bool
    transcript: bool
    preview: bool


Frames = list[dict[str, Any]]
