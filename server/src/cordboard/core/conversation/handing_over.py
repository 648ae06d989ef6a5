"""An agent hands his chat back to its script: to a bot, or to any step that the script offers to agents.

What was written goes with it, the agent is free as after any transfer, and when people are needed again it goes to him first.
"""

from cordboard.core import facts
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation.messages import chat_of, notice
from cordboard.core.ending import end_talk
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.script.interpreter import start_script
from cordboard.core.script.steps import Script
from cordboard.core.turn import Turn

PREFIX = "step:"


def script_of(config: TenantConfig, entry_point_id: str) -> Script | None:
    entry_point = config.entry_points.get(entry_point_id)
    return config.scripts.get(entry_point.script_id) if entry_point else None


def hand_to_script(turn: Turn, contact: Contact, agent_id: str, to: str) -> Refusal | None:
    """`to`: `step:<id>`, one of the script's `hand_to`."""
    talk, step_id = contact.talk, to.removeprefix(PREFIX)
    if contact.phase is not Phase.TALKING or talk is None or talk.agent_id != agent_id:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": contact.phase.value})
    script = script_of(turn.config, contact.entry_point_id)
    if contact.chat is None or script is None or step_id not in script.hand_to:
        return Refusal(RefusalCode.UNKNOWN_STEP, {"step": step_id})
    turn.note(facts.ContactTransferred(contact.id, agent_id, to))
    notice(turn, contact, "handed_to_script", agent_id)
    chat_of(contact).agent_id = agent_id
    end_talk(turn, contact)
    start_script(turn, contact, script, step_id)
    return None
