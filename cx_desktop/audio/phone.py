"""Sound as a caller hears it: the band of a telephone, and eight bits a sample (G.711, A-law)."""

import numpy as np
from numpy.typing import NDArray

from cx_desktop.audio.sound import LINE_RATE, Samples, Sound
from cx_desktop.audio.spectrum import band, below, passed

_BAND = band((200.0, 300.0), (3_400.0, 3_800.0))
_A = 87.6
_STEPS = 127.0


def at_line_rate(sound: Sound) -> Sound:
    """The sound at the rate of a telephone line."""
    return at_rate(sound, LINE_RATE)


def at_rate(sound: Sound, rate: int) -> Sound:
    """The same sound with so many samples a second."""
    if sound.rate == rate:
        return sound
    made = passed(sound, below(min(sound.rate, rate) / 2), rate)
    return Sound(np.clip(made.samples, -1.0, 1.0), rate)


def as_heard(sound: Sound) -> Sound:
    """The sound as it comes out of a receiver."""
    line = passed(at_line_rate(sound), _BAND)
    return Sound(_through_eight_bits(line.samples), LINE_RATE)


def _through_eight_bits(samples: Samples) -> Samples:
    """Squeezed by the A-law, rounded to its steps, and stretched again."""
    pressed = _pressed(np.clip(samples, -1.0, 1.0).astype(np.float64))
    kept = np.round(np.abs(pressed) * _STEPS) / _STEPS
    return (np.sign(pressed) * _stretched(kept)).astype(np.float32)


def _pressed(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    size = np.abs(samples) * _A
    low = size / (1.0 + np.log(_A))
    high = (1.0 + np.log(np.maximum(size, 1.0))) / (1.0 + np.log(_A))
    pressed: NDArray[np.float64] = np.sign(samples) * np.where(size < 1.0, low, high)
    return pressed


def _stretched(size: NDArray[np.float64]) -> NDArray[np.float64]:
    wide = size * (1.0 + np.log(_A))
    stretched: NDArray[np.float64] = np.where(wide < 1.0, wide, np.exp(wide - 1.0)) / _A
    return stretched
