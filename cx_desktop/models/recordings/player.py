"""Plays the recording in hand.

Failure policy: a recording that cannot be opened says why and stays silent. One that stops coming
while it plays is paused where it was; playing again tries again from there. A headset that goes
away pauses, so that nobody else hears the call from the loudspeaker.
"""

from collections.abc import Callable
from enum import Enum, auto

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from cx_desktop.audio import Manner, Recorded, Shared, Turn, Voices, Waveform
from cx_desktop.domain.errors import CXError
from cx_desktop.models.recordings.feed import Feed
from cx_desktop.models.recordings.marks import Mark
from cx_desktop.models.recordings.output import Output
from cx_desktop.models.recordings.source import SoundSource
from cx_desktop.models.recordings.waveforms import Speech, WaveformMaking
from cx_desktop.tasks import Errands, Tasks

__all__ = ["SPEEDS", "Heard", "Mark", "Player", "PlayerState", "Turn", "Voices"]

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
_TICK_MS = 20
#: Somebody who drags along the time line, or holds a key down, is heard where it ends.
_REST_MS = 60
#: A loop is no shorter, in seconds.
_SHORTEST_LOOP = 0.2
#: Going back a turn from its first moments goes to the one before it.
_JUST_BEGUN = 1.0
#: A file may be so much shorter than the call before anybody is told, in seconds.
_MISSING = 3.0


class Heard(Struct, frozen=True):
    """A recording that can be heard."""

    id: str
    seconds: float
    """How long the call was recorded, as the service tells."""
    opens: Callable[[], SoundSource]
    """Finds its sound; on the pool."""
    is_here: bool = False
    """Whether the sound lies on this computer: then its waveform is shown before it is played."""


class PlayerState(Enum):
    """What the player knows of the recording in hand."""

    NOTHING = auto()
    CLOSED = auto()
    """There is one; its sound is asked for when it is played."""
    OPENING = auto()
    READY = auto()
    FAILED = auto()


class Player(QObject):
    """One recording at a time. Whoever follows it looks at its attributes."""

    changed = Signal()  # anything but the place: state, playing, manner, loop
    moved = Signal(float)  # the place in seconds, some fifty times a second while it plays
    sought = Signal(float)  # somebody went to another place
    waveform_grown = Signal()
    playing_changed = Signal(bool)  # counts as activity while it plays
    ended = Signal()  # it was heard to its end
    headset_lost = Signal()
    marks_changed = Signal()
    mark_chosen = Signal(str)  # somebody clicked a marker
    step_wanted = Signal(int)  # another recording of the list: 1 the next, -1 the one before

    def __init__(self, tasks: Tasks, output: Output, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._output = output
        self._errands = Errands(tasks)
        self._making = WaveformMaking(tasks, parent=self)
        self._making.grown.connect(self._on_grown)
        self._making.finished.connect(self._on_speech)
        self._ticking = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._ticking.timeout.connect(self._tick)
        self._resting = QTimer(self, interval=_REST_MS, singleShot=True)
        self._resting.timeout.connect(self._feed_here)
        self._source: Shared | None = None
        self._sound: Recorded | None = None
        self._feed: Feed | None = None
        self._place = 0.0
        self.heard: Heard | None = None
        self.state = PlayerState.NOTHING
        self.problem: CXError | None = None
        self.is_playing = self.is_waiting = False
        self.wants_to_play = False
        """Whether it will play as soon as its sound is open."""
        self.manner = Manner()
        self.loop_start: float | None = None
        self.speech = Speech()
        self.marks: tuple[Mark, ...] = ()

    @property
    def place(self) -> float:
        """Where it is, in seconds."""
        return self._place

    @property
    def seconds(self) -> float:
        """How long it is; as the service tells until the sound is known."""
        if self.waveform is not None:
            return self.waveform.seconds
        return self.heard.seconds if self.heard is not None else 0.0

    @property
    def waveform(self) -> Waveform | None:
        """How loud it is over time, as far as it is known."""
        return self._making.waveform

    @property
    def missing(self) -> float:
        """How many seconds of the call the file has not got, where that is worth telling."""
        if self.heard is None or self.waveform is None or self.waveform.share < 1.0:
            return 0.0
        missing = self.heard.seconds - self.waveform.seconds
        return missing if missing > _MISSING else 0.0

    def take(self, heard: Heard | None) -> None:
        """Take another recording in hand, or none; the manner of listening stays."""
        self._let_go()
        self.heard = heard
        self.state = PlayerState.NOTHING if heard is None else PlayerState.CLOSED
        if heard is not None and heard.is_here:
            self._open()
        self.changed.emit()
        self.moved.emit(0.0)

    def close(self) -> None:
        """Let go of everything."""
        self.take(None)

    def play(self) -> None:
        """Play on from here; from the start when it has come to its end."""
        if self.is_playing or self.heard is None:
            return
        why_not = self._output.why_not()
        if why_not:
            self.problem = CXError(why_not)
            self._making.begin()
            self.changed.emit()
            return
        if self._sound is None:
            self.wants_to_play = True
            if self.state is not PlayerState.OPENING:
                self._open()
            self.changed.emit()
            return
        if self._place >= self.seconds - 0.05:
            self._place = 0.0
        self.problem = None
        self.is_playing = True
        self._making.go_on()
        self._feed_here()
        self._ticking.start()
        self.playing_changed.emit(True)
        self.changed.emit()

    def pause(self) -> None:
        """Hold still here."""
        self.wants_to_play = False
        if self.is_playing:
            self._stop_feed()
            self._ticking.stop()
            self.is_playing = self.is_waiting = False
            self._making.begin()
            self.playing_changed.emit(False)
        self.changed.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing or self.wants_to_play:
            self.pause()
        else:
            self.play()

    def seek(self, place: float) -> None:
        """Go to a second."""
        loop = self.manner.loop
        if loop is not None and not loop[0] <= place <= loop[1]:
            self.unloop()
        self._place = max(0.0, min(place, self.seconds))
        self._feed_soon()
        self.sought.emit(self._place)
        self.moved.emit(self._place)

    def skip(self, seconds: float) -> None:
        """Go so many seconds on, or back."""
        self.seek(self._place + seconds)

    def to_turn(self, step: int) -> None:
        """Go to where somebody begins to speak: 1 the next time, -1 the last time."""
        starts = [turn.start for turn in self.speech.turns]
        if step > 0:
            after = [start for start in starts if start > self._place + 0.05]
            self.seek(after[0] if after else self.seconds)
        else:
            before = [start for start in starts if start < self._place - _JUST_BEGUN]
            self.seek(before[-1] if before else 0.0)

    def set_speed(self, speed: float) -> None:
        """Play faster or slower; the pitch stays."""
        self._change(self.manner._replace(speed=max(SPEEDS[0], min(speed, SPEEDS[-1]))))

    def skip_silence(self, skips: bool) -> None:  # noqa: FBT001  (the slot of a check box)
        """Whether pauses are cut short."""
        self._change(self.manner._replace(skips_silence=skips))

    def hear(self, voices: Voices) -> None:
        """Hear both, one, or each in an ear."""
        self._change(self.manner._replace(voices=voices))

    def mark_loop(self) -> None:
        """A here; then B here, and it goes round; then not any more."""
        if self.manner.loop is not None:
            self.unloop()
        elif self.loop_start is None:
            self.loop_start = self._place
            self.changed.emit()
        elif abs(self._place - self.loop_start) >= _SHORTEST_LOOP:
            self.loop(*sorted((self.loop_start, self._place)))

    def loop(self, start: float, end: float) -> None:
        """Go round between two places."""
        if end - start < _SHORTEST_LOOP:
            return
        self.loop_start = start
        if not start <= self._place < end:
            self._place = start
        self._change(self.manner._replace(loop=(start, min(end, self.seconds))))

    def unloop(self) -> None:
        """Go on behind B."""
        self.loop_start = None
        self._change(self.manner._replace(loop=None))

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """What reviewers marked in it; forgotten with the next recording."""
        if marks != self.marks:
            self.marks = marks
            self.marks_changed.emit()

    def _change(self, manner: Manner) -> None:
        self.manner = manner
        self._feed_soon()
        self.changed.emit()

    def _open(self) -> None:
        heard = self.heard
        if heard is None:
            return
        self.state, self.problem = PlayerState.OPENING, None
        source = self._source = Shared(heard.opens)

        def work() -> Recorded:
            source.open()
            return Recorded(source)

        self._errands.run(work, done=self._on_open, failed=self._on_failed)

    def _on_open(self, sound: Recorded) -> None:
        self._sound = sound
        self.state = PlayerState.READY
        if self._source is not None and self.heard is not None:
            self._making.make(sound, self._source, is_here=self.heard.is_here)
        if self.wants_to_play:
            self.wants_to_play = False
            self.play()  # what is heard comes before what is seen
        else:
            self._making.begin()
            self.changed.emit()
        self.waveform_grown.emit()

    def _on_failed(self, error: CXError) -> None:
        self.problem = error
        if self._sound is None:
            self.state = PlayerState.FAILED
            self._drop_source()
        self.pause()

    def _on_lost(self) -> None:
        self.pause()
        self.headset_lost.emit()

    def _feed_soon(self) -> None:
        """Play on from here, once nobody goes elsewhere any more."""
        if self.is_playing:
            self._stop_feed()
            self._resting.start()

    def _feed_here(self) -> None:
        self._stop_feed()
        if self._sound is not None:
            self._feed = Feed(
                self._tasks,
                self._output,
                self._sound,
                manner=self.manner,
                at=self._place,
                told=(self._on_failed, self._on_lost),
            )

    def _stop_feed(self) -> None:
        self._resting.stop()
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.stop()

    def _tick(self) -> None:
        feed = self._feed
        if feed is None:
            return
        feed.write()
        if feed.has_begun:
            self._making.begin()
        self._place = min(feed.place, self.seconds)
        if feed.is_starved != self.is_waiting:
            self.is_waiting = feed.is_starved
            self.changed.emit()
        self.moved.emit(self._place)
        if feed.is_over:
            self._place = self.seconds
            self.pause()
            self.ended.emit()

    def _on_grown(self) -> None:
        self.waveform_grown.emit()

    def _on_speech(self, speech: Speech) -> None:
        self.speech = speech
        self.changed.emit()

    def _let_go(self) -> None:
        self._making.drop()
        self.pause()
        self._errands.drop()
        self._sound = None
        self._drop_source()
        self._place, self.problem, self.speech = 0.0, None, Speech()
        self.loop_start = None
        self.manner = self.manner._replace(loop=None)
        self.show_marks(())

    def _drop_source(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.close()
