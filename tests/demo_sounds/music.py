"""Music for those who wait: four chords on soft bells, synthesised, so it is nobody else's."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

_BEAT = 0.36
#: C, A minor, F, G: each as eight notes of an arpeggio, in half tones above the A of 220 Hz.
_CHORDS = (
    (3, 7, 10, 15, 19, 15, 10, 7),
    (0, 3, 7, 12, 15, 12, 7, 3),
    (-4, 0, 3, 8, 12, 8, 3, 0),
    (-2, 2, 5, 10, 14, 10, 5, 2),
)
_A = 220.0
_OVERTONES = ((1, 1.0), (2, 0.35), (3, 0.12), (4.2, 0.05))


def music(seconds: float, rate: int) -> Samples:
    """So many seconds of it, faded in and out."""
    count = int(seconds * rate)
    sound = np.zeros(count + 2 * rate, np.float64)
    notes = [note for chord in _CHORDS for note in chord]
    for place in range(int(seconds / _BEAT)):
        bell = _bell(_A * 2 ** (notes[place % len(notes)] / 12), rate)
        start = int(place * _BEAT * rate)
        sound[start : start + len(bell)] += bell[: len(sound) - start]
    sound = sound[:count] / max(1e-9, np.abs(sound).max()) * 0.35
    ramp = np.minimum(1.0, np.arange(count) / (0.4 * rate))
    faded: Samples = (sound * ramp * ramp[::-1]).astype(np.float32)
    return faded


def _bell(hertz: float, rate: int) -> NDArray[np.float64]:
    time = np.arange(int(1.6 * rate)) / rate
    tone = sum(
        share * np.sin(2 * np.pi * hertz * times * time) * np.exp(-time * (2.2 + times))
        for times, share in _OVERTONES
    )
    struck: NDArray[np.float64] = tone * np.minimum(1.0, time / 0.006)
    return struck
