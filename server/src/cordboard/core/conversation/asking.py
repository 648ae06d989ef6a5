"""The script's steps of a chat: what it says, the questions that it asks, and the bot that it lets speak.

A question waits for the visitor; `answered` returns the step to go on with, as `enter` does. The bot's answers come back as
events of a numbered turn: one that comes too late, or twice, means nothing.
"""

from collections.abc import Mapping

from cordboard.core import facts as core_facts
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation import facts
from cordboard.core.conversation.commands import AskBot
from cordboard.core.conversation.events import BotAnswered, VisitorWrote
from cordboard.core.conversation.messages import Draft, chat_of, notice, write
from cordboard.core.conversation.presence import watch_silence
from cordboard.core.conversation.words import Author, Choice, MessageKind, Question
from cordboard.core.ending import end_contact
from cordboard.core.filling import fill
from cordboard.core.script.steps import (
    BotStep,
    ButtonsStep,
    FormStep,
    LeaveMessageStep,
    SayStep,
    Step,
    WrittenStep,
)
from cordboard.core.state import State
from cordboard.core.turn import Turn
from cordboard.core.words import Channel, EndCause

LONGEST_VALUE = 2_000


def in_words(turn: Turn, contact: Contact, texts: Mapping[str, str]) -> str:
    """In the end-customer's language, else in the tenant's, else in any; `{{values.order}}` is filled in."""
    words = (
        texts.get(contact.language)
        or texts.get(contact.language.partition("-")[0])
        or texts.get(turn.config.language)
        or next(iter(texts.values()), "")
    )
    return fill(words, _known_of(turn, contact)) if "{{" in words else words


def _known_of(turn: Turn, contact: Contact) -> dict[str, str]:
    """The names that a mail's text may use too."""
    space = turn.config.spaces.get(contact.space_id)
    return {
        "name": contact.remote_name,
        "address": contact.remote,
        "contact": str(contact.id),
        "subject": contact.subject,
        "space": space.name if space else "",
        **{f"values.{name}": value for name, value in contact.values.items()},
    }


def say(turn: Turn, contact: Contact, texts: Mapping[str, str]) -> None:
    text = in_words(turn, contact, texts)
    if text and contact.channel is Channel.CHAT:
        write(turn, contact, Draft(Author.SCRIPT, text))


def enter(turn: Turn, contact: Contact, step: WrittenStep) -> str:
    """Does the step; returns the next one at once, or "" when the visitor or the bot has to be waited for."""
    if contact.channel is not Channel.CHAT:
        return _passed_by(step)
    match step:
        case SayStep():
            say(turn, contact, step.texts)
            return step.next
        case ButtonsStep() | FormStep() | LeaveMessageStep():
            chat_of(contact).asked_number = write(turn, contact, _question(turn, contact, step))
            watch_silence(turn, contact)
            return ""
        case BotStep():
            _ask_bot(turn, contact, step)
            return ""


def _passed_by(step: WrittenStep) -> str:
    """Where a contact goes on that can not read: a call that has come into a script for chats."""
    match step:
        case SayStep() | FormStep() | LeaveMessageStep():
            return step.next
        case ButtonsStep():
            return step.otherwise or step.choices[0].then
        case BotStep():
            return step.failed or step.hand_over


def _question(turn: Turn, contact: Contact, step: ButtonsStep | FormStep | LeaveMessageStep) -> Draft:
    text = in_words(turn, contact, step.texts)
    if isinstance(step, ButtonsStep):
        choices = tuple(
            Choice(str(index), in_words(turn, contact, case.labels))
            for index, case in enumerate(step.choices, 1)
        )
        return Draft(Author.SCRIPT, text, MessageKind.BUTTONS, choices=choices)
    if isinstance(step, FormStep):
        questions = tuple(
            Question(each.name, in_words(turn, contact, each.labels), each.type, each.required, each.options)
            for each in step.fields
        )
        return Draft(Author.SCRIPT, text, MessageKind.FORM, questions=questions)
    return Draft(Author.SCRIPT, text, MessageKind.FORM, questions=_missing_for_a_message(contact))


def _missing_for_a_message(contact: Contact) -> tuple[Question, ...]:
    """What is known of him is not asked again."""
    questions = [Question("message", "message", "longtext", required=True)]
    if "@" not in contact.remote:
        questions.insert(0, Question("email", "email", "email", required=True))
        if not contact.remote_name:
            questions.insert(0, Question("name", "name"))
    return tuple(questions)


def may_leave_message(state: State, contact: Contact) -> bool:
    """Whether he waits, and his script lets him leave a message when the wait has become too long."""
    run, wait = contact.run, contact.wait
    if contact.phase is not Phase.WAITING or wait is None or run is None:
        return False
    return isinstance(state.pinned_scripts[run.script_key].steps.get(wait.timeout_step), LeaveMessageStep)


def _present(turn: Turn, contact: Contact) -> Step | None:
    run = contact.run
    return turn.state.pinned_scripts[run.script_key].steps.get(run.step_id) if run else None


def answered(turn: Turn, contact: Contact, event: VisitorWrote) -> str:
    """What the visitor has written while the script was asking: the step to go on with, or "" to wait on."""
    step = _present(turn, contact)
    match step:
        case ButtonsStep():
            return _chosen(turn, contact, step, event)
        case FormStep() if event.kind is MessageKind.ANSWERS:
            return _filled_in(turn, contact, step, event.values)
        case LeaveMessageStep() if event.kind is MessageKind.ANSWERS:
            return _left(turn, contact, step, event.values)
        case LeaveMessageStep() if event.kind is MessageKind.TEXT and "@" in contact.remote:
            return _left(turn, contact, step, {"message": event.text})
        case BotStep():
            chat = chat_of(contact)
            if chat.bot_pending:
                chat.bot_more = True
            else:
                _ask_bot(turn, contact, step)
        case _:
            watch_silence(turn, contact)
    return ""


def _chosen(turn: Turn, contact: Contact, step: ButtonsStep, event: VisitorWrote) -> str:
    """By its button, or by its words."""
    asked = chat_of(contact).asked_number
    said = event.text.strip().casefold()
    for index, case in enumerate(step.choices, 1):
        by_button = event.kind is MessageKind.CHOICE and event.reply_to == asked
        labels = {label.casefold() for label in case.labels.values()}
        labels.add(in_words(turn, contact, case.labels).casefold())
        if (by_button and event.values.get("choice") == str(index)) or said in labels:
            assert contact.run is not None
            script_id = contact.run.script_key.partition(":")[2]
            turn.note(core_facts.MenuChosen(contact.id, script_id, contact.run.step_id, str(index)))
            return case.then
    if step.otherwise:
        return step.otherwise
    chat_of(contact).asked_number = write(turn, contact, _question(turn, contact, step))
    watch_silence(turn, contact)
    return ""


def _filled_in(turn: Turn, contact: Contact, step: FormStep, values: Mapping[str, str]) -> str:
    known = {each.name: values.get(each.name, "").strip()[:LONGEST_VALUE] for each in step.fields}
    if any(each.required and not known[each.name] for each in step.fields):
        chat_of(contact).asked_number = write(turn, contact, _question(turn, contact, step))
        watch_silence(turn, contact)
        return ""
    qualify(turn, contact, {name: value for name, value in known.items() if value})
    return step.next


def qualify(turn: Turn, contact: Contact, values: Mapping[str, str]) -> None:
    """Keeps what is known of the end-customer; his name and address are the contact's own."""
    if not values:
        return
    contact.values.update(values)
    if not contact.remote:
        contact.remote = values.get("email", "")
    if not contact.remote_name:
        contact.remote_name = values.get("name", "")
    turn.note(core_facts.ContactQualified(contact.id, dict(values)))


def _left(turn: Turn, contact: Contact, step: LeaveMessageStep, values: Mapping[str, str]) -> str:
    address, text = (
        values.get("email", "").strip() or contact.remote,
        values.get("message", "").strip()[:LONGEST_VALUE],
    )
    if "@" not in address or not text:
        chat_of(contact).asked_number = write(turn, contact, _question(turn, contact, step))
        watch_silence(turn, contact)
        return ""
    qualify(turn, contact, {"email": address, "name": values.get("name", "").strip()})
    turn.note(facts.MessageLeft(contact.id, address, contact.remote_name, text))
    notice(turn, contact, "message_left")
    if step.next:
        return step.next
    end_contact(turn, contact, EndCause.SCRIPT_ENDED)
    return ""


# -- the bot


def _ask_bot(turn: Turn, contact: Contact, step: BotStep) -> None:
    chat = chat_of(contact)
    chat.bot_turn += 1
    chat.bot_pending, chat.bot_more = True, False
    assert contact.run is not None
    turn.note(facts.BotAsked(contact.id, contact.run.step_id, chat.bot_turn))
    _say_bot(turn, contact, step)


def _say_bot(turn: Turn, contact: Contact, step: BotStep) -> None:
    deadline = turn.now + step.deadline
    turn.do(AskBot(contact.id, chat_of(contact).bot_turn, step.bot, step.secret, deadline))
    turn.wake(f"bot:{contact.id}", deadline)


def _bot_of(turn: Turn, contact: Contact | None, bot_turn: int) -> BotStep | None:
    """The step that waits for this turn's answer; None when nobody waits for it any more."""
    if contact is None or contact.chat is None or contact.phase is not Phase.SCRIPT:
        return None
    step = _present(turn, contact)
    if not contact.chat.bot_pending or contact.chat.bot_turn != bot_turn or not isinstance(step, BotStep):
        return None
    turn.contact_id = contact.id
    return step


def bot_answered(turn: Turn, event: BotAnswered) -> str:
    contact = turn.state.contacts.get(event.contact_id)
    step = _bot_of(turn, contact, event.turn)
    if contact is None or step is None:
        return ""
    chat = chat_of(contact)
    if event.text:
        write(turn, contact, Draft(Author.BOT, event.text, key=f"{event.turn}.{event.part}"))
    qualify(turn, contact, event.values)
    if event.more:
        turn.wake_in(f"bot:{contact.id}", step.deadline)
        return ""
    chat.bot_pending = False
    turn.cancel_wake(f"bot:{contact.id}")
    if event.then == "hand_over":
        return _bot_leaves(turn, contact, "handed_over", step.hand_over)
    if event.then == "end":
        following = _bot_leaves(turn, contact, "ended", step.ended)
        if not following:
            end_contact(turn, contact, EndCause.SCRIPT_ENDED)
        return following
    if chat.bot_more:
        _ask_bot(turn, contact, step)
    else:
        watch_silence(turn, contact)
    return ""


def bot_failed(turn: Turn, contact_id: int, bot_turn: int, detail: str) -> str:
    """Also when its time has run out: the visitor goes on to people."""
    contact = turn.state.contacts.get(contact_id)
    step = _bot_of(turn, contact, bot_turn)
    if contact is None or step is None:
        return ""
    chat_of(contact).bot_pending = False
    turn.cancel_wake(f"bot:{contact.id}")
    return _bot_leaves(turn, contact, "failed", step.failed or step.hand_over, detail)


def _bot_leaves(turn: Turn, contact: Contact, outcome: str, following: str, detail: str = "") -> str:
    assert contact.run is not None
    turn.note(facts.BotLeft(contact.id, contact.run.step_id, outcome, detail))
    return following


def recovered(turn: Turn) -> None:
    """Whether the bot was asked before the server went nobody knows: it is asked again, the same turn."""
    for contact in turn.state.contacts.values():
        step = _bot_of(turn, contact, contact.chat.bot_turn if contact.chat else 0)
        if step is not None:
            _say_bot(turn, contact, step)
    turn.contact_id = 0
