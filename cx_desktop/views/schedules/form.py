"""Opening hours as a form: the week, public holidays, exceptional dates, a question, its users."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from msgspec import UNSET
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.schedules import Exceptional, Hours, Schedule, Weekday
from cx_desktop.domain.schedules.calendar import WEEKDAYS, exception_on, tidy
from cx_desktop.domain.schedules.holidays import holidays_of
from cx_desktop.domain.schedules.judging import judged
from cx_desktop.overrides import override
from cx_desktop.views.objects.finding_words import finding_words
from cx_desktop.views.objects.form import Edited, ObjectForm, Showing
from cx_desktop.views.objects.uses_list import UsesList
from cx_desktop.views.schedules.choices import TerritoryChoice, ZoneChoice
from cx_desktop.views.schedules.exceptions_panel import ExceptionsPanel
from cx_desktop.views.schedules.holidays_panel import HolidaysPanel
from cx_desktop.views.schedules.hours_fields import HoursFields
from cx_desktop.views.schedules.tester import Tester
from cx_desktop.views.schedules.week_grid import WeekGrid
from cx_desktop.views.schedules.words import weekday_name
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

_WORKDAYS = WEEKDAYS[:5]
#: Below this width the two columns stand one below the other.
_TWO_COLUMNS = 860


class ScheduleForm(ObjectForm[Schedule]):
    """One schedule. Every gesture is one step of undo."""

    def __init__(
        self,
        look: Look,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._now = now
        self._new_id = new_id
        self._schedule = Schedule()
        self._object_id = ""
        self.setProperty("role", "page")
        self.findings = Strip(look)
        self.tester = Tester(look, now)
        self.grid = WeekGrid(look)
        self._day = Label("", "section")
        self.hours = HoursFields(look)
        self.copy_workdays = Button(look, "schedules.copy-workdays", icon="copy")
        self.copy_week = Button(look, "schedules.copy-week", icon="copy")
        self.zone = ZoneChoice(look)
        self.territory = TerritoryChoice(look)
        self.holidays = HolidaysPanel(look)
        self.exceptions = ExceptionsPanel(look)
        self.uses = UsesList(look)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self._connect()

    @override
    def show_object(self, showing: Showing[Schedule]) -> None:
        schedule, is_read_only = showing.draft, showing.is_read_only
        if showing.facts.id != self._object_id:
            self._object_id = showing.facts.id
            self.holidays.show_year(self._now().year)
            self.grid.choose("mon")
        self._schedule = schedule
        self.grid.is_read_only = is_read_only
        self.grid.show_week(schedule.weekly)
        self._show_day(is_read_only=is_read_only)
        self.zone.show_choice(schedule.time_zone)
        self.territory.show_choice(schedule.public_holidays)
        for each in (self.zone, self.territory, self.copy_workdays, self.copy_week):
            each.setEnabled(not is_read_only)
        self.holidays.show_schedule(schedule, is_read_only=is_read_only)
        self.exceptions.show_schedule(schedule, is_read_only=is_read_only)
        self.tester.show_schedule(schedule)
        self.uses.show_uses(showing.uses)
        self._show_findings()

    @override
    def settle(self) -> None:
        self.hours.settle()
        self.exceptions.settle()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _TWO_COLUMNS * self._look.theme.pixels("body") / 13
        side = QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(side if is_wide else QBoxLayout.Direction.TopToBottom)

    def _lay_out(self) -> None:
        look = self._look
        copies = QVBoxLayout()
        copies.setSpacing(8)
        copies.addWidget(self.copy_workdays)
        copies.addWidget(self.copy_week)
        copies.addStretch(1)
        day = QHBoxLayout()
        day.setSpacing(24)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._day)
        words.addWidget(self.hours)
        words.addStretch(1)
        day.addLayout(words)
        day.addLayout(copies)
        day.addStretch(1)
        where = QVBoxLayout()
        where.setSpacing(8)
        where.addWidget(Field(look, "schedules.zone", self.zone, help_key="schedules.zone.help"))
        where.addStretch(1)
        day.addLayout(where)
        left = _section(look, "schedules.holidays", [self.territory, self.holidays])
        right = _section(look, "schedules.exceptions", [self.exceptions])
        self._columns.setSpacing(32)
        self._columns.addLayout(left, 1)
        self._columns.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.setSpacing(16)
        layout.addWidget(self.findings)
        layout.addWidget(self.tester)
        layout.addLayout(_section(look, "schedules.week", [self.grid]))
        layout.addLayout(day)
        layout.addLayout(self._columns)
        layout.addLayout(_section(look, "schedules.uses", [self.uses]))
        layout.addStretch(1)

    def _connect(self) -> None:
        self.grid.day_chosen.connect(lambda _day: self._show_day(is_read_only=None))
        self.grid.hours_changed.connect(self._set_day)
        self.hours.edited.connect(lambda hours: self._set_day(self.grid.day, hours))
        self.copy_workdays.clicked.connect(lambda: self._copy_to(_WORKDAYS))
        self.copy_week.clicked.connect(lambda: self._copy_to(WEEKDAYS))
        self.zone.chosen.connect(
            lambda zone: self._edit("schedules.step.zone", ("time_zone",), zone)
        )
        self.territory.chosen.connect(
            lambda key: self._edit("schedules.step.holidays", ("public_holidays",), key)
        )
        self.holidays.closed_wanted.connect(lambda day: self._decide(day, ()))
        self.holidays.usual_wanted.connect(self._decide_usual)
        self.holidays.rule_wanted.connect(self._undecide)
        self.exceptions.added.connect(self._add_exception)
        self.exceptions.changed.connect(self._set_exception)
        self.exceptions.removed.connect(self._remove_exception)
        self.uses.use_wanted.connect(self.use_wanted)
        self._look.language.follow(self, lambda: self._show_day(is_read_only=None))

    def _show_day(self, *, is_read_only: bool | None) -> None:
        self._day.setText(weekday_name(self._look.language, self.grid.day))
        hours = tidy(self._schedule.weekly.get(self.grid.day, ()))
        only_look = self.grid.is_read_only if is_read_only is None else is_read_only
        self.hours.show_hours(hours, is_read_only=only_look)

    def _show_findings(self) -> None:
        language = self._look.language
        found = judged(self._schedule, self._now().date())
        if not found:
            self.findings.clear()
            return
        tone = {"blocking": "block", "warning": "warn", "information": "info"}
        worst = min(found, key=lambda each: list(tone).index(each.severity))
        self.findings.say(
            tone[worst.severity],
            lambda: "\n".join(finding_words(language, each) for each in found),
        )

    def _edit(self, key: str, path: tuple[str, ...], value: object) -> None:
        self.edited.emit(Edited(key, ((path, value),)))

    def _set_day(self, day: Weekday, hours: tuple[Hours, ...]) -> None:
        self._edit("schedules.step.week", ("weekly", day), tidy(hours))

    def _copy_to(self, days: Sequence[Weekday]) -> None:
        hours = tidy(self._schedule.weekly.get(self.grid.day, ()))
        places = tuple((("weekly", day), hours) for day in days)
        self.edited.emit(Edited("schedules.step.week", places))

    def _set_exception(self, name: str, exception: Exceptional) -> None:
        self._edit("schedules.step.exception", ("exceptions", name), exception)

    def _remove_exception(self, name: str) -> None:
        if name in self._schedule.exceptions:
            self._edit("schedules.step.exception", ("exceptions", name), UNSET)

    def _add_exception(self) -> None:
        name, tomorrow = self._new_id(), self._now().date() + timedelta(days=1)
        self.exceptions.choose(name)
        self._set_exception(name, Exceptional(first=tomorrow))

    def _decide(self, day: date, hours: tuple[Hours, ...]) -> None:
        """Give a public holiday hours of its own; a date that covers more days stays as it is."""
        found = exception_on(self._schedule, day)
        is_own = found is not None and found[1].first == day and found[1].last in {None, day}
        name = found[0] if found is not None and is_own else self._new_id()
        self.exceptions.choose(name)
        self._set_exception(name, Exceptional(first=day, label=self._name_of(day), hours=hours))

    def _decide_usual(self, day: date) -> None:
        self._decide(day, tidy(self._schedule.weekly.get(WEEKDAYS[day.weekday()], ())))

    def _undecide(self, day: date) -> None:
        found = exception_on(self._schedule, day)
        if found is not None:
            self._remove_exception(found[0])

    def _name_of(self, day: date) -> str:
        territory = self._schedule.public_holidays or "fr"
        known = (*holidays_of(territory, day.year), *holidays_of("fr", day.year))
        language = self._look.language.current.value
        return next((each.name(language) for each in known if each.day == day), "")


def _section(look: Look, key: str, widgets: Sequence[QWidget]) -> QVBoxLayout:
    """A titled part of the form."""
    column = QVBoxLayout()
    column.setSpacing(8)
    column.addWidget(Label.of(look, key, "section"))
    for each in widgets:
        column.addWidget(each)
    return column
