"""Faster and slower without another pitch: WSOLA, as sound streams by.

Windows of the sound are laid over one another closer or wider than they were, each shifted a little
to where it goes on best from the one before it (Verhelst and Roelands, 1993).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cx_desktop.audio.sound import Samples

#: Long enough for two periods of a low voice, short enough for its syllables.
_HOP = 0.016
_TOLERANCE = 0.010
#: Likeness is judged on so many samples a second; more make no difference to the ear.
_JUDGED = 8_000


class Stretch:
    """Takes sound in and gives it out at another speed; the pitch stays."""

    def __init__(self, rate: int, channels: int, speed: float) -> None:
        self.speed = speed
        self._hop = round(rate * _HOP)
        self._tolerance = round(rate * _TOLERANCE)
        self._coarse = max(1, rate // _JUDGED)
        fade = 0.5 - 0.5 * np.cos(np.pi * (np.arange(self._hop) + 0.5) / self._hop)
        self._fade = fade.astype(np.float32)[:, None]
        self._held = np.zeros((0, channels), np.float32)
        self._gone = 0
        self._next = 0.0
        self._tail: Samples | None = None
        self._wanted = np.zeros(self._hop, np.float32)

    @property
    def at(self) -> float:
        """Of the samples taken in, which one the next sample given out stands for."""
        return self._next

    def feed(self, samples: Samples, *, is_last: bool = False) -> Samples:
        """Take sound in; what comes out of it by now."""
        end = self._gone + len(self._held) + len(samples)
        parts = [self._held, samples]
        if is_last:  # so that the last windows are whole
            room = 2 * self._hop + 2 * self._tolerance
            parts.append(np.zeros((room, samples.shape[1]), np.float32))
        self._held = np.concatenate(parts)
        made: list[Samples] = []
        stop = self._gone + len(self._held) - 2 * self._hop - self._tolerance
        while self._next < stop and not (is_last and self._next >= end):
            made.append(self._step())
        self._forget()
        if not made:
            return np.zeros((0, samples.shape[1]), np.float32)
        return np.concatenate(made)

    def _step(self) -> Samples:
        hop, held = self._hop, self._held
        at = round(self._next) - self._gone
        if self._tail is None:
            out: Samples = held[at : at + hop].copy()
        else:
            at += self._shift(at)
            out = self._tail * (1 - self._fade) + held[at : at + hop] * self._fade
        self._tail = held[at + hop : at + 2 * hop].copy()
        self._wanted = self._tail.mean(axis=1)
        self._next += hop * self.speed
        return out

    def _shift(self, at: int) -> int:
        """How far from ``at`` the sound goes on best, by correlation."""
        first = max(0, at - self._tolerance)
        around = self._held[first : at + self._tolerance + self._hop : self._coarse].mean(axis=1)
        wanted = self._wanted[:: self._coarse]
        windows = sliding_window_view(around, len(wanted))
        likeness = windows @ wanted
        likeness = likeness / np.sqrt(np.einsum("ij,ij->i", windows, windows) + 1e-9)
        return first + int(likeness.argmax()) * self._coarse - at

    def _forget(self) -> None:
        useless = min(len(self._held), max(0, int(self._next) - self._gone - self._tolerance))
        self._held = self._held[useless:]
        self._gone += useless
