"""Answers that wait for an administrator or coordinator (FEATURES A4, D6): why one is held, and how it ends.

A held answer ends once: it is approved and leaves exactly as it was seen, it is corrected and the validator's version leaves, it
is sent back to its author with a remark, or its author takes it back. The choice of a percentage is by the mail's number, so that
replay agrees.
"""

import re
from zlib import crc32

from cordboard.core.config import TenantConfig, ValidationRule
from cordboard.core.contact import Contact, Outgoing, Phase
from cordboard.core.mail import facts as said
from cordboard.core.mail.commands import DiscardMail
from cordboard.core.mail.due import working_instant
from cordboard.core.turn import Turn


def words_hit(config: TenantConfig, text: str) -> tuple[str, ...]:
    """The rules one of whose words is in the text: what `AnswerRequested.hits` carries. Pure."""
    return tuple(
        rule.id
        for rule in config.validation.values()
        if any(re.search(word, text, re.IGNORECASE) for word in rule.words)
    )


def holding_rule(
    turn: Turn, contact: Contact, agent_id: str, mail_id: int, hits: tuple[str, ...]
) -> ValidationRule | None:
    """The first rule that holds this answer."""
    for rule in turn.config.validation.values():
        if _concerns(turn, rule, contact, agent_id) and _holds(turn, rule, agent_id, mail_id, hits):
            return rule
    return None


def _concerns(turn: Turn, rule: ValidationRule, contact: Contact, agent_id: str) -> bool:
    profile = turn.config.agents.get(agent_id)
    groups = profile.group_ids if profile else ()
    queue_id = contact.talk.queue_id if contact.talk else ""
    return (
        (not rule.agent_ids or agent_id in rule.agent_ids)
        and (not rule.group_ids or any(group in rule.group_ids for group in groups))
        and (not rule.queue_ids or queue_id in rule.queue_ids)
        and (not rule.tags or any(tag in rule.tags for tag in contact.tags))
    )


def _holds(turn: Turn, rule: ValidationRule, agent_id: str, mail_id: int, hits: tuple[str, ...]) -> bool:
    if not (rule.first or rule.percent or rule.words):
        return True
    return (
        turn.state.answers_sent.get(agent_id, 0) < rule.first
        or crc32(f"{rule.id}:{mail_id}".encode()) % 100 < rule.percent
        or rule.id in hits
    )


def hold(turn: Turn, contact: Contact, answer: Outgoing, rule: ValidationRule) -> None:
    answer.rule_id = rule.id
    answer.held_since = turn.now
    contact.phase = Phase.VALIDATING
    if rule.due is not None:
        answer.held_until = working_instant(turn, turn.now, rule.due, rule.due_schedule_id)
        turn.wake(f"valid:{contact.id}", answer.held_until)
    turn.note(
        said.AnswerHeld(
            contact.id, answer.queue_id, answer.agent_id, answer.mail_id, rule.id, answer.held_until
        )
    )


def held_answer(contact: Contact | None, mail_id: int) -> Outgoing | None:
    if contact is None or contact.phase is not Phase.VALIDATING:
        return None
    return next((each for each in contact.outgoing if each.mail_id == mail_id and each.rule_id), None)


def note_approved(turn: Turn, contact: Contact, answer: Outgoing, person_id: str) -> None:
    held = turn.now - (answer.held_since or turn.now)
    turn.note(
        said.AnswerApproved(contact.id, answer.queue_id, answer.agent_id, person_id, answer.mail_id, held)
    )


def correct(turn: Turn, contact: Contact, answer: Outgoing, person_id: str, corrected_mail_id: int) -> None:
    """The validator's version takes the answer's place; the author's is kept."""
    held = turn.now - (answer.held_since or turn.now)
    turn.note(
        said.AnswerCorrected(
            contact.id,
            answer.queue_id,
            answer.agent_id,
            person_id,
            answer.mail_id,
            corrected_mail_id,
            held,
        )
    )
    turn.do(DiscardMail(answer.mail_id, "corrected"))
    answer.mail_id = corrected_mail_id


def note_sent_back(turn: Turn, contact: Contact, answer: Outgoing, person_id: str, remark: str) -> None:
    held = turn.now - (answer.held_since or turn.now)
    turn.note(
        said.AnswerSentBack(
            contact.id, answer.queue_id, answer.agent_id, person_id, answer.mail_id, remark, held
        )
    )


def overdue(turn: Turn, contact: Contact) -> None:
    for answer in contact.outgoing:
        if answer.rule_id and answer.held_until is not None and answer.held_until <= turn.now:
            turn.note(said.ValidationOverdue(contact.id, answer.mail_id, answer.rule_id))
