"""Sounds of recordings made for tests: two speakers whose tones tell them apart."""

import io
from collections.abc import Callable

import numpy as np
import soundfile  # type: ignore[import-untyped]  # the wheel carries no types

from cx_desktop.audio.sound import Samples
from cx_desktop.domain.errors import CXError

AGENT_HERTZ, CALLER_HERTZ = 440.0, 700.0
RATE = 8_000
#: The formats that recordings come in: name → container, coding, channels.
FORMATS: dict[str, tuple[str, str, int]] = {
    "pcm": ("WAV", "PCM_16", 2),
    "a-law": ("WAV", "ALAW", 2),
    "mu-law": ("WAV", "ULAW", 2),
    "mp3": ("MP3", "MPEG_LAYER_III", 2),
    "opus": ("OGG", "OPUS", 2),
    "gsm": ("WAV", "GSM610", 1),
    "bare gsm": ("RAW", "GSM610", 1),
}


def tones(seconds: float, *, rate: int = RATE, agent: float = AGENT_HERTZ) -> Samples:
    """The agent's tone on the left and the caller's on the right, both all the time."""
    at = np.arange(round(seconds * rate)) / rate
    both = [np.sin(2 * np.pi * hertz * at) * 0.3 for hertz in (agent, CALLER_HERTZ)]
    return np.stack(both, axis=1).astype(np.float32)


def dialogue(turns: list[tuple[int, float, float]], seconds: float, *, rate: int = RATE) -> Samples:
    """Silence, but for each turn the tone of its speaker (0 or 1) from a second to another."""
    both = tones(seconds, rate=rate)
    speaks = np.zeros(both.shape, bool)
    for side, start, end in turns:
        speaks[round(start * rate) : round(end * rate), side] = True
    return np.where(speaks, both, 0).astype(np.float32)


def as_file(samples: Samples, name: str = "pcm", *, rate: int = RATE) -> bytes:
    """The sound in one of ``FORMATS``."""
    container, coding, channels = FORMATS[name]
    content = samples if channels > 1 else samples[:, :1]
    out = io.BytesIO()
    soundfile.write(out, content, rate, format=container, subtype=coding)
    return out.getvalue()


class Held:
    """A source of sound in memory, which counts what is read of it and fails when told to."""

    def __init__(self, content: bytes, *, fails: Callable[[int], bool] = lambda _offset: False):
        self._content = content
        self._fails = fails
        self.size = len(content)
        self.bytes_read = 0
        self.is_closed = False
        self.is_retryable = True

    def read_at(self, offset: int, count: int) -> bytes:
        if self._fails(offset):
            raise CXError("problem.unreachable", retryable=self.is_retryable, host="cx.example")
        part = self._content[offset : offset + count]
        self.bytes_read += len(part)
        return part

    def close(self) -> None:
        self.is_closed = True
