"""The ordinary week drawn as a grid of seven days: hours are drawn, moved and stretched in it."""

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cx_desktop.domain.schedules import Hours, Weekday
from cx_desktop.domain.schedules.calendar import MIDNIGHT, WEEKDAYS, hour_of, minutes_of, tidy
from cx_desktop.overrides import override
from cx_desktop.views.schedules.words import hours_words, weekday_name
from cx_desktop.views.widgets.look import Look

Week = Mapping[Weekday, tuple[Hours, ...]]
#: What a drag and the arrow keys move by.
STEP = 15
_NEW = 60
_EDGE = 6.0


class _Drag(NamedTuple):
    """A range that is being drawn, moved or stretched, and where the pointer took hold of it."""

    day: int
    others: tuple[Hours, ...]
    first: int
    last: int
    held: int
    part: str
    """new, whole, first or last."""


class WeekGrid(QWidget):
    """Seven rows of 24 hours. A drag draws hours; arrows, Enter and Delete do it by keyboard."""

    day_chosen = Signal(str)  # Weekday
    hours_changed = Signal(str, object)  # Weekday, tuple[Hours, ...]

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._week: Week = {}
        self._day = 0
        self._range = -1
        self._drag: _Drag | None = None
        self.is_read_only = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.language.follow(self, self._tell)
        look.theme.changed.connect(self._on_theme_changed)

    @property
    def day(self) -> Weekday:
        """The day that is chosen."""
        return WEEKDAYS[self._day]

    def choose(self, day: Weekday) -> None:
        """Choose a day."""
        self._choose(WEEKDAYS.index(day), -1)

    def show_week(self, week: Week) -> None:
        """Show these hours."""
        self._week = {day: tidy(hours) for day, hours in week.items()}
        self._range = min(self._range, len(self._hours(self._day)) - 1)
        self._tell()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, round(self._head + 7 * self._row + 2))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(360, self.sizeHint().height())

    @property
    def _row(self) -> float:
        return self.fontMetrics().height() + 12.0

    @property
    def _head(self) -> float:
        return self.fontMetrics().height() + 6.0

    @property
    def _left(self) -> float:
        names = (weekday_name(self._look.language, day) for day in WEEKDAYS)
        return max(self.fontMetrics().horizontalAdvance(name) for name in names) + 20.0

    def _hours(self, day: int) -> tuple[Hours, ...]:
        return self._week.get(WEEKDAYS[day], ())

    def _x(self, minutes: int) -> float:
        return self._left + (self.width() - self._left - 14) * minutes / MIDNIGHT

    def _minutes(self, x: float) -> int:
        share = (x - self._left) / max(1.0, self.width() - self._left - 14)
        return round(max(0.0, min(1.0, share)) * MIDNIGHT / STEP) * STEP

    def _bar(self, day: int, first: int, last: int) -> QRectF:
        top = self._head + day * self._row
        return QRectF(self._x(first), top + 4, self._x(last) - self._x(first), self._row - 8)

    def _at(self, at: QPointF) -> tuple[int, int]:
        """The day at a point, and which of its ranges, -1 for none."""
        day = max(0, min(6, int((at.y() - self._head) // self._row)))
        for position, (first, last) in enumerate(self._hours(day)):
            if (
                self._bar(day, minutes_of(first), minutes_of(last))
                .adjusted(-_EDGE / 2, -4, _EDGE / 2, 4)
                .contains(at)
            ):
                return day, position
        return day, -1

    def _choose(self, day: int, position: int) -> None:
        is_other = day != self._day
        self._day, self._range = day, position
        self._tell()
        self.update()
        if is_other:
            self.day_chosen.emit(self.day)

    def _change(self, day: int, hours: tuple[Hours, ...]) -> None:
        if not self.is_read_only and tidy(hours) != self._hours(day):
            self.hours_changed.emit(WEEKDAYS[day], tidy(hours))

    def _tell(self) -> None:
        """What a screen reader says: the week grid, and the day that is chosen."""
        language = self._look.language
        self.setAccessibleName(language.text("schedules.week"))
        hours = self._hours(self._day)
        chosen = (hours[self._range],) if 0 <= self._range < len(hours) else hours
        words = language.text(
            "flows.summary.line",
            name=weekday_name(language, self.day),
            what=hours_words(language, chosen),
        )
        self.setAccessibleDescription(f"{words}. {language.text('schedules.week.keys')}")
        self.setToolTip(language.text("schedules.week.keys"))
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, words))

    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        day, position = self._at(at)
        self._choose(day, position)
        if self.is_read_only or at.x() < self._left:
            return
        held, hours = self._minutes(at.x()), self._hours(day)
        if position < 0:
            self._drag = _Drag(day, hours, held, held, held, "new")
            return
        first, last = map(minutes_of, hours[position])
        bar = self._bar(day, first, last)
        part = "whole"
        if abs(at.x() - bar.left()) <= _EDGE:
            part = "first"
        elif abs(at.x() - bar.right()) <= _EDGE:
            part = "last"
        others = hours[:position] + hours[position + 1 :]
        self._drag = _Drag(day, others, first, last, held, part)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            self._show_cursor(event.position())
            return
        self._drag = _dragged(self._drag, self._minutes(event.position().x()))
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if drag is None or event.button() != Qt.MouseButton.LeftButton:
            return
        moved = _ranged(drag)
        self.update()
        if moved is not None:
            self._change(drag.day, (*drag.others, moved))

    def _show_cursor(self, at: QPointF) -> None:
        day, position = self._at(at)
        shape = Qt.CursorShape.ArrowCursor
        if not self.is_read_only and at.x() >= self._left and at.y() >= self._head:
            shape = Qt.CursorShape.CrossCursor
            if position >= 0:
                first, last = map(minutes_of, self._hours(day)[position])
                bar = self._bar(day, first, last)
                is_edge = min(abs(at.x() - bar.left()), abs(at.x() - bar.right())) <= _EDGE
                shape = Qt.CursorShape.SizeHorCursor if is_edge else Qt.CursorShape.OpenHandCursor
        self.setCursor(shape)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        hours = self._hours(self._day)
        has_range = 0 <= self._range < len(hours)
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down as key:
                step = -1 if key == Qt.Key.Key_Up else 1
                self._choose((self._day + step) % 7, -1)
            case Qt.Key.Key_Left | Qt.Key.Key_Right as key:
                self._on_arrow(1 if key == Qt.Key.Key_Right else -1, event.modifiers())
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if has_range:
                self._change(self._day, hours[: self._range] + hours[self._range + 1 :])
            case Qt.Key.Key_Insert | Qt.Key.Key_Plus:
                self._add()
            case Qt.Key.Key_Escape if has_range:
                self._choose(self._day, -1)
            case _:
                super().keyPressEvent(event)

    def _on_arrow(self, step: int, modifiers: Qt.KeyboardModifier) -> None:
        """Choose another range; with Ctrl move it; with Shift move its end."""
        hours = self._hours(self._day)
        if not hours:
            return
        is_moving = modifiers & Qt.KeyboardModifier.ControlModifier
        is_stretching = modifiers & Qt.KeyboardModifier.ShiftModifier
        if self._range < 0 or not (is_moving or is_stretching):
            self._choose(self._day, max(0, min(len(hours) - 1, self._range + step)))
            return
        first, last = map(minutes_of, hours[self._range])
        others = hours[: self._range] + hours[self._range + 1 :]
        part = "whole" if is_moving else "last"
        held = first if is_moving else last
        drag = _dragged(_Drag(self._day, others, first, last, held, part), held + step * STEP)
        moved = _ranged(drag)
        if moved is not None:
            self._change(self._day, (*others, moved))

    def _add(self) -> None:
        """An hour after the last one, or the morning of a day that is closed."""
        hours = self._hours(self._day)
        start = minutes_of(hours[-1][1]) + _NEW if hours else 9 * 60
        start = min(start, MIDNIGHT - _NEW)
        self._range = len(hours)
        self._change(self._day, (*hours, (hour_of(start), hour_of(start + _NEW))))

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        for day in range(7):
            self._paint_day(painter, day)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        theme = self._look.theme
        rows = QRectF(self._left, self._head, self._x(MIDNIGHT) - self._left, 7 * self._row)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sunken"))
        painter.drawRect(rows)
        chosen = QRectF(0, self._head + self._day * self._row, self.width(), self._row)
        painter.setBrush(theme.color("accent_soft"))
        painter.drawRoundedRect(chosen, 4, 4)
        step = 2 if self._x(120) - self._x(0) >= 44 else 4
        for hour in range(25):
            x = self._x(hour * 60)
            is_named = hour % step == 0
            painter.setPen(QPen(theme.color("outline"), 1))
            if is_named:
                painter.drawLine(QPointF(x, rows.top()), QPointF(x, rows.bottom()))
                painter.setPen(theme.color("muted"))
                label = QRectF(x - 30, 0, 60, self._head - 2)
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, str(hour))
        painter.setPen(QPen(theme.color("outline"), 1))
        for day in range(8):
            y = self._head + day * self._row
            painter.drawLine(QPointF(0, y), QPointF(rows.right(), y))

    def _paint_day(self, painter: QPainter, day: int) -> None:
        theme, language = self._look.theme, self._look.language
        top = self._head + day * self._row
        painter.setPen(theme.color("text"))
        name = QRectF(8, top, self._left - 10, self._row)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, weekday_name(language, WEEKDAYS[day]))
        drag = self._drag if self._drag is not None and self._drag.day == day else None
        hours = drag.others if drag is not None else self._hours(day)
        for position, pair in enumerate(hours):
            is_chosen = drag is None and day == self._day and position == self._range
            self._paint_bar(painter, day, pair, is_chosen=is_chosen)
        moved = _ranged(drag) if drag is not None else None
        if moved is not None:
            self._paint_bar(painter, day, moved, is_chosen=True)

    def _paint_bar(self, painter: QPainter, day: int, pair: Hours, *, is_chosen: bool) -> None:
        theme = self._look.theme
        bar = self._bar(day, minutes_of(pair[0]), minutes_of(pair[1]))
        painter.setBrush(theme.color("accent"))
        pen = QPen(theme.color("text"), 2) if is_chosen and self.hasFocus() else Qt.PenStyle.NoPen
        painter.setPen(pen)
        painter.drawRoundedRect(bar, 4, 4)
        words = hours_words(self._look.language, (pair,))
        metrics = painter.fontMetrics()
        if metrics.horizontalAdvance(words) + 8 > bar.width():
            words = f"{pair[0]}–{pair[1]}"
        if metrics.horizontalAdvance(words) + 4 <= bar.width():
            painter.setPen(theme.color("on_accent"))
            painter.drawText(bar, Qt.AlignmentFlag.AlignCenter, words)


def _dragged(drag: _Drag, now: int) -> _Drag:
    """The range when the pointer, or an arrow key, has come to ``now``."""
    match drag.part:
        case "new":
            return drag._replace(first=min(drag.held, now), last=max(drag.held, now))
        case "first":
            return drag._replace(first=max(0, min(now, drag.last - STEP)))
        case "last":
            return drag._replace(last=min(MIDNIGHT, max(now, drag.first + STEP)))
        case _:
            length = drag.last - drag.first
            first = max(0, min(MIDNIGHT - length, drag.first + now - drag.held))
            return drag._replace(first=first, last=first + length, held=now)


def _ranged(drag: _Drag) -> Hours | None:
    if drag.last <= drag.first:
        return None
    return hour_of(drag.first), hour_of(drag.last)
