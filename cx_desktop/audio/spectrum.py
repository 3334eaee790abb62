"""What is done to a sound by its frequencies: in windows that overlap, so of any length at once.

Each window fades in and out and the windows add up to one, so that what is linear may be done to
each of them apart; what a filter smears over a window's ends is next to silence.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cx_desktop.audio.sound import Samples, Sound

Curve: TypeAlias = NDArray[np.float64]
Response: TypeAlias = Callable[[Curve], Curve]
"""How much of each frequency (in hertz) passes."""


def passed(sound: Sound, response: Response, rate: int | None = None) -> Sound:
    """The sound through a filter without delay, at another rate if one is named."""
    source, target = sound.rate, rate or sound.rate
    length = -(-len(sound.samples) * target // source)
    windows = len(sound.samples) // source + 2
    padded = np.zeros((windows + 1) * source, np.float32)
    padded[source : source + len(sound.samples)] = sound.samples
    made = np.zeros((windows + 1) * target, np.float64)
    fade = np.hanning(2 * source + 1)[:-1]
    bins = min(source, target) + 1  # windows last two seconds: half a hertz a bin
    gain = response(np.arange(bins) / 2.0) * (target / source)
    for at in range(windows):
        window = padded[at * source : (at + 2) * source]
        if window.any():
            spectrum = np.fft.rfft(window * fade)[:bins] * gain
            made[at * target : (at + 2) * target] += np.fft.irfft(spectrum, 2 * target)
    return Sound(_one_second_later(made, target, length), target)


def _one_second_later(made: Curve, rate: int, length: int) -> Samples:
    return made[rate : rate + length].astype(np.float32)


def band(low: tuple[float, float], high: tuple[float, float]) -> Response:
    """From silence to sound between the two of ``low``, and back between the two of ``high``."""

    def response(hertz: Curve) -> Curve:
        rises = np.clip((hertz - low[0]) / max(low[1] - low[0], 1e-9), 0.0, 1.0)
        falls = np.clip((high[1] - hertz) / max(high[1] - high[0], 1e-9), 0.0, 1.0)
        curve: Curve = np.sin(rises * np.pi / 2) ** 2 * np.sin(falls * np.pi / 2) ** 2
        return curve

    return response


def below(edge: float) -> Response:
    """Everything below a frequency, with a slope before it."""
    return band((-2.0, -1.0), (edge * 0.9, edge))
