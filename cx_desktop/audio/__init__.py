"""Sound: reading any file, measuring it, making it fit for the telephone. Bytes in, bytes out."""

from cx_desktop.audio.brought import Made, Wishes, made_from
from cx_desktop.audio.measure import Measures, measured
from cx_desktop.audio.phone import as_heard, at_rate
from cx_desktop.audio.reading import MOST_MINUTES, SUFFIXES, read
from cx_desktop.audio.recorded import Facts, Recorded, Shared
from cx_desktop.audio.rendering import Chunk, Manner, Rendering, Voices
from cx_desktop.audio.sound import LINE_RATE, Sound
from cx_desktop.audio.tape import Bytes
from cx_desktop.audio.wave_file import from_pcm, from_wave, pcm, to_wave
from cx_desktop.audio.waveform import BODY, PEAK, Talk, Turn, Waveform, pieces

__all__ = [
    "BODY",
    "LINE_RATE",
    "MOST_MINUTES",
    "PEAK",
    "SUFFIXES",
    "Bytes",
    "Chunk",
    "Facts",
    "Made",
    "Manner",
    "Measures",
    "Recorded",
    "Rendering",
    "Shared",
    "Sound",
    "Talk",
    "Turn",
    "Voices",
    "Waveform",
    "Wishes",
    "as_heard",
    "at_rate",
    "from_pcm",
    "from_wave",
    "made_from",
    "measured",
    "pcm",
    "pieces",
    "read",
    "to_wave",
]
