"""Makes the waveform of the recording in hand, in slices: the pool is there for others, too."""

import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from cx_desktop.audio import Recorded, Shared, Talk, Turn, Waveform, pieces
from cx_desktop.tasks import Errands, Tasks

#: A slice takes about so long, in seconds; then somebody else has the thread.
_SLICE = 0.12
_AT_ONCE = 10
#: Two at work where a decoder is slow; a file that comes in parts is read from its start on only,
#: so that it is here when it is heard.
_DIGGERS = 2
#: Shorter recordings are not worth two decoders.
_SHORT = 120


class Speech(NamedTuple):
    """Who speaks when, and how much."""

    turns: tuple[Turn, ...] = ()
    talk: Talk | None = None

    def at(self, place: float) -> tuple[int, ...]:
        """Who speaks at a second: 0 the agent, 1 the caller."""
        return tuple(turn.side for turn in self.turns if turn.start <= place < turn.end)


class WaveformMaking(QObject):
    """One waveform at a time; ``grown`` tells each time more of it is known."""

    grown = Signal()
    finished = Signal(object)  # Speech

    def __init__(self, tasks: Tasks, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands = Errands(tasks)
        self._diggers = 0
        self._ready: list[Callable[[], _Digger]] = []
        self._stuck: list[Callable[[], _Digger]] = []
        self.waveform: Waveform | None = None

    def make(self, sound: Recorded, source: Shared, *, is_here: bool) -> None:
        """Be ready to make that of a sound; ``source`` is what more decoders may read."""
        self.drop()
        waveform = self.waveform = Waveform(sound.facts)
        is_shared = is_here and sound.is_costly and sound.facts.seconds > _SHORT
        count = _DIGGERS if is_shared else 1
        parts = pieces(sound.facts, waveform.step, count)
        self._diggers = len(parts)
        self._ready = [partial(_begun, waveform, source, part) for part in parts]

    def begin(self) -> None:
        """Begin, unless that was done: nobody waits any more for the first of the sound."""
        ready, self._ready = self._ready, []
        for work in ready:
            self._run(work)

    def drop(self) -> None:
        """Forget what is known."""
        self._errands.drop()
        self.waveform = None
        self._diggers = 0
        self._ready.clear()
        self._stuck.clear()

    def go_on(self) -> None:
        """Try again where the sound did not come."""
        stuck, self._stuck = self._stuck, []
        for work in stuck:
            self._run(work)

    def _run(self, work: Callable[[], "_Digger"]) -> None:
        self._errands.run(work, done=self._on_dug, failed=lambda _error: self._on_failed(work))

    def _on_dug(self, digger: "_Digger") -> None:
        if not digger.is_done:
            self._run(digger.dug)
        else:
            self._end_digger()
        self.grown.emit()

    def _on_failed(self, work: Callable[[], "_Digger"]) -> None:
        """What is known stays; whoever plays as far as here is told the reason by the player."""
        self._stuck.append(work)

    def _end_digger(self) -> None:
        self._diggers -= 1
        waveform = self.waveform
        if self._diggers == 0 and waveform is not None:
            self._errands.run(
                lambda: Speech(waveform.turns(), waveform.talk()), done=self.finished.emit
            )


class _Digger:
    """Goes through a part of a recording."""

    def __init__(self, waveform: Waveform, sound: Recorded, part: range) -> None:
        self._waveform = waveform
        self._sound = sound
        self._part = part
        self.is_done = False

    def dug(self) -> "_Digger":
        """Go on for a moment."""
        until = time.monotonic() + _SLICE
        step = self._waveform.step * 100 * _AT_ONCE
        while self._part and time.monotonic() < until:
            count = min(step, len(self._part))
            known = self._waveform.fill(self._sound, self._part.start, count)
            self._part = self._part[count:] if known == count else range(0)
        self.is_done = not self._part
        return self


def _begun(waveform: Waveform, source: Shared, part: range) -> _Digger:
    return _Digger(waveform, Recorded(source), part).dug()
