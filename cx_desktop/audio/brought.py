"""From somebody's file to one for the telephone: converted, and by wish trimmed and levelled."""

from typing import NamedTuple

import numpy as np

from cx_desktop.audio.measure import Measures, heard_between, loudness, measured
from cx_desktop.audio.phone import at_line_rate
from cx_desktop.audio.sound import Sound, decibels
from cx_desktop.audio.wave_file import to_wave

#: How loud a prompt is made, in LUFS, as far as its peaks allow.
TARGET, HIGHEST_PEAK = -19.0, -1.5
#: So much of the silence stays at either end, in seconds.
_BREATH = 0.15


class Wishes(NamedTuple):
    """What is done besides converting."""

    is_trimmed: bool = False
    is_levelled: bool = False


class Made(NamedTuple):
    """A file for the telephone, what it measures, and what the file it came from did."""

    wave: bytes
    sound: Sound
    measures: Measures
    source: Measures
    wishes: Wishes


def made_from(source: Sound, wishes: Wishes = Wishes()) -> Made:  # noqa: B008  (a frozen value)
    """Make a sound fit for the telephone. What was cut off in the source stays told."""
    told = measured(source)
    sound = at_line_rate(source)
    if wishes.is_trimmed:
        sound = _trimmed(sound)
    if wishes.is_levelled:
        sound = _levelled(sound)
    measures = measured(sound)._replace(clipped=told.clipped)
    return Made(to_wave(sound), sound, measures, told, wishes)


def _trimmed(sound: Sound) -> Sound:
    first, last = heard_between(sound)
    if first >= last:
        return sound
    breath = int(sound.rate * _BREATH)
    return Sound(sound.samples[max(0, first - breath) : last + breath], sound.rate)


def _levelled(sound: Sound) -> Sound:
    now = loudness(sound)
    if now is None:
        return sound
    peak = decibels(float(np.abs(sound.samples).max(initial=0.0)))
    gain = min(TARGET - now, HIGHEST_PEAK - peak)
    return Sound((sound.samples * 10.0 ** (gain / 20.0)).astype(np.float32), sound.rate)
