"""Scores over time as a line: a point per week with its range, and how many calls it stands on."""

import math

from PySide6.QtCore import QDate, QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cx_desktop.domain.recordings.trends import Point
from cx_desktop.overrides import override
from cx_desktop.views.recordings.review_words import percent_words
from cx_desktop.views.widgets.look import Look

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 12.0, 10.0, 24.0
_LINES = (0, 25, 50, 75, 100)
_DOT = 4.0
#: So far apart dates stand at least.
_DATE_WIDTH = 64.0


class ScorePlot(QWidget):
    """Weeks from left to right, percent upwards; what it shows is told in words, too."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._points: tuple[Point, ...] = ()
        self._mark = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.theme.changed.connect(self.update)
        look.language.bind(self, self.setAccessibleName, "results.plot")

    def show_points(self, points: tuple[Point, ...], pass_mark: int) -> None:
        """Show these weeks, with the line that calls have to pass."""
        self._points, self._mark = points, pass_mark
        said = [self._words(each) for each in points if each.mean is not None]
        text = self._look.language.text
        self.setAccessibleDescription(". ".join(said) or text("results.none"))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, 190)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(260, 150)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            near = self._near(event.pos().x())
            QToolTip.showText(event.globalPos(), self._words(near) if near else "", self)
            return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_frame(painter)
        self._draw_scores(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._look.theme.color("accent"), 1.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()

    def _draw_frame(self, painter: QPainter) -> None:
        theme, language = self._look.theme, self._look.language
        font = painter.font()
        font.setPixelSize(theme.pixels("small"))
        painter.setFont(font)
        right = self.width() - _RIGHT
        for line in _LINES:
            y = self._y(line)
            painter.setPen(QPen(theme.color("outline"), 1.0))
            painter.drawLine(QPointF(_LEFT, y), QPointF(right, y))
            painter.setPen(theme.color("muted"))
            words = QRectF(0, y - 8, _LEFT - 6, 16)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight, percent_words(language, line))
        painter.setPen(QPen(theme.color("warn"), 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(_LEFT, self._y(self._mark)), QPointF(right, self._y(self._mark)))
        painter.setPen(theme.color("muted"))
        every = max(1, math.ceil(_DATE_WIDTH / max(1.0, self._gap)))
        for place in range(len(self._points) - 1, -1, -every):
            week = self._points[place].week
            day = language.locale.toString(QDate(week.year, week.month, week.day), "d MMM")
            middle = self._x(place)
            spot = QRectF(middle - _DATE_WIDTH / 2, self.height() - _BOTTOM + 6, _DATE_WIDTH, 16)
            if spot.left() >= 0:
                spot.moveRight(min(spot.right(), self.width()))
                painter.drawText(spot, Qt.AlignmentFlag.AlignHCenter, day)

    def _draw_scores(self, painter: QPainter) -> None:
        theme = self._look.theme
        line = QPolygonF()
        painter.setPen(QPen(theme.color("accent_soft"), 5.0, c=Qt.PenCapStyle.RoundCap))
        for place, each in enumerate(self._points):
            if each.low is not None and each.high is not None and each.low < each.high:
                x = self._x(place)
                painter.drawLine(QPointF(x, self._y(each.low)), QPointF(x, self._y(each.high)))
        painter.setPen(QPen(theme.color("accent"), 2.0))
        for place, each in enumerate(self._points):
            if each.mean is None:  # a week in which nobody judged breaks the line
                painter.drawPolyline(line)
                line = QPolygonF()
            else:
                line.append(QPointF(self._x(place), self._y(each.mean)))
        painter.drawPolyline(line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        for place, each in enumerate(self._points):
            if each.mean is not None:
                painter.drawEllipse(QPointF(self._x(place), self._y(each.mean)), _DOT, _DOT)

    @property
    def _gap(self) -> float:
        return (self.width() - _LEFT - _RIGHT - 2 * _DOT) / max(1, len(self._points) - 1)

    def _x(self, place: int) -> float:
        return _LEFT + _DOT + place * self._gap

    def _y(self, percent: float) -> float:
        return _TOP + (100.0 - percent) / 100.0 * (self.height() - _TOP - _BOTTOM)

    def _near(self, x: int) -> Point | None:
        if not self._points:
            return None
        place = round((x - _LEFT - _DOT) / max(1.0, self._gap))
        return self._points[min(max(place, 0), len(self._points) - 1)]

    def _words(self, point: Point) -> str:
        language = self._look.language
        day = language.day(point.week)
        if point.mean is None:
            return language.text("results.week.none", day=day)
        return language.plural(
            "results.week",
            point.count,
            day=day,
            score=percent_words(language, point.mean),
            low=percent_words(language, point.low),
            high=percent_words(language, point.high),
        )
