"""How a chat button is written: an entry point of channel chat, and all that its visitors see.

chat_buttons:
  shop:
    name: Shop
    space: retail
    script: shop-chat
    languages: [en, fr]
    origins: [https://shop.example]
    form: [{name: email, label: {en: Email, fr: E-mail}, type: email, required: yes}]
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from cordboard.configuration.nodes import Node
from cordboard.configuration.records import Field, Record
from cordboard.configuration.shapes import (
    Reading,
    Shape,
    Wrong,
    boolean,
    choice,
    duration,
    integer,
    language,
    language_key,
    list_of,
    mapping_of,
    reference,
    scalar,
    text,
)
from cordboard.core.config import ButtonKind, Calls, ChatButton, EntryPoint, InvitationRule
from cordboard.core.script.steps import FormField
from cordboard.core.words import Channel

TEXTS = mapping_of(text, language_key)
MOST_FIELDS = 12
THEME = ("accent", "accent_text", "side")


class FieldType(StrEnum):
    TEXT = "text"
    EMAIL = "email"
    TEL = "tel"
    NUMBER = "number"
    LONGTEXT = "longtext"
    CHOICE = "choice"
    YES = "yes"


def _field_name(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "the name of a field")
    if not re.fullmatch(r"[a-zA-Z_]\w{0,39}", value):
        raise Wrong(node.mark, f"{value!r} is no name of a field: use letters, digits and _.")
    return value


def _field_type(reading: Reading, node: Node, path: str) -> str:
    return choice(FieldType)(reading, node, path).value


FORM_FIELD = Record(
    (
        Field("name", _field_name, "name", required=True),
        Field("label", TEXTS, "label", "labels"),
        Field("type", _field_type, "type"),
        Field("required", boolean, "required"),
        Field("options", list_of(text), "options"),
    ),
    FormField,
)


def listed(record: Record, nothing: object) -> Shape[Any]:
    """A list of entries of this kind; a wrong one was noted where it stands."""

    def one(reading: Reading, node: Node, path: str) -> Any:
        return record.read(reading, node, path) or nothing

    return list_of(one, single=False)


FORM = listed(FORM_FIELD, FormField(""))


def _origin(reading: Reading, node: Node, path: str) -> str:
    """`https://shop.example`, with a port where it is not the usual one."""
    value = scalar(node, "a site").rstrip("/")
    if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d{1,5})?", value):
        raise Wrong(node.mark, f"{value!r} is no site: write it as https://shop.example, without a path.")
    return value


def _theme_key(reading: Reading, name: str, mark: Any, path: str) -> str:
    if name not in THEME:
        raise Wrong(mark, f"{name!r} is no part of the theme. There are: {', '.join(THEME)}.")
    return name


def _theme_value(reading: Reading, node: Node, path: str) -> str:
    """A colour, a length or a word; nothing that could break out of a style."""
    value = scalar(node, "a colour, a length or a word")
    if not re.fullmatch(r"[#\w .,%()-]{1,80}", value):
        raise Wrong(node.mark, f"{value!r} can not stand in a theme: write a colour such as #1a5fb4.")
    return value


def _media_type(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "a kind of file").lower()
    if not re.fullmatch(r"[a-z]+/(\*|[a-z0-9.+-]+)", value):
        raise Wrong(node.mark, f"{value!r} is no kind of file: write it as image/png or image/*.")
    return value


RULE = Record(
    (
        Field("pages", text, "pages"),
        Field("seconds", integer(0, 3600), "seconds on the page"),
        Field("scrolled", integer(0, 100), "percent scrolled"),
        Field("returning", boolean, "returning visitors"),
        Field("basket", integer(0, 10_000_000), "least basket value"),
        Field("text", TEXTS, "what it says", "texts"),
    ),
    InvitationRule,
)


@dataclass(frozen=True, slots=True)
class ButtonEntry:
    """A chat button as the document describes it."""

    id: str
    name: str
    space_id: str
    script_id: str = ""
    languages: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    kind: ButtonKind = ButtonKind.FIXED
    rules: tuple[InvitationRule, ...] = ()
    queue_id: str = ""
    invitation_time: timedelta = timedelta(seconds=20)
    form: tuple[FormField, ...] = ()
    schedule_id: str = ""
    inbox_id: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    subtitles: Mapping[str, str] = field(default_factory=dict)
    welcomes: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, str] = field(default_factory=dict)
    survey: bool = False
    transcript: bool = True
    preview: bool = False
    theme: Mapping[str, str] = field(default_factory=dict)
    identity_secret: str = ""
    files: tuple[str, ...] = ()
    largest_file: int = 10
    idle_warning: timedelta = timedelta(minutes=5)
    idle_timeout: timedelta = timedelta(minutes=2)
    visitor_grace: timedelta = timedelta(seconds=60)
    reopen_within: timedelta = timedelta(hours=24)
    calls: Calls = Calls.BOTH
    call_queue_id: str = ""
    tags: tuple[str, ...] = ()

    def entry_point(self, customers_language: str) -> EntryPoint:
        spoken = self.languages[0] if self.languages else customers_language
        return EntryPoint(
            self.id, self.name, Channel.CHAT, self.id, self.space_id, self.script_id, spoken, self.tags
        )

    def button(self, customers_language: str) -> ChatButton:
        same = {
            name: getattr(self, name)
            for name in ChatButton.__dataclass_fields__
            if name not in ("languages", "largest_file")
        }
        return ChatButton(
            **same,
            languages=self.languages or (customers_language,),
            largest_file=self.largest_file * 1_000_000,
        )


BUTTON = Record(
    (
        Field("name", text, "name", required=True),
        Field("space", reference("spaces"), "Space", "space_id", required=True),
        Field("script", reference("scripts"), "script", "script_id"),
        Field("languages", list_of(language), "languages"),
        Field("origins", list_of(_origin), "sites that may show it"),
        Field("kind", choice(ButtonKind), "kind"),
        Field("rules", listed(RULE, InvitationRule()), "rules of invitation"),
        Field("queue", reference("queues"), "queue of invitations", "queue_id"),
        Field(
            "invitation",
            duration(timedelta(seconds=5), timedelta(minutes=2)),
            "time of an invitation",
            "invitation_time",
        ),
        Field("form", FORM, "form before the chat"),
        Field("schedule", reference("schedules"), "schedule", "schedule_id"),
        Field("inbox", reference("inboxes"), "inbox of its mails", "inbox_id"),
        Field("title", TEXTS, "title", "titles"),
        Field("subtitle", TEXTS, "subtitle", "subtitles"),
        Field("welcome", TEXTS, "welcome", "welcomes"),
        Field("consent", TEXTS, "consent", "consents"),
        Field("survey", boolean, "survey"),
        Field("transcript", boolean, "transcript by mail"),
        Field("preview", boolean, "preview of what is typed"),
        Field("theme", mapping_of(_theme_value, _theme_key), "theme"),
        Field("identity_secret", text, "secret of signed identities"),
        Field("files", list_of(_media_type), "files that may be sent"),
        Field("largest_file", integer(1, 100), "largest file in MB"),
        Field("idle_warning", duration(timedelta(seconds=10)), "silence before the warning"),
        Field("idle_timeout", duration(timedelta(seconds=10)), "silence after the warning"),
        Field("visitor_grace", duration(timedelta(seconds=5)), "time a lost visitor is kept"),
        Field(
            "reopen_within",
            duration(most=timedelta(days=31)),
            "time in which an ended chat may be gone on with",
        ),
        Field("calls", choice(Calls), "calls to its visitors"),
        Field("call_queue", reference("queues"), "queue of calls to its visitors", "call_queue_id"),
        Field("tags", list_of(text), "tags"),
    ),
    ButtonEntry,
)


def contradictions(buttons: Mapping[str, ButtonEntry], queues: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What can not be published as it is: path and sentence."""
    found = []
    for button in buttons.values():
        path = f"chat_buttons.{button.id}"
        queue = queues.get(button.queue_id)
        if button.kind is ButtonKind.DYNAMIC and not button.queue_id:
            found.append(
                (path, f"Button {button.id} is dynamic: name the `queue` whose agents it invites to.")
            )
        if queue is not None and queue.channel is not Channel.CHAT:
            found.append((f"{path}.queue", f"Queue {queue.id} takes no chats: give it `channel: chat`."))
        calling = queues.get(button.call_queue_id)
        if calling is not None and calling.channel is not Channel.VOICE:
            found.append(
                (f"{path}.call_queue", f"Queue {calling.id} takes no calls: name one of channel voice.")
            )
        for each in button.form:
            if each.type == "choice" and len(each.options) < 2:
                found.append(
                    (f"{path}.form", f"Field {each.name} is a choice: give it at least two `options`.")
                )
        if len(button.form) > MOST_FIELDS:
            found.append(
                (f"{path}.form", f"A form has at most {MOST_FIELDS} fields; ask for the rest later.")
            )
    return found
