"""The public holidays of a year, what happens on each, and how to decide otherwise."""

from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from cx_desktop.domain.schedules import Day, Reason, Schedule, day_of
from cx_desktop.domain.schedules.calendar import territory_of
from cx_desktop.domain.schedules.holidays import OPEN_AS_USUAL, USUAL, holidays_of
from cx_desktop.overrides import override
from cx_desktop.views.schedules.words import hours_words, short_day
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_DAY = Qt.ItemDataRole.UserRole
_ROWS = 11
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class _List(QTreeWidget):
    """As tall as the public holidays of most years."""

    @override
    def sizeHint(self) -> QSize:
        row = max(self.sizeHintForRow(0), self.fontMetrics().height() + 8)
        return QSize(320, _ROWS * row + self.header().sizeHint().height() + 4)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(220, self.sizeHint().height() // 2)


class HolidaysPanel(QWidget):
    """A list by year; each day can be closed, open as usual, or have hours of its own."""

    closed_wanted = Signal(object)  # date
    usual_wanted = Signal(object)  # date: the hours of its weekday
    rule_wanted = Signal(object)  # date: what is said of public holidays in general

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._schedule = Schedule()
        self._year = 0
        self._is_read_only = False
        self._title = Label("", "strong")
        self._back = IconButton(look, "caret-left", "schedules.year-before")
        self._on = IconButton(look, "caret-right", "schedules.year-after")
        self.list = _List()
        self.list.setColumnCount(3)
        self.list.setRootIsDecorated(False)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        look.language.bind(self.list, self.list.setAccessibleName, "schedules.holidays")
        self.close_day = Button(look, "schedules.holiday.close", icon="prohibit")
        self.usual = Button(look, "schedules.holiday.usual", icon="clock")
        self.rule = Button(look, "schedules.holiday.rule", icon="arrow-counter-clockwise")
        self._lay_out()
        self._back.clicked.connect(lambda: self.show_year(self._year - 1))
        self._on.clicked.connect(lambda: self.show_year(self._year + 1))
        self.list.currentItemChanged.connect(lambda *_: self._show_verbs())
        for button, wanted in (
            (self.close_day, self.closed_wanted),
            (self.usual, self.usual_wanted),
            (self.rule, self.rule_wanted),
        ):
            button.clicked.connect(lambda _on, wanted=wanted: wanted.emit(self.current))
        look.language.follow(self, self._show)

    @property
    def current(self) -> date | None:
        """The public holiday that is chosen."""
        item = self.list.currentItem()
        return item.data(0, _DAY) if item is not None else None

    def show_schedule(self, schedule: Schedule, *, is_read_only: bool) -> None:
        """Show what a schedule says of public holidays."""
        self._schedule, self._is_read_only = schedule, is_read_only
        self._show()

    def show_year(self, year: int) -> None:
        """Show another year."""
        self._year = max(_FIRST_YEAR, min(_LAST_YEAR, year))
        self._show()

    def choose(self, day: date) -> None:
        """Choose a public holiday, in its year."""
        if day.year != self._year:
            self.show_year(day.year)
        for position in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(position)
            if item is not None and item.data(0, _DAY) == day:
                self.list.setCurrentItem(item)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._back)
        head.addWidget(self._on)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        for each in (self.close_day, self.usual, self.rule):
            verbs.addWidget(each)
        verbs.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.list)
        layout.addLayout(verbs)

    def _show(self) -> None:
        if not self._year:
            return
        language, was = self._look.language, self.current
        territory = territory_of(self._schedule)
        known = USUAL if territory == OPEN_AS_USUAL else territory
        self._title.setText(language.text("schedules.holidays-of", year=self._year))
        self.list.setHeaderLabels(
            [language.text(f"schedules.holiday.{each}") for each in ("day", "name", "hours")]
        )
        self.list.clear()
        for holiday in holidays_of(known, self._year):
            day = day_of(self._schedule, holiday.day)
            name = holiday.name(language.current.value)
            words = self._words(day)
            item = QTreeWidgetItem([short_day(language, holiday.day), name, words])
            for column, text in enumerate((language.day(holiday.day), name, words)):
                item.setToolTip(column, text)
            item.setData(0, _DAY, holiday.day)
            icon, tone = _sign(day, has_rule=bool(self._schedule.public_holidays))
            item.setIcon(2, self._look.icons.icon(icon, tone))
            self.list.addTopLevelItem(item)
            if holiday.day == was:
                self.list.setCurrentItem(item)
        self.list.resizeColumnToContents(0)
        self.list.setColumnWidth(1, max(150, self.list.sizeHintForColumn(1) + 16))
        self._show_verbs()

    def _words(self, day: Day) -> str:
        """What happens on a public holiday."""
        language = self._look.language
        if day.reason is Reason.EXCEPTION:
            hours = hours_words(language, day.hours)
            return language.text("schedules.holiday.decided", hours=hours)
        if day.reason is Reason.HOLIDAY:
            return language.text("schedules.holiday.closed")
        if day.is_closed:
            return language.text("schedules.holiday.closed-anyway")
        key = "usual-hours" if self._schedule.public_holidays else "undecided"
        return language.text(f"schedules.holiday.{key}", hours=hours_words(language, day.hours))

    def _show_verbs(self) -> None:
        day = day_of(self._schedule, self.current) if self.current is not None else None
        can = day is not None and not self._is_read_only
        is_own = day is not None and day.reason is Reason.EXCEPTION
        self.close_day.setEnabled(can and not (day is not None and is_own and day.is_closed))
        self.usual.setEnabled(can)
        self.rule.setEnabled(can and is_own)


def _sign(day: Day, *, has_rule: bool) -> tuple[str, str]:
    """The icon and the tone of what happens on a public holiday."""
    if day.reason is Reason.WEEK and not day.is_closed and not has_rule:
        return "warning", "warn"
    if day.reason is Reason.EXCEPTION:
        return "calendar-check", "info"
    return ("prohibit", "muted") if day.is_closed else ("check-circle", "ok")
