"""What travels over HTTP about the library."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)]
ChannelName = Annotated[str, StringConstraints(pattern=r"^(email|chat|voice)$")]


class ThemeContent(BaseModel):
    """`names`: language → name. `parent_id`: "" for a theme of the first level."""

    names: dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=100)]] = Field(
        min_length=1, max_length=20
    )
    parent_id: str = Field("", max_length=64)
    position: int = Field(0, ge=0, le=100_000)


class NewTheme(ThemeContent):
    """`id`: chosen by whoever imports; otherwise made here."""

    id: Key | None = None


class Theme(ThemeContent):
    id: str
    version: int
    answers: int


class Themes(BaseModel):
    items: list[Theme]


class AnswerText(BaseModel):
    """One language's. HTML is made harmless; an empty `text` is made from it, an empty `html` from the text."""

    title: str = Field(min_length=1, max_length=200)
    html: str = Field("", max_length=200_000)
    text: str = Field("", max_length=100_000)


class AnswerContent(BaseModel):
    """`space_id`: "" for all Spaces. `valid_from`, `valid_until`: the first and the last day, both included."""

    theme_id: str = Field(max_length=64)
    short_name: str = Field("", max_length=40, pattern=r"^[\w.-]*$")
    space_id: str = Field("", max_length=64)
    channels: list[ChannelName] = Field(default_factory=lambda: ["email", "chat"], min_length=1, max_length=3)
    valid_from: date | None = None
    valid_until: date | None = None
    position: int = Field(0, ge=0, le=100_000)
    texts: dict[Language, AnswerText] = Field(min_length=1, max_length=20)


class NewAnswer(AnswerContent):
    id: Key | None = None


class AnswerAttachment(BaseModel):
    """`file_id` goes into a draft as it is."""

    file_id: str
    name: str
    media_type: str
    size: int


class AnswerFigures(BaseModel):
    """`success`: sent with less than 30 % of it changed. `kept_ratio`: what was left of it on average when it was sent."""

    used: int
    sent: int
    success: int
    kept_ratio: float | None
    last_used_at: datetime | None


class LibraryAnswer(AnswerContent):
    """The version is also the ETag."""

    id: str
    version: int
    changed_at: datetime
    changed_by: str
    valid_now: bool
    attachments: list[AnswerAttachment]
    figures: AnswerFigures


class AnswerLine(BaseModel):
    """An answer in a list. `title` and `beginning` are in `language`, the best of `languages` for who asks."""

    id: str
    theme_id: str
    short_name: str
    space_id: str
    channels: list[str]
    valid_from: date | None
    valid_until: date | None
    valid_now: bool
    attachments: int
    version: int
    title: str
    language: str
    languages: list[str]
    beginning: str
    figures: AnswerFigures


class Answers(BaseModel):
    """`next` is the `cursor` of the next page."""

    items: list[AnswerLine]
    next: str | None


class RenderWanted(BaseModel):
    """`language`: "" for the contact's own."""

    contact_id: int | None = Field(None, ge=1, lt=2**62)
    language: str = Field("", max_length=20)


class RenderedAnswer(BaseModel):
    """`missing`: variables that stay in the text as they are written, because they have no value here."""

    answer_id: str
    title: str
    language: str
    html: str
    text: str
    missing: list[str]
    attachments: list[AnswerAttachment]


class UseTold(BaseModel):
    """`edited_ratio`: how much of the text was changed before it was sent, 0..1."""

    contact_id: int = Field(ge=1, lt=2**62)
    language: str = Field("", max_length=20)
    edited_ratio: float = Field(0, ge=0, le=1)
    sent: bool = False


class Suggestion(BaseModel):
    """`score` is comparable within one list only. `fit`: what it is worth, measured: `good` is right four times in five, `fair`
    nearly every second time, `weak` every eighth.
    """

    answer_id: str
    title: str
    language: str
    beginning: str
    score: float
    learned: float
    fit: Literal["good", "fair", "weak"]
    missing: list[str]


class Suggestions(BaseModel):
    """At most three, best first. `engine`: `meaning` (the model) or `words` (full text)."""

    items: list[Suggestion]
    engine: str
    language: str
    question: str


class LibraryFile(BaseModel):
    """The text of a file (YAML)."""

    document: str = Field(max_length=20_000_000)


class LibraryChange(BaseModel):
    """`path`: answers.<id> or themes.<id>. `what`: the parts that become others, as "texts.fr.title"."""

    kind: str
    path: str
    title: str
    what: list[str]


class LibraryPlan(BaseModel):
    """`missing_files`: SHA-256 of attachments that the centre does not have; with any of them it can not be applied."""

    changes: list[LibraryChange]
    missing_files: list[str]
