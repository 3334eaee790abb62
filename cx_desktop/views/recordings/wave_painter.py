"""The drawn parts of a recording's time line: waves, seconds, loop, markers, where it is."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from cx_desktop.models.recordings.player import Player
from cx_desktop.models.theme import Theme
from cx_desktop.views.recordings.player_words import clock
from cx_desktop.views.recordings.time_window import TimeWindow

#: Above the waves stand the markers, below them the seconds.
HEAD, FOOT = 16, 18
_SIDE_COLORS = ("accent", "transfer")
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_LABEL_ROOM = 64
_PEAK_ALPHA = 110
_FLAG = 9.0


class WavePainter:
    """Paints the time line of a player; the waves themselves once for each thing that changes."""

    def __init__(self, theme: Theme, player: Player, window: TimeWindow) -> None:
        self._theme = theme
        self._player = player
        self._window = window
        self._waves: list[QImage] = []
        self._known: tuple[object, ...] = ()

    def forget(self) -> None:
        """The colours are others."""
        self._known = ()

    def paint(self, painter: QPainter, area: QRectF, names: tuple[str, ...], ratio: float) -> None:
        """Everything but the focus."""
        lanes = QRectF(area.left(), area.top() + HEAD, area.width(), area.height() - HEAD - FOOT)
        painter.fillRect(lanes, self._theme.color("surface"))
        self._paint_loop(painter, lanes)
        self._paint_waves(painter, lanes, names, ratio)
        self._paint_seconds(painter, lanes)
        self._paint_marks(painter, lanes)
        self._paint_place(painter, lanes)

    def mark_at(self, point: QPointF, width: float) -> int:
        """Which of the player's markers is drawn here; -1 for none."""
        if point.y() > HEAD:
            return -1
        for number, mark in enumerate(self._player.marks):
            x = self._window.x_of(mark.at, width)
            if -2 <= point.x() - x <= _FLAG + 2:
                return number
        return -1

    def _paint_waves(
        self, painter: QPainter, lanes: QRectF, names: tuple[str, ...], ratio: float
    ) -> None:
        waveform = self._player.waveform
        if waveform is None:
            return
        height = lanes.height() / waveform.sides
        size = QSize(max(1, round(lanes.width() * ratio)), max(1, round((height - 2) * ratio)))
        wanted = (id(waveform), waveform.share, self._window.start, self._window.end, size)
        if wanted != self._known:
            self._known = wanted
            self._waves = [self._wave(side, size) for side in range(waveform.sides)]
        for side, image in enumerate(self._waves):
            lane = QRectF(lanes.left(), lanes.top() + side * height + 1, lanes.width(), height - 2)
            self._paint_middle(painter, lane)
            painter.drawImage(lane, image)
            self._paint_name(painter, lane, names[side])
        if waveform.sides > 1:
            middle = lanes.top() + height
            painter.fillRect(
                QRectF(lanes.left(), middle - 0.5, lanes.width(), 1), self._theme.color("outline")
            )

    def _wave(self, side: int, size: QSize) -> QImage:
        waveform = self._player.waveform
        if waveform is None:
            return QImage()
        width = -(-size.width() // 4) * 4  # rows of an image begin at every fourth byte
        span = (self._window.end - self._window.start) * width / size.width()
        dots = waveform.picture(
            side, (self._window.start, self._window.start + span), (width, size.height())
        )
        image = QImage(dots, width, size.height(), width, QImage.Format.Format_Indexed8).copy()
        body = self._theme.color(_SIDE_COLORS[side])
        peak = QColor(body)
        peak.setAlpha(_PEAK_ALPHA)
        image.setColorTable([0, peak.rgba(), body.rgba()])
        return image.copy(0, 0, size.width(), size.height())

    def _paint_middle(self, painter: QPainter, lane: QRectF) -> None:
        line = QColor(self._theme.color("outline"))
        y = lane.center().y()
        painter.fillRect(QRectF(lane.left(), y - 0.5, lane.width(), 1), line)

    def _paint_name(self, painter: QPainter, lane: QRectF, name: str) -> None:
        painter.setPen(self._theme.color("muted"))
        font = painter.font()
        painter.save()
        small = painter.font()
        small.setPixelSize(11)
        painter.setFont(small)
        width = painter.fontMetrics().horizontalAdvance(name) + 8
        box = QRectF(lane.left() + 4, lane.top() + 2, width, 15)
        ground = QColor(self._theme.color("surface"))
        ground.setAlpha(170)
        painter.fillRect(box, ground)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
        painter.restore()
        painter.setFont(font)

    def _paint_seconds(self, painter: QPainter, lanes: QRectF) -> None:
        window, width = self._window, lanes.width()
        span = window.end - window.start
        step = next((each for each in _STEPS if each * width / span >= _LABEL_ROOM), _STEPS[-1])
        painter.save()
        small = painter.font()
        small.setPixelSize(11)
        painter.setFont(small)
        at = -(-window.start // step) * step
        while at <= window.end:
            x = lanes.left() + window.x_of(at, width)
            painter.fillRect(QRectF(x, lanes.bottom(), 1, 4), self._theme.color("control"))
            painter.setPen(self._theme.color("muted"))
            label = clock(at) if step >= 1 else f"{clock(at)}{at % 1:.1f}".replace("0.", ".")
            box = QRectF(x + 3, lanes.bottom() + 1, _LABEL_ROOM, FOOT - 2)
            if x + 30 <= lanes.right():
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft, label)
            at += step
        painter.restore()

    def _paint_loop(self, painter: QPainter, lanes: QRectF) -> None:
        loop, start = self._player.manner.loop, self._player.loop_start
        accent = self._theme.color("accent")
        ends: tuple[tuple[float, str], ...]
        if loop is not None:
            left, right = (lanes.left() + self._window.x_of(at, lanes.width()) for at in loop)
            ground = QColor(self._theme.color("accent_soft"))
            painter.fillRect(QRectF(left, lanes.top(), right - left, lanes.height()), ground)
            ends = ((left, "A"), (right, "B"))
        elif start is not None:
            ends = ((lanes.left() + self._window.x_of(start, lanes.width()), "A"),)
        else:
            return
        for x, letter in ends:
            painter.fillRect(QRectF(x - 0.5, lanes.top(), 1, lanes.height()), accent)
            box = QRectF(x - 7, lanes.bottom() - 16, 14, 14)
            painter.fillRect(box, accent)
            painter.setPen(self._theme.color("on_accent"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)

    def _paint_marks(self, painter: QPainter, lanes: QRectF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in self._player.marks:
            x = lanes.left() + self._window.x_of(mark.at, lanes.width())
            color = self._theme.color("muted" if mark.is_private else "warn")
            painter.fillRect(QRectF(x - 0.5, 3, 1, lanes.bottom() - 3), color)
            flag = QPolygonF(
                [QPointF(x, 3), QPointF(x + _FLAG, 3 + _FLAG / 2), QPointF(x, 3 + _FLAG)]
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawPolygon(flag)
        painter.restore()

    def _paint_place(self, painter: QPainter, lanes: QRectF) -> None:
        x = lanes.left() + self._window.x_of(self._player.place, lanes.width())
        if not lanes.left() - 1 <= x <= lanes.right() + 1:
            return
        color = self._theme.color("text")
        painter.fillRect(QRectF(x - 1, lanes.top() - 3, 2, lanes.height() + 3), color)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("surface"), 1))
        painter.setBrush(color)
        painter.drawEllipse(QPointF(x, lanes.top() - 4), 4.5, 4.5)
        painter.restore()
