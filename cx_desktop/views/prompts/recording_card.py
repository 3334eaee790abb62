"""A recording under way: for how long, how loud, and its end."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from cx_desktop.models.prompts.sounds import Sounds
from cx_desktop.views.prompts.words import seconds_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_FULL = 100


class RecordingCard(QFrame):
    """Seen while the microphone is open, and only then."""

    finished = Signal()

    def __init__(self, look: Look, sounds: Sounds, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._sounds = sounds
        self.setProperty("role", "card")
        self.setProperty("tone", "block")
        self.time = Label("", "strong")
        self.level = QProgressBar()
        self.level.setRange(0, _FULL)
        self.level.setTextVisible(False)
        look.language.bind(self.level, self.level.setAccessibleName, "prompts.level")
        self.finish = Button(look, "prompts.record.finish", kind="primary", icon="stop")
        self.cancel = Button(look, "prompts.cancel", kind="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self.time)
        row.addWidget(self.level, 1)
        row.addWidget(self.finish)
        row.addWidget(self.cancel)
        self.finish.clicked.connect(self.finished)
        self.cancel.clicked.connect(sounds.stop)
        sounds.changed.connect(self._show)
        sounds.level_changed.connect(lambda share: self.level.setValue(round(share * _FULL)))
        self._show()

    def _show(self) -> None:
        is_recording = self._sounds.is_recording
        if is_recording:
            words = seconds_words(self._look.language, self._sounds.seconds)
            self.time.setText(self._look.language.text("prompts.record.since", time=words))
        elif not self.isHidden():
            self.level.setValue(0)
        self.setVisible(is_recording)
