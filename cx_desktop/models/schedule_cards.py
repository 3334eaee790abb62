"""What opening hours have to say on Home: public holidays ahead that nobody decided on."""

from collections.abc import Callable, Iterable
from datetime import date

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.patch import Document
from cx_desktop.domain.schedules import Schedule, schedule_of
from cx_desktop.domain.schedules.holidays import Holiday
from cx_desktop.domain.schedules.judging import judged, undecided
from cx_desktop.models.home import Card
from cx_desktop.models.language import Language
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.kinds import Shelved

#: So many public holidays ahead are told of at once.
_MOST = 2


def judge_schedule(document: Document, today: date) -> tuple[Finding, ...]:
    """Everything there is to say of a schedule's document, as the day stands."""
    return judged(schedule_of(document), today)


class ScheduleCards:
    """« 11 nov. férié : 2 horaires n’ont rien prévu »; of what callers meet, not of drafts."""

    def __init__(
        self,
        language: Language,
        desk: ObjectDesk[Schedule],
        open_schedule: Callable[[str], object],
    ) -> None:
        self._language = language
        self._desk = desk
        self._open_schedule = open_schedule

    def __call__(self) -> Iterable[Card]:
        """The cards now."""
        found: dict[Holiday, list[Shelved[Schedule]]] = {}
        for row in self._desk.shelf.rows:
            if row.is_archived or row.live is None:
                continue
            for day in undecided(row.live, self._desk.today):
                if day.holiday is not None:
                    found.setdefault(day.holiday, []).append(row)
        for holiday in sorted(found, key=lambda each: each.day)[:_MOST]:
            yield self._card(holiday, found[holiday])

    def _card(self, holiday: Holiday, rows: list[Shelved[Schedule]]) -> Card:
        language = self._language
        name = holiday.name(language.current.value)
        day = language.day(holiday.day)
        is_decided = all(row.draft.public_holidays for row in rows)
        return Card(
            id=f"schedules.{holiday.day.isoformat()}",
            tone="info" if is_decided else "warn",
            icon="calendar-x",
            title=language.plural("home.holiday", len(rows), day=day, name=name),
            text=language.text(
                "home.holiday-decided" if is_decided else "home.holiday-text",
                names=", ".join(row.name for row in rows),
            ),
            action=language.text("home.open-schedule", name=rows[0].name),
            run=lambda: self._open_schedule(rows[0].id),
        )
