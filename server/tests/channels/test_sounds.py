"""Which files are played, and what is said when there is none."""

from pathlib import Path

import pytest

from cordboard.channels.asterisk.lines import contact_key_of, previous_playbacks
from cordboard.channels.asterisk.sounds import SoundLibrary
from cordboard.core.config import Message, TenantConfig


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    for name in (
        "en/welcome.wav",
        "en/message-missing.wav",
        "fr/message-missing.wav",
        "en/only.wav",
        "fr/only.wav",
    ):
        (shipped / name).parent.mkdir(parents=True, exist_ok=True)
        (shipped / name).touch()
    (own / "en").mkdir(parents=True)
    (own / "en" / "welcome.ulaw").touch()
    return own, shipped


CONFIG = TenantConfig(
    1,
    "Acme",
    "fr",
    "Europe/Paris",
    messages={
        "hello": Message("hello", "Hello", "s", {"en": "en/welcome", "fr": "fr/welcome"}),
        "english": Message("english", "English", "s", {"en": "en/only"}),
        "nothing": Message("nothing", "Nothing", "s", {"en": "../../etc/passwd"}),
    },
)


def test_what_is_played(folders: tuple[Path, Path]) -> None:
    own, shipped = folders
    library = SoundLibrary([own, shipped])

    def media(*sounds: str, language: str = "en") -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = library.media_of(sounds, language, CONFIG)
        return found.uris, found.missing

    assert media("message:hello", "tone:ring") == ((f"sound:{own}/en/welcome", "tone:ring"), ())
    assert media("prompt:only", language="fr") == ((f"sound:{shipped}/fr/only",), ())
    assert media("message:english", language="fr") == ((f"sound:{shipped}/en/only",), ())
    assert media("prompt:gone", language="es") == ((f"sound:{shipped}/fr/message-missing",), ("prompt:gone",))
    assert media("message:nothing") == ((f"sound:{shipped}/en/message-missing",), ("message:nothing",))
    assert media("message:unknown") == ((f"sound:{shipped}/en/message-missing",), ("message:unknown",))


def test_nothing_at_all(tmp_path: Path) -> None:
    found = SoundLibrary([tmp_path]).media_of(("prompt:x",), "en", None)
    assert (found.uris, found.missing) == ((), ("prompt:x",))


def test_names_tell_their_contact() -> None:
    assert (
        contact_key_of("acme-4711.2")
        == contact_key_of("acme-4711.p3")
        == contact_key_of("acme-4711")
        == "acme-4711"
    )
    assert previous_playbacks("acme-12.p3") == ["acme-12.p2", "acme-12.p1"]
    assert previous_playbacks("acme-12.p1") == previous_playbacks("acme-7.refused") == []
