"""Times as clocks show them and as they are meant, and how what is planned is said."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from cx_desktop.domain.timed import Failure, Fault, Timed, TimedObject, TimedState
from cx_desktop.domain.wall_time import instants_of, shown_at
from cx_desktop.models.timed_words import TimedWords
from cx_desktop.models.timing import Part, Timing, Typed
from cx_desktop.text import Language as Tongue
from cx_desktop.views.widgets.look import Look
from tests.fakes.seat import look

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 17, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)


def shown(text: str) -> datetime:
    return datetime.fromisoformat(text)


@given(
    instant=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  (bounds)
    zone=st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/St_Johns", "Pacific/Apia"]),
)
def test_what_clocks_show_at_an_instant_means_that_instant(instant: datetime, zone: str) -> None:
    assert instant in instants_of(shown_at(instant, ZoneInfo(zone)), ZoneInfo(zone))


def test_an_hour_that_a_night_skips_is_no_instant_and_one_shown_twice_is_two() -> None:
    assert instants_of(shown("2027-03-28T02:30"), PARIS) == ()
    first, second = instants_of(shown("2026-10-25T02:30"), PARIS)
    assert (first, second - first) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        timedelta(hours=1),
    )


def test_without_times_it_happens_now() -> None:
    assert Typed().timing(PARIS).is_now
    assert not Typed().faults(PARIS, NOW)


def test_what_is_typed_is_meant_where_the_project_is() -> None:
    typed = Typed(at=shown("2026-11-27T18:00"), returns_at=shown("2026-11-30T08:00"))
    assert typed.timing(PARIS) == Timing(FRIDAY, MONDAY)
    assert typed.timing(ZoneInfo("Indian/Reunion")).at == FRIDAY - timedelta(hours=3)


@pytest.mark.parametrize(
    ("typed", "part", "key"),
    [
        (Typed(at=shown("2026-11-16T10:00")), Part.AT, "problem.time-past"),
        (Typed(at=shown("2027-03-28T02:30")), Part.AT, "problem.time-skipped"),
        (
            Typed(at=shown("2026-11-27T18:00"), returns_at=shown("2026-11-27T18:00")),
            Part.RETURNS_AT,
            "problem.return-before",
        ),
        (
            Typed(at=shown("2026-11-27T18:00"), returns_at=shown("2026-11-01T18:00")),
            Part.RETURNS_AT,
            "problem.time-past",
        ),
    ],
)
def test_what_cannot_be_meant_is_said_beside_it(typed: Typed, part: Part, key: str) -> None:
    faults = typed.faults(PARIS, NOW)
    assert {each: fault.key for each, fault in faults.items()} == {part: key}


def test_an_hour_that_comes_twice_is_told() -> None:
    assert Typed(at=shown("2026-10-25T02:30")).comes_twice(PARIS)
    assert not Typed(at=shown("2026-10-25T04:30")).comes_twice(PARIS)


def words(spoken: Look) -> TimedWords:
    return TimedWords(spoken.language, names={"a": "Accueil", "b": "Nuit"}, zone=PARIS, now=NOW)


def timed(**more: object) -> Timed:
    objects = (TimedObject(entity="flow", id="a"),)
    return Timed(**({"id": "t", "objects": objects, "at": FRIDAY} | more))  # type: ignore[arg-type]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("tongue", "said"),
    [
        (
            Tongue.FRENCH,
            "SVI « Accueil » : mise en ligne le ven. 27 nov. à 18 h 00, retour le lun. 30 nov.",
        ),
        (
            Tongue.ENGLISH,
            "Flow “Accueil”: goes live on Fri 27 Nov at 18:00, returns on Mon 30 Nov at 08:00",
        ),
    ],
)
def test_what_is_planned_is_said_in_the_hours_of_the_project(
    qapp: QApplication, tongue: Tongue, said: str
) -> None:
    told = plain(words(look(qapp, tongue)).title(timed(returns_at=MONDAY)))
    assert told.startswith(said)


def test_once_it_is_live_only_the_return_is_still_to_come(qapp: QApplication) -> None:
    live = timed(returns_at=MONDAY, state=TimedState.LIVE, went_live_at=FRIDAY)
    told = plain(words(look(qapp)).title(live))
    assert told.startswith("SVI « Accueil » : retour à la version précédente le lun. 30 nov.")


def test_a_return_alone_names_its_version(qapp: QApplication) -> None:
    objects = (TimedObject(entity="flow", id="a", returns_to=3),)
    told = plain(words(look(qapp)).title(timed(at=None, returns_at=MONDAY, objects=objects)))
    assert told.startswith("SVI « Accueil » : retour à la version 3 le lun. 30 nov.")


@pytest.mark.parametrize("name", ["live-moved", "tests-failed", "a problem of tomorrow"])
def test_one_that_failed_says_why_and_that_nothing_changed(qapp: QApplication, name: str) -> None:
    failure = Failure(name, errors=(Fault(message="ouvert le lundi"),))
    failed = timed(state=TimedState.FAILED, failed_at=FRIDAY, failure=failure)
    told = words(look(qapp))
    assert plain(told.title(failed)) == "SVI « Accueil » : la publication planifiée n’a pas eu lieu"
    assert "ouvert le lundi" in told.text(failed)
    assert "Rien n’a changé pour les appelants" in told.text(failed)
