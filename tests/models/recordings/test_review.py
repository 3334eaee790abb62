"""A reviewer at work: everything is kept at once, and nothing typed is lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.recordings.notes import State
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recordings.review import Review
from cx_desktop.protocol import Recording
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService, recorded


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(30) as service:
        yield service


@pytest.fixture
def ines(service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Seat]:
    seat = Seat(tmp_path / "ines", service, "supervisor")
    seat.begin(lambda done: qtbot.waitUntil(done, timeout=15_000))
    yield seat
    qtbot.waitUntil(lambda: seat.tasks.is_idle, timeout=15_000)
    seat.close()


@pytest.fixture
def review(ines: Seat, qtbot: QtBot) -> Iterator[Review]:
    permissions = Permissions(ines.workspace)
    review = Review(ines.workspace, permissions)
    review.take(newest(ines))
    qtbot.waitUntil(lambda: review.is_ready)
    yield review
    review.close()
    qtbot.waitUntil(lambda: ines.tasks.is_idle)
    review.deleteLater()
    permissions.deleteLater()


def newest(seat: Seat) -> Recording:
    assert seat.workspace.project is not None
    return seat.cache.recordings(seat.workspace.project.id, limit=1)[0]


def saved(seat: Seat, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: seat.tasks.is_idle)


class Playing:
    """A sound that stands somewhere."""

    place = 42.5

    def seek(self, place: float) -> None:
        self.place = place

    def skip(self, seconds: float) -> None:
        self.place += seconds

    def toggle(self) -> None:
        """Nobody listens."""


def test_markers_stand_where_the_sound_was(review: Review, ines: Seat, qtbot: QtBot) -> None:
    review.playhead = Playing()
    review.notebook.mark("Ton sec")
    general = review.notebook.add_note("À revoir avec elle", is_private=True)
    (marker, note) = review.notebook.notes
    assert (marker.at_ms, marker.text) == (42_500, "Ton sec")
    assert note.id == general
    saved(ines, qtbot)
    assert {row.data["text"] for row in ines.cache.rows("note")} == {
        "Ton sec",
        "À revoir avec elle",
    }
    review.notebook.reword(general, "À revoir ensemble")
    review.notebook.share(general)
    review.notebook.take_back("note", marker.id)
    assert [(each.text, each.visibility) for each in review.notebook.notes] == [
        ("À revoir ensemble", "shared")
    ]
    saved(ines, qtbot)
    assert ines.engine.sync_once().is_all_synced
    qtbot.waitUntil(lambda: [each.text for each in review.notebook.notes] == ["À revoir ensemble"])
    review.notebook.take_back("note", general)
    saved(ines, qtbot)
    assert ines.engine.sync_once().is_all_synced


def test_tags_come_and_go(review: Review, ines: Seat, qtbot: QtBot) -> None:
    review.notebook.tag("  réclamation   client ")
    review.notebook.tag("VIP")
    review.notebook.tag(" ")
    assert list(review.notebook.tags) == ["réclamation client", "VIP"]
    review.notebook.untag("VIP")
    assert list(review.notebook.tags) == ["réclamation client"]
    saved(ines, qtbot)
    assert ines.engine.sync_once().is_all_synced


def answer_all(review: Review, *, skip: str = "") -> None:
    form = review.scoring.form
    assert form is not None
    for name, question in form.form.asked:
        if name == skip:
            continue
        values = list(question.values)
        if values:
            review.scoring.answer(name, max(values, key=lambda value: question.values[value]))
        else:
            review.scoring.comment(name, "Écoute active")


def test_a_call_is_scored_kept_sent_and_told_the_same_by_the_service(
    review: Review, ines: Seat, qtbot: QtBot
) -> None:
    form = review.scoring.form
    assert form is not None
    assert review.scoring.mine is None
    first = form.form.asked[0][0]
    answer_all(review, skip=first)
    assert review.scoring.score is not None
    assert review.scoring.score.missing == (first,)
    assert not review.scoring.finish()
    review.scoring.answer(first, "no")
    with qtbot.waitSignal(review.scoring.finished):
        assert review.scoring.finish()
    mine = review.scoring.mine
    assert mine is not None
    assert (mine.state, mine.score) == (State.DONE, 94.4)
    review.scoring.answer(first, "yes")  # done is done, until it is reopened
    assert review.scoring.mine == mine
    saved(ines, qtbot)
    assert ines.engine.sync_once().is_all_synced
    saved(ines, qtbot)
    row = ines.cache.row("evaluation", mine.id)
    assert row is not None
    assert (row.data["score"], row.data["state"], row.is_dirty) == (94.4, "done", False)
    review.scoring.reopen()
    review.scoring.answer(first, "yes")
    assert review.scoring.finish()
    saved(ines, qtbot)
    assert ines.engine.sync_once().is_all_synced
    row = ines.cache.row("evaluation", mine.id)
    assert row is not None
    assert row.data["score"] == 100.0


def test_a_recording_that_ends_in_the_middle_keeps_its_score(
    review: Review, ines: Seat, service: RunningService, qtbot: QtBot
) -> None:
    project = ines.workspace.project
    assert project is not None
    review.take(ines.cache.recordings(project.id, limit=2)[1])
    qtbot.waitUntil(lambda: review.is_ready)
    answer_all(review)
    saved(ines, qtbot)
    assert not review.is_over
    service.clock.advance(timedelta(days=200))
    try:
        ines.cache.purging.run()
        review.take(None)  # the list has lost it, before it was looked up here
        assert review.subject is not None
        qtbot.waitUntil(lambda: review.is_over)
        assert review.scoring.finish()
        saved(ines, qtbot)
        (row, *_) = [row for row in ines.cache.rows("evaluation") if row.data["state"] == "done"]
        assert row.data["score"] is not None
    finally:
        service.clock.advance(timedelta(days=-200))


def test_calibration_is_blind_until_it_is_done(
    review: Review, ines: Seat, service: RunningService, tmp_path: Path, qtbot: QtBot
) -> None:
    answer_all(review)
    review.scoring.finish()
    saved(ines, qtbot)
    assert ines.engine.sync_once().is_all_synced
    claire = Seat(tmp_path / "claire", service)
    claire.begin(lambda done: qtbot.waitUntil(done, timeout=15_000))
    permissions = Permissions(claire.workspace)
    other = Review(claire.workspace, permissions)
    try:
        other.take(newest(claire))
        qtbot.waitUntil(lambda: bool(other.scoring.evaluations))
        (theirs, *_) = [each for each in other.scoring.evaluations if each.score is not None]
        other.scoring.calibrate(theirs)
        assert other.scoring.is_blind
        assert other.scoring.compared is None
        answer_all(other)
        form = other.scoring.form
        assert form is not None
        other.scoring.answer(form.form.asked[0][0], "no")
        assert other.scoring.finish()
        assert not other.scoring.is_blind
        compared = other.scoring.compared
        assert compared is not None
        found, calibration = compared
        assert found.id == theirs.id
        assert [row.question for row in calibration.widest] == [form.form.asked[0][0]]
        saved(claire, qtbot)
        assert claire.engine.sync_once().is_all_synced
    finally:
        other.close()
        qtbot.waitUntil(lambda: claire.tasks.is_idle)
        other.deleteLater()
        permissions.deleteLater()
        claire.close()
