"""What a mail says: bytes → `Understood`, a frozen value. Pure, bounded, and never surprised.

An **entity** (`structure`) is one part of the MIME tree; the **headers** (`headers`, `addresses`, `dates`) are read with
everything that the wild sends mended; the **bodies** become a text and a sanitised `html`; the text is divided into what is
new, what is **quoted** and the **signature** (`quotes`); everything else is an **attachment** (`Part`), typed by its content
(`filetypes`); the **kind** (`kinds`) tells persons from machines, and whether an automatic answer may be sent.

What had to be mended is told in `Understood.repaired`, by name. `NotUnderstood` is raised only for what can not be shown at all.
"""

from cordboard.channels.email.understanding.kinds import may_be_answered_automatically
from cordboard.channels.email.understanding.model import (
    Bounce,
    Limits,
    Mailbox,
    MailKind,
    NotUnderstood,
    Part,
    Recipient,
    Understood,
)
from cordboard.channels.email.understanding.read import understand

__all__ = [
    "Bounce",
    "Limits",
    "MailKind",
    "Mailbox",
    "NotUnderstood",
    "Part",
    "Recipient",
    "Understood",
    "may_be_answered_automatically",
    "understand",
]
