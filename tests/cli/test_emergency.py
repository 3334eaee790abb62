"""``cx-desktop emergency``: closing at once and reopening, on the real service with real codes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.schedules.until import until_of
from tests.cli.terminal import Desk, Said
from tests.fakes.service import RunningService

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with RunningService() as service:
        yield Desk(tmp_path, service)


def run(desk: Desk, *words: str) -> Said:
    return desk.cx("emergency", *words, "--project", "Maison Lumen")


def only(said: Said) -> dict[str, object]:
    """The one emergency that an act tells of."""
    done = said.json["done"]
    assert isinstance(done, list)
    (found,) = done
    assert isinstance(found, dict)
    return found


def test_a_schedule_closes_until_a_time_with_a_message_and_reopens(desk: Desk) -> None:
    assert run(desk, "status").code == 0
    said = run(
        desk, "close", "Magasin Paris", "--until", "+2h", "--message", "Panne.", "--yes", "--json"
    )
    assert said.code == 0
    status = run(desk, "status", "--json")
    assert status.code == 2
    assert status.json["emergencies"] == said.json["done"]
    closed = only(said)
    assert closed["closes"] == [{"type": "schedule", "name": "Magasin Paris"}]
    assert closed["message"] == "Panne."
    shown = run(desk, "status")
    assert "Magasin Paris" in shown.out
    assert "“Panne.”" in shown.out
    assert run(desk, "reopen", "Magasin Paris", "--yes").code == 0
    assert run(desk, "status").code == 0


def test_it_ends_by_itself_when_its_time_is_over(desk: Desk) -> None:
    run(desk, "close", "Magasin Paris", "--until", "+1h", "--yes")
    desk.service.clock.advance(timedelta(hours=2))
    assert run(desk, "status").code == 0


def test_closing_what_is_closed_so_already_does_nothing(desk: Desk) -> None:
    words = ("close", "Magasin Paris", "--message", "Panne.", "--yes", "--json")
    assert run(desk, *words).json["done"]
    assert run(desk, *words).json["done"] == []


def test_numbers_are_named_as_they_are_written(desk: Desk) -> None:
    said = run(desk, "close", "01 99 00 01 00", "--yes", "--json")
    closed = only(said)
    assert closed["closes"] == [{"type": "number", "name": "+33199000100"}]


def test_everything_closes_and_reopens_at_once(desk: Desk) -> None:
    said = run(desk, "close", "--all", "--yes", "--json")
    closed = only(said)
    closes = closed["closes"]
    assert isinstance(closes, list)
    assert len(closes) > 3
    assert only(run(desk, "reopen", "--all", "--yes", "--json"))["id"] == closed["id"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("close", "--yes"), "emergency-nothing"),
        (("close", "Lune", "--yes"), "emergency-unknown"),
        (("close", "Magasin Paris", "--until", "2020-01-01", "--yes"), "emergency-past"),
        (("close", "Magasin Paris", "--until", "soon", "--yes"), "not-a-moment"),
        (("close", "Magasin Paris"), "project-not-agreed"),
    ],
)
def test_what_cannot_be_closed_is_refused_before_anything_happens(
    desk: Desk, words: tuple[str, ...], problem: str
) -> None:
    said = run(desk, *words, "--json")
    assert (said.code, said.out) == (1, "")
    assert str(said.problem["type"]).endswith(f"/{problem}")
    assert run(desk, "status").code == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("18h30", datetime(2026, 11, 16, 17, 30, tzinfo=UTC)),
        ("8:00", datetime(2026, 11, 17, 7, 0, tzinfo=UTC)),
        ("24:00", datetime(2026, 11, 16, 23, 0, tzinfo=UTC)),
        ("+2h", NOW + timedelta(hours=2)),
        ("+1j", NOW + timedelta(days=1)),
        ("2026-11-20T08:00", datetime(2026, 11, 20, 7, 0, tzinfo=UTC)),
        ("2026-11-20T08:00+00:00", datetime(2026, 11, 20, 8, 0, tzinfo=UTC)),
    ],
)
def test_until_is_typed_as_people_say_it(typed: str, meant: datetime) -> None:
    assert until_of(typed, NOW, "Europe/Paris") == meant


def test_what_is_no_moment_is_refused() -> None:
    for typed in ("", "25:00", "+2", "hier", "+99999h"):
        with pytest.raises(CXError):
            until_of(typed, NOW, "Europe/Paris")
