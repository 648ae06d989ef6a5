"""From chat to call: who holds a chat speaks with its visitor, in the page or on a telephone, and the chat goes on beside it.

In the page the visitor is asked first; when he has accepted, his page becomes a line (`READY`) and the call begins: first the
agent's own phone, then the page. A callback begins at once. An agent whose seat has no telephone has the call made by the
agents of the button's `call_queue`. Either way the call is a contact of its own (`Contact.origin` says of which chat).

The traps: between the question and the answer anything may happen: the chat may end or change hands, the agent may have
begun another call, telephony may be away; so all is looked at again when the page is ready. Whatever a page says of a
question that is over means nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

from cordboard.core import outgoing, reaching
from cordboard.core.agent import Agent
from cordboard.core.config import Queue
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation.events import CallRequested, CallWithdrawn, VisitorCallAnswered
from cordboard.core.conversation.linked import call_of, note_stage
from cordboard.core.conversation.messages import Draft, chat_of, role_of, write
from cordboard.core.conversation.presence import button_of
from cordboard.core.conversation.state import ChatCall, Origin
from cordboard.core.conversation.ways import ways_of
from cordboard.core.conversation.words import Author, CallAnswer, CallStage, CallWay, MessageKind
from cordboard.core.dialling import check_number
from cordboard.core.ending import end_contact
from cordboard.core.offers import abandon
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.waiting import enter_queue
from cordboard.core.words import Channel, EndCause

ASKED_FOR = timedelta(seconds=60)
"""So long the visitor has to answer."""
JOINING = timedelta(seconds=60)
"""So long his page has to become a line: he is asked for his microphone meanwhile."""
LONGEST_QUEUED = timedelta(minutes=30)
"""So long a call waits for an agent with a telephone: nobody hangs up who is not on the line yet."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    agent: Agent
    way: CallWay
    number: str = ""
    address: str = ""


def requested(turn: Turn, contact: Contact, event: CallRequested) -> Refusal | None:
    agent = turn.state.agents.get(event.agent_id)
    if agent is None or not agent.logged_in:
        return Refusal(RefusalCode.NOT_LOGGED_IN)
    if role_of(contact, agent.id) != "holder":
        return Refusal(RefusalCode.NOT_YOUR_CONTACT)
    chat = chat_of(contact)
    if f"{agent.id}:{event.key}" in chat.keys:
        return None
    number: str | Refusal = ""
    if event.way is CallWay.CALLBACK:  # emergency numbers first, whatever else is wrong
        number = check_number(turn.config.dial_plan, event.number, turn.centre.normalise)
    if isinstance(number, Refusal):
        return number
    if contact.phase is not Phase.TALKING:
        return Refusal(RefusalCode.CHAT_ENDED)
    if chat.call is not None and not chat.call.stage.over:
        asked_twice = event.way is chat.call.way is CallWay.PAGE and chat.call.stage is CallStage.ASKED
        return None if asked_twice else Refusal(RefusalCode.CALL_UNDER_WAY)
    if event.way not in ways_of(button_of(turn, contact)):
        return Refusal(RefusalCode.CALLS_OFF)
    refusal = _refusal(turn, contact, agent)
    if refusal is None and event.way is CallWay.PAGE and not chat.connected:
        refusal = Refusal(RefusalCode.VISITOR_AWAY)
    if refusal is not None:
        return refusal
    _write(turn, contact, event)
    if event.way is CallWay.CALLBACK:
        _begin(turn, contact, _Wanted(agent, event.way, number))
    else:
        turn.wake_in(f"call:{contact.id}", ASKED_FOR)
    return None


def _write(turn: Turn, contact: Contact, event: CallRequested) -> None:
    """The message that tells of the call; a callback begins with it."""
    draft = Draft(
        Author.AGENT,
        "",
        MessageKind.CALL,
        event.key,
        event.agent_id,
        values={"way": event.way.value},
    )
    number = write(turn, contact, draft)
    chat_of(contact).call = ChatCall(number, event.agent_id, event.way, CallStage.FAILED)
    if event.way is CallWay.PAGE:
        note_stage(turn, contact.id, number, CallStage.ASKED)


def _speaks(agent: Agent) -> bool:
    return agent.seat is not None and Channel.VOICE in agent.seat.channels


def _call_queue(turn: Turn, contact: Contact) -> Queue | None:
    return turn.queue(button_of(turn, contact).call_queue_id)


def _refusal(turn: Turn, contact: Contact, agent: Agent) -> Refusal | None:
    """Why the call can not be made now, by him or by the queue that calls for him."""
    if _speaks(agent):
        return outgoing.not_free_to_call(turn, agent)
    if _call_queue(turn, contact) is None:
        return Refusal(RefusalCode.NO_TELEPHONE_SEAT)
    return None if turn.state.telephony_up else Refusal(RefusalCode.TELEPHONY_AWAY)


def _begin(turn: Turn, chat: Contact, wanted: _Wanted) -> None:
    """The call as a contact of its own, in the hands of the agent or in the queue that calls for him."""
    known = chat_of(chat).call
    assert known is not None
    turn.cancel_wake(f"call:{chat.id}")
    origin = Origin(chat.id, known.number, wanted.way, wanted.address)
    queue = None if _speaks(wanted.agent) else _call_queue(turn, chat)
    call = outgoing.new_contact(
        turn,
        outgoing.Callee(
            wanted.number or chat.remote,
            queue.space_id if queue else chat.space_id,
            chat.remote_name,
            chat.language,
            origin,
        ),
    )
    reaching.link(turn, call, wanted.agent.id)
    if queue is None:
        outgoing.ring_agent(turn, wanted.agent, call)
        note_stage(turn, chat.id, known.number, CallStage.CALLING, call.id)
    else:
        enter_queue(turn, call, queue, max_wait=LONGEST_QUEUED)
        note_stage(turn, chat.id, known.number, CallStage.QUEUED, call.id)


def withdrawn(turn: Turn, contact: Contact, event: CallWithdrawn) -> Refusal | None:
    """What has not begun is taken back; a call that goes on is hung up as any call."""
    if role_of(contact, event.agent_id) != "holder":
        return Refusal(RefusalCode.NOT_YOUR_CONTACT)
    known = chat_of(contact).call
    if known is None or known.stage.over:
        return None
    if known.stage in (CallStage.ASKED, CallStage.ACCEPTED):
        _close(turn, contact, CallStage.WITHDRAWN)
        return None
    call = call_of(turn, contact.id, known.number)
    if call is None or call.phase not in (Phase.WAITING, Phase.OFFERED):
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": known.stage.value})
    end_contact(turn, call, EndCause.CLOSED)
    return None


def _close(turn: Turn, chat: Contact, stage: CallStage) -> None:
    known = chat_of(chat).call
    assert known is not None
    turn.cancel_wake(f"call:{chat.id}")
    note_stage(turn, chat.id, known.number, stage)


def expired(turn: Turn, contact: Contact) -> None:
    """The visitor has not answered in time, or his page has not become a line."""
    known = chat_of(contact).call
    if known is not None and known.stage is CallStage.ASKED:
        _close(turn, contact, CallStage.NOT_ANSWERED)
    elif known is not None and known.stage is CallStage.ACCEPTED:
        _close(turn, contact, CallStage.FAILED)


def visitor_answered(turn: Turn, event: VisitorCallAnswered) -> None:
    """Total: what belongs to no call that goes on is without effect."""
    chat = turn.state.contacts.get(event.contact_id)
    known = chat.chat.call if chat is not None and chat.chat is not None else None
    if chat is not None and known is not None and known.number == event.number:
        turn.contact_id = chat.id
        if known.stage in (CallStage.ASKED, CallStage.ACCEPTED):
            _visitor_said(turn, chat, known, event)
            return
    call = call_of(turn, event.contact_id, event.number)
    if call is None:
        return
    turn.contact_id = call.id
    if event.answer is CallAnswer.READY:
        reaching.page_ready(turn, call, event.address)
    elif event.answer is not CallAnswer.ACCEPTED:
        _visitor_leaves(turn, call)


def _visitor_said(turn: Turn, chat: Contact, known: ChatCall, event: VisitorCallAnswered) -> None:
    match event.answer:
        case CallAnswer.ACCEPTED:
            if known.stage is CallStage.ASKED:
                note_stage(turn, chat.id, known.number, CallStage.ACCEPTED)
                turn.wake_in(f"call:{chat.id}", JOINING)
        case CallAnswer.READY:
            _page_is_ready(turn, chat, known, event.address)
        case CallAnswer.NO_MICROPHONE:
            _close(turn, chat, CallStage.NO_MICROPHONE)
        case CallAnswer.FAILED:
            _close(turn, chat, CallStage.FAILED)
        case CallAnswer.DECLINED | CallAnswer.HUNG_UP:
            _close(turn, chat, CallStage.DECLINED)


def _page_is_ready(turn: Turn, chat: Contact, known: ChatCall, address: str) -> None:
    agent = turn.state.agents.get(known.agent_id)
    holds = chat.phase is Phase.TALKING and role_of(chat, known.agent_id) == "holder"
    if agent is None or not agent.logged_in or not holds or _refusal(turn, chat, agent) is not None:
        _close(turn, chat, CallStage.FAILED)
    else:
        _begin(turn, chat, _Wanted(agent, CallWay.PAGE, address=address))


def _visitor_leaves(turn: Turn, call: Contact) -> None:
    """He hangs up before there is a line, or where the line can not say so."""
    if call.phase in (Phase.WAITING, Phase.OFFERED):
        abandon(turn, call)
    else:
        end_contact(turn, call, EndCause.END_CUSTOMER_HUNG_UP)
