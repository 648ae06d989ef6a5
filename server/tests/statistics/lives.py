"""Random days of a centre: mails, calls and chats that come, are answered, left or crossed, over several midnights."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from cordboard.core import events as ev
from cordboard.core.config import ChatButton
from cordboard.core.conversation import events as chat
from cordboard.core.mail import events as mail
from cordboard.core.words import MailKind, SeatKind
from cordboard.testing.builders import centre
from cordboard.testing.story import Story

BEGIN = datetime(2026, 11, 23, 20, tzinfo=UTC)
ACTIONS = ("mail", "again", "machine", "answer", "call", "hang_up", "chat", "write", "close", "wait", "night")
lives = st.lists(st.sampled_from(ACTIONS), min_size=6, max_size=45)


def lived(actions: list[str]) -> Story:
    """What can not be done at its time is refused, as it would be."""
    config = centre()
    reasons = {**config.closing_reasons, "sold": replace(config.closing_reasons["sold"], resolved=True)}
    button = {"button": ChatButton("button", "B", "shop", queue_id="chat")}
    story = Story(replace(config, closing_reasons=reasons, chat_buttons=button), begin=BEGIN, watched=False)
    story.staff("amelie")
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    life = _Life(story)
    for action in actions:
        getattr(life, action)()
        story.wait(7)
    return story


class _Life:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.mails = 0
        self.written = 1_000
        self.open: list[int] = []
        self.chats: list[int] = []
        self.lines: list[str] = []

    def mail(self, thread: int = 0, kind: MailKind = MailKind.PERSON) -> None:
        self.mails += 1
        gap = timedelta(days=self.mails * 3) if self.mails % 3 == 0 else None
        event = mail.MailArrived(
            self.mails,
            thread or self.mails,
            "inbox",
            f"<{self.mails}@demo.example>",
            "someone@demo.example",
            kind=kind,
            since_previous=gap,
        )
        contact_id = self.story.tell(event).contact_id
        if contact_id and contact_id not in self.open:
            self.open.append(contact_id)

    def again(self) -> None:
        self.mail(thread=max(1, self.mails))

    def machine(self) -> None:
        self.mail(kind=MailKind.AUTO_REPLY)

    def answer(self) -> None:
        if self.open:
            contact_id = self.open.pop(0)
            self.written += 1
            self.story.tell(ev.ReadyRequested("emma"))
            self.story.wait(1)
            self.story.tell(ev.OfferAccepted("emma", contact_id))
            self.story.wait(600)
            self.story.tell(mail.AnswerRequested("emma", contact_id, self.written, closing_reason_id="sold"))

    def call(self) -> None:
        self.story.tell(ev.ReadyRequested("amelie"))
        self.lines.append(self.story.call_into_queue("1"))
        self.story.wait(3)
        if self.story.ringing("amelie") is not None:
            self.story.answer("amelie")

    def hang_up(self) -> None:
        if self.lines:
            line = self.lines.pop(0)
            if line in self.story.outside.lines:
                self.story.hang_up(line)

    def chat(self) -> None:
        contact_id = self.story.tell(chat.ChatArrived("button", f"s{self.story.seq}")).contact_id
        if contact_id:
            self.chats.append(contact_id)
            self.story.tell(chat.VisitorConnected(contact_id))
            self.story.tell(chat.VisitorWrote(contact_id, "k", "Hello"))
            self.story.wait(5)
            self.story.tell(ev.OfferAccepted("emma", contact_id))

    def write(self) -> None:
        if self.chats:
            self.story.tell(chat.AgentWrote("emma", self.chats[-1], f"a{self.story.seq}", "Yes?"))

    def close(self) -> None:
        if self.chats:
            self.story.tell(chat.VisitorEnded(self.chats.pop(0)))

    def wait(self) -> None:
        self.story.wait(timedelta(minutes=100))

    def night(self) -> None:
        self.story.wait(timedelta(hours=11))
