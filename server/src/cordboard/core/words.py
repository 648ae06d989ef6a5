"""The closed sets of words that the whole core speaks (DESIGN §8)."""

from enum import StrEnum


class Word(StrEnum):
    """A word of a closed set. It hashes like the string that it equals, which Enum's own, slower hash does not."""

    __hash__ = str.__hash__


class Channel(Word):
    VOICE = "voice"
    EMAIL = "email"
    CHAT = "chat"


class Direction(Word):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class SeatKind(Word):
    """What a login occupies (FEATURES A2). `channels` says which contacts it may take."""

    VOICE = "voice"
    EMAIL = "email"
    CHAT = "chat"
    MULTIMEDIA = "multimedia"
    DIGITAL = "digital"
    OMNICHANNEL = "omnichannel"

    @property
    def channels(self) -> tuple[Channel, ...]:
        return _SEAT_CHANNELS[self]


_SEAT_CHANNELS: dict[SeatKind, tuple[Channel, ...]] = {
    SeatKind.VOICE: (Channel.VOICE,),
    SeatKind.EMAIL: (Channel.EMAIL,),
    SeatKind.CHAT: (Channel.CHAT,),
    SeatKind.MULTIMEDIA: (Channel.VOICE, Channel.EMAIL),
    SeatKind.DIGITAL: (Channel.EMAIL, Channel.CHAT),
    SeatKind.OMNICHANNEL: (Channel.VOICE, Channel.EMAIL, Channel.CHAT),
}


class AgentState(Word):
    LOGGED_OUT = "logged_out"
    READY = "ready"
    RESERVED = "reserved"
    IN_CONTACT = "in_contact"
    WRAP_UP = "wrap_up"
    WITHDRAWN = "withdrawn"


class PhoneKind(Word):
    """Where an agent's calls reach him (FEATURES B5)."""

    BROWSER = "browser"
    SIP = "sip"
    NUMBER = "number"


class LegRole(Word):
    END_CUSTOMER = "end_customer"
    AGENT = "agent"
    OUTSIDE = "outside"


class LegState(Word):
    DIALLING = "dialling"
    RINGING = "ringing"
    UP = "up"


class EndCause(Word):
    """Why a leg or a contact ended."""

    END_CUSTOMER_HUNG_UP = "end_customer_hung_up"
    AGENT_HUNG_UP = "agent_hung_up"
    OUTSIDE_HUNG_UP = "outside_hung_up"
    SCRIPT_ENDED = "script_ended"
    TRANSFERRED = "transferred"
    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    CONNECTION_LOST = "connection_lost"
    TELEPHONY_LOST = "telephony_lost"
    CLOSED = "closed"
    IDLE = "idle"  # the end-customer has not written for too long
    NORMAL = "normal"
    FAILED = "failed"


class MailKind(Word):
    """What a mail is, by its own words and headers. Only a person's is ever answered automatically."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    CALENDAR = "calendar"
    LOOP = "loop"


class MailThen(Word):
    """What becomes of the contact when its answer has left."""

    CLOSE = "close"
    KEEP = "keep"
    PARK = "park"


class MailOutcome(Word):
    """How the sending of a mail ended."""

    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"


class MailProtocol(Word):
    """How an inbox gets or sends its mail. An inbox without a server of its own is delivered to by SMTP or LMTP."""

    IMAP = "imap"
    POP3 = "pop3"
    SMTP = "smtp"


class MailSecurity(Word):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class MailAfter(Word):
    """What becomes of a mail in its mailbox once it is stored here. By POP3 it can be left or deleted."""

    LEAVE = "leave"
    SEEN = "seen"
    MOVE = "move"
    DELETE = "delete"


class MailStart(Word):
    """What a new inbox begins with: all that lies in its folders, or what arrives from then on."""

    ALL = "all"
    NEW = "new"


class MailSignIn(Word):
    """`OAUTH2`: the secret is a token (XOAUTH2, OAUTHBEARER)."""

    PASSWORD = "password"  # noqa: S105  # the word, not one
    OAUTH2 = "oauth2"
    NONE = "none"


class SystemReason(Word):
    """Withdrawal reasons that the core itself gives, beside those of the configuration."""

    LOGGED_IN = "logged_in"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    PHONE_UNREACHABLE = "phone_unreachable"
    CONNECTION_LOST = "connection_lost"
    PHONE_CHANGED = "phone_changed"
