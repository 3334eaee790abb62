"""Ten recovery codes, shown once."""

from pathlib import Path

from PySide6.QtCore import QSaveFile, QStandardPaths, Qt
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.fault import Fault
from cx_desktop.models.session import Session, Step
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look


class RecoveryStep(QWidget):
    """Shows the codes until their owner says that they are kept."""

    def __init__(
        self,
        look: Look,
        session: Session,
        *,
        clipboard: QClipboard,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._session = session
        self._clipboard = clipboard
        self._codes = QGridLayout()
        self._codes.setSpacing(8)
        self._copy = Button(look, "sign-in.copy-codes", icon="copy")
        self._save = Button(look, "sign-in.save-codes", icon="floppy-disk")
        self._said = Label("", "ok", wraps=True)
        self.kept = QCheckBox()
        self.go_in = Button(look, "sign-in.go-in", kind="primary")
        self.go_in.setEnabled(False)
        card = QFrame()
        card.setProperty("role", "card")
        card.setLayout(self._codes)
        self._codes.setContentsMargins(16, 12, 16, 12)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._copy)
        row.addWidget(self._save)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(Label.of(look, "sign-in.codes-title", "title"))
        layout.addWidget(Label.of(look, "sign-in.codes-text", wraps=True))
        layout.addWidget(card)
        layout.addLayout(row)
        layout.addWidget(self._said)
        layout.addWidget(self.kept)
        layout.addWidget(self.go_in, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        look.language.bind(self, self.kept.setText, "sign-in.codes-kept")
        self.kept.toggled.connect(self.go_in.setEnabled)
        self.go_in.clicked.connect(session.keep_recovery_codes)
        self._copy.clicked.connect(self._copy_codes)
        self._save.clicked.connect(self._choose_file)
        session.step_changed.connect(self._on_step_changed)
        self._on_step_changed(session.step)

    @property
    def said(self) -> str:
        """What became of copying or saving."""
        return self._said.text()

    def take_focus(self) -> None:
        """Start at the first way to keep them."""
        self._copy.setFocus()

    def explain(self, fault: Fault | None) -> None:
        """Nothing can go wrong here but saving, which says so itself."""

    def save_to(self, path: Path) -> None:
        """Write the codes to a file that only its owner may read."""
        file = QSaveFile(str(path))
        content = self._look.language.text(
            "sign-in.codes-file",
            username=self._session.username,
            server=self._session.server,
            codes="\n".join(self._session.recovery_codes),
        )
        if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
            self._say("sign-in.codes-not-saved", reason=file.errorString())
            return
        file.setPermissions(QSaveFile.Permission.ReadOwner | QSaveFile.Permission.WriteOwner)
        file.write(content.encode())
        if file.commit():
            self._say("sign-in.codes-saved", name=path.name)
        else:
            self._say("sign-in.codes-not-saved", reason=file.errorString())

    def _choose_file(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = self._look.language.text("sign-in.codes-file-name")
        title = self._look.language.text("sign-in.save-codes")
        path, _ = QFileDialog.getSaveFileName(self, title, f"{folder}/{name}", "*.txt")
        if path:
            self.save_to(Path(path))

    def _copy_codes(self) -> None:
        self._clipboard.setText("\n".join(self._session.recovery_codes))
        self._say("sign-in.codes-copied")

    def _say(self, key: str, **params: str | int) -> None:
        self._said.setText(self._look.language.text(key, **params))

    def _on_step_changed(self, step: Step) -> None:
        while (item := self._codes.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.kept.setChecked(False)
        self._said.clear()
        if step is Step.RECOVERY_CODES:
            for index, code in enumerate(self._session.recovery_codes):
                label = Label(code, "mono")
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._codes.addWidget(label, index % 5, index // 5)
