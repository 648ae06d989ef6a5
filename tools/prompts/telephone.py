"""The form of every shipped sound: mono 16-bit WAV at 8 kHz, which Asterisk plays to G.711 callers without resampling."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

SHIPPED = Path(__file__).resolve().parents[2] / "server/src/cordboard"
RATE = 8_000


def write(path: Path, audio: Samples) -> None:
    """Store samples between -1 and 1."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.round(audio * 32767).astype("<i2").tobytes())
