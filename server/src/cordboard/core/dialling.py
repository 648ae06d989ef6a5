"""What may be dialled: emergency numbers never, the rest by the customer's dial plan (FEATURES C16)."""

from cordboard.core.config import DialPlan
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Normalise


def check_number(plan: DialPlan, typed: str, normalise: Normalise) -> str | Refusal:
    """The E.164 form of what was typed, or why it may not be called."""
    digits = "".join(char for char in typed if char.isdigit())
    number = normalise(typed, plan.country)
    if _is_emergency(plan, digits, number):
        return Refusal(RefusalCode.EMERGENCY_NUMBER, {"number": digits})
    if number is None:
        return Refusal(RefusalCode.NUMBER_INVALID, {"number": typed})
    refused = any(number.startswith(prefix) for prefix in plan.refused_prefixes)
    allowed = any(number.startswith(prefix) for prefix in plan.allowed_prefixes)
    if refused or not allowed:
        return Refusal(RefusalCode.NUMBER_NOT_ALLOWED, {"number": number})
    return number


def _is_emergency(plan: DialPlan, digits: str, number: str | None) -> bool:
    """As dialled, with an outside-line 0 before it, with 00, or dressed up with a country code (+33 112)."""
    stripped = digits.lstrip("0")
    for emergency in plan.emergency_numbers:
        if digits == emergency or stripped == emergency:
            return True
        if digits.endswith(emergency) and len(stripped) <= len(emergency) + 3:
            return True
        if number is not None and number.endswith(emergency) and len(number) <= len(emergency) + 4:
            return True
    return False
