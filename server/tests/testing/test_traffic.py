"""The simulated people, as far as they can be known without a telephone network."""

import re
import wave
from pathlib import Path

from cordboard.sounds import FOLDER, LANGUAGES, find_sound
from cordboard.testing.traffic.chance import Chance, character
from cordboard.testing.traffic.exchange import VOICES
from cordboard.testing.traffic.scene import demo_entries


def test_the_same_seed_gives_the_same_people() -> None:
    entries = demo_entries()

    def people(seed: str) -> list[object]:
        chance = Chance(seed)
        return [character(chance, entries, index) for index in range(50)]

    assert people("one") == people("one")
    assert people("one") != people("two")


def test_callers_know_the_numbers_and_the_keys_of_the_demo_centre() -> None:
    entries = {entry.number: entry.keys for entry in demo_entries()}
    assert len(entries) == 3
    assert all(number.startswith("+") for number in entries)
    assert ("1", "2", "3") in entries.values()


def test_every_clip_that_the_simulation_speaks_is_there_in_both_languages() -> None:
    for language in LANGUAGES:
        for name in (
            "caller-1",
            "caller-2",
            "caller-3",
            "caller-4",
            "caller-5",
            "agent-1",
            "agent-2",
            "agent-3",
            "agent-4",
        ):
            assert (VOICES / language / f"{name}.wav").is_file()


def test_every_sentence_is_there_in_both_languages() -> None:
    names = {language: {path.name for path in (FOLDER / language).glob("*.wav")} for language in LANGUAGES}
    assert names["en"] == names["fr"] != set()
    assert (FOLDER / "music/default.wav").is_file()


def test_a_sentence_in_a_language_that_we_do_not_speak_is_english() -> None:
    assert find_sound("goodbye", "fr") == FOLDER / "fr" / "goodbye.wav"
    assert find_sound("goodbye", "de") == FOLDER / "en" / "goodbye.wav"
    assert find_sound("no-such-sentence", "en") is None


def test_the_shipped_sounds_are_what_asterisk_plays_without_resampling() -> None:
    for path in [*Path(FOLDER).rglob("*.wav"), *VOICES.rglob("*.wav")]:
        with wave.open(str(path)) as sound:
            assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2), path


def test_every_prompt_that_the_product_speaks_is_shipped() -> None:
    named = re.compile(r"prompt:([a-z0-9-]+)\"")
    source = FOLDER.parent
    spoken = {
        name
        for folder in ("core", "channels")
        for path in (source / folder).rglob("*.py")
        for name in named.findall(path.read_text(encoding="utf-8"))
    }
    assert spoken
    assert [name for name in sorted(spoken) if find_sound(name, "fr") is None] == []
