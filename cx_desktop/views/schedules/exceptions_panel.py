"""Exceptional dates: a list of them, and the one that is chosen in fields."""

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.schedules import Hours, Schedule
from cx_desktop.domain.schedules.calendar import length, tidy
from cx_desktop.overrides import override
from cx_desktop.views.schedules.hours_fields import HoursFields
from cx_desktop.views.schedules.words import dates_words, hours_words
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.date_field import DateField
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_ID = Qt.ItemDataRole.UserRole
_ROWS = 5


class _List(QListWidget):
    """As tall as a handful of dates; longer ones scroll."""

    @override
    def sizeHint(self) -> QSize:
        row = max(self.sizeHintForRow(0), self.fontMetrics().height() + 8)
        return QSize(320, _ROWS * row + 6)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(220, self.sizeHint().height())


class ExceptionsPanel(QWidget):
    """Days on which other hours hold than in the ordinary week."""

    added = Signal()
    changed = Signal(str, object)  # id, Exceptional
    removed = Signal(str)  # id

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._schedule = Schedule()
        self._is_read_only = False
        self._wanted = ""
        self._is_showing = False
        self.list = _List()
        look.language.bind(self.list, self.list.setAccessibleName, "schedules.exceptions")
        self.add = Button(look, "schedules.exception.add", icon="calendar-plus")
        self.remove = Button(look, "schedules.exception.remove", icon="trash")
        self._empty = Label.of(look, "schedules.exceptions.none", "muted", wraps=True)
        self.first = DateField(look)
        self.last = DateField(look)
        self.label = QLineEdit()
        self.label.setMaxLength(200)
        self.hours = HoursFields(look)
        self._fields = QWidget()
        self._lay_out()
        self._connect()

    @property
    def current(self) -> str:
        """The id of the exceptional date that is chosen, "" for none."""
        item = self.list.currentItem()
        return str(item.data(_ID)) if item is not None else ""

    def choose(self, name: str) -> None:
        """Choose an exceptional date, now or as soon as it is there."""
        self._wanted = name
        self._choose_wanted()

    def show_schedule(self, schedule: Schedule, *, is_read_only: bool) -> None:
        """Show the exceptional dates of a schedule."""
        self._schedule, self._is_read_only = schedule, is_read_only
        was, language = self.current, self._look.language
        self._is_showing = True
        self.list.clear()
        for name, each in sorted(
            schedule.exceptions.items(), key=lambda pair: (pair[1].first, length(pair[1]), pair[0])
        ):
            words = f"{dates_words(language, each)} · {hours_words(language, each.hours)}"
            item = QListWidgetItem(f"{each.label} — {words}" if each.label else words)
            item.setToolTip(item.text())
            item.setData(_ID, name)
            self.list.addItem(item)
        self._is_showing = False
        self._wanted = self._wanted or was
        self._choose_wanted()
        if self.list.currentItem() is None and self.list.count():
            self.list.setCurrentRow(0)
        self._show_current()

    def settle(self) -> None:
        """Hand out what was typed last."""
        if self.label.isModified():
            self._on_changed()
        self.hours.settle()

    def _lay_out(self) -> None:
        look = self._look
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addWidget(self.add)
        verbs.addWidget(self.remove)
        verbs.addStretch(1)
        dates = QHBoxLayout()
        dates.setSpacing(8)
        dates.addWidget(Field(look, "schedules.exception.first", self.first))
        dates.addWidget(Field(look, "schedules.exception.last", self.last))
        dates.addStretch(1)
        fields = QVBoxLayout(self._fields)
        fields.setContentsMargins(0, 4, 0, 0)
        fields.setSpacing(8)
        fields.addLayout(dates)
        fields.addWidget(Field(look, "schedules.exception.label", self.label))
        fields.addWidget(Label.of(look, "schedules.exception.hours", "strong"))
        fields.addWidget(self.hours)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._empty)
        layout.addWidget(self.list)
        layout.addLayout(verbs)
        layout.addWidget(self._fields)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.add.clicked.connect(self.added)
        self.remove.clicked.connect(lambda: self.removed.emit(self.current))
        self.list.currentItemChanged.connect(lambda *_: self._on_chosen())
        self.first.dateChanged.connect(self._on_changed)
        self.last.dateChanged.connect(self._on_changed)
        self.label.editingFinished.connect(self._on_changed)
        self.hours.edited.connect(self._on_hours)

    def _choose_wanted(self) -> None:
        for position in range(self.list.count()):
            if self.list.item(position).data(_ID) == self._wanted:
                self._wanted = ""
                self.list.setCurrentRow(position)
                return

    def _on_chosen(self) -> None:
        if not self._is_showing:
            self._show_current()

    def _show_current(self) -> None:
        shown = self._schedule.exceptions.get(self.current)
        self._empty.setVisible(not self.list.count())
        self.list.setVisible(bool(self.list.count()))
        self._fields.setVisible(shown is not None)
        self.add.setEnabled(not self._is_read_only)
        self.remove.setEnabled(shown is not None and not self._is_read_only)
        if shown is None:
            return
        self._is_showing = True
        self.first.show_day(shown.first)
        self.last.show_day(shown.last or shown.first)
        if self.label.text() != shown.label:
            self.label.setText(shown.label)
        self.hours.show_hours(tidy(shown.hours), is_read_only=self._is_read_only)
        for each in (self.first, self.last, self.label):
            each.setReadOnly(self._is_read_only)
        self._is_showing = False

    def _on_changed(self) -> None:
        shown = self._schedule.exceptions.get(self.current)
        if shown is None or self._is_showing:
            return
        first, last = self.first.day, max(self.first.day, self.last.day)
        if self.sender() is self.last:
            first, last = min(self.first.day, self.last.day), self.last.day
        changed = msgspec.structs.replace(
            shown, first=first, last=None if last == first else last, label=self.label.text()
        )
        self.label.setModified(False)
        if changed != shown:
            self.changed.emit(self.current, changed)

    def _on_hours(self, hours: tuple[Hours, ...]) -> None:
        shown = self._schedule.exceptions.get(self.current)
        if shown is not None:
            self.changed.emit(self.current, msgspec.structs.replace(shown, hours=tidy(hours)))
