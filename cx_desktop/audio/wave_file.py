"""WAV with 16 bits a sample: how a prompt is kept, and the same bytes for the same sound."""

import wave
from io import BytesIO

import numpy as np

from cx_desktop.audio.sound import Sound
from cx_desktop.domain.errors import CXError

_FULL = 32_767


def pcm(sound: Sound) -> bytes:
    """The samples as 16-bit numbers, lowest byte first."""
    return np.round(np.clip(sound.samples, -1.0, 1.0) * _FULL).astype("<i2").tobytes()


def to_wave(sound: Sound) -> bytes:
    """The sound as a file."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(pcm(sound))
    return out.getvalue()


def from_wave(data: bytes) -> Sound:
    """The sound of such a file; raises ``CXError`` for another."""
    try:
        with wave.open(BytesIO(data)) as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise CXError("problem.audio-unreadable")
            return from_pcm(file.readframes(file.getnframes()), file.getframerate())
    except (wave.Error, EOFError) as error:
        raise CXError("problem.audio-unreadable") from error


def from_pcm(frames: bytes, rate: int, channels: int = 1) -> Sound:
    """16-bit samples as sound, their channels mixed."""
    whole = frames[: len(frames) // (2 * channels) * 2 * channels]
    samples = np.frombuffer(whole, "<i2").reshape(-1, channels).mean(axis=1) / _FULL
    return Sound(samples.astype(np.float32), rate)
