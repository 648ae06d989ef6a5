"""What the server and the worker write to each other: length, then MessagePack. Standard streams, one answer to each request."""

import struct
from typing import Any

import msgspec

LENGTH = struct.Struct("!I")


class Embed(msgspec.Struct, frozen=True, tag=True):
    texts: list[str]
    questions: bool


class Load(msgspec.Struct, frozen=True, tag=True):
    key: str
    answer_ids: list[str]
    titles: bytes
    texts: bytes


class Use(msgspec.Struct, frozen=True, array_like=True):
    answer_id: str
    question: bytes
    served: float


class Rank(msgspec.Struct, frozen=True, tag=True):
    key: str
    text: str
    language: str
    past: list[Use]


Request = Embed | Load | Rank


class Vectors(msgspec.Struct, frozen=True, tag=True):
    vectors: list[bytes]


class Loaded(msgspec.Struct, frozen=True, tag=True):
    pass


class Unknown(msgspec.Struct, frozen=True, tag=True):
    """That library is not at hand."""


class Ranked(msgspec.Struct, frozen=True, tag=True):
    scores: list[tuple[str, float, float]]


class Failed(msgspec.Struct, frozen=True, tag=True):
    reason: str


Reply = Vectors | Loaded | Unknown | Ranked | Failed

_write = msgspec.msgpack.Encoder().encode
_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


def read_request(body: bytes) -> Request:
    return _requests.decode(body)


def read_reply(body: bytes) -> Reply:
    return _replies.decode(body)


def framed(message: Any) -> bytes:
    body = _write(message)
    return LENGTH.pack(len(body)) + body
