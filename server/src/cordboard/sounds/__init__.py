"""The audio that ships with the product: mono 16-bit WAV at 8 kHz.

`<language>/<name>.wav` are the sentences of `tools/prompts/catalogue.yaml`; `music/<class>.wav` loops while a caller waits.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
LANGUAGES = ("en", "fr")
FALLBACK_LANGUAGE = "en"


def find_sound(name: str, language: str) -> Path | None:
    """The file of a shipped sentence in `language`, else in English; None when there is no such sentence."""
    for spoken in (language, FALLBACK_LANGUAGE):
        path = FOLDER / spoken / f"{name}.wav"
        if path.is_file():
            return path
    return None
