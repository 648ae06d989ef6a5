"""The words of a mail that nobody writes: an automatic answer, a mail that is carried on, a reminder. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cordboard.channels.email.repository import MailRow
from cordboard.core.config import Message, TenantConfig
from cordboard.core.filling import fill
from cordboard.core.mail.commands import SendAutomatic

_REMINDER = {
    "en": ("Reminder: {subject}", "We are still waiting for your answer to our question:"),
    "fr": ("Rappel : {subject}", "Nous attendons toujours votre réponse à notre question :"),
}


@dataclass(frozen=True, slots=True)
class Automatic:
    """`files`: name → hash of what goes with it; `parts`: attachments of another mail that go on with it."""

    subject: str
    text: str
    auto_submitted: str = "auto-replied"  # RFC 3834
    reply_to: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Mapping[str, object], ...] = ()


def render(command: SendAutomatic, config: TenantConfig, origin: MailRow | None) -> Automatic | None:
    """None when there are no words for it."""
    if command.reminder_of:
        return _reminder(command, origin) if origin else None
    if command.forward:
        return _forwarded(origin) if origin else None
    message = config.messages.get(command.message_id)
    if message is None or not message.texts:
        return None
    language = _language(message, command.language, config.language)
    known = variables(command, config, origin)
    subject = fill(message.subjects.get(language, ""), known)
    if not subject:
        subject = f"Re: {origin.subject}" if origin and origin.subject else message.name
    return Automatic(subject, fill(message.texts[language], known), files=message.attachments)


def _language(message: Message, wanted: str, usual: str) -> str:
    for language in (wanted, usual):
        if language in message.texts:
            return language
    return next(iter(message.texts))


def variables(command: SendAutomatic, config: TenantConfig, origin: MailRow | None) -> dict[str, str]:
    point = config.entry_points.get(command.entry_point_id)
    space = config.spaces.get(point.space_id) if point else None
    return {
        "name": command.to_name,
        "address": command.to,
        "contact": str(command.contact_id),
        "subject": origin.subject if origin else "",
        "inbox": point.name if point else "",
        "space": space.name if space else "",
        **{f"values.{name}": value for name, value in command.values.items()},
    }


def _forwarded(origin: MailRow) -> Automatic:
    head = f"From: {origin.sender_name} <{origin.sender}>\nSubject: {origin.subject}\n"
    text = f"---------- Forwarded ----------\n{head}\n{origin.text}"
    if origin.quoted_text:
        text += f"\n\n{origin.quoted_text}"
    return Automatic(
        f"Fwd: {origin.subject}".strip(),
        text,
        "auto-generated",
        origin.sender,
        parts=tuple(dict(part) for part in origin.parts()),
    )


def _reminder(command: SendAutomatic, origin: MailRow) -> Automatic:
    subject, words = _REMINDER.get(command.language, _REMINDER["en"])
    return Automatic(
        subject.format_map({"subject": origin.subject}), f"{words}\n\n{origin.text}", "auto-generated"
    )
