"""What travels over HTTP about seats and phones."""

from pydantic import BaseModel, Field

from cordboard.core.words import PhoneKind, SeatKind


class PhoneWanted(BaseModel):
    """`address`: the telephone number for `number`; nothing for the others."""

    kind: PhoneKind
    address: str = Field("", max_length=64)


class SeatWanted(BaseModel):
    seat: SeatKind
    phone: PhoneWanted | None = None


class IceServerOfBrowser(BaseModel):
    """A STUN or TURN server, as RTCPeerConnection wants it."""

    urls: list[str]
    username: str = ""
    credential: str = ""


class SipOfBrowser(BaseModel):
    """What the softphone in the page registers with."""

    websocket_path: str = "/sip"
    uri: str
    username: str
    password: str
    ice_servers: list[IceServerOfBrowser] = Field(default_factory=list)


class SipAccount(BaseModel):
    """What a person types into a SIP telephone."""

    server: str
    port: int
    username: str
    password: str


class PhoneChosen(BaseModel):
    kind: PhoneKind
    address: str


class SeatHeld(BaseModel):
    agent_id: str
    seat: SeatKind
    phone: PhoneChosen | None
    sip: SipOfBrowser | None
    sip_account: SipAccount | None
