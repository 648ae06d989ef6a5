"""What goes over ARI's WebSocket, as far as this adapter reads it. Fields that we do not use are left out."""

import msgspec


class Caller(msgspec.Struct, frozen=True):
    name: str = ""
    number: str = ""


class Dialplan(msgspec.Struct, frozen=True):
    context: str = ""
    exten: str = ""
    app_name: str = ""
    app_data: str = ""


class AriChannel(msgspec.Struct, frozen=True):
    """One party's connection: what this product calls a line. `state`: Down, Ring, Ringing, Up, Busy …"""

    id: str
    name: str = ""
    state: str = ""
    caller: Caller = Caller()
    dialplan: Dialplan = Dialplan()
    accountcode: str = ""


class Bridge(msgspec.Struct, frozen=True):
    id: str
    channels: tuple[str, ...] = ()
    name: str = ""
    bridge_type: str = ""


class AriPlayback(msgspec.Struct, frozen=True):
    """`target_uri` is "channel:<id>" or "bridge:<id>"."""

    id: str
    target_uri: str = ""
    state: str = ""
    media_uri: str = ""


class AriEndpoint(msgspec.Struct, frozen=True):
    """`state`: online, offline, unknown."""

    technology: str = ""
    resource: str = ""
    state: str = ""


class ContactInfo(msgspec.Struct, frozen=True):
    """`contact_status`: Reachable, Unreachable, NonQualified, Removed …"""

    uri: str = ""
    aor: str = ""
    contact_status: str = ""


class Application(msgspec.Struct, frozen=True):
    name: str
    channel_ids: tuple[str, ...] = ()
    bridge_ids: tuple[str, ...] = ()


class ConfigTuple(msgspec.Struct, frozen=True):
    attribute: str
    value: str


class Message(msgspec.Struct, frozen=True):
    """One message from Asterisk: an event, or (`type` RESTResponse) the answer to a request of ours."""

    type: str
    # answers
    request_id: str = ""
    status_code: int = 0
    reason_phrase: str = ""
    message_body: str = ""
    # events
    application: str = ""
    args: tuple[str, ...] = ()
    channel: AriChannel | None = None
    cause: int = 0
    cause_txt: str = ""
    digit: str = ""
    playback: AriPlayback | None = None
    endpoint: AriEndpoint | None = None
    contact_info: ContactInfo | None = None


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """One REST request. `uri` has no leading slash and may carry a query; `message_body` is JSON text."""

    request_id: str
    method: str
    uri: str
    content_type: str = ""
    message_body: str = ""
    type: str = msgspec.field(default_factory=lambda: "RESTRequest")


decode_message = msgspec.json.Decoder(Message).decode
decode_channels = msgspec.json.Decoder(list[AriChannel]).decode
decode_bridges = msgspec.json.Decoder(list[Bridge]).decode
decode_application = msgspec.json.Decoder(Application).decode
decode_endpoints = msgspec.json.Decoder(list[AriEndpoint]).decode
decode_config = msgspec.json.Decoder(list[ConfigTuple]).decode
encode = msgspec.json.Encoder().encode
