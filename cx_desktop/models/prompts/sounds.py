"""The sounds of prompts: brought in from files or recorded, kept, heard as callers will hear them.

Reading and converting is done on the pool. A sound that is accepted lies sealed in the cache before
the draft refers to it, and is sent before the edit that does.
"""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.audio import (
    SUFFIXES,
    Made,
    Measures,
    Sound,
    Wishes,
    as_heard,
    at_rate,
    facts,
    from_pcm,
    from_wave,
    made_from,
    pcm,
    read,
)
from cx_desktop.audio.reading import MOST_BYTES, MOST_MINUTES
from cx_desktop.cache import Place
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.prompts import Audio
from cx_desktop.models.prompts.devices import Devices, Played, Recorded
from cx_desktop.models.workspace import Workspace

_TICK_MS = 100


class Brought(Struct, frozen=True):
    """A sound that somebody may take for a prompt: as it came, and as it would be kept."""

    name: str
    source: Sound
    made: Made

    @property
    def measures(self) -> Measures:
        """What it measures as it would be kept."""
        return self.made.measures

    @property
    def came_as(self) -> Measures:
        """What the file itself measures."""
        return self.made.source

    @property
    def wishes(self) -> Wishes:
        """What was done to it besides converting."""
        return self.made.wishes


class Sounds(QObject):
    """One sound is brought in, recorded or heard at a time."""

    changed = Signal()  # what is heard or recorded, or how long
    brought = Signal(object)  # Brought
    level_changed = Signal(float)  # how loud the microphone is, from 0 to 1
    ended = Signal(str)  # what was heard under this name has come to its end
    failed = Signal(object)  # CXError

    suffixes = SUFFIXES

    def __init__(
        self, workspace: Workspace, devices: Devices, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._devices = devices
        self._asked = 0
        self._started = 0.0
        self.heard = ""
        """The name under which something is heard now; "" while nothing is."""
        self.is_recording = False
        self._ticking = QTimer(self, interval=_TICK_MS)
        self._ticking.timeout.connect(self._tick)

    def why_not_play(self) -> str:
        """The key of the reason why nothing can be heard; "" when something can."""
        return self._devices.why_not_play()

    def why_not_record(self) -> str:
        """The key of the reason why nothing can be recorded; "" when something can."""
        return self._devices.why_not_record()

    @property
    def seconds(self) -> float:
        """For how long something has been heard or recorded."""
        return self._workspace.clock.monotonic() - self._started

    def bring(self, path: Path) -> None:
        """Read a file; it is told by ``brought``."""
        self.stop()
        self._make(lambda: _read_file(path), path.name)

    def remake(self, brought: Brought, *, is_trimmed: bool, is_levelled: bool) -> None:
        """Make the same sound anew, with or without its ends and its level."""
        self.stop()
        wishes = Wishes(is_trimmed=is_trimmed, is_levelled=is_levelled)
        self._make(lambda: brought.source, brought.name, wishes)

    def keep(self, brought: Brought, text: str, *, done: Callable[[Audio], object]) -> None:
        """Keep a sound, sealed and to be sent; ``done`` gets what a prompt says of it."""
        self.stop()
        blobs, project_id = self._workspace.cache.blobs, self._project_id
        self._workspace.tasks.run(
            lambda: audio_of(
                brought, text, blobs.keep(project_id, brought.made.wave, is_sent=False)
            ),
            done=done,
            failed=self.failed.emit,
        )

    def hear_kept(self, name: str, audio: Audio) -> None:
        """Hear a sound of a prompt as callers do; it is fetched if this device has not got it."""
        self._hear(name, lambda: as_heard(from_wave(self._fetched(audio.blob))))

    def hear_brought(self, name: str, brought: Brought, *, as_it_came: bool) -> None:
        """Hear a sound that is not taken yet, as it came or as callers will."""
        self._hear(name, lambda: brought.source if as_it_came else as_heard(brought.made.sound))

    def stop(self) -> None:
        """Hear nothing more, and forget what is being recorded."""
        self._asked += 1
        self._devices.silence()
        if self.is_recording:
            self._devices.finish()
        self._rest()

    def record(self) -> None:
        """Begin to record."""
        self.stop()
        self.is_recording = True
        self._start()
        self._devices.record(self.level_changed.emit)

    def finish(self, name: str) -> None:
        """Take what was recorded; it is told by ``brought``."""
        recorded = self._devices.finish()
        self._rest()
        self._make(lambda: _sound_of(recorded), name, Wishes(is_trimmed=True))

    @property
    def _project_id(self) -> str:
        project = self._workspace.project
        return project.id if project is not None else ""

    def _make(
        self,
        source: Callable[[], Sound],
        name: str,
        wishes: Wishes = Wishes(),  # noqa: B008  (a frozen value)
    ) -> None:
        self._asked += 1
        asked = self._asked

        def work() -> Brought:
            sound = source()
            return Brought(name=name, source=sound, made=made_from(sound, wishes))

        def done(brought: Brought) -> None:
            if asked == self._asked:
                self.brought.emit(brought)

        self._workspace.tasks.run(work, done=done, failed=self.failed.emit)

    def _hear(self, name: str, sound: Callable[[], Sound]) -> None:
        self.stop()
        asked, rate = self._asked, self._devices.rate()

        def work() -> Played:
            made = at_rate(sound(), rate)
            return Played(pcm(made), made.rate)

        def play(played: Played) -> None:
            if asked == self._asked:
                self.heard = name
                self._start()
                self._devices.play(played, self._end)

        self._workspace.tasks.run(work, done=play, failed=self.failed.emit)

    def _fetched(self, sha256: str) -> bytes:
        """A sound, from this device or else from the service. Not for the GUI thread."""
        place, blobs = Place(self._project_id, sha256), self._workspace.cache.blobs
        if not blobs.has(place):
            try:
                content = self._workspace.client.blobs.read(sha256)
            except CXError as error:
                raise CXError("problem.sound-not-here") from error
            blobs.keep(place.project_id, content, is_sent=True)
        return blobs.read(place)

    def _start(self) -> None:
        self._started = self._workspace.clock.monotonic()
        self._ticking.start()
        self.changed.emit()

    def _end(self) -> None:
        heard = self.heard
        self._rest()
        self.ended.emit(heard)

    def _rest(self) -> None:
        self.heard, self.is_recording = "", False
        self._ticking.stop()
        self.changed.emit()

    def _tick(self) -> None:
        if self.is_recording and self.seconds > MOST_MINUTES * 60:
            self.finish("")
        else:
            self.changed.emit()


def _read_file(path: Path) -> Sound:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CXError("problem.audio-too-large", limit=MOST_BYTES >> 20)
        return read(path.read_bytes(), path.name)
    except OSError as error:
        raise CXError("problem.unreadable-file", file=path.name) from error


def _sound_of(recorded: Recorded) -> Sound:
    if not recorded.frames:
        raise CXError("problem.audio-empty")
    return from_pcm(recorded.frames, recorded.rate, recorded.channels)


def audio_of(brought: Brought, text: str, blob: str) -> Audio:
    """What a prompt says of a sound whose content has this digest."""
    return facts.audio_of(brought.made, brought.name, text, blob)
