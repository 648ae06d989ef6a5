"""In which ways a chat button lets its agents call."""

from cordboard.core.config import Calls, ChatButton
from cordboard.core.conversation.words import CallWay

_OFFERED = {
    Calls.NONE: (),
    Calls.CALLBACK: (CallWay.CALLBACK,),
    Calls.PAGE: (CallWay.PAGE,),
    Calls.BOTH: (CallWay.PAGE, CallWay.CALLBACK),
}


def ways_of(button: ChatButton) -> tuple[CallWay, ...]:
    return _OFFERED[button.calls]
