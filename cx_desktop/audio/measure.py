"""What there is to say about a sound before anybody hears it.

Loudness is that of ITU-R BS.1770-4 for one channel, with its two gates; the filter is applied to
the spectrum of each block instead of the samples, which differs by less than a tenth of a decibel.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cx_desktop.audio.sound import Samples, Sound, decibels

#: What is quieter than this is silence on a telephone line.
SILENCE = -50.0
_CLIP = 0.999
#: So many samples at full scale in a row were cut off there.
_CLIP_RUN = 3
_BLOCK, _HOP = 0.4, 0.1
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_OFFSET = -0.691
_LOOK = 0.02


class Measures(NamedTuple):
    """What was measured; ``loudness`` is absent where nothing is heard."""

    seconds: float
    rate: int
    loudness: float | None
    peak: float
    clipped: int
    silent_start: float
    silent_end: float

    @property
    def is_silent(self) -> bool:
        """Whether nothing at all is heard."""
        return self.loudness is None


def measured(sound: Sound) -> Measures:
    """Measure a sound."""
    first, last = heard_between(sound)
    is_silent = first >= last
    return Measures(
        seconds=sound.seconds,
        rate=sound.rate,
        loudness=None if is_silent else loudness(sound),
        peak=decibels(float(np.abs(sound.samples).max(initial=0.0))),
        clipped=_clipped(sound.samples),
        silent_start=first / sound.rate,
        silent_end=(len(sound.samples) - last) / sound.rate,
    )


def heard_between(sound: Sound) -> tuple[int, int]:
    """The first sample that is heard, and the one after the last; equal where none is."""
    step = max(1, int(sound.rate * _LOOK))
    padded = np.pad(sound.samples, (0, -len(sound.samples) % step))
    power = np.sqrt(np.mean(np.square(padded.reshape(-1, step), dtype=np.float64), axis=1))
    heard = np.flatnonzero(power > 10.0 ** (SILENCE / 20.0))
    if not len(heard):
        return 0, 0
    return int(heard[0]) * step, min((int(heard[-1]) + 1) * step, len(sound.samples))


def loudness(sound: Sound) -> float | None:
    """The loudness of a sound in LUFS; none for what stays under the gates."""
    block = int(sound.rate * _BLOCK)
    samples = np.pad(sound.samples, (0, max(0, block - len(sound.samples))))
    starts = np.arange(0, len(samples) - block + 1, max(1, int(sound.rate * _HOP)))
    weight = _weight(np.arange(block // 2 + 1, dtype=np.float64) * (sound.rate / block))
    powers = np.array([_power(samples[at : at + block], weight) for at in starts])
    for gate in (_ABSOLUTE_GATE, None):
        edge = gate if gate is not None else _lufs(float(powers.mean())) + _RELATIVE_GATE
        powers = powers[powers > 10.0 ** ((edge - _OFFSET) / 10.0)]
        if not len(powers):
            return None
    return _lufs(float(powers.mean()))


def _lufs(power: float) -> float:
    return _OFFSET + 10.0 * float(np.log10(max(power, 1e-12)))


def _power(block: Samples, weight: NDArray[np.float64]) -> float:
    """The mean square of a block behind the filter, by Parseval from its half spectrum."""
    spectrum = np.square(np.abs(np.fft.rfft(block))) * weight
    twice = 2.0 * spectrum.sum() - spectrum[0] - (spectrum[-1] if len(block) % 2 == 0 else 0.0)
    return float(twice) / len(block) ** 2


def _weight(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much power of each frequency counts (BS.1770: a shelf for the head, then RLB)."""
    z = np.exp(-2j * np.pi * np.minimum(hertz, 23_999.0) / 48_000.0)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1.0 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high = (1.0 - 2.0 * z + z**2) / (1.0 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    weight: NDArray[np.float64] = np.square(np.abs(shelf * high))
    return weight


def _clipped(samples: Samples) -> int:
    """How often several samples in a row stand at full scale."""
    full = np.abs(samples) >= _CLIP
    edges = np.diff(np.concatenate(([0], full.view(np.int8), [0])))
    runs = np.flatnonzero(edges < 0) - np.flatnonzero(edges > 0)
    return int((runs >= _CLIP_RUN).sum())
