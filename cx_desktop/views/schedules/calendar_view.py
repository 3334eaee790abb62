"""One calendar of all schedules: a month with a row for each, or a year with a row for a month."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.schedules import Day, Reason, Schedule, day_of
from cx_desktop.domain.schedules.judging import undecided
from cx_desktop.models.objects.kinds import Shelved
from cx_desktop.models.objects.shelf import Shelf
from cx_desktop.views.schedules.words import day_words, hours_words, reason_words
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look

#: By the mark of a day: the tone it is drawn in. The marks are letters, so that colour is not all.
_TONES = {"!": "warn", "F": "warn", "E": "info", "●": "ok", "": ""}
_MONTHS, _DAYS = 12, 31
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class _Row(NamedTuple):
    """A schedule as callers meet it, or its draft while nothing of it is live."""

    id: str
    name: str
    schedule: Schedule


def mark_of(schedule: Schedule, day: Day) -> str:
    """! nobody decided on this public holiday, F closed for it, E exceptional, ● open."""
    if undecided(schedule, day.day, 1):
        return "!"
    if day.reason is Reason.EXCEPTION:
        return "E"
    if day.reason is Reason.HOLIDAY:
        return "F"
    return "" if day.is_closed else "●"


class CalendarView(QWidget):
    """What every schedule of the project does on every day."""

    left = Signal()
    schedule_opened = Signal(str)  # id

    def __init__(
        self,
        look: Look,
        shelf: Shelf[Schedule],
        *,
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._shelf = shelf
        self._today = today
        self._year, self._month = today().year, today().month
        self.is_year = False
        back = Button(look, "schedules.page.title", kind="link")
        self._title = Label("", "title")
        self.before = IconButton(look, "caret-left", "schedules.calendar.before")
        self.after = IconButton(look, "caret-right", "schedules.calendar.after")
        self.now = Button(look, "schedules.calendar.today")
        self.span = Button(look, "schedules.calendar.year", icon="calendar")
        self.table = QTableWidget()
        self.detail = Label("", "", wraps=True)
        self._legend = [Badge(tone=tone) for mark, tone in _TONES.items() if mark]
        self._set_up_table()
        self._lay_out(back)
        back.clicked.connect(self.left)
        self.before.clicked.connect(lambda: self._turn(-1))
        self.after.clicked.connect(lambda: self._turn(1))
        self.now.clicked.connect(self.show_today)
        self.span.clicked.connect(lambda: self.show_span(is_year=not self.is_year))
        self.table.currentCellChanged.connect(lambda *_: self._show_detail())
        self.table.cellActivated.connect(self._on_activated)
        shelf.changed.connect(self._show_if_visible)
        look.theme.changed.connect(self._show_if_visible)
        look.language.follow(self, self._show)

    def show_today(self) -> None:
        """Come to this month, or this year."""
        today = self._today()
        self._year, self._month = today.year, today.month
        self._show()
        row = self._month - 1 if self.is_year else 0
        self.table.setCurrentCell(row, today.day - 1)

    def show_span(self, *, is_year: bool) -> None:
        """Show a year, or a month."""
        self.is_year = is_year
        self.span.say("schedules.calendar.month" if is_year else "schedules.calendar.year")
        self._show()

    @property
    def rows(self) -> tuple[_Row, ...]:
        """The schedules that are shown."""
        return tuple(_row(each) for each in self._shelf.rows if not each.is_archived)

    def _set_up_table(self) -> None:
        table = self.table
        table.setProperty("role", "calendar")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setMinimumSectionSize(24)
        table.horizontalHeader().setHighlightSections(False)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._look.language.bind(table, table.setAccessibleName, "schedules.calendar")

    def _lay_out(self, back: Button) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(back)
        head.addWidget(Label("›", "muted"))
        head.addWidget(self._title)
        head.addStretch(1)
        for each in (self.before, self.after, self.now, self.span):
            head.addWidget(each)
        legend = QHBoxLayout()
        legend.setSpacing(8)
        for badge in self._legend:
            legend.addWidget(badge)
        legend.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(Label.of(self._look, "schedules.calendar.about", "muted", wraps=True))
        layout.addWidget(self.table, 100)
        layout.addWidget(self.detail)
        layout.addLayout(legend)
        layout.addStretch(1)

    def _turn(self, step: int) -> None:
        if self.is_year:
            self._year += step
        else:
            months = self._year * _MONTHS + self._month - 1 + step
            self._year, self._month = months // _MONTHS, months % _MONTHS + 1
        self._year = max(_FIRST_YEAR, min(_LAST_YEAR, self._year))
        self._show()

    def _show_if_visible(self) -> None:
        if self.isVisible():
            self._show()

    def _show(self) -> None:
        where = (self.table.currentRow(), self.table.currentColumn())
        for badge, (mark, tone) in zip(self._legend, _marks(), strict=True):
            words = self._look.language.text(f"schedules.mark.{_KEYS[mark]}")
            badge.show_text(f"{mark} {words}", tone)
        if self.is_year:
            self._show_year()
        else:
            self._show_month()
        height = self.table.fontMetrics().height() + 12
        self.table.verticalHeader().setDefaultSectionSize(height)
        head = self.table.horizontalHeader().sizeHint().height()
        self.table.setMaximumHeight(head + self.table.rowCount() * height + 4)
        if where[0] >= 0:
            self.table.setCurrentCell(
                min(where[0], self.table.rowCount() - 1), min(where[1], self._days - 1)
            )
        self._show_detail()

    @property
    def _days(self) -> int:
        return _DAYS if self.is_year else monthrange(self._year, self._month)[1]

    def _show_month(self) -> None:
        locale, rows = self._look.language.locale, self.rows
        first = date(self._year, self._month, 1)
        self._title.setText(locale.toString(QDate(first.year, first.month, 1), "MMMM yyyy"))
        self.table.setColumnCount(self._days)
        self.table.setRowCount(len(rows))
        self.table.setVerticalHeaderLabels([each.name for each in rows])
        short = QLocale.FormatType.NarrowFormat
        days = [first.replace(day=number + 1) for number in range(self._days)]
        self.table.setHorizontalHeaderLabels(
            [f"{locale.dayName(day.isoweekday(), short)}\n{day.day}" for day in days]
        )
        for position, row in enumerate(rows):
            for column, day in enumerate(days):
                self._set_cell(position, column, day, (row,))

    def _show_year(self) -> None:
        locale, rows = self._look.language.locale, self.rows
        self._title.setText(str(self._year))
        self.table.setColumnCount(_DAYS)
        self.table.setRowCount(_MONTHS)
        self.table.setHorizontalHeaderLabels([str(day + 1) for day in range(_DAYS)])
        names = [locale.standaloneMonthName(month + 1) for month in range(_MONTHS)]
        self.table.setVerticalHeaderLabels(names)
        for month in range(_MONTHS):
            count = monthrange(self._year, month + 1)[1]
            for column in range(_DAYS):
                if column < count:
                    self._set_cell(month, column, date(self._year, month + 1, column + 1), rows)
                else:
                    item = QTableWidgetItem()
                    item.setFlags(Qt.ItemFlag.NoItemFlags)
                    self.table.setItem(month, column, item)

    def _set_cell(self, row: int, column: int, day: date, rows: Sequence[_Row]) -> None:
        marks = {mark_of(each.schedule, day_of(each.schedule, day)) for each in rows}
        mark = next((each for each in _TONES if each in marks), "")
        item = QTableWidgetItem(mark)
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        theme, tone = self._look.theme, _TONES[mark]
        item.setBackground(theme.color(f"{tone}_soft" if tone else "sunken"))
        item.setForeground(theme.color(tone or "muted"))
        if day == self._today():
            font = item.font()
            font.setBold(True)
            font.setUnderline(True)
            item.setFont(font)
        words = self._words(day, rows)
        item.setToolTip(words)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        self.table.setItem(row, column, item)

    def _words(self, day: date, rows: Sequence[_Row]) -> str:
        language = self._look.language
        lines = [day_words(language, day)]
        for each in rows:
            there = day_of(each.schedule, day)
            lines.append(
                language.text(
                    "schedules.calendar.line",
                    name=each.name,
                    hours=hours_words(language, there.hours),
                    reason=reason_words(language, there),
                )
            )
        return "\n".join(lines)

    def _show_detail(self) -> None:
        item = self.table.currentItem()
        words = item.toolTip() if item is not None else ""
        self.detail.setText(words or self._look.language.text("schedules.calendar.choose"))

    def _on_activated(self, row: int, column: int) -> None:
        if self.is_year:
            self._month = row + 1
            self.show_span(is_year=False)
            self.table.setCurrentCell(0, column)
        elif row < len(self.rows):
            self.schedule_opened.emit(self.rows[row].id)


_KEYS = {"!": "undecided", "F": "holiday", "E": "exceptional", "●": "open"}


def _marks() -> list[tuple[str, str]]:
    return [(mark, tone) for mark, tone in _TONES.items() if mark]


def _row(shelved: Shelved[Schedule]) -> _Row:
    return _Row(shelved.id, shelved.name, shelved.live or shelved.draft)
