"""What the core asks of the channel email. Performed as changes of rows, so that repeating them changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SendMail:
    """The stored mail leaves now, exactly as it is. It was held back until it could not be taken back any more."""

    mail_id: int
    contact_id: int


@dataclass(frozen=True, slots=True)
class DiscardMail:
    """An answer that will not leave: taken back, corrected or sent back."""

    mail_id: int
    cause: str  # taken_back | corrected | sent_back


@dataclass(frozen=True, slots=True)
class SendAutomatic:
    """A mail of the script, rendered where it is performed. The same `key` is the same mail.

    `message_id`: the text, in `language`. `in_reply_to`: the mail that it answers. `forward`: carries that mail on
    instead of answering it. `reminder_of`: repeats that mail to an expert.
    """

    key: str
    contact_id: int
    entry_point_id: str
    to: str
    to_name: str
    language: str
    message_id: str = ""
    in_reply_to: int = 0
    forward: bool = False
    reminder_of: int = 0
    values: Mapping[str, str] = field(default_factory=dict)


MailCommand = SendMail | DiscardMail | SendAutomatic
