"""From what the core wants to be heard to media that Asterisk can play, and what of it is missing.

Sounds are files in `<folder>/<language>/<name>.<type>`; a message names its sound for each language. A sound that has
no file is spoken by the next best: the message in the customer's own language, then the shipped fall-back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cordboard.core.config import TenantConfig

FILE_TYPES = ("wav", "ulaw", "alaw", "sln16", "wav16", "g722")
FALL_BACK = "message-missing"
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Media:
    """`uris` in ARI's form; `missing` are the sounds (as the core named them) for which a fall-back is spoken."""

    uris: tuple[str, ...]
    missing: tuple[str, ...] = ()


class SoundLibrary:
    """Finds sound files in folders, the first folder that has one wins. Files may come and go at any time."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folder.resolve() for folder in folders)

    def media_of(self, sounds: Sequence[str], language: str, config: TenantConfig | None) -> Media:
        """The media of `sounds`, one after the other. A sound without any file is left out, but is in `missing`."""
        uris: list[str] = []
        missing: list[str] = []
        for sound in sounds:
            kind, _, name = sound.partition(":")
            if kind == "tone":
                uris.append(sound)
                continue
            own = config.language if config is not None else DEFAULT_LANGUAGE
            languages = _unique(language, own, DEFAULT_LANGUAGE)
            found = (
                self._find_message(name, languages, config)
                if kind == "message"
                else self._find(name, languages)
            )
            if found is None:
                missing.append(sound)
                found = self._find(FALL_BACK, languages)
            if found is not None:
                uris.append(f"sound:{found}")
        return Media(tuple(uris), tuple(missing))

    def _find_message(
        self, message_id: str, languages: Sequence[str], config: TenantConfig | None
    ) -> Path | None:
        message = config.messages.get(message_id) if config is not None else None
        if message is None:
            return None
        for language in (*languages, *message.sounds):
            name = message.sounds.get(language)
            found = self._file(name) if name else None
            if found is not None:
                return found
        return None

    def _find(self, name: str, languages: Sequence[str]) -> Path | None:
        for language in languages:
            found = self._file(f"{language}/{name}")
            if found is not None:
                return found
        return None

    def _file(self, name: str) -> Path | None:
        """The file's path without its type, as Asterisk wants it. Names can not lead out of the folders."""
        for folder in self._folders:
            path = folder / name
            if ".." in path.parts or "," in name:
                return None
            if any(path.with_name(f"{path.name}.{kind}").is_file() for kind in FILE_TYPES):
                return path
        return None


def _unique(*words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
