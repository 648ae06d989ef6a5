"""What is searched in a contact: texts from its facts and its mails. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cordboard.core import facts
from cordboard.core.conversation import facts as conversation
from cordboard.core.facts import Recorded
from cordboard.core.mail import facts as mail
from cordboard.core.words import Channel
from cordboard.index.terms import LONGEST_TEXT, address_term, number_terms, reference_terms, terms_in


@dataclass(frozen=True, slots=True)
class Text:
    """A row of `contact_text`. `language` "": the contact's, else the tenant's."""

    contact_id: int
    source: str  # subject | mail | attachment | chat | note
    key: str
    at: datetime
    text: str
    language: str = ""
    terms: tuple[str, ...] = ()


@dataclass(slots=True)
class Found:
    """What facts have to say, and the mails (contact, mail) whose texts belong to contacts now."""

    texts: list[Text] = field(default_factory=list)
    mails: set[tuple[int, int]] = field(default_factory=set)


def texts_of(recorded: Iterable[Recorded]) -> Found:
    found = Found()
    for each in recorded:
        match each.fact:
            case facts.ContactArrived() as fact:
                found.texts.append(_arrival(each, fact))
            case facts.WrappedUp() as fact:
                _note(found, each, fact.contact_id, fact.note)
            case mail.AnswerSentBack() as fact:
                _note(found, each, fact.contact_id, fact.remark)
            case mail.ContactParked() | mail.ContactReturned() as fact:
                _note(found, each, fact.contact_id, fact.reason)
            case conversation.MessageWritten() | conversation.MessageEdited() as fact:
                found.texts.append(_message(each, fact.contact_id, str(fact.number), fact.text))
            case conversation.MessageDeleted() as fact:
                found.texts.append(_message(each, fact.contact_id, str(fact.number), ""))
            case conversation.MessageLeft() as fact:
                said = " · ".join(word for word in (fact.name, fact.address, fact.text) if word)
                found.texts.append(_message(each, fact.contact_id, "left", said))
            case conversation.SurveyGiven() as fact:
                _note(found, each, fact.contact_id, fact.text)
            case mail.MailReceived() | mail.AnswerSent() | mail.ExpertAsked() as fact:
                found.mails.add((fact.contact_id, fact.mail_id))
            case _:
                continue
    return found


def _arrival(each: Recorded, fact: facts.ContactArrived) -> Text:
    """What the contact is called by: its id, who it is from, what it is about."""
    terms = [f"=i:{fact.contact_id}"]
    if fact.channel is Channel.VOICE:
        terms += [*number_terms(fact.remote), *number_terms(fact.address)]
    elif "@" in fact.remote:
        terms.append(address_term(fact.remote))
    terms += reference_terms(fact.reference)
    remote = "" if fact.channel is Channel.VOICE else fact.remote
    words = " · ".join(word for word in (fact.remote_name, remote, fact.subject) if word)
    return Text(fact.contact_id, "subject", "arrival", each.at, words[:LONGEST_TEXT], "", tuple(terms))


def _note(found: Found, each: Recorded, contact_id: int, note: str) -> None:
    if note.strip():
        key = f"{each.seq}.{each.ordinal}"
        found.texts.append(
            Text(contact_id, "note", key, each.at, note[:LONGEST_TEXT], "", tuple(terms_in(note)))
        )


def _message(each: Recorded, contact_id: int, key: str, text: str) -> Text:
    """A message of a chat. One that was deleted says nothing any more."""
    text = text[:LONGEST_TEXT]
    return Text(contact_id, "chat", key, each.at, text, "", tuple(terms_in(text)))


def texts_of_mail(contact_id: int, row: Mapping[str, Any]) -> list[Text]:
    """Its subject and people, its new text, and what its attachments say. `row`: of the table `mail`."""
    mail_id, at, language = row["id"], row["received_at"], row["language"]
    people = [row["sender_name"], row["sender"]]
    for recipient in row["recipients"]:
        people += [recipient.get("name", ""), recipient.get("address", "")]
    addresses = [person for person in people if "@" in person]
    terms = [*map(address_term, addresses), *reference_terms(row["message_id"])]
    head = " · ".join(word for word in (row["subject"], *people) if word)
    texts = [Text(contact_id, "subject", f"mail:{mail_id}", at, head[:LONGEST_TEXT], language, tuple(terms))]
    body = row["text"][:LONGEST_TEXT]
    if body.strip():
        texts.append(Text(contact_id, "mail", str(mail_id), at, body, language, tuple(terms_in(body))))
    for index, attachment in enumerate(row["attachments"]):
        said = f"{attachment.get('name') or ''}\n{attachment.get('text') or ''}".strip()[:LONGEST_TEXT]
        if said:
            key = f"{mail_id}.{index}"
            texts.append(Text(contact_id, "attachment", key, at, said, language, tuple(terms_in(said))))
    return texts


SPOKEN = (
    facts.ContactArrived,
    facts.WrappedUp,
    mail.AnswerSentBack,
    mail.ContactParked,
    mail.ContactReturned,
    mail.MailReceived,
    mail.AnswerSent,
    mail.ExpertAsked,
    conversation.MessageWritten,
    conversation.MessageEdited,
    conversation.MessageDeleted,
    conversation.MessageLeft,
    conversation.SurveyGiven,
)
"""The kinds of facts that texts come from."""
