"""Sound: reading any file, measuring it, making it fit for the telephone. Bytes in, bytes out."""

from cx_desktop.audio.brought import Made, Wishes, made_from
from cx_desktop.audio.measure import Measures, measured
from cx_desktop.audio.phone import as_heard, at_rate
from cx_desktop.audio.reading import MOST_MINUTES, SUFFIXES, read
from cx_desktop.audio.sound import LINE_RATE, Sound
from cx_desktop.audio.wave_file import from_pcm, from_wave, pcm, to_wave

__all__ = [
    "LINE_RATE",
    "MOST_MINUTES",
    "SUFFIXES",
    "Made",
    "Measures",
    "Sound",
    "Wishes",
    "as_heard",
    "at_rate",
    "from_pcm",
    "from_wave",
    "made_from",
    "measured",
    "pcm",
    "read",
    "to_wave",
]
