"""Waiting in a queue: the place, the music and the announcements, the longest wait.

A place counts from `Wait.since` and is kept through offers, transfers that fail, and restarts.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from cordboard.core import commands as do
from cordboard.core import facts
from cordboard.core.agent import exclusion
from cordboard.core.config import Queue
from cordboard.core.contact import Contact, Parked, Phase, Talk, Wait
from cordboard.core.conversation.messages import notice
from cordboard.core.ending import end_contact, end_wait
from cordboard.core.mail.due import due_in_queue
from cordboard.core.mail.facts import ContactStranded
from cordboard.core.matching import needs_of
from cordboard.core.turn import Turn
from cordboard.core.words import Channel, EndCause, LegState

_SPOKEN_POSITIONS = 10


def enter_queue(
    turn: Turn,
    contact: Contact,
    queue: Queue,
    *,
    priority: int = 0,
    needs: Mapping[str, int] | None = None,
    since: datetime | None = None,
    timeout_step: str = "",
    max_wait: timedelta | None = None,
    due: timedelta | None = None,
    due_schedule_id: str = "",
) -> None:
    """The contact takes a place in `queue`: the end, or the one that `since` gives."""
    wait = Wait(
        queue.id,
        since or turn.now,
        queue.priority + contact.priority + priority,
        needs_of(queue, needs or {}),
        tuple(sorted((needs or {}).items())),
        timeout_step,
        turn.now + max_wait if max_wait else None,
    )
    contact.wait = wait
    if contact.thread is not None:
        wait.preferred_agent_id = contact.thread.agent_id
        due_in_queue(turn, contact, queue, due, due_schedule_id)
    elif contact.chat is not None:
        wait.preferred_agent_id = contact.chat.agent_id
    wait_in(turn, contact, queue)


def queue_for(turn: Turn, contact: Contact) -> Queue | None:
    """Without a script: the first queue of the Space that takes this channel."""
    for queue in turn.config.queues.values():
        if queue.channel is contact.channel and queue.space_id == contact.space_id:
            return queue
    return None


def wait_for_agent(turn: Turn, contact: Contact, agent_id: str, from_agent_id: str = "") -> None:
    """The contact is meant for this agent alone (a transfer). If he does not take it, `put_back` decides."""
    wait = contact.wait
    if wait is None:
        wait = contact.wait = Wait("", turn.now, contact.priority, ())
    else:
        turn.centre.matching.remove_waiting(contact.id)
    wait.named_agent_id = agent_id
    wait.from_agent_id = from_agent_id
    contact.phase = Phase.WAITING
    _sound(turn, contact)
    turn.named_offers.append((contact.id, agent_id))


def put_back(turn: Turn, contact: Contact) -> str:
    """After an offer or a transfer that came to nothing: back to its place; without a queue, to who sent it; else over.

    Returns the script step to go on with when the queue is gone from the configuration, else "".
    """
    wait = contact.wait
    assert wait is not None
    queue = turn.queue(wait.queue_id)
    back_to = turn.state.agents.get(wait.from_agent_id)
    wait.named_agent_id = wait.from_agent_id = ""
    if queue is not None:
        wait.needs = needs_of(queue, dict(wait.extra_needs))
        wait_in(turn, contact, queue)
    elif back_to is not None and back_to.logged_in:
        wait_for_agent(turn, contact, back_to.id)
    elif wait.counted:
        return leave_queue(turn, contact)
    else:
        farewell(turn, contact, "prompt:agent-unreachable", EndCause.UNREACHABLE)
    return ""


def leave_queue(turn: Turn, contact: Contact) -> str:
    """The wait is over without an answer: returns the script step to go on with, or says so and ends the contact."""
    wait, leg = contact.wait, contact.end_customer_leg()
    assert wait is not None
    turn.note(facts.WaitTimedOut(contact.id, wait.queue_id, turn.now - wait.since))
    if leg is not None:
        turn.do(do.StopPlayback(leg.line, wait.playback_id) if wait.playback_id else do.StopMusic(leg.line))
    end_wait(turn, contact)
    if wait.timeout_step and contact.run is not None:
        return wait.timeout_step
    farewell(turn, contact, "prompt:dissuaded", EndCause.SCRIPT_ENDED)
    return ""


def place_again(talk: Talk) -> Wait | None:
    """The place in the queue that an answered contact goes back to; its script is over, so nothing of that is left."""
    if talk.place is None:
        return None
    return replace(
        talk.place,
        timeout_step="",
        expires_at=None,
        announced=1,
        counted=False,
        playback_id="",
        from_agent_id="",
        named_agent_id="",
        preferred_agent_id="",
        preferred_until=None,
    )


def farewell(turn: Turn, contact: Contact, sound: str, cause: EndCause) -> None:
    """Says a last sentence, then ends the contact. An email stays: it waits in the Space's queue, or until there is one."""
    if contact.channel is Channel.EMAIL:
        stay(turn, contact)
        return
    leg = contact.end_customer_leg()
    if contact.wait is not None:
        end_wait(turn, contact)
    if contact.chat is not None:
        notice(turn, contact, sound.removeprefix("prompt:").replace("-", "_"))
    if leg is None or leg.state is not LegState.UP:
        end_contact(turn, contact, cause)
        return
    contact.phase = Phase.SCRIPT
    contact.run = None
    contact.farewell_playback_id = turn.play(contact, leg, sound)
    contact.farewell_cause = cause


def stay(turn: Turn, contact: Contact) -> None:
    """An email that has no way on. It is never ended for that."""
    if contact.wait is not None:
        end_wait(turn, contact)
    contact.run = None
    queue = queue_for(turn, contact)
    if queue is not None:
        enter_queue(turn, contact, queue)
        return
    contact.phase = Phase.PARKED
    contact.parked = Parked("", turn.now, None, stranded=True)
    turn.note(ContactStranded(contact.id))
    detail = "no queue of the Space takes it; it waits until one does, or until somebody takes it"
    turn.note(facts.IncidentRaised("contact_stranded", str(contact.id), detail))
    turn.do(do.ReportIncident("contact_stranded", str(contact.id), detail))


def stand(turn: Turn, contact: Contact, queue: Queue) -> None:
    """Puts a waiting contact where it is found by who becomes free: anybody, or first the one who knows its thread."""
    wait = contact.wait
    assert wait is not None
    key = (-wait.priority, wait.since, contact.id)
    if wait.preferred_agent_id and _awaits_preferred(turn, contact, wait, queue):
        turn.centre.matching.remove_waiting(contact.id)
        turn.centre.preferred.setdefault(wait.preferred_agent_id, {})[contact.id] = key
        assert wait.preferred_until is not None
        turn.wake(f"prefer:{contact.id}", wait.preferred_until)
    else:
        prefer_nobody(turn, contact, wait)
        turn.centre.matching.add_waiting(
            contact.id, queue, wait.needs, wait.priority, wait.since, wait.returned_by
        )
    turn.waiting.append(contact.id)


def _awaits_preferred(turn: Turn, contact: Contact, wait: Wait, queue: Queue) -> bool:
    """He must be here. Whether he has room now is seen when all is decided; if not, the contact waits for him a while."""
    agent_id = wait.preferred_agent_id
    agent, profile = turn.state.agents.get(agent_id), turn.config.agents.get(agent_id)
    if agent is None or profile is None or agent.leaving or agent_id in wait.returned_by:
        return False
    if agent.seat is None or contact.channel not in agent.seat.channels:
        return False
    if profile.capacity.get(contact.channel, 0) <= 0:
        return False
    wait.preferred_until = wait.preferred_until or turn.now + queue.preferred_wait
    return wait.preferred_until > turn.now or free_for(turn, agent_id, contact.channel)


def free_for(turn: Turn, agent_id: str, channel: Channel) -> bool:
    """Whether the agent could be offered a contact of this channel now."""
    agent, profile = turn.state.agents.get(agent_id), turn.config.agents.get(agent_id)
    if agent is None or profile is None or channel in profile.pull:
        return False
    return not exclusion(agent, channel, profile.capacity.get(channel, 0), turn.state.telephony_up)


def prefer_nobody(turn: Turn, contact: Contact, wait: Wait) -> None:
    turn.centre.forget_preference(wait.preferred_agent_id, contact.id)
    turn.cancel_wake(f"prefer:{contact.id}")
    wait.preferred_agent_id, wait.preferred_until = "", None


def preference_over(turn: Turn, contact: Contact) -> None:
    """Who knows the thread has not come to it in time: anybody may have it."""
    wait = contact.wait
    queue = turn.queue(wait.queue_id) if wait else None
    if wait is not None and queue is not None and contact.phase is Phase.WAITING:
        prefer_nobody(turn, contact, wait)
        stand(turn, contact, queue)


def release_preferred(turn: Turn, agent_id: str) -> None:
    """He has left: what waited for him waits for anybody."""
    for contact_id in list(turn.centre.preferred.get(agent_id, ())):
        preference_over(turn, turn.state.contacts[contact_id])


def wait_in(turn: Turn, contact: Contact, queue: Queue) -> None:
    wait = contact.wait
    assert wait is not None
    contact.phase = Phase.WAITING
    if wait.expires_at is not None:
        turn.wake(f"expire:{contact.id}", max(wait.expires_at, turn.now))
    stand(turn, contact, queue)
    turn.note(
        facts.ContactQueued(
            contact.id, queue.id, wait.priority, dict(wait.needs), wait.since, again=wait.counted
        )
    )
    wait.counted = True
    _sound(turn, contact)
    if contact.channel is Channel.VOICE and f"announce:{contact.id}" not in turn.state.wakes:
        turn.wake_in(f"announce:{contact.id}", queue.announce_every)


def _sound(turn: Turn, contact: Contact) -> None:
    """Music, after the queue's welcome when this is the first time."""
    leg = contact.end_customer_leg()
    wait = contact.wait
    if leg is None or wait is None:
        return
    turn.answer(contact, leg)
    if wait.playback_id:
        return
    queue = turn.queue(wait.queue_id)
    if queue is not None and queue.welcome_message_id and wait.announced == 0:
        wait.announced = 1
        wait.playback_id = turn.play(contact, leg, f"message:{queue.welcome_message_id}")
    else:
        turn.music(contact, wait.queue_id)


def announce(turn: Turn, contact: Contact) -> None:
    """The time has come to say the position, or a comfort message."""
    wait, leg = contact.wait, contact.end_customer_leg()
    queue = turn.queue(wait.queue_id) if wait else None
    if wait is None or leg is None or queue is None or wait.named_agent_id:
        return
    turn.wake_in(f"announce:{contact.id}", queue.announce_every)
    if wait.playback_id or contact.phase is not Phase.WAITING:
        return
    sounds: list[str] = []
    if queue.announce_position:
        position = turn.centre.matching.position(contact.id)
        sounds.append(
            f"prompt:position-{position}" if position <= _SPOKEN_POSITIONS else "prompt:more-than-ten"
        )
    if queue.comfort_message_ids:
        sounds.append(f"message:{queue.comfort_message_ids[wait.announced % len(queue.comfort_message_ids)]}")
    if sounds:
        wait.announced += 1
        turn.do(do.StopMusic(leg.line))
        wait.playback_id = turn.play(contact, leg, *sounds)


def announcement_ended(turn: Turn, contact: Contact) -> None:
    wait = contact.wait
    if wait is not None:
        wait.playback_id = ""
        if contact.phase in (Phase.WAITING, Phase.OFFERED):
            turn.music(contact, wait.queue_id)
