"""A file of sound as a prompt holds it: what it says of it, and the content it is kept as."""

import hashlib
import wave
from io import BytesIO

from cx_desktop.audio.brought import Made, made_from
from cx_desktop.audio.measure import measured
from cx_desktop.audio.reading import read
from cx_desktop.audio.sound import LINE_RATE
from cx_desktop.domain.prompts import Audio

_DIGITS = 2


def kept_as(content: bytes, name: str = "", text: str = "") -> tuple[bytes, Audio]:
    """The content that a file is kept as, and what a prompt says of it.

    A file that is fit for the telephone stays as it is, byte for byte; any other one is converted.
    Raises ``CXError`` for what is no sound.
    """
    sound = read(content, name)
    made = made_from(sound)
    if is_kept_as_it_is(content):
        made = made._replace(wave=content, sound=sound, measures=measured(sound))
    return made.wave, audio_of(made, name, text, hashlib.sha256(made.wave).hexdigest())


def audio_of(made: Made, name: str, text: str, blob: str) -> Audio:
    """What a prompt says of a sound that was made for it, and whose content has this digest."""
    measures = made.measures
    return Audio(
        blob=blob,
        bytes=len(made.wave),
        seconds=round(measures.seconds, _DIGITS),
        name=name[:200],
        loudness=None if measures.loudness is None else round(measures.loudness, 1),
        peak=round(measures.peak, 1),
        clipped=measures.clipped,
        silent_start=round(measures.silent_start, _DIGITS),
        silent_end=round(measures.silent_end, _DIGITS),
        is_silent=measures.is_silent,
        text=text,
    )


def is_kept_as_it_is(content: bytes) -> bool:
    """Whether a file is one as they are kept: WAV, 8 kHz, one channel, 16 bits."""
    try:
        with wave.open(BytesIO(content)) as file:
            return (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (
                1,
                2,
                LINE_RATE,
            )
    except (wave.Error, EOFError):
        return False
