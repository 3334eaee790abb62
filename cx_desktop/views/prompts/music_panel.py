"""Whether there is music in a prompt, and by what right it is played."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.domain.prompts import Music
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


class MusicPanel(QWidget):
    """A tick, a title and the reference of the declaration."""

    edited = Signal(object)  # Music | None

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._music: Music | None = None
        self._is_read_only = False
        self.has_music = QCheckBox()
        look.language.bind(self.has_music, self.has_music.setText, "prompts.music.has")
        self.title = QLineEdit()
        self.sacem = QLineEdit()
        self.title.setMaxLength(200)
        self.sacem.setMaxLength(100)
        self._title = Field(look, "prompts.music.title", self.title)
        self._sacem = Field(
            look, "prompts.music.sacem", self.sacem, help_key="prompts.music.sacem.help"
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Label.of(look, "prompts.music", "section"))
        layout.addWidget(self.has_music)
        layout.addWidget(self._title)
        layout.addWidget(self._sacem)
        self.has_music.clicked.connect(self._on_clicked)
        for line in (self.title, self.sacem):
            line.editingFinished.connect(self.settle)

    def show_music(self, music: Music | None, *, is_read_only: bool) -> None:
        """Show what is said of music."""
        self._music, self._is_read_only = music, is_read_only
        self.has_music.setChecked(music is not None)
        self.has_music.setEnabled(not is_read_only)
        for line, text in (
            (self.title, music.title if music else ""),
            (self.sacem, music.sacem if music else ""),
        ):
            line.setReadOnly(is_read_only)
            if not (line.hasFocus() and line.isModified()):
                line.setText(text)
        self._title.setVisible(music is not None)
        self._sacem.setVisible(music is not None)

    def settle(self) -> None:
        """Hand out what was typed last."""
        for line in (self.title, self.sacem):
            line.setModified(False)
        music = Music(title=self.title.text().strip(), sacem=self.sacem.text().strip())
        if self._music is not None and not self._is_read_only and music != self._music:
            self._music = music
            self.edited.emit(music)

    def _on_clicked(self, is_checked: bool) -> None:  # noqa: FBT001  (Qt's signal)
        self.edited.emit(Music() if is_checked else None)
