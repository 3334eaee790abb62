"""The week, drawn: by mouse and by keyboard, and what a screen reader hears."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cx_desktop.domain.schedules import Hours, Weekday
from cx_desktop.views.schedules.hours_fields import HoursFields
from cx_desktop.views.schedules.week_grid import WeekGrid
from cx_desktop.views.widgets.look import Look
from tests.views.schedules.conftest import plain

Shown = dict[Weekday, tuple[Hours, ...]]


class Drawn:
    """A grid whose edits come back to it, as the page does it."""

    def __init__(self, look: Look) -> None:
        self.week: Shown = {"mon": (("09:00", "12:00"),)}
        self.grid = WeekGrid(look)
        self.grid.resize(900, self.grid.sizeHint().height())
        self.grid.hours_changed.connect(self._take)
        self.grid.show_week(self.week)
        self.grid.show()

    def _take(self, day: Weekday, hours: tuple[Hours, ...]) -> None:
        self.week[day] = hours
        self.grid.show_week(self.week)

    def at(self, day: int, hour: float) -> QPoint:
        bar = self.grid._bar(day, round(hour * 60), round(hour * 60) + 1)
        return QPoint(round(bar.left()), round(bar.center().y()))

    def drag(self, day: int, first: float, last: float) -> None:
        QTest.mousePress(self.grid, Qt.MouseButton.LeftButton, pos=self.at(day, first))
        QTest.mouseMove(self.grid, self.at(day, last))
        QTest.mouseRelease(self.grid, Qt.MouseButton.LeftButton, pos=self.at(day, last))

    def hours(self, day: Weekday) -> tuple[Hours, ...]:
        return self.week[day]

    def press(self, *keys: Qt.Key, shift: bool = False, ctrl: bool = False) -> None:
        modifier = Qt.KeyboardModifier.NoModifier
        if shift:
            modifier |= Qt.KeyboardModifier.ShiftModifier
        if ctrl:
            modifier |= Qt.KeyboardModifier.ControlModifier
        for key in keys:
            QTest.keyClick(self.grid, key, modifier)


@pytest.fixture
def drawn(words: Look) -> Iterator[Drawn]:
    drawn = Drawn(words)
    yield drawn
    drawn.grid.close()
    drawn.grid.deleteLater()


def test_a_drag_draws_hours_to_the_quarter(drawn: Drawn) -> None:
    drawn.drag(1, 8.02, 16.51)
    assert drawn.hours("tue") == (("08:00", "16:30"),)


def test_hours_drawn_over_others_become_one(drawn: Drawn) -> None:
    drawn.drag(0, 13, 18)
    assert drawn.hours("mon") == (("09:00", "12:00"), ("13:00", "18:00"))
    drawn.drag(0, 12.5, 13.6)
    assert drawn.hours("mon") == (("09:00", "12:00"), ("12:30", "18:00"))


def test_an_edge_stretches_and_the_middle_moves(drawn: Drawn) -> None:
    drawn.drag(0, 12, 14)
    assert drawn.hours("mon") == (("09:00", "14:00"),)
    drawn.drag(0, 11, 12)
    assert drawn.hours("mon") == (("10:00", "15:00"),)


def test_a_click_alone_changes_nothing(drawn: Drawn) -> None:
    QTest.mouseClick(drawn.grid, Qt.MouseButton.LeftButton, pos=drawn.at(3, 10))
    assert drawn.grid.day == "thu"
    assert drawn.week == {"mon": (("09:00", "12:00"),)}


def test_the_keyboard_does_all_of_it(drawn: Drawn) -> None:
    drawn.press(Qt.Key.Key_Down, Qt.Key.Key_Insert)
    assert drawn.hours("tue") == (("09:00", "10:00"),)
    drawn.press(Qt.Key.Key_Right, Qt.Key.Key_Right, shift=True)
    assert drawn.hours("tue") == (("09:00", "10:30"),)
    drawn.press(Qt.Key.Key_Left, ctrl=True)
    assert drawn.hours("tue") == (("08:45", "10:15"),)
    drawn.press(Qt.Key.Key_Insert)
    assert drawn.hours("tue") == (("08:45", "10:15"), ("11:15", "12:15"))
    drawn.press(Qt.Key.Key_Delete)
    assert drawn.hours("tue") == (("08:45", "10:15"),)
    drawn.press(Qt.Key.Key_Up)
    assert drawn.grid.day == "mon"


def test_it_says_which_day_is_chosen_and_its_hours(drawn: Drawn) -> None:
    assert drawn.grid.accessibleName() == "Semaine ordinaire"
    assert "Lundi : 09 h 00 – 12 h 00" in plain(drawn.grid.accessibleDescription())
    drawn.press(Qt.Key.Key_Down)
    assert "Mardi : fermé" in plain(drawn.grid.accessibleDescription())


def test_what_is_only_looked_at_stays(drawn: Drawn) -> None:
    drawn.grid.is_read_only = True
    drawn.drag(1, 8, 16)
    drawn.press(Qt.Key.Key_Insert)
    assert drawn.week == {"mon": (("09:00", "12:00"),)}


def test_an_hour_upside_down_is_told_and_not_taken(words: Look, qtbot: QtBot) -> None:
    fields = HoursFields(words)
    fields.show_hours((("09:00", "12:00"),))
    fields.show()
    heard: list[object] = []
    fields.edited.connect(heard.append)
    last = fields.ranges[0].last
    last.setText("8h")
    last.editingFinished.emit()
    assert "finit avant de commencer" in fields._fault.text()
    last.setText("neuf")
    last.editingFinished.emit()
    assert "pas une heure" in fields._fault.text()
    assert heard == []
    last.setText("18h30")
    last.editingFinished.emit()
    assert heard == [(("09:00", "18:30"),)]
    assert not fields._fault.isVisible()
    fields.close()
    fields.deleteLater()
    qtbot.wait(0)
