"""The review panel: everything from the keyboard while the sound plays."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.recordings.notes import State
from cx_desktop.models.recordings.review import Review
from cx_desktop.views.recordings.review_panel import ReviewPanel
from tests.fakes.seat import Seat, look
from tests.fakes.service import RunningService, recorded
from tests.views.recordings.reviewing import Sound, reviewing


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(20) as service:
        yield service


@pytest.fixture
def desk(
    service: RunningService, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> Iterator[tuple[Seat, Review, ReviewPanel]]:
    with reviewing(tmp_path, service, qtbot, look(qapp)) as (seat, review, panel):
        panel.resize(520, 480)
        panel.show()
        qtbot.waitExposed(panel)
        panel.activateWindow()
        yield seat, review, panel


Desk = tuple[Seat, Review, ReviewPanel]


def test_a_call_is_scored_without_the_mouse(desk: Desk, qtbot: QtBot) -> None:
    _, review, panel = desk
    panel.score()
    rows = list(panel.scoring.rows.values())
    assert rows[0].hasFocus()
    QTest.keyClick(rows[0], Qt.Key.Key_O)
    assert rows[1].hasFocus()
    QTest.keyClick(rows[1], Qt.Key.Key_N)  # a no needs a word of explanation
    assert rows[1].comment.hasFocus()
    QTest.keyClicks(rows[1].comment, "Coupe la parole")
    QTest.keyClick(rows[1].comment, Qt.Key.Key_Return)
    assert rows[1].hasFocus()
    QTest.keyClick(rows[1], Qt.Key.Key_Down)
    for row, key in zip(rows[2:], "451xx1", strict=False):
        QTest.keyClicks(row, key)
    QTest.keyClick(rows[7], Qt.Key.Key_O)
    QTest.keyClick(rows[8], Qt.Key.Key_1)
    assert rows[9].hasFocus()
    QTest.keyClick(rows[9], Qt.Key.Key_C)
    QTest.keyClicks(rows[9].comment, "Bonne ecoute")
    QTest.keyClick(rows[9].comment, Qt.Key.Key_Return)
    mine = review.scoring.mine
    assert mine is not None
    assert review.scoring.score is not None
    assert review.scoring.score.missing == ()
    QTest.keyClick(rows[9], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(
        lambda: review.scoring.mine is not None and review.scoring.mine.state is State.DONE
    )
    assert panel.scoring.reopen.isVisible()
    assert not panel.scoring.finish.isVisible()


def test_the_sound_obeys_the_same_hands(desk: Desk) -> None:
    _, review, panel = desk
    panel.score()
    sound = review.playhead
    assert isinstance(sound, Sound)
    row = next(iter(panel.scoring.rows.values()))
    QTest.keyClick(row, Qt.Key.Key_Space)
    QTest.keyClick(row, Qt.Key.Key_Left)
    assert (sound.is_playing, sound.place) == (True, 125.0)


def test_a_screen_reader_hears_the_question_and_its_answer(desk: Desk) -> None:
    _, _, panel = desk
    panel.score()
    row = list(panel.scoring.rows.values())[2]
    before = row.accessibleName()
    QTest.keyClick(row, Qt.Key.Key_4)
    assert before.startswith("Question 3 sur 10, Écoute et compréhension")
    assert before.endswith("sans réponse")
    assert row.accessibleName().endswith("4 sur 5")
    assert "1 à 5" in row.accessibleDescription()


def test_a_marker_stands_where_the_sound_is_and_leads_back_there(desk: Desk) -> None:
    _, review, panel = desk
    notebook = panel.notebook
    QTest.keyClicks(notebook.text, "Objection bien prise")
    QTest.keyClick(notebook.text, Qt.Key.Key_Return)
    item = notebook.list.topLevelItem(0)
    assert item is not None
    assert [item.text(column) for column in range(3)] == ["2:10", "Objection bien prise", "moi"]
    assert panel.tabs.tabText(0) == "Repères et notes (1)"
    sound = review.playhead
    assert isinstance(sound, Sound)
    sound.place = 0.0
    notebook.list.itemActivated.emit(item, 0)
    assert sound.place == 130.0
    notebook.list.setCurrentItem(item)
    notebook.list.setFocus()
    QTest.keyClick(notebook.list, Qt.Key.Key_Delete)
    assert notebook.list.topLevelItemCount() == 0


def test_tags_are_chips_that_go_at_a_click(desk: Desk) -> None:
    _, review, panel = desk
    QTest.keyClicks(panel.notebook.tag, "VIP")
    QTest.keyClick(panel.notebook.tag, Qt.Key.Key_Return)
    assert list(review.notebook.tags) == ["VIP"]
    review.notebook.untag("VIP")
    assert not review.notebook.tags


def test_where_nothing_may_be_said_the_reason_is(desk: Desk) -> None:
    _, review, panel = desk
    review.take(None)
    assert panel._stack.currentWidget() is panel._nothing
