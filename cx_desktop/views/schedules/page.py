"""The page « Horaires »: the list, one schedule, and one calendar of all of them."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.access import Verb
from cx_desktop.domain.patch import Document
from cx_desktop.domain.schedules import Schedule
from cx_desktop.domain.schedules.holidays import USUAL, holidays_of
from cx_desktop.domain.schedules.judging import judged
from cx_desktop.models.commands import Command, Commands
from cx_desktop.models.emergencies import Emergencies
from cx_desktop.models.language import Language
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.kinds import Shelved
from cx_desktop.models.settings import Settings
from cx_desktop.models.table import Column
from cx_desktop.overrides import override
from cx_desktop.views.objects import words as object_words
from cx_desktop.views.objects.finding_words import (
    ICON_BY_SEVERITY,
    TONE_BY_SEVERITY,
    finding_words,
)
from cx_desktop.views.objects.list_view import Dress
from cx_desktop.views.objects.object_page import ObjectPage, Own
from cx_desktop.views.schedules import words
from cx_desktop.views.schedules.calendar_view import CalendarView
from cx_desktop.views.schedules.form import ScheduleForm
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.pill import Pill
from cx_desktop.views.widgets.strip import Strip

Row = Shelved[Schedule]
_NAME, _STATE, _NOW, _HOLIDAYS, _USES, _CHANGED, _SENT = range(7)
_WORKDAY = [["09:00", "12:30"], ["13:30", "18:00"]]


class SchedulesPage(ObjectPage[Schedule]):
    """Everything about opening hours."""

    id = "schedules"
    title_key = "schedules.page.title"
    icon = "clock-afternoon"
    order = 40
    help_key = "schedules.help"

    emergency_wanted = Signal()  # somebody wants to close now

    def __init__(
        self,
        look: Look,
        desk: ObjectDesk[Schedule],
        emergencies: Emergencies,
        *,
        commands: Commands,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        form = ScheduleForm(look, now=desk.clock.now, new_id=desk.workspace.ids.new)
        own = Own(
            dress=_dress(look.language, desk, emergencies),
            form=form,
            change_words=partial(words.changed, look.language),
            placed=partial(words.placed, look.language),
        )
        super().__init__(look, desk, own, commands=commands, settings=settings, parent=parent)
        self.form = form
        self.closed = Strip(look, is_band=True)
        self.put_above(self.closed)
        self.calendar = CalendarView(look, desk.shelf, today=lambda: desk.today)
        self.stack.addWidget(self.calendar)
        self.open_calendar = Button(look, "schedules.calendar", icon="calendar-blank")
        self.close_now = Button(look, "schedules.close-now", kind="danger", icon="prohibit")
        self.list.add_action(self.open_calendar)
        self.list.add_action(self.close_now)
        self.open_calendar.clicked.connect(self.show_calendar)
        self.close_now.clicked.connect(self.emergency_wanted)
        emergencies.changed.connect(self.list.table.viewport().update)
        self.calendar.left.connect(self.show_list)
        self.calendar.schedule_opened.connect(self.open)
        desk.tasks.run(partial(holidays_of, USUAL, desk.today.year))  # slow only the first time

    def show_calendar(self) -> None:
        """One calendar of all schedules."""
        self.show_view(self.calendar)
        self.calendar.show_today()
        self.calendar.table.setFocus()

    @override
    def new_draft(self) -> Document:
        """Office hours of an ordinary week, on the project's clock."""
        project = self._desk.workspace.project
        return {
            "time_zone": project.time_zone if project is not None else "Europe/Paris",
            "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _WORKDAY),
            "public_holidays": USUAL,
            "exceptions": {},
        }

    @override
    def commands_of_page(self) -> tuple[Command, ...]:
        calendar = self.command(
            "calendar",
            "calendar-blank",
            lambda: self.come(self.show_calendar),
            Verb.CONFIG_READ,
        )
        return (*super().commands_of_page(), calendar)


def _dress(language: Language, desk: ObjectDesk[Schedule], emergencies: Emergencies) -> Dress[Row]:
    common = object_words.Columns(language, desk.clock.now, desk.workspace.user.id)
    now = Column[Row](
        "schedules.column.now",
        text=lambda row: _now_words(language, desk, emergencies, row),
        tooltip=lambda row: words.state_words(language, _heard(row), desk.clock.now()),
    )
    holidays = Column[Row](
        "schedules.column.holidays",
        text=lambda row: words.territory_words(language, row.draft.public_holidays),
        tooltip=lambda row: "\n".join(
            finding_words(language, each) for each in judged(row.draft, desk.today)
        ),
    )
    return Dress(
        area="schedules",
        icon="clock-afternoon",
        columns=(
            common.name(),
            common.state(),
            now,
            holidays,
            common.uses(),
            common.changed(),
            common.sent(),
        ),
        least=(180, 110, 150, 120, 120, 120, 60),
        hidden=(_SENT,),
        pills={
            _STATE: object_words.state_pills,
            _HOLIDAYS: lambda language, row: _holiday_pills(language, desk, row),
            _SENT: object_words.sent_pills,
        },
        found_by=lambda row: (
            f"{row.name} {row.description} {words.week_words(language, row.draft)}"
        ),
    )


def _now_words(
    language: Language, desk: ObjectDesk[Schedule], emergencies: Emergencies, row: Row
) -> str:
    """How it stands for callers this minute; an emergency outweighs everything."""
    if emergencies.closing(row.id) is not None:
        return language.text("emergency.short")
    return words.short_state_words(language, _heard(row), desk.clock.now())


def _heard(row: Row) -> Schedule:
    return row.live if row.live is not None else row.draft


def _holiday_pills(language: Language, desk: ObjectDesk[Schedule], row: Row) -> tuple[Pill, ...]:
    """A pill for what the rules have to say; else the cell's own words."""
    found = judged(row.draft, desk.today)
    if not found:
        return ()
    worst = min(found, key=lambda each: list(TONE_BY_SEVERITY).index(each.severity))
    return (
        Pill(
            language.text(f"schedules.short.{worst.rule}"),
            TONE_BY_SEVERITY[worst.severity],
            ICON_BY_SEVERITY[worst.severity],
        ),
    )
