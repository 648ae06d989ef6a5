"""The figures of web chats (FEATURES E6) beside those that all channels have."""

from cordboard.core.statistics.formulas import Figure, Unit, count_of, mean_of, part_of, share_of
from cordboard.core.statistics.items import Measure
from cordboard.core.statistics.totals import Sums
from cordboard.core.words import Channel

_CHAT = (Channel.CHAT,)


def _concurrency(sums: Sums) -> float | None:
    at_least_one = part_of(sums, Measure.CHATTING).seconds
    return part_of(sums, Measure.CHATTED).seconds / at_least_one if at_least_one else None


CHAT_FIGURES = (
    Figure(
        "chat_first_response",
        "First response in chats",
        Unit.SECONDS,
        "Mean time from the arrival of a chat to the first message of an agent.",
        (Measure.FIRST_RESPONSE,),
        mean_of(Measure.FIRST_RESPONSE),
        channels=_CHAT,
    ),
    Figure(
        "chat_response_time",
        "Response time in chats",
        Unit.SECONDS,
        "Mean time that the end-customer's oldest unanswered message waited for an agent's answer, from the agent's taking of the "
        "chat on at the earliest.",
        (Measure.RESPONSE,),
        mean_of(Measure.RESPONSE),
        channels=_CHAT,
    ),
    Figure(
        "chat_concurrency",
        "Chats at once",
        Unit.NUMBER,
        "Time of the chats in agents' hands, each counted, divided by the time in which they had at least one. Chats that have "
        "ended count.",
        (Measure.CHATTED,),
        _concurrency,
        of_queues=False,
        of_spaces=False,
        of_hours=False,
        channels=_CHAT,
    ),
    Figure(
        "chat_invitations",
        "Invitations",
        Unit.COUNT,
        "Visitors whom a dynamic button has invited, each with an agent's place kept for him.",
        (Measure.INVITED,),
        count_of(Measure.INVITED),
        channels=_CHAT,
    ),
    Figure(
        "chat_invitation_acceptance",
        "Invitations accepted",
        Unit.SHARE,
        "Accepted invitations divided by all that were made.",
        (Measure.INVITED, Measure.INVITATION_ACCEPTED),
        share_of(Measure.INVITATION_ACCEPTED, Measure.INVITED),
        channels=_CHAT,
    ),
    Figure(
        "chat_rating",
        "Rating of chats",
        Unit.NUMBER,
        "Mean score of the surveys after chats, from 1 to 5.",
        (Measure.RATED,),
        mean_of(Measure.RATED),
        of_agents=False,
        of_queues=False,
        channels=_CHAT,
    ),
)
