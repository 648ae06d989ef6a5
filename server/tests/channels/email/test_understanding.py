"""Mails that are not in order: what must come out of each."""

import pytest

from cordboard.channels.email.understanding import (
    Limits,
    NotUnderstood,
    Understood,
    may_be_answered_automatically,
    understand,
)
from tests.channels.email.wild import Case
from tests.channels.email.wild_bodies import BODIES
from tests.channels.email.wild_headers import HEADERS
from tests.channels.email.wild_kinds import KINDS
from tests.channels.email.wild_protected import PROTECTED

CASES = [*HEADERS, *BODIES, *KINDS, *PROTECTED]


def value_of(mail: Understood, name: str) -> object:
    """A field, or what the cases say in short of the attachments."""
    match name:
        case "parts":
            return [(part.name, part.media_type, part.warning) for part in mail.attachments]
        case "inline":
            return [part.inline_id for part in mail.attachments]
        case "attached_text":
            return mail.attachments[0].text
        case "may":
            return may_be_answered_automatically(mail).reason
        case _:
            return getattr(mail, name)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_comes_out_as_a_person_would_read_it(case: Case) -> None:
    mail = understand(case.raw, languages=("en", "fr"), default_language="en")
    for name, value in case.expected.items():
        assert value_of(mail, name) == value, name
    assert frozenset(mail.repaired) == case.repaired


def test_the_names_of_the_cases_differ() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("raw", [b"", b"\r\n \r\n", b"\0\0\0"])
def test_nothing_is_not_understood(raw: bytes) -> None:
    with pytest.raises(NotUnderstood, match="empty"):
        understand(raw)


def test_what_is_too_large_is_not_understood() -> None:
    with pytest.raises(NotUnderstood, match="MB"):
        understand(b"Subject: x\r\n\r\n" + b"x" * 100, limits=Limits(size=50))
