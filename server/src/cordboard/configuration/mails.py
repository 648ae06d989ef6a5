"""How email is written in the document: inboxes, the rules that hold answers, options.

inboxes:
  shop:
    name: Shop
    address: shop@lanterne.example
    space: retail
    script: shop-mail
    from_name: Maison Lanterne
    signature: Maison Lanterne          # below answers of agents who have none of their own
    receive: {protocol: imap, host: imap.lanterne.example, user: shop, secret: shop-mailbox}
    send: {host: smtp.lanterne.example, user: shop, secret: shop-mailbox}
    sent_folder: auto                   # copies of what it sends: auto, none, or a folder's name
validation:
  newcomers: {name: Newcomers, first: 20, due: 2h, due_hours: office}
options: {outgoing_mail: yes}
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cordboard.configuration.nodes import Node
from cordboard.configuration.records import Field, Record
from cordboard.configuration.shapes import (
    Reading,
    Wrong,
    boolean,
    choice,
    duration,
    email,
    integer,
    key,
    language,
    list_of,
    reference,
    scalar,
    text,
)
from cordboard.core.config import EntryPoint, Inbox, MailServer, Options, TenantConfig, ValidationRule
from cordboard.core.words import Channel, MailAfter, MailProtocol, MailSecurity, MailSignIn, MailStart

DUE = duration(timedelta(minutes=1), timedelta(days=60))


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """An inbox as the document describes it: an entry point, and how its mail comes and goes."""

    id: str
    name: str
    address: str
    space_id: str
    script_id: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    receive: MailServer | None = None
    send: MailServer | None = None
    from_name: str = ""
    signature: str = ""
    rate: int = 60
    undo: timedelta = timedelta(seconds=10)
    thread_days: int = 30
    sent_folder: str = "auto"

    def entry_point(self, customers_language: str) -> EntryPoint:
        return EntryPoint(
            self.id,
            self.name,
            Channel.EMAIL,
            self.address,
            self.space_id,
            self.script_id,
            self.language or customers_language,
            self.tags,
        )

    def inbox(self) -> Inbox:
        return Inbox(
            self.id,
            self.receive,
            self.send,
            self.from_name or self.name,
            self.signature,
            self.rate,
            self.undo,
            self.thread_days,
            self.sent_folder,
        )


def _host(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "the name of a server").lower()
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[?[0-9a-f:]+\]?", value):
        raise Wrong(node.mark, f"{value!r} is no name of a server: write it as imap.example.org.")
    return value


def _server(protocols: tuple[MailProtocol, ...]) -> Record:
    def protocol(reading: Reading, node: Node, path: str) -> MailProtocol:
        found = choice(MailProtocol)(reading, node, path)
        if found not in protocols:
            names = " or ".join(each.value for each in protocols)
            raise Wrong(node.mark, f"Here belongs {names}, not {found.value}.")
        return found

    return Record(
        (
            Field("protocol", protocol, "protocol"),
            Field("host", _host, "server", required=True),
            Field("port", integer(1, 65535), "port"),
            Field("security", choice(MailSecurity), "security"),
            Field("sign_in", choice(MailSignIn), "way of signing in"),
            Field("user", text, "user"),
            Field("secret", key, "name of the secret"),
            Field("folder", text, "folder"),
            Field("after", choice(MailAfter), "what becomes of a fetched mail"),
            Field("move_to", text, "folder of fetched mails"),
            Field("folders", list_of(text), "folders"),
            Field("start", choice(MailStart), "what it begins with"),
        ),
        lambda **given: MailServer(**{"protocol": protocols[0], **given}),
    )


def _read_server(*protocols: MailProtocol) -> Any:
    record = _server(protocols)

    def read(reading: Reading, node: Node, path: str) -> MailServer | None:
        server = record.read(reading, node, path)
        return server if isinstance(server, MailServer) else None

    return read


def _word(reading: Reading, node: Node, path: str) -> str:
    value = text(reading, node, path)
    try:
        re.compile(value)
    except re.error as error:
        raise Wrong(node.mark, f"{value!r} is no expression that can be looked for: {error}.") from None
    return value


_NAME = Field("name", text, "name", required=True)

INBOX = Record(
    (
        _NAME,
        Field("address", email, "address", required=True),
        Field("space", reference("spaces"), "Space", "space_id", required=True),
        Field("script", reference("scripts"), "script", "script_id"),
        Field("language", language, "language"),
        Field("tags", list_of(text), "tags"),
        Field("receive", _read_server(MailProtocol.IMAP, MailProtocol.POP3), "where its mail is fetched"),
        Field("send", _read_server(MailProtocol.SMTP), "where its mail is sent"),
        Field("from_name", text, "name of the sender"),
        Field("signature", text, "signature"),
        Field("rate", integer(1, 10_000), "mails in a minute"),
        Field("undo", duration(timedelta(), timedelta(minutes=2)), "time to take an answer back"),
        Field("thread_days", integer(0, 365), "days that a subject and sender belong together"),
        Field("sent_folder", text, "folder of sent mail"),
    ),
    lambda **given: InboxEntry(**{**given, "address": given["address"].lower()}),
)

VALIDATION = Record(
    (
        _NAME,
        Field("agents", list_of(reference("agents")), "agents", "agent_ids"),
        Field("groups", list_of(reference("groups")), "groups", "group_ids"),
        Field("queues", list_of(reference("queues")), "queues", "queue_ids"),
        Field("tags", list_of(text), "tags"),
        Field("first", integer(0, 10_000), "first answers of a newcomer"),
        Field("percent", integer(0, 100), "percentage"),
        Field("words", list_of(_word), "words"),
        Field("due", DUE, "time to approve"),
        Field("due_hours", reference("schedules"), "schedule of that time", "due_schedule_id"),
    ),
    ValidationRule,
)

OPTIONS = Record(
    (
        Field("outgoing_mail", boolean, "new outgoing mails"),
        Field("ocr", boolean, "recognition of text in images"),
    ),
    Options,
)


def contradictions(
    inboxes: Mapping[str, InboxEntry], numbers: Mapping[str, Any], config: TenantConfig
) -> Iterator[tuple[str, str]]:
    taken: dict[str, str] = {}
    for entry in inboxes.values():
        path = f"inboxes.{entry.id}"
        if entry.id in numbers:
            yield path, f"The key {entry.id} is also in `numbers`: choose another, such as {entry.id}-mail."
        if entry.address in taken:
            yield (
                f"{path}.address",
                f"The address {entry.address} is taken already by {taken[entry.address]}.",
            )
        taken[entry.address] = path
        for name, server in (("receive", entry.receive), ("send", entry.send)):
            if server is not None:
                yield from _after(f"{path}.{name}", name, server)
            if server is not None and server.sign_in is not MailSignIn.NONE:
                yield from _sign_in(f"{path}.{name}", name, server)
        if not entry.script_id and not _has_queue(entry.space_id, config):
            yield (
                path,
                f"Inbox {entry.id} has no script, and Space {entry.space_id} has no queue of channel email: add one "
                "of them, or its mails wait for nobody.",
            )


def _after(path: str, name: str, server: MailServer) -> Iterator[tuple[str, str]]:
    if name == "send" and server.after is not MailAfter.LEAVE:
        yield f"{path}.after", "`after` says what becomes of fetched mails: it belongs to `receive`."
    elif name == "send" and (server.folders or server.start is not MailStart.ALL):
        yield path, "`folders` and `start` say what is fetched: they belong to `receive`."
    elif server.folders and (server.protocol is MailProtocol.POP3 or server.folder != "INBOX"):
        yield (
            f"{path}.folders",
            "Several folders are fetched by IMAP, and named in `folders` alone, without `folder`.",
        )
    elif server.move_to and server.move_to in (server.folders or (server.folder,)):
        yield f"{path}.move_to", "Fetched mails can not be moved to a folder that is fetched itself."
    elif server.protocol is MailProtocol.POP3 and server.after not in (MailAfter.LEAVE, MailAfter.DELETE):
        yield f"{path}.after", "By POP3 a mail can be left or deleted: `after: leave` or `after: delete`."
    elif (server.after is MailAfter.MOVE) != bool(server.move_to):
        yield path, "`after: move` and `move_to: FOLDER` belong together."


def _sign_in(path: str, name: str, server: MailServer) -> Iterator[tuple[str, str]]:
    if name == "send" and not server.user and not server.secret:
        return  # a relay that knows us by our address
    if not server.user or not server.secret:
        yield (
            path,
            "Signing in needs `user` and `secret` (set it with `cordboard secret set NAME`), or `sign_in: none`.",
        )


def _has_queue(space_id: str, config: TenantConfig) -> bool:
    return any(
        queue.channel is Channel.EMAIL and queue.space_id == space_id for queue in config.queues.values()
    )


def with_name(server: MailServer) -> str:
    """A server as a plan shows it."""
    port = f":{server.port}" if server.port else ""
    return f"{server.protocol.value} {server.host}{port} {server.security.value} {server.user}".strip()
