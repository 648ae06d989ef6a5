"""Packed RTF by the specification's own examples, and any bytes whatever."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordboard.channels.email.understanding import protection, rtf
from tests.channels.email import sealed
from tests.channels.email.wild_protected import RTF, WRAPPED, packed


@pytest.mark.parametrize(
    "data, expected",
    [
        (
            "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
        ),
        ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
    ],
)
def test_the_examples_of_the_specification(data: str, expected: bytes) -> None:
    assert rtf.unpacked(bytes.fromhex(data)) == expected


def test_unpacked_as_it_is() -> None:
    assert rtf.unpacked(b"\x12\0\0\0\x06\0\0\0MELA\0\0\0\0{\\rtf}") == b"{\\rtf}"
    for data in (b"", b"x" * 20):
        with pytest.raises(ValueError):
            rtf.unpacked(data)


PIECES = [b"{", b"}", b"\\", b"\\*", b"\\htmltag1 <b>", b"\\htmlrtf ", b"\\fromhtml1 ", b"\\u-1?", b"\\'e9", b"\\uc9 ",
          b"\\bin9 ", b"\\f1", b"{\\fonttbl{\\f1\\fcharset128 x;}}", b"\\ansicpg99999 ", b"\\u55357?", b"x"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=9), max_size=40).map(b"".join))
def test_any_rtf_is_a_text_that_can_be_stored_when_it_is_clean(data: bytes) -> None:
    text, _ = rtf.read(data)
    text.encode("utf-8", "surrogatepass")
    assert rtf.unpacked(packed(data)) == data


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_cms_is_opened_or_not(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([sealed.signed(), sealed.streamed(), sealed.enveloped()])))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    found = protection.open_cms(bytes(raw))
    assert found is None or found.kind in ("signed", "encrypted", "compressed")


def test_what_is_made_to_cost_is_left() -> None:
    assert protection.open_cms(b"\x30\x80" * 100_000) is None
    assert protection.open_cms(sealed.open_ended(0x30, sealed.SIGNED_DATA, b"\x04\0" * 1_000_000)) is None
    nested = b"{" * 100_000 + b"x"
    assert rtf.read(nested) == ("x", False)
    assert rtf.read(WRAPPED)[1] and not rtf.read(RTF)[1]
