"""The sound of one language: the file that is kept, one being brought in, one being recorded."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.prompts import Audio, Spoken
from cx_desktop.models.prompts.sounds import Brought, Sounds
from cx_desktop.views.prompts.brought_card import BroughtCard
from cx_desktop.views.prompts.file_dialog import ask_for_sound
from cx_desktop.views.prompts.recording_card import RecordingCard
from cx_desktop.views.prompts.words import audio_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

_KEPT = "kept"


class SoundPanel(QWidget):
    """Brings sounds in, records them, and lets them be heard as callers will."""

    taken = Signal(object)  # Audio: it is kept, and to be the prompt's
    removed = Signal()

    def __init__(self, look: Look, sounds: Sounds, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._sounds = sounds
        self._spoken = Spoken()
        self._is_read_only = False
        self._is_known = False
        self.strip = Strip(look)
        self.kept = Label("", wraps=True)
        self.hear = Button(look, "prompts.hear", icon="play")
        self.remove = Button(look, "prompts.sound.remove", icon="trash")
        self.bring = Button(look, "prompts.sound.import", icon="download-simple")
        self.record = Button(look, "prompts.sound.record", icon="microphone")
        self.why = Label("", "small", wraps=True)
        self.brought = BroughtCard(look, sounds)
        self.recording = RecordingCard(look, sounds)
        self._lay_out()
        self._connect()

    def show_spoken(self, spoken: Spoken, *, is_read_only: bool, is_other: bool) -> None:
        """Show the sound of a language; another one ends what was begun for the last."""
        self._spoken, self._is_read_only, self._is_known = spoken, is_read_only, True
        if is_other:
            self._sounds.stop()
            self.brought.forget()
            self.strip.clear()
        self._show()

    def import_file(self, path: Path) -> None:
        """Bring a file in."""
        if not self._is_read_only:
            self.strip.clear()
            self.brought.forget()
            self._sounds.bring(path)

    def _lay_out(self) -> None:
        look = self._look
        of_kept, verbs = QHBoxLayout(), QHBoxLayout()
        for row, buttons in (
            (of_kept, (self.hear, self.remove)),
            (verbs, (self.bring, self.record)),
        ):
            row.setSpacing(8)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Label.of(look, "prompts.sound", "section"))
        layout.addWidget(self.kept)
        layout.addLayout(of_kept)
        layout.addLayout(verbs)
        for each in (self.why, self.strip, self.recording, self.brought):
            layout.addWidget(each)

    def _connect(self) -> None:
        sounds = self._sounds
        self.hear.clicked.connect(self._hear)
        self.remove.clicked.connect(self.removed)
        self.bring.clicked.connect(self._ask)
        self.record.clicked.connect(self._record)
        self.brought.taken.connect(self._take)
        self.recording.finished.connect(self._finish)
        sounds.changed.connect(self._show)
        sounds.brought.connect(self._on_brought)
        sounds.failed.connect(
            lambda error: self.strip.say(
                "block", lambda: " ".join(self._look.language.explain(error))
            )
        )
        self._look.language.follow(self, self._show)

    def _show(self) -> None:
        if not self._is_known:  # devices are looked for when somebody may need them
            return
        language, audio = self._look.language, self._spoken.audio
        if audio is not None:
            self.kept.setText(audio_words(language, audio))
        else:
            key = "synthetic" if self._spoken.is_synthetic else "none"
            self.kept.setText(language.text(f"prompts.sound.{key}"))
        no_play, no_record = self._sounds.why_not_play(), self._sounds.why_not_record()
        is_heard = self._sounds.heard == _KEPT
        self.hear.setVisible(audio is not None)
        self.hear.say("prompts.hear.stop" if is_heard else "prompts.hear")
        self.hear.setIcon(self._look.icons.icon("stop" if is_heard else "play", "text"))
        self.hear.setEnabled(not no_play)
        self.record.setEnabled(not no_record and not self._sounds.is_recording)
        self.remove.setVisible(audio is not None and not self._is_read_only)
        for each in (self.bring, self.record):
            each.setVisible(not self._is_read_only)
        reasons = [no_play if audio is not None else "", "" if self._is_read_only else no_record]
        self.why.setText(" ".join(language.text(each) for each in reasons if each))
        self.why.setVisible(bool(self.why.text()))

    def _hear(self) -> None:
        audio = self._spoken.audio
        if self._sounds.heard == _KEPT:
            self._sounds.stop()
        elif audio is not None:
            self._sounds.hear_kept(_KEPT, audio)

    def _ask(self) -> None:
        ask_for_sound(self, self._look.language, self._sounds.suffixes, done=self.import_file)

    def _record(self) -> None:
        self.strip.clear()
        self.brought.forget()
        self._sounds.record()

    def _finish(self) -> None:
        self._sounds.finish(self._look.language.text("prompts.recording"))

    def _on_brought(self, brought: Brought) -> None:
        if self.isVisible() and not self._is_read_only:
            self.brought.show_brought(brought)

    def _take(self, brought: Brought) -> None:
        self._sounds.keep(brought, self._spoken.text, done=self._on_kept)

    def _on_kept(self, audio: Audio) -> None:
        self.brought.forget()
        self.taken.emit(audio)
