"""What may happen to emails in a random life of a centre: mails arrive, answers are sent and taken back, experts are asked."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from cordboard.core import events as ev
from cordboard.core.contact import EngagementState, Phase
from cordboard.core.mail import events as mail
from cordboard.core.words import MailKind, MailOutcome, MailThen
from cordboard.testing.story import Story

DIGITAL = ("dan", "emma", "grace")
pick = st.integers(0, 50)


class MailLife(RuleBasedStateMachine):
    """The rules of emails; the rest of the life is `test_laws.CentreLife`."""

    story: Story
    mails_made: int

    def tell(self, event: ev.Event) -> None:
        raise NotImplementedError

    def held(self, number: int, *states: EngagementState) -> tuple[str, int] | None:
        raise NotImplementedError

    @rule(
        thread=st.integers(1, 6),
        kind=st.sampled_from((MailKind.PERSON, MailKind.PERSON, MailKind.AUTO_REPLY)),
        agent_id=st.sampled_from(("", "emma", "felix")),
        expert=st.booleans(),
        again=st.booleans(),
    )
    def a_mail_arrives(self, thread: int, kind: MailKind, agent_id: str, expert: bool, again: bool) -> None:
        self.mails_made += not again
        self.tell(
            mail.MailArrived(
                self.mails_made,
                thread,
                "inbox",
                f"<{self.mails_made}@demo.example>",
                "someone@demo.example",
                kind=kind,
                agent_id=agent_id,
                expert=expert,
            )
        )

    @rule(
        number=pick,
        then=st.sampled_from(tuple(MailThen)),
        reason=st.sampled_from(("", "sold")),
        ahead=st.sampled_from((None, 5, 3000)),
    )
    def answers(self, number: int, then: MailThen, reason: str, ahead: int | None) -> None:
        held = self.held(number, EngagementState.IN_CONTACT)
        if held is not None:
            until = self.story.now + timedelta(seconds=ahead) if ahead else None
            self.tell(mail.AnswerRequested(*held, 1000 + self.story.seq, then, reason, park_until=until))

    @rule(number=pick, what=st.sampled_from(("park", "later", "return", "ask", "ask soon")))
    def lets_go(self, number: int, what: str) -> None:
        held = self.held(number, EngagementState.IN_CONTACT)
        if held is None:
            return
        soon = self.story.now + timedelta(seconds=30)
        mail_id = 1000 + self.story.seq
        events: dict[str, ev.Event] = {
            "park": mail.ParkRequested(*held, None, "waits"),
            "later": mail.ParkRequested(*held, soon),
            "return": mail.ReturnRequested(*held, "not mine"),
            "ask": mail.ForwardRequested(*held, mail_id, "expert@demo.example"),
            "ask soon": mail.ForwardRequested(*held, mail_id, "expert@demo.example", soon),
        }
        self.tell(events[what])

    @rule(
        number=pick,
        what=st.sampled_from(("recall", "recall", "approve", "correct", "send back")),
        agent_id=st.sampled_from(DIGITAL),
    )
    def about_an_answer(self, number: int, what: str, agent_id: str) -> None:
        on_their_way = [
            (contact.id, answer)
            for contact in self.story.state.contacts.values()
            for answer in contact.outgoing
        ]
        if not on_their_way:
            return
        contact_id, answer = on_their_way[number % len(on_their_way)]
        events: dict[str, ev.Event] = {
            "recall": mail.AnswerRecalled(answer.agent_id or agent_id, contact_id, answer.mail_id),
            "approve": mail.AnswerApproved("boss", contact_id, answer.mail_id),
            "correct": mail.AnswerCorrected("boss", contact_id, answer.mail_id, 5000 + self.story.seq),
            "send back": mail.AnswerSentBack("boss", contact_id, answer.mail_id, "kinder"),
        }
        self.tell(events[what])

    @rule(number=pick, agent_id=st.sampled_from(DIGITAL), outcome=st.sampled_from(tuple(MailOutcome)))
    def mails_come_back(self, number: int, agent_id: str, outcome: MailOutcome) -> None:
        parked = [each.id for each in self.story.state.contacts.values() if each.phase is Phase.PARKED]
        if parked and number % 2:
            self.tell(mail.UnparkRequested(agent_id, parked[number % len(parked)]))
            return
        self.mails_made += 1
        contact_id = self.story.seq if self.story.seq in self.story.ledger.over else 0
        thread = 1 + number % 6
        self.tell(
            mail.MailSendingEnded(
                self.mails_made, 1, contact_id, outcome, "no such box", thread, "inbox", agent_id
            )
        )

    @rule(agent_id=st.sampled_from(DIGITAL), thread=st.integers(1, 9), new=st.booleans())
    def writes_first(self, agent_id: str, thread: int, new: bool) -> None:
        if new:
            number = 9000 + self.story.seq
            self.tell(mail.MailWritten(agent_id, number, "inbox", "someone@demo.example"))
        else:
            self.tell(mail.ContactReopened(agent_id, 1, thread, "inbox", "mail", "someone@demo.example"))
