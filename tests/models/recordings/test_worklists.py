"""Working through a week of calls."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.recordings import Filters
from cx_desktop.domain.recordings.worklist import week_of
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recordings.review import Review
from cx_desktop.models.recordings.worklists import Wanted, Worklists
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService, recorded
from tests.models.recordings.test_review import answer_all


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(600) as service:
        yield service


class Team:
    """The supervisor with worklists and a review."""

    def __init__(self, folder: Path, service: RunningService, qtbot: QtBot, role: str) -> None:
        self.qtbot = qtbot
        self.seat = Seat(folder, service, role)
        self.seat.begin(lambda done: qtbot.waitUntil(done, timeout=15_000))
        self.permissions = Permissions(self.seat.workspace)
        self.review = Review(self.seat.workspace, self.permissions)
        self.lists = Worklists(self.seat.workspace, self.permissions)
        self.taken: list[Wanted] = []
        self.lists.wanted.connect(self.take)

    def take(self, wanted: Wanted) -> None:
        self.taken.append(wanted)
        self.review.take(wanted.recording, wanted.purpose)

    def until_quiet(self) -> None:
        self.qtbot.waitUntil(lambda: self.seat.tasks.is_idle, timeout=15_000)

    def hear(self, after: str = "") -> str:
        """Take the next call, judge it, and finish; its id."""
        assert self.lists.next(after)
        self.qtbot.waitUntil(lambda: self.review.is_ready)
        answer_all(self.review)
        assert self.review.scoring.finish()
        self.until_quiet()
        return self.taken[-1].recording.id

    def close(self) -> None:
        self.lists.close()
        self.review.close()
        self.until_quiet()
        for each in (self.lists, self.review, self.permissions):
            each.deleteLater()
        self.seat.close()


@pytest.fixture
def ines(service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Team]:
    team = Team(tmp_path / "ines", service, qtbot, "supervisor")
    yield team
    team.close()


def test_a_week_is_drawn_heard_counted_and_the_same_for_a_colleague(
    ines: Team, service: RunningService, tmp_path: Path, qtbot: QtBot
) -> None:
    lists = ines.lists
    qtbot.waitUntil(lambda: bool(lists.found.forms))
    form = lists.found.forms[0]
    filters = Filters(words="06 39 98", direction="in", shortest=60, is_evaluated=False)
    lists.create("Entrants longs", form.id, 1, filters)
    qtbot.waitUntil(lambda: lists.current is not None)
    lists.show_week(-2)
    qtbot.waitUntil(lambda: bool(lists.found.drawn))
    kept = lists.current
    assert kept is not None
    assert kept.filter == {"direction": "in", "shortest": 60}
    total = lists.progress.total
    assert total == len({each.agent for each in lists.found.drawn})
    for call in lists.found.calls.values():
        assert (call.direction, week_of(call.started_at.date())) == ("in", lists.week)
        assert call.duration >= 60
    first = ines.hear()
    qtbot.waitUntil(lambda: lists.progress.done == 1)
    second = ines.hear(first)
    assert first != second
    qtbot.waitUntil(lambda: lists.progress.done == 2)
    assert lists.progress.total == total
    evaluation = ines.review.scoring.mine
    assert evaluation is not None
    assert (evaluation.worklist_id, evaluation.week) == (kept.id, lists.week)
    ines.until_quiet()
    assert ines.seat.engine.sync_once().is_all_synced
    claire = Team(tmp_path / "claire", service, qtbot, "administrator")
    try:
        qtbot.waitUntil(lambda: claire.lists.current is not None)
        claire.lists.show_week(-2)
        qtbot.waitUntil(lambda: claire.lists.found.drawn == lists.found.drawn, timeout=10_000)
        assert claire.lists.next()
        assert claire.taken[-1].recording.id not in {first, second}
    finally:
        claire.close()


def test_what_was_heard_counts_when_its_recording_is_gone(
    ines: Team, service: RunningService, qtbot: QtBot
) -> None:
    lists = ines.lists
    qtbot.waitUntil(lambda: lists.current is not None)
    weeks = 23
    lists.show_week(-weeks)
    qtbot.waitUntil(lambda: bool(lists.found.drawn) and lists.found.drawn[0].week == lists.week)
    heard = ines.hear()
    qtbot.waitUntil(lambda: lists.progress.done == 1)
    service.clock.advance(timedelta(days=40))
    try:
        ines.seat.cache.purging.run()
        qtbot.waitUntil(lambda: all(each.is_done for each in lists.found.drawn))
        assert [each.recording_id for each in lists.found.drawn] == [heard]
        assert not lists.next()
    finally:
        service.clock.advance(timedelta(days=-40))


def test_a_worklist_is_dropped_for_everybody_and_no_week_is_in_the_future(
    ines: Team, qtbot: QtBot
) -> None:
    lists = ines.lists
    qtbot.waitUntil(lambda: bool(lists.found.forms))
    lists.show_week(3)
    assert lists.is_this_week
    made = lists.create("Courte", lists.found.forms[0].id, 2, Filters())
    qtbot.waitUntil(lambda: lists.current is not None and lists.current.id == made)
    current = lists.current
    assert current is not None
    lists.set_quota(current, 5)
    qtbot.waitUntil(lambda: lists.current is not None and lists.current.quota == 5)
    lists.remove(current)
    qtbot.waitUntil(lambda: made not in {each.id for each in lists.found.lists})
    ines.until_quiet()
    assert ines.seat.engine.sync_once().is_all_synced
