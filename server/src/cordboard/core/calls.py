"""What the telephony adapter reports: a call arrives, a line rings, answers, ends, a key is pressed, a sound is over."""

from cordboard.core import commands as do
from cordboard.core import facts, outgoing, reaching
from cordboard.core.contact import Contact, Leg, Phase
from cordboard.core.ending import end_contact, forget_if_over
from cordboard.core.events import CallArrived, PlaybackEnded
from cordboard.core.offers import abandon, accept, offer_failed
from cordboard.core.script import interpreter
from cordboard.core.talking import agent_leg_ended, restored
from cordboard.core.transfer import outside_answered, outside_ended
from cordboard.core.turn import Turn
from cordboard.core.waiting import announcement_ended
from cordboard.core.words import Channel, Direction, EndCause, LegRole, LegState


def call_arrived(turn: Turn, event: CallArrived) -> None:
    if event.line in turn.centre.lines:
        return
    entry_point = turn.centre.entry_points.get((Channel.VOICE, event.number))
    contact = Contact(
        turn.seq,
        Channel.VOICE,
        Direction.INBOUND,
        Phase.SCRIPT,
        turn.now,
        entry_point.id if entry_point else "",
        entry_point.space_id if entry_point else "",
        event.caller,
        event.caller_name,
        event.number,
        entry_point.language if entry_point else turn.config.language,
        reference=event.line,
        tags=list(entry_point.tags) if entry_point else [],
    )
    turn.state.contacts[contact.id] = contact
    turn.contact_id = contact.id
    turn.note(
        facts.ContactArrived(
            contact.id,
            contact.channel,
            contact.direction,
            contact.entry_point_id,
            contact.space_id,
            contact.remote,
            contact.remote_name,
            contact.address,
            event.line,
        )
    )
    turn.add_leg(contact, LegRole.END_CUSTOMER, event.line, LegState.RINGING)
    script = turn.config.scripts.get(entry_point.script_id) if entry_point else None
    interpreter.start_script(turn, contact, script)


def _leg_of(turn: Turn, line: str) -> tuple[Contact, Leg] | None:
    place = turn.centre.lines.get(line)
    if place is None:
        return None
    contact = turn.state.contacts[place[0]]
    turn.contact_id = contact.id
    return contact, contact.legs[place[1]]


def line_ringing(turn: Turn, line: str) -> None:
    found = _leg_of(turn, line)
    if found is None or found[1].leaving:
        turn.do(do.HangUp(line))
    elif found[1].state is LegState.DIALLING:
        contact, leg = found
        leg.state = LegState.RINGING
        turn.note(facts.LegRinging(contact.id, leg.id))


def line_answered(turn: Turn, line: str) -> None:
    if line in turn.state.refused_lines:
        return
    found = _leg_of(turn, line)
    if found is None or found[1].leaving:
        turn.do(do.HangUp(line))
        return
    contact, leg = found
    if leg.state is LegState.UP:
        return
    leg.state, leg.answered_at = LegState.UP, turn.now
    turn.note(facts.LegAnswered(contact.id, leg.id))
    talk = contact.talk
    if contact.offer is not None and contact.offer.leg_id == leg.id:
        accept(turn, contact)
    elif talk is not None and talk.leg_id == leg.id and talk.adrift_since is not None:
        restored(turn, contact, talk, leg)
    elif contact.phase is Phase.DIALLING:
        outgoing.leg_answered(turn, contact, leg)
    elif leg.role is LegRole.OUTSIDE:
        outside_answered(turn, contact, leg)
    elif leg.role is LegRole.END_CUSTOMER:
        reaching.answered(turn, contact, leg)


def line_ended(turn: Turn, line: str, cause: EndCause, detail: str) -> None:
    """Total over who has left and when: one outcome each."""
    if turn.state.refused_lines.pop(line, None) is not None:
        return
    found = _leg_of(turn, line)
    if found is None:
        return
    contact, leg = found
    turn.drop_leg(contact, leg)
    turn.note(facts.LegEnded(contact.id, leg.id, cause, detail))
    if not leg.leaving and contact.phase is not Phase.ENDED:
        _left(turn, contact, leg, cause)
    forget_if_over(turn, contact)


def _left(turn: Turn, contact: Contact, leg: Leg, cause: EndCause) -> None:
    if leg.role is LegRole.END_CUSTOMER:
        if reaching.left(turn, contact, leg, cause):
            return
        if contact.phase in (Phase.WAITING, Phase.OFFERED) and cause is not EndCause.TELEPHONY_LOST:
            abandon(turn, contact)
        elif contact.phase is Phase.DIALLING:
            end_contact(turn, contact, cause if cause is not EndCause.NORMAL else EndCause.NO_ANSWER)
        else:
            lost = cause in (EndCause.TELEPHONY_LOST, EndCause.CONNECTION_LOST)
            end_contact(turn, contact, cause if lost else EndCause.END_CUSTOMER_HUNG_UP)
    elif leg.role is LegRole.OUTSIDE:
        _go_on(turn, contact, outside_ended(turn, contact, leg, cause))
    elif contact.offer is not None and contact.offer.leg_id == leg.id:
        declined = cause in (EndCause.NORMAL, EndCause.AGENT_HUNG_UP)
        _go_on(turn, contact, offer_failed(turn, contact, EndCause.DECLINED if declined else cause))
    elif contact.phase is Phase.DIALLING:
        end_contact(turn, contact, EndCause.AGENT_HUNG_UP if leg.state is LegState.UP else cause)
    else:
        agent_leg_ended(turn, contact, leg, cause)


def _go_on(turn: Turn, contact: Contact, step_id: str) -> None:
    if step_id:
        interpreter.go_on(turn, contact, step_id)


def digit_pressed(turn: Turn, line: str, digit: str) -> None:
    found = _leg_of(turn, line)
    if found and found[1].role is LegRole.END_CUSTOMER:
        interpreter.digit_pressed(turn, found[0], digit)


def playback_ended(turn: Turn, event: PlaybackEnded) -> None:
    if turn.state.refused_lines.get(event.line) == event.playback_id:
        turn.do(do.HangUp(event.line))
        return
    found = _leg_of(turn, event.line)
    if found is None:
        return
    contact, _ = found
    for sound in event.missing:
        turn.note(facts.MessageMissing(contact.id, sound))
        interpreter.incident(
            turn, "message_missing", sound, "the sound could not be played; the fall-back was spoken"
        )
    if contact.run is not None and contact.run.playback_id == event.playback_id:
        interpreter.playback_ended(turn, contact)
    elif contact.wait is not None and contact.wait.playback_id == event.playback_id:
        announcement_ended(turn, contact)
    elif contact.farewell_playback_id == event.playback_id:
        interpreter.farewell_over(turn, contact)
    elif contact.phase is Phase.DIALLING or reaching.is_reaching(contact):
        outgoing.playback_ended(turn, contact, event.playback_id)
