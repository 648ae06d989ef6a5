"""Refusals: the expected "no" of the core, as a value. The edge turns the code into a status and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class RefusalCode(StrEnum):
    UNKNOWN_AGENT = "unknown_agent"
    UNKNOWN_CONTACT = "unknown_contact"
    UNKNOWN_QUEUE = "unknown_queue"
    UNKNOWN_REASON = "unknown_reason"
    SEATS_FULL = "seats_full"  # params: seat, subscribed, taken_by
    SEAT_NOT_SUBSCRIBED = "seat_not_subscribed"  # params: seat
    NOT_LOGGED_IN = "not_logged_in"
    NOT_YOUR_CONTACT = "not_your_contact"
    NOT_POSSIBLE_NOW = "not_possible_now"  # params: state
    WRAP_UP_FIRST = "wrap_up_first"
    CLOSING_REASON_REQUIRED = "closing_reason_required"
    PHONE_MISSING = "phone_missing"
    PHONE_UNREACHABLE = "phone_unreachable"
    AGENT_NOT_READY = "agent_not_ready"  # params: agent
    EMERGENCY_NUMBER = "emergency_number"  # params: number
    NUMBER_NOT_ALLOWED = "number_not_allowed"  # params: number
    NUMBER_INVALID = "number_invalid"  # params: number
    NUMBER_NOT_PRESENTABLE = "number_not_presentable"
    ALREADY_TAKEN = "already_taken"
    TELEPHONY_AWAY = "telephony_away"
    CHAT_ENDED = "chat_ended"
    NOBODY_FREE = "nobody_free"
    TOO_LATE_TO_GO_ON = "too_late_to_go_on"
    ANSWERED_BY_EMAIL = "answered_by_email"
    UNKNOWN_STEP = "unknown_step"  # params: step
    CALLS_OFF = "calls_off"
    NO_TELEPHONE_SEAT = "no_telephone_seat"
    IN_A_CALL = "in_a_call"
    CALL_UNDER_WAY = "call_under_way"
    VISITOR_AWAY = "visitor_away"
    UNKNOWN_MESSAGE = "unknown_message"  # params: number
    ANSWER_GONE = "answer_gone"  # it has left, or was never there
    NEWER_MAIL = "newer_mail"
    INSTANT_PAST = "instant_past"
    THREAD_OPEN = "thread_open"  # params: contact
    OPTION_OFF = "option_off"  # params: option
    UNKNOWN_INBOX = "unknown_inbox"  # params: inbox


@dataclass(frozen=True, slots=True)
class Refusal:
    code: RefusalCode
    params: Mapping[str, str] = field(default_factory=dict)
