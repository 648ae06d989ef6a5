"""What the core asks of the outside for a web chat. Messages need no command: they are sent to who listens as facts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AskBot:
    """Ends in `events.BotAnswered` or `events.BotFailed` of the same turn; the core keeps the deadline itself too."""

    contact_id: int
    turn: int
    bot: str  # the address that the step names
    secret: str  # the name of the secret that signs the request, "" for none
    deadline: datetime


ChatCommand = AskBot
