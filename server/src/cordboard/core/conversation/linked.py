"""What a chat is told of the call that has come out of it; also when the chat itself is over."""

from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation import facts
from cordboard.core.conversation.words import CallStage
from cordboard.core.turn import Turn
from cordboard.core.words import EndCause

_NOBODY_THERE = (EndCause.NO_ANSWER, EndCause.BUSY, EndCause.DECLINED, EndCause.UNREACHABLE)


def tell_chat(turn: Turn, call: Contact, stage: CallStage) -> None:
    origin = call.origin
    if origin is not None:
        speaker = call.talk.agent_id if call.talk is not None else ""
        note_stage(turn, origin.contact_id, origin.number, stage, call.id, speaker)


def note_stage(
    turn: Turn, chat_id: int, number: int, stage: CallStage, call_id: int = 0, speaker: str = ""
) -> None:
    """Said once; a chat's newest call keeps where it stands."""
    chat = turn.state.contacts.get(chat_id)
    known = chat.chat.call if chat is not None and chat.chat is not None else None
    if known is not None and known.number == number:
        if known.stage is stage:
            return
        known.stage = stage
        speaker = "" if speaker == known.agent_id else speaker
    turn.note(facts.CallChanged(chat_id, number, stage, call_id, speaker))


def tell_end(turn: Turn, call: Contact, cause: EndCause) -> None:
    """How the call has ended, in the chat's words."""
    origin = call.origin
    if origin is None:
        return
    if origin.talked:
        stage = CallStage.ENDED
    elif cause in _NOBODY_THERE:
        stage = CallStage.NOT_ANSWERED
    elif cause is EndCause.END_CUSTOMER_HUNG_UP:
        stage = CallStage.DECLINED
    elif cause in (EndCause.AGENT_HUNG_UP, EndCause.CLOSED):
        stage = CallStage.WITHDRAWN
    else:
        stage = CallStage.FAILED
    tell_chat(turn, call, stage)


def forget_asking(turn: Turn, chat: Contact) -> None:
    """The chat is over: what its visitor was asked is not asked any more. A call that has begun goes on by itself."""
    turn.cancel_wake(f"call:{chat.id}")
    call = chat.chat.call if chat.chat is not None else None
    if call is not None and call.stage in (CallStage.ASKED, CallStage.ACCEPTED):
        note_stage(turn, chat.id, call.number, CallStage.WITHDRAWN)


def call_of(turn: Turn, chat_id: int, number: int) -> Contact | None:
    """The call that goes on for this message; its chat may be over and forgotten."""
    for contact in turn.state.contacts.values():
        origin = contact.origin
        if origin is not None and origin.contact_id == chat_id and origin.number == number:
            return contact if contact.phase is not Phase.ENDED else None
    return None
