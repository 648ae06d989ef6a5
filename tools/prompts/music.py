"""Make the shipped music on hold by synthesis: 16 bars of soft chords, an own composition, no sample used.

Every note is added around the end of the loop to its beginning, so the piece repeats without a gap or click.
Pitches stay between 120 Hz and 3 kHz, which a telephone carries. Needs numpy only.
"""

import numpy as np
from telephone import RATE, SHIPPED, Samples, write

TEMPO = 96
BEAT = 60 / TEMPO
BARS = 16
LEVEL_DB = -21.0
PEAK_DB = -5.0
OVERSAMPLED = RATE * 4

# MIDI notes: bass, then the chord from low to high.
CHORDS = [
    (48, (60, 64, 67, 71, 74)),  # C major 9
    (57, (60, 64, 67, 71, 76)),  # A minor 9
    (53, (60, 65, 69, 72, 76)),  # F major 7
    (55, (59, 62, 67, 69, 74)),  # G 6/9
    (52, (59, 64, 67, 71, 74)),  # E minor 7
    (57, (60, 64, 69, 72, 76)),  # A minor
    (50, (60, 65, 69, 72, 77)),  # D minor 7
    (55, (60, 62, 67, 72, 74)),  # G suspended
]
ARPEGGIO = (0, 2, 3, 4, 3, 2, 1, 2)
MELODY = [  # bar, beat, beats it sounds, note; second half of the piece
    (8, 0, 2, 79), (8, 2, 1.5, 83), (9, 0, 3, 84), (10, 0, 1.5, 81), (10, 1.5, 2, 79), (11, 0, 3, 74),
    (12, 0, 2, 76), (12, 2, 1.5, 79), (13, 0, 3, 81), (14, 0, 1.5, 77), (14, 1.5, 2, 76), (15, 0, 3, 74),
]  # fmt: skip


def frequency(note: int) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def keys(note: int, seconds: float) -> Samples:
    """A soft electric piano: two modulated sines that darken as they fade."""
    t = np.arange(int((seconds + 1.2) * OVERSAMPLED)) / OVERSAMPLED
    f = frequency(note)
    body = np.sin(2 * np.pi * f * t + 0.9 * np.exp(-3 * t) * np.sin(2 * np.pi * f * t))
    bell = 0.15 * np.exp(-6 * t) * np.sin(2 * np.pi * 4 * f * t) if 4 * f < 3_000 else 0
    release = np.clip((seconds + 1.2 - t) / 1.2, 0, 1) ** 2
    return np.asarray((body + bell) * np.exp(-1.3 * t) * release * np.clip(t / 0.012, 0, 1))


def pad(note: int, seconds: float) -> Samples:
    """A slow string-like tone: three slightly detuned voices with two soft overtones."""
    t = np.arange(int((seconds + 1.0) * OVERSAMPLED)) / OVERSAMPLED
    tone = np.zeros(len(t))
    for detune in (-0.0025, 0.0, 0.0025):
        phase = 2 * np.pi * frequency(note) * (1 + detune) * t
        tone += np.sin(phase) + 0.22 * np.sin(2 * phase + 1) + 0.08 * np.sin(3 * phase + 2)
    envelope = np.clip(t / 0.9, 0, 1) * np.clip((seconds + 1.0 - t) / 1.0, 0, 1)
    return np.asarray(tone / 3 * (0.5 - 0.5 * np.cos(np.pi * envelope)))


def piece() -> Samples:
    length = round(BARS * 4 * BEAT * OVERSAMPLED)
    loop = np.zeros(length)

    def add(bar: float, beat: float, sound: Samples, gain: float) -> None:
        start = round((bar * 4 + beat) * BEAT * OVERSAMPLED)
        np.add.at(loop, (start + np.arange(len(sound))) % length, gain * sound)

    for bar in range(BARS):
        bass, chord = CHORDS[bar % len(CHORDS)]
        for note in chord[:4]:
            add(bar, 0, pad(note, 4 * BEAT), 0.10)
        add(bar, 0, keys(bass, 2.5 * BEAT), 0.30)
        add(bar, 2.5, keys(bass, 1.2 * BEAT), 0.20)
        for eighth, step in enumerate(ARPEGGIO):
            add(bar, eighth / 2, keys(chord[step], BEAT), 0.17 if eighth % 4 == 0 else 0.12)
    for bar, beat, beats, note in MELODY:
        add(bar, beat, keys(note, beats * BEAT), 0.22)
    return loop


def telephone(loop: Samples) -> Samples:
    """Band-limited to 120 to 3,600 Hz and decimated in the frequency domain, which treats the loop as the circle it is."""
    spectrum = np.fft.rfft(loop)
    bins = np.fft.rfftfreq(len(loop), 1 / OVERSAMPLED)
    gain = np.clip((bins - 60) / 60, 0, 1) * np.clip((3_700 - bins) / 400, 0, 1)
    short = len(loop) // 4
    return np.asarray(np.fft.irfft((spectrum * gain)[: short // 2 + 1], short) / 4)


def main() -> None:
    loop = telephone(piece())
    loop *= 10 ** (LEVEL_DB / 20) / np.sqrt((loop**2).mean())
    ceiling = 10 ** (PEAK_DB / 20)
    path = SHIPPED / "sounds/music/default.wav"
    write(path, ceiling * np.tanh(loop / ceiling))
    print(f"music/default: {len(loop) / RATE:.1f} s")


if __name__ == "__main__":
    main()
