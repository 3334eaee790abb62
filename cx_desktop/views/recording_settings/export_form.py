"""Where recordings are to be sent, how they are called there, and when: the fields."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.recordings.exporting import FIELDS, PORTS, Called, Destination, path_of
from cx_desktop.views.flow_editor.inspector.fields.choice import ComboBox
from cx_desktop.views.schedules.hours_fields import HourField
from cx_desktop.views.widgets.field import Field, PasswordField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.spin_box import SpinBox

_WIDEST = 460
_EXAMPLE = Called(
    id="01a1e396-23b0-7579-addf-c24f83e539f8",
    started_at=datetime(2026, 11, 23, 14, 2, 31),  # noqa: DTZ001  (as clocks on the wall show it)
    queue="Ventes",
    agent="Léa Morel",
    direction="in",
    duration=271,
)


class ExportForm(QWidget):
    """The fields. It keeps nothing: what is typed goes out, and comes back as ``show_wanted``."""

    edited = Signal(str, object)  # a field of the destination, its new value
    password_typed = Signal(str)

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._wanted = Destination()
        self.transport = ComboBox()
        for each in PORTS:
            self.transport.addItem("", str(each))
        self.host, self.user, self.folder, self.pattern = (QLineEdit() for _ in range(4))
        self.port = SpinBox()
        self.port.setRange(0, 65_535)
        self.password = PasswordField(look)
        self.at = HourField(look, "", "transfer.at")
        self.accepts_plain, self.is_on, self.purges = (QCheckBox() for _ in range(3))
        self.key = QLineEdit()
        self.key.setReadOnly(True)
        self.example = Label("", "small", wraps=True)
        self.fields = {
            name: Field(look, f"transfer.{name}", editor, help_key=help_key)
            for name, editor, help_key in (
                ("transport", self.transport, ""),
                ("host", self.host, "transfer.host.help"),
                ("port", self.port, ""),
                ("user", self.user, ""),
                ("password", self.password, "transfer.password.help"),
                ("key", self.key, "transfer.key.help"),
                ("folder", self.folder, "transfer.folder.help"),
                ("pattern", self.pattern, ""),
                ("at", self.at, "transfer.at.help"),
            )
        }
        self._boxes = {
            "accepts_plain": self.accepts_plain,
            "is_on": self.is_on,
            "purges": self.purges,
        }
        self._lay_out()
        self._connect()
        look.language.follow(self, self._retext)

    def show_wanted(self, wanted: Destination, *, key: str, has_password: bool) -> None:
        """Show a destination; what is being typed is not written over."""
        self._wanted = wanted
        self.transport.setCurrentIndex(max(0, self.transport.findData(wanted.transport)))
        for name in ("host", "user", "folder", "pattern"):
            editor: QLineEdit = getattr(self, name)
            if editor.text() != getattr(wanted, name):
                editor.setText(getattr(wanted, name))
        self.port.setSpecialValueText(str(PORTS.get(wanted.transport, "")))
        self.port.setValue(wanted.port)
        if not self.at.hasFocus():
            self.at.setText(wanted.at)
        for name, box in self._boxes.items():
            box.setChecked(getattr(wanted, name))
        is_sftp = wanted.transport == "sftp"
        self.accepts_plain.setVisible(wanted.transport == "ftp")
        self.fields["key"].setVisible(is_sftp and not has_password and not self.password.text())
        self.key.setText(key)
        self.key.setCursorPosition(0)
        hint = "transfer.password.kept" if has_password else "transfer.password.none"
        self._look.language.bind(self.password, self.password.setPlaceholderText, hint)
        self._show_example()

    def show_faults(self, faults: dict[str, str]) -> None:
        """Say what cannot stay, beside each field that somebody has touched or left."""
        for name, field in self.fields.items():
            code = faults.get(name, "")
            is_blank = not getattr(self._wanted, name, "") and code in {"address", "empty"}
            field.set_error(CXError(f"transfer.fault.{code}") if code and not is_blank else None)

    def lock(self, *, is_locked: bool) -> None:
        """Whether it can only be looked at."""
        for each in (*self.fields.values(), *self._boxes.values()):
            each.setEnabled(not is_locked)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.is_on)
        layout.addWidget(Label.of(self._look, "transfer.section.server", "section"))
        for name in ("transport",):
            layout.addWidget(self.fields[name])
        layout.addWidget(self.accepts_plain)
        for name in ("host", "port", "user", "password", "key"):
            layout.addWidget(self.fields[name])
        layout.addWidget(Label.of(self._look, "transfer.section.files", "section"))
        layout.addWidget(self.fields["folder"])
        layout.addWidget(self.fields["pattern"])
        layout.addWidget(self.example)
        layout.addWidget(self.fields["at"])
        layout.addWidget(self.purges)
        layout.addStretch(1)
        for name, field in self.fields.items():
            if name != "at":
                field.editor.setMaximumWidth(_WIDEST)
        self.port.setMaximumWidth(160)

    def _connect(self) -> None:
        self.transport.activated.connect(
            lambda _at: self.edited.emit("transport", self.transport.currentData())
        )
        for name in ("host", "user", "folder", "pattern"):
            self._tell_text(name, getattr(self, name))
        self.port.valueChanged.connect(self._on_port)
        self.at.editingFinished.connect(self._on_time)
        self.password.textEdited.connect(self.password_typed)
        for name, box in self._boxes.items():
            self._tell_box(name, box)

    def _tell_text(self, name: str, editor: QLineEdit) -> None:
        editor.textEdited.connect(lambda text: self.edited.emit(name, text.strip()))

    def _tell_box(self, name: str, box: QCheckBox) -> None:
        box.clicked.connect(lambda: self.edited.emit(name, box.isChecked()))

    def _on_port(self, port: int) -> None:
        if port != self._wanted.port:
            self.edited.emit("port", port)

    def _on_time(self) -> None:
        self.edited.emit("at", self.at.hour or self.at.text())
        self.at.setText(self._wanted.at)

    def _retext(self) -> None:
        text = self._look.language.text
        for index in range(self.transport.count()):
            self.transport.setItemText(index, text(f"transfer.by.{self.transport.itemData(index)}"))
        for name, box in self._boxes.items():
            box.setText(text(f"transfer.{name}"))
        self._show_example()

    def _show_example(self) -> None:
        text = self._look.language.text
        try:
            path = path_of(self._wanted.pattern, _EXAMPLE, ".ogg")
        except KeyError:
            path = "…"
        names = " ".join(f"{{{name}}}" for name in FIELDS)
        self.example.setText(text("transfer.pattern.example", path=path, names=names))
