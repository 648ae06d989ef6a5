"""Restart is an ordinary event: what the outside really has is compared with what the state says.

Lines that are gone have ended; lines that nobody knows are new calls (from outside) or left-overs (ours, hung up); and
for every contact that goes on, what its parties should hear is said again, which is harmless where it is already so.
"""

from datetime import timedelta

from cordboard.core import commands as do
from cordboard.core import facts, outgoing, reaching
from cordboard.core.calls import call_arrived, line_answered, line_ended
from cordboard.core.contact import Contact, Leg, Phase
from cordboard.core.conversation import asking, presence
from cordboard.core.desk import await_desktop
from cordboard.core.events import CallArrived, LinesReconciled
from cordboard.core.script import interpreter, look_up
from cordboard.core.turn import Turn
from cordboard.core.words import EndCause, LegRole, LegState


def recovered(turn: Turn) -> None:
    """The server is back. Desktops connect again by themselves; telephony reports what it has as soon as it is reached."""
    telephony_lost(turn)
    presence.recovered(turn)
    asking.recovered(turn)
    look_up.recovered(turn)
    for agent in turn.state.agents.values():
        if agent.desktops:
            agent.desktops.clear()
            turn.note(facts.DesktopChanged(agent.id, 0))
        await_desktop(turn, agent)
    for contact in turn.state.contacts.values():
        if f"adrift:{contact.id}" in turn.state.wakes:
            turn.wake_in(f"adrift:{contact.id}", timedelta(seconds=10))


def telephony_lost(turn: Turn) -> None:
    if turn.state.telephony_up:
        turn.state.telephony_up = False
        turn.note(facts.TelephonyChanged(False))
        _touch_everyone(turn)


def reconcile(turn: Turn, event: LinesReconciled) -> None:
    """Makes state and telephony agree again."""
    turn.state.telephony_up = True
    turn.note(facts.TelephonyChanged(True))
    _end_missing(turn, {line.line for line in event.lines}, event.restarted)
    ours = f"{turn.state.tenant_id}-"
    for line in event.lines:
        if line.line in turn.centre.lines:
            _same_line(turn, line.line, line.up)
        elif line.number and not line.line.startswith(ours) and line.line not in turn.state.refused_lines:
            call_arrived(turn, CallArrived(line.line, line.number, line.caller, line.caller_name))
        else:
            turn.state.refused_lines.pop(line.line, None)
            turn.do(do.HangUp(line.line))
    for contact in list(turn.state.contacts.values()):
        _say_again(turn, contact, set(event.playback_ids))
    _touch_everyone(turn)
    turn.waiting.extend(turn.centre.matching.waiting_ids())


def _end_missing(turn: Turn, seen: set[str], restarted: bool) -> None:
    """Lines that are gone have ended: the end-customers' first, so that nobody is dialled again for a call that is over."""
    missing = [place for line, place in turn.centre.lines.items() if line not in seen]
    legs = [turn.state.contacts[contact_id].legs[leg_id] for contact_id, leg_id in sorted(missing)]
    for leg in sorted(legs, key=lambda leg: leg.role is not LegRole.END_CUSTOMER):
        line_ended(turn, leg.line, EndCause.TELEPHONY_LOST if restarted else _cause(leg), "gone while away")
    for line in [line for line in turn.state.refused_lines if line not in seen]:
        del turn.state.refused_lines[line]


def _cause(leg: Leg) -> EndCause:
    """Of a line that is gone while telephony itself lives: nobody knows what became of one that we were dialling."""
    if leg.role is LegRole.END_CUSTOMER and (leg.state is LegState.UP or not leg.number):
        return EndCause.END_CUSTOMER_HUNG_UP
    return EndCause.CONNECTION_LOST if leg.state is LegState.UP else EndCause.TELEPHONY_LOST


def _same_line(turn: Turn, line: str, up: bool) -> None:
    contact_id, leg_id = turn.centre.lines[line]
    leg = turn.state.contacts[contact_id].legs[leg_id]
    if leg.leaving:
        turn.do(do.HangUp(line))
    elif up and leg.state is not LegState.UP:
        called_us = leg.role is LegRole.END_CUSTOMER and not leg.number
        if called_us and turn.state.contacts[contact_id].phase is not Phase.DIALLING:
            leg.state = LegState.UP
        else:
            line_answered(turn, line)
    elif not up and leg.state is LegState.UP:
        turn.do(do.AnswerLine(line))


def _say_again(turn: Turn, contact: Contact, playing: set[str]) -> None:
    caller, talk = contact.end_customer_leg(), contact.talk
    if contact.agent_ids and not contact.room:
        turn.do(do.CloseRoom(turn.room_id(contact)))  # it may have been closed while nobody could do it
    if contact.phase is Phase.DIALLING or reaching.is_reaching(contact):
        outgoing.say_again(turn, contact, playing)
    if contact.phase is Phase.ENDED or caller is None or not reaching.is_there(caller):
        return
    if contact.phase is Phase.TALKING:
        other = contact.legs.get(talk.leg_id) if talk else contact.outside_leg()
        if talk and (talk.held_since or talk.adrift_since):
            turn.music(contact, talk.queue_id)
        elif other is not None and not other.leaving:
            turn.set_room(contact, caller, other)
    elif contact.phase in (Phase.WAITING, Phase.OFFERED, Phase.FORWARDING):
        wait = contact.wait
        if wait is None or wait.playback_id not in playing:
            if wait is not None:
                wait.playback_id = ""
            turn.music(contact, wait.queue_id if wait else "")
    elif contact.phase is Phase.SCRIPT:
        if contact.farewell_playback_id and contact.farewell_playback_id not in playing:
            interpreter.farewell_over(turn, contact)
        elif contact.run is not None and contact.run.playback_id not in playing:
            interpreter.replay(turn, contact)


def _touch_everyone(turn: Turn) -> None:
    for agent in turn.state.agents.values():
        if agent.logged_in:
            turn.touch(agent)
