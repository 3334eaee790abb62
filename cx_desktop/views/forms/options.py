"""The options of a question of choice: a label and points each, a line for the next one."""

import uuid
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.recordings.forms import MOST_OPTIONS, Option
from cx_desktop.views.queues.fields import Count, TextField
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.look import Look


class Options(QWidget):
    """Rows as the options stand; each edit hands out all of them."""

    chosen = Signal(object)

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._options: tuple[Option, ...] = ()
        self._is_locked = False
        self.lines: list[tuple[TextField, Count]] = []
        self.more = Button(look, "forms.option.add", kind="link", icon="plus")
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._column)
        layout.addWidget(self.more)
        self.more.clicked.connect(self._add)

    def show_value(self, value: object) -> None:
        """Show the options; the lines stay where their number does."""
        options = value if isinstance(value, tuple) else ()
        if [each.id for each in options] != [each.id for each in self._options] or not self.lines:
            self._options = options
            self._build()
        self._options = options
        for (label, points), each in zip(self.lines, options, strict=True):
            label.show_value(each.label)
            points.show_value(each.points)
        self.more.setVisible(len(options) < MOST_OPTIONS and not self._is_locked)

    def lock(self, *, is_locked: bool) -> None:
        """Whether they can only be read."""
        self._is_locked = is_locked
        for label, points in self.lines:
            label.lock(is_locked=is_locked)
            points.lock(is_locked=is_locked)
        self.more.setVisible(not is_locked)

    def settle(self) -> None:
        """Hand out what was typed last."""
        for label, _ in tuple(self.lines):
            label.settle()

    def _build(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.lines = []
        for place, _ in enumerate(self._options):
            self._column.addWidget(self._line(place))

    def _line(self, place: int) -> QWidget:
        label, points = TextField(500), Count(self._look, 0, 100)
        text = self._look.language.text
        label.setAccessibleName(text("forms.option.label", number=place + 1))
        label.setPlaceholderText(text("forms.option.label", number=place + 1))
        points.setAccessibleName(text("forms.option.points", number=place + 1))
        points.setSuffix(f" {text('forms.option.unit')}")
        gone = IconButton(self._look, "x", "forms.option.remove")
        label.chosen.connect(partial(self._set, place, "label"))
        points.chosen.connect(partial(self._set, place, "points"))
        gone.clicked.connect(partial(self._remove, place))
        self.lines.append((label, points))
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label, 1)
        row.addWidget(points)
        row.addWidget(gone)
        return line

    def _set(self, place: int, name: str, value: object) -> None:
        if place < len(self._options):
            old = self._options[place]
            label = str(value) if name == "label" else old.label
            points = int(str(value)) if name == "points" else old.points
            self._tell(
                (*self._options[:place], Option(old.id, label, points), *self._options[place + 1 :])
            )

    def _remove(self, place: int) -> None:
        if not self._is_locked:
            self._tell((*self._options[:place], *self._options[place + 1 :]))

    def _add(self) -> None:
        self._tell((*self._options, Option(uuid.uuid4().hex[:8])))

    def _tell(self, options: tuple[Option, ...]) -> None:
        self.chosen.emit(options)
