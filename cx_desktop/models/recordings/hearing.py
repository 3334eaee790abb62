"""The recording in hand is the one the player plays, from wherever its sound lies."""

import msgspec
from PySide6.QtCore import QObject, QTimer

from cx_desktop.cache import SoundState
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.recordings.notes import Visibility
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.player import Heard, Mark, Player, PlayerState
from cx_desktop.models.recordings.review import Review
from cx_desktop.models.recordings.source import RemoteSound, SoundSource
from cx_desktop.protocol import Purpose, Recording

#: Whoever goes through the list with a key held down opens nothing on the way.
_REST_MS = 150


class Hearing(QObject):
    """Keeps a player in step with a desk, and its markers with what reviewers say.

    Nothing is asked of the service before somebody plays: it writes down who listened.
    """

    def __init__(
        self,
        desk: RecordingDesk,
        player: Player,
        review: Review,
        *,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._player = player
        self._review = review
        review.playhead = player
        review.changed.connect(self._show_marks)
        self._plays_next = False
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._show_what_is_here)
        self._sealed = self._noted = ""
        desk.current_changed.connect(self._on_current_changed)
        player.playing_changed.connect(self._on_playing)
        player.step_wanted.connect(self._step)

    def close(self) -> None:
        """Let go of the sound."""
        self._rest.stop()
        self._desk.current_changed.disconnect(self._on_current_changed)
        self._review.changed.disconnect(self._show_marks)
        self._player.close()

    def _on_current_changed(self, recording: Recording | None) -> None:
        heard = self._player.heard
        if recording is not None and heard is not None and heard.id == recording.id:
            return  # the same one, of which something else is known
        self._rest.stop()
        plays, self._plays_next = self._plays_next, False
        self._noted = ""
        self._player.take(None if recording is None else self._heard(recording))
        if plays:
            self._player.play()
        elif recording is not None:
            self._rest.start()

    def _show_what_is_here(self) -> None:
        heard = self._player.heard
        if heard is None or self._player.state is not PlayerState.CLOSED:
            return
        if self._desk.workspace.cache.sounds.state(heard.id) is SoundState.HERE:
            self._player.take(msgspec.structs.replace(heard, is_here=True))

    def _on_playing(self, is_playing: bool) -> None:  # noqa: FBT001  (Qt's signal)
        """Whoever hears what lies here: the service learns of it when it can be told."""
        heard, recording = self._player.heard, self._desk.current
        if not is_playing or heard is None or recording is None or recording.id != heard.id:
            return
        if heard.id == self._sealed != self._noted:
            self._noted = heard.id
            note = self._desk.workspace.cache.plays.note
            self._desk.tasks.run(
                lambda: note(recording.id, recording.project_id), failed=self._not_noted
            )

    def _not_noted(self, _error: CXError) -> None:
        """The next time it is played it is tried again."""
        self._noted = ""

    def _show_marks(self) -> None:
        subject, heard = self._review.subject, self._player.heard
        if subject is None or heard is None or subject.id != heard.id:
            return
        self._player.show_marks(
            tuple(
                Mark(
                    id=note.id,
                    at=note.at_ms / 1000,
                    text=note.text,
                    is_private=note.visibility is Visibility.PRIVATE,
                )
                for note in self._review.notebook.notes
                if note.at_ms is not None
            )
        )

    def _step(self, by: int) -> None:
        self._plays_next = self._player.is_playing
        if not self._desk.step(by):
            self._plays_next = False

    def _heard(self, recording: Recording) -> Heard:
        cache, calls = self._desk.workspace.cache, self._desk.workspace.client.recordings

        def opens() -> SoundSource:
            self._sealed = ""
            if cache.sounds.state(recording.id) is SoundState.HERE:
                sound = cache.sounds.open(recording.id)
                self._sealed = recording.id
                return sound
            return RemoteSound(
                lambda start, end, sha256: calls.sound(
                    recording.id, purpose=Purpose.LISTEN, start=start, end=end, sha256=sha256
                )
            )

        return Heard(recording.id, float(recording.duration), opens)
