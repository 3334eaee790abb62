"""How loud each speaker is over time: what is drawn of a recording, and who speaks when.

It is made piece by piece, from any places at once, and holds a byte or two for each hundredth of a
second, so twelve hours fit as well as one minute. Amplitudes are kept as square roots: what is
spoken softly shows.
"""

from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cx_desktop.audio.recorded import Facts, Recorded
from cx_desktop.audio.sound import Samples

Levels: TypeAlias = NDArray[np.uint8]
_Range: TypeAlias = tuple[int, int]

#: Buckets a second.
FINENESS = 100
_FULL = 255
_SIDES = 2
#: Softer than this (-42 dB) nobody speaks.
_SPOKEN = round(_FULL * (10 ** (-42 / 20)) ** 0.5)
#: A line that hums is louder than that all the time: somebody who speaks is this much louder still
#: (in square roots), up to where nobody could be.
_ABOVE_HUM, _LOUDEST_HUM = 1.4, round(_FULL * (10 ** (-20 / 20)) ** 0.5)
_QUIET_PART = 10
#: Shorter pauses belong to what is said, shorter noises to the pause (in seconds).
_PAUSE, _NOISE = 0.5, 0.12
#: Nobody speaks for so many seconds without the shortest pause: that is music on hold.
_MUSIC = 6.0
#: The bytes of a picture: nothing, as loud as its peaks, as loud as it is on the whole.
NOTHING, PEAK, BODY = 0, 1, 2


class Turn(NamedTuple):
    """One speaker speaks: 0 is the agent, 1 the caller."""

    side: int
    start: float
    end: float


class Talk(NamedTuple):
    """Who speaks for which share of the time."""

    sides: tuple[float, ...]
    together: float
    hold: float
    silence: float


class Waveform:
    """The loudness of a recording, as far as it is known."""

    def __init__(self, facts: Facts) -> None:
        self.sides = min(facts.channels, _SIDES)
        self._rate = facts.rate
        self.step = max(1, round(facts.rate / FINENESS))
        self._count = -(-facts.frames // self.step)
        self._frames = facts.frames
        self._peaks = np.zeros((self.sides, self._count), np.uint8)
        self._bodies = np.zeros((self.sides, self._count), np.uint8)
        self._known = 0

    @property
    def seconds(self) -> float:
        """How long the recording lasts."""
        return self._frames / self._rate

    @property
    def share(self) -> float:
        """How much of it is known, from 0 to 1."""
        return min(1.0, self._known / self._count) if self._count else 1.0

    def fill(self, sound: Recorded, start: int, count: int) -> int:
        """Learn a piece that begins at a bucket's edge; how many samples there were.

        Where the sound ends before the file said, it ends here, too.
        """
        samples = sound.read(start, count)
        first = start // self.step
        peaks, bodies = _levels(samples, self.step)
        room = self._count - first
        known = max(0, min(peaks.shape[1], room))
        self._peaks[:, first : first + known] = peaks[:, :known]
        self._bodies[:, first : first + known] = bodies[:, :known]
        self._known += known
        if len(samples) < min(count, self._frames - start):
            self._end_at(start + len(samples))
        return len(samples)

    def picture(self, side: int, window: tuple[float, float], size: tuple[int, int]) -> bytes:
        """A piece of one speaker's sound, a byte for each dot, row by row."""
        width, height = size
        edges = np.linspace(*window, width + 1) * (self._rate / self.step)
        columns = edges.astype(np.int64).clip(0, self._count)
        peaks = _highest(self._peaks[side], columns)
        bodies = _highest(self._bodies[side], columns)
        middle = height / 2
        distance = np.abs(np.arange(height) + 0.5 - middle)[:, None] / middle * _FULL
        dots: Levels = (distance <= peaks).astype(np.uint8) + (distance <= bodies)
        return dots.tobytes()

    def turns(self) -> tuple[Turn, ...]:
        """Who speaks when, in order."""
        found = [
            Turn(side, first * self._bucket, last * self._bucket)
            for side in range(self.sides)
            for first, last in self._spoken(side)
        ]
        return tuple(sorted(found, key=lambda turn: (turn.start, turn.side)))

    def talk(self) -> Talk:
        """Who speaks how much."""
        heard, held = np.zeros((self.sides, self._count), bool), np.zeros(self._count, bool)
        for side in range(self.sides):
            for first, last in self._spoken(side):
                heard[side, first:last] = True
            for first, last in self._loud(side)[1]:
                held[first:last] = True
        held &= ~heard.any(axis=0)
        total = max(1, self._count)
        return Talk(
            sides=tuple(float(each.sum()) / total for each in heard),
            together=float(heard.all(axis=0).sum()) / total if self.sides > 1 else 0.0,
            hold=float(held.sum()) / total,
            silence=float((~(heard.any(axis=0) | held)).sum()) / total,
        )

    @property
    def _bucket(self) -> float:
        return self.step / self._rate

    def _end_at(self, frames: int) -> None:
        self._frames = frames
        self._count = -(-frames // self.step)
        self._known = min(self._known, self._count)

    def _spoken(self, side: int) -> list[tuple[int, int]]:
        """The buckets in which somebody speaks, as ranges."""
        spoken, _music = self._loud(side)
        return _joined(spoken, pause=_PAUSE / self._bucket, noise=_NOISE / self._bucket)

    def _loud(self, side: int) -> tuple[list[_Range], list[_Range]]:
        """The buckets that are loud, as ranges: those of a voice, and those of music on hold."""
        bodies = self._bodies[side, : self._count]
        hum = float(np.percentile(bodies, _QUIET_PART)) if len(bodies) else 0.0
        loud = bodies > max(_SPOKEN, min(_LOUDEST_HUM, hum * _ABOVE_HUM))
        edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.view(np.int8), [0]))))
        ranges = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
        longest = _MUSIC / self._bucket
        voice = [each for each in ranges if each[1] - each[0] < longest]
        return voice, [each for each in ranges if each[1] - each[0] >= longest]


def _joined(ranges: list[tuple[int, int]], *, pause: float, noise: float) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in ranges:
        if joined and first - joined[-1][1] <= pause:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return [(first, last) for first, last in joined if last - first >= noise]


def _levels(samples: Samples, step: int) -> tuple[Levels, Levels]:
    """Peaks and bodies of each bucket, a row for each speaker."""
    missing = -len(samples) % step
    if missing:
        samples = np.concatenate([samples, np.zeros((missing, samples.shape[1]), np.float32)])
    sides = [
        np.ascontiguousarray(samples[:, side]).reshape(-1, step) for side in range(samples.shape[1])
    ]
    peaks = [
        np.maximum(each.max(axis=1, initial=0), -each.min(axis=1, initial=0)) for each in sides
    ]
    powers = [np.einsum("ij,ij->i", each, each) / step for each in sides]
    return _as_bytes(np.stack(peaks) ** 0.5), _as_bytes(np.stack(powers) ** 0.25)


def _as_bytes(shares: NDArray[np.floating]) -> Levels:
    levels: Levels = np.minimum(np.ceil(shares * _FULL), _FULL).astype(np.uint8)
    return levels


def _highest(levels: Levels, columns: NDArray[np.int64]) -> Levels:
    """The highest of each column's buckets; 0 beyond the end."""
    last = len(levels)
    highest = np.zeros(len(columns) - 1, np.uint8)
    inside = columns[:-1] < last
    if inside.any():
        starts = columns[:-1][inside]
        end = min(last, max(int(columns[-1]), int(starts[-1]) + 1))
        highest[inside] = np.maximum.reduceat(levels[:end], starts)
    return highest


def pieces(facts: Facts, step: int, count: int) -> tuple[range, ...]:
    """A recording in so many pieces of about one length, each from a bucket's edge on."""
    edges = [round(facts.frames * part / count / step) * step for part in range(count)]
    return tuple(range(first, last) for first, last in pairwise([*edges, facts.frames]))
