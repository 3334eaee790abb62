"""From a recording to what a loudspeaker takes: as fast, from whom and from where it is wanted."""

from collections import deque
from enum import Enum
from typing import NamedTuple

import numpy as np

from cx_desktop.audio.recorded import Recorded
from cx_desktop.audio.resample import Resample
from cx_desktop.audio.sound import Samples
from cx_desktop.audio.stretch import Stretch

#: So much of the source is taken at once, in seconds.
_TAKEN = 0.25
_FULL = 32_767
#: What is softer than this for longer than ``_KEPT`` is silence that may be skipped, but for a
#: moment before somebody speaks: a soft consonant may begin there.
_SILENCE = 10 ** (-45 / 20)
_LOOK = 0.02
_KEPT, _BEFORE = 0.25, 0.06


class Voices(Enum):
    """Who is heard, in both ears; ``apart`` leaves each speaker an ear."""

    BOTH = "both"
    AGENT = "agent"
    CALLER = "caller"
    APART = "apart"


class Manner(NamedTuple):
    """How somebody listens."""

    speed: float = 1.0
    skips_silence: bool = False
    voices: Voices = Voices.BOTH
    loop: tuple[float, float] | None = None


class Chunk(NamedTuple):
    """A piece of sound for two ears, 16 bits a sample, and which second of the source it is."""

    frames: bytes
    at: float


class Rendering:
    """Gives a recording out from a place on, piece by piece."""

    def __init__(self, sound: Recorded, manner: Manner, at: float, rate: int) -> None:
        self._sound = sound
        self._manner = manner
        self._rate = sound.facts.rate
        self._place = max(0, round(at * self._rate))
        self._is_over = False
        self._quiet = 0
        self._dropped: deque[Samples] = deque(maxlen=round(_BEFORE / _LOOK))
        speed = manner.speed
        self._stretch = Stretch(self._rate, 2, speed) if speed != 1.0 else None
        self._resample = Resample(self._rate, rate) if rate != self._rate else None
        self._fed: list[tuple[int, int]] = []
        self._fed_count = 0

    def next(self) -> Chunk | None:
        """The next piece; none at the end."""
        while not self._is_over:
            place, samples = self._taken()
            kept = self._two_ears(self._kept(samples))
            chunk = self._made(place, kept)
            if chunk is not None:
                return chunk
        return None

    def _taken(self) -> tuple[int, Samples]:
        """What comes next of the source, and from where."""
        loop = self._manner.loop
        end = round(loop[1] * self._rate) if loop is not None else None
        if loop is not None and end is not None and self._place >= end:
            self._place = round(loop[0] * self._rate)
        count = max(1, round(_TAKEN * self._rate * max(1.0, self._manner.speed)))
        if end is not None:
            count = min(count, end - self._place)
        place = self._place
        samples = self._sound.read(place, count)
        self._place += len(samples)
        if len(samples) < count:
            if loop is not None and place > round(loop[0] * self._rate):
                self._place = round(loop[0] * self._rate)  # the end was before B
            else:
                self._is_over = True
        return place, samples

    def _kept(self, samples: Samples) -> Samples:
        """What is left when silence is skipped: a short pause stays one."""
        if not self._manner.skips_silence or not len(samples):
            return samples
        look = max(1, round(_LOOK * self._rate))
        most = round(_KEPT / _LOOK)
        kept = []
        for first in range(0, len(samples), look):
            part = samples[first : first + look]
            is_quiet = float(np.square(part).mean()) < _SILENCE**2
            self._quiet = self._quiet + 1 if is_quiet else 0
            if self._quiet > most:
                self._dropped.append(part)
                continue
            kept += [*self._dropped, part]
            self._dropped.clear()
        return np.concatenate(kept) if kept else samples[:0]

    def _two_ears(self, samples: Samples) -> Samples:
        voices = self._manner.voices
        if samples.shape[1] == 1:
            return np.repeat(samples, 2, axis=1)
        if voices is Voices.APART:
            return samples
        if voices is Voices.BOTH:
            one = samples.sum(axis=1)
        else:
            one = samples[:, 0 if voices is Voices.AGENT else 1]
        return np.repeat(one[:, None], 2, axis=1)

    def _made(self, place: int, samples: Samples) -> Chunk | None:
        at = place
        if self._stretch is not None:
            self._fed.append((self._fed_count, place))
            self._fed_count += len(samples)
            at = self._source_of(self._stretch.at)
            samples = self._stretch.feed(samples, is_last=self._is_over)
        if self._resample is not None:
            samples = self._resample.feed(samples, is_last=self._is_over)
        if not len(samples):
            return None
        frames = np.round(samples.clip(-1.0, 1.0) * _FULL).astype("<i2").tobytes()
        return Chunk(frames, at / self._rate)

    def _source_of(self, fed: float) -> int:
        """Where in the source lies what was fed as the ``fed``-th sample."""
        while len(self._fed) > 1 and self._fed[1][0] <= fed:
            del self._fed[0]
        first, place = self._fed[0]
        return place + max(0, round(fed) - first)
