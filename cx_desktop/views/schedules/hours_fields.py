"""Hours of one day as fields: from, until, another range, none."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.schedules import Hours
from cx_desktop.domain.schedules.calendar import MIDNIGHT, hour_of, minutes_of
from cx_desktop.domain.schedules.typed import hour_typed
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look, restyle

_NEW = 60


class HourField(QLineEdit):
    """One hour; 9, 9h30 and 09:30 are understood."""

    def __init__(self, look: Look, hour: str, key: str, *, parent: QWidget | None = None) -> None:
        super().__init__(hour, parent)
        self.setMaxLength(8)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("00:00") + 34)
        look.language.bind(self, self.setAccessibleName, key)

    @property
    def hour(self) -> str | None:
        """The hour that was typed, if it is one."""
        return hour_typed(self.text())


class _Range(QWidget):
    """From an hour until another one."""

    settled = Signal()
    removed = Signal()

    def __init__(self, look: Look, hours: Hours, *, is_read_only: bool) -> None:
        super().__init__()
        self.first = HourField(look, hours[0], "schedules.from")
        self.last = HourField(look, hours[1], "schedules.until")
        remove = IconButton(look, "x", "schedules.remove-range")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for each in (self.first, Label("–", "muted"), self.last, remove):
            row.addWidget(each)
        row.addStretch(1)
        remove.clicked.connect(self.removed)
        remove.setVisible(not is_read_only)
        for field in (self.first, self.last):
            field.setReadOnly(is_read_only)
            field.editingFinished.connect(self.settled)

    @property
    def hours(self) -> Hours | None:
        """What was typed, if both are hours."""
        first, last = self.first.hour, self.last.hour
        return (first, last) if first is not None and last is not None else None

    @property
    def is_typed(self) -> bool:
        """Whether somebody is typing here."""
        return any(each.hasFocus() and each.isModified() for each in (self.first, self.last))

    def mark(self) -> CXError | None:
        """Show which hour is none, or that they are upside down; says it."""
        hours = self.hours
        is_upside_down = hours is not None and minutes_of(hours[1]) <= minutes_of(hours[0])
        for field in (self.first, self.last):
            restyle(field, "state", "error" if field.hour is None or is_upside_down else "")
        if hours is None:
            return CXError("problem.no-hour")
        return CXError("problem.hours-upside-down") if is_upside_down else None


class HoursFields(QWidget):
    """The ranges of a day. ``edited`` comes when all of them can be kept."""

    edited = Signal(object)  # tuple[Hours, ...]

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: tuple[Hours, ...] | None = None
        self._is_read_only = False
        self.ranges: list[_Range] = []
        self._closed = Label.of(look, "schedules.closed-all-day", "muted")
        self._fault = Label("", "error", wraps=True)
        self._fault.hide()
        self.add = Button(look, "schedules.add-range", kind="quiet", icon="plus")
        self.add.clicked.connect(self._add)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._closed)
        layout.addLayout(self._rows)
        layout.addWidget(self._fault)
        layout.addWidget(self.add, alignment=Qt.AlignmentFlag.AlignLeft)
        look.language.changed.connect(self._say)

    def show_hours(self, hours: tuple[Hours, ...], *, is_read_only: bool = False) -> None:
        """Show these; what is being typed stays when nothing else has changed."""
        if hours == self._shown and is_read_only == self._is_read_only:
            return
        if any(each.is_typed for each in self.ranges) and not is_read_only:
            return  # half an hour is no hour yet: it is not taken away under somebody's hands
        self._shown, self._is_read_only = hours, is_read_only
        self._build(hours)

    def settle(self) -> None:
        """Hand out what was typed last."""
        if any(each.first.isModified() or each.last.isModified() for each in self.ranges):
            self._on_settled()

    def _build(self, hours: tuple[Hours, ...]) -> None:
        for old in self.ranges:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.ranges = [_Range(self._look, each, is_read_only=self._is_read_only) for each in hours]
        for each in self.ranges:
            self._rows.addWidget(each)
            each.settled.connect(self._on_settled)
            each.removed.connect(lambda each=each: self._remove(each))
        self._closed.setVisible(not hours)
        self.add.setVisible(not self._is_read_only)
        self._say()

    def _say(self) -> CXError | None:
        errors = [error for each in self.ranges if (error := each.mark()) is not None]
        error = errors[0] if errors else None
        self._fault.setVisible(error is not None)
        if error is not None:
            self._fault.setText(" ".join(self._look.language.explain(error)))
        return error

    def _on_settled(self) -> None:
        if self._say() is None:
            hours = tuple(each.hours for each in self.ranges if each.hours is not None)
            if hours != self._shown:
                self.edited.emit(hours)

    def _add(self) -> None:
        hours = self._shown or ()
        start = minutes_of(hours[-1][1]) + _NEW if hours else 9 * 60
        start = min(start, MIDNIGHT - _NEW)
        self.edited.emit((*hours, (hour_of(start), hour_of(start + _NEW))))
        if self.ranges:
            self.ranges[-1].first.setFocus()
            self.ranges[-1].first.selectAll()

    def _remove(self, gone: _Range) -> None:
        position = self.ranges.index(gone)
        hours = self._shown or ()
        self.edited.emit(hours[:position] + hours[position + 1 :])
