"""A chat as its agents see it, as plain values: what the live topic `conversation:<id>` and the API's history say alike."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from cordboard.core.config import TenantConfig
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation.handing_over import PREFIX, script_of
from cordboard.core.conversation.transcript import Line, Transcript
from cordboard.core.conversation.ways import ways_of
from cordboard.core.conversation.words import Author, PartyRole
from cordboard.core.state import State

Shown = dict[str, object]


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def name_of(config: TenantConfig, agent_id: str) -> str:
    profile = config.agents.get(agent_id)
    return profile.name if profile else agent_id


def line_shown(line: Line, config: TenantConfig, visitor_name: str) -> Shown:
    attachment = line.attachment
    by_visitor = line.author.value == "visitor"
    return {
        "n": line.number,
        "at": iso(line.at),
        "author": line.author.value,
        "agent_id": line.agent_id,
        "name": visitor_name if by_visitor else name_of(config, line.agent_id) if line.agent_id else "",
        "kind": line.kind.value,
        "text": line.text,
        "key": line.key,
        "attachment": None
        if attachment is None
        else {
            "file_id": attachment.file_id,
            "name": attachment.name,
            "size": attachment.size,
            "media_type": attachment.media_type,
            "expires_at": None if attachment.expires_at is None else iso(attachment.expires_at),
            "downloads": attachment.downloads,
        },
        "url": line.url,
        "choices": [{"id": each.id, "label": each.label} for each in line.choices],
        "fields": [
            {
                "name": each.name,
                "label": each.label,
                "type": each.type,
                "required": each.required,
                "options": list(each.options),
            }
            for each in line.questions
        ],
        "reply_to": line.reply_to,
        "values": dict(line.values),
        "consent": line.consent,
        "call": line.call.value if line.call else None,
        "call_id": line.call_id,
        "speaker": name_of(config, line.speaker_id) if line.speaker_id else "",
        "edited": line.edited,
        "deleted": line.deleted,
        "visible_to": line.visible_to.value,
        "earlier": line.earlier,
    }


def visitor_name(contact: Contact | None) -> str:
    return contact.remote_name or contact.remote if contact else ""


def standing(state: State, config: TenantConfig, transcript: Transcript, viewer_id: str) -> Shown:
    """Row `state`: where the chat stands, who is in it, and what this viewer may do."""
    contact = state.contacts.get(transcript.contact_id)
    chat = contact.chat if contact else None
    button = config.chat_buttons.get(transcript.entry_point_id)
    phase = contact.phase.value if contact else Phase.ENDED.value
    parties = chat.parties if chat else {}
    holder = contact.talk.agent_id if contact and contact.talk else ""
    agents = [holder] if holder else []
    agents += [party for party, role in parties.items() if role is PartyRole.COLLEAGUE]
    watchers = [party for party, role in parties.items() if role is PartyRole.WATCHER]
    return {
        "contact_id": transcript.contact_id,
        "phase": phase,
        "visitor": {
            "name": contact.remote_name if contact else "",
            "email": contact.remote if contact else "",
            "verified": bool(chat and chat.verified),
            "connected": bool(chat and chat.connected),
            "language": contact.language if contact else "",
            "read": transcript.visitor_seen,
            "page_url": chat.page_url if chat else "",
            "page_title": chat.page_title if chat else "",
        },
        "agents": [{"id": each, "name": name_of(config, each)} for each in agents],
        "watchers": [{"id": each, "name": name_of(config, each)} for each in watchers],
        "can": verbs(contact, viewer_id),
        "hand_to": _offered(contact, config, viewer_id),
        "preview": bool(button and button.preview),
        "calls": [way.value for way in ways_of(button)] if button else [],
        "numbers": numbers_of(contact, transcript),
    }


def _offered(contact: Contact | None, config: TenantConfig, viewer_id: str) -> list[Shown]:
    """Where the holder may hand the chat back to its script; `labels` by language."""
    if contact is None or contact.talk is None or contact.talk.agent_id != viewer_id:
        return []
    script = script_of(config, contact.entry_point_id)
    offered = script.hand_to.items() if script else ()
    return [{"to": f"{PREFIX}{step_id}", "labels": dict(labels)} for step_id, labels in offered]


_NUMBER = re.compile(r"(?<![\w+])\+?\d(?:[ .()/-]{0,2}\d){7,14}(?!\w)")
MOST_NUMBERS = 3


def numbers_of(contact: Contact | None, transcript: Transcript) -> list[str]:
    """What may be the visitor's telephone numbers, as he has given them: in forms first, then in what he wrote, the newest first."""
    written = [line.text for line in reversed(transcript.lines) if line.author is Author.VISITOR]
    said = [*(contact.values.values() if contact else ()), *written]
    found = [match[0] for text in said for match in _NUMBER.finditer(text)]
    return list(dict.fromkeys(found))[:MOST_NUMBERS]


def verbs(contact: Contact | None, viewer_id: str) -> list[str]:
    """What this person may do with the chat now, beside what `me` says of offers and wrap-up."""
    if contact is None or contact.phase is Phase.ENDED:
        return []
    if contact.talk is not None and contact.talk.agent_id == viewer_id:
        return ["say", "whisper", "close", "transfer", "invite", "call"]
    role = contact.chat.parties.get(viewer_id) if contact.chat else None
    if role is PartyRole.COLLEAGUE:
        return ["say", "whisper", "leave"]
    if role is PartyRole.WATCHER:
        return ["whisper", "leave", *(["take_over"] if contact.phase is Phase.TALKING else [])]
    return ["watch"]


def last_message(contact: Contact) -> Mapping[str, str] | None:
    """For the `me` row: the beginning of the last message, and when it was."""
    chat = contact.chat
    if chat is None or chat.last_message_at is None:
        return None
    return {"author": chat.last_author, "text": chat.last_text[:120], "at": iso(chat.last_message_at)}
