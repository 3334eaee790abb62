"""The time line of a recording: what each speaker's voice looks like, and where one is in it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cx_desktop.models.recordings.player import Player, PlayerState
from cx_desktop.overrides import override
from cx_desktop.views.recordings.player_words import clock
from cx_desktop.views.recordings.time_window import TimeWindow
from cx_desktop.views.recordings.wave_painter import WavePainter
from cx_desktop.views.widgets.look import Look

_ZOOM = 1.6
_NOTCH = 120
_SCROLL = 0.15
#: A drag shorter than this (in dots) is a click.
_DRAG = 4


class Timeline(QWidget):
    """A click or a drag goes there; with Shift a drag makes a loop. The wheel zooms with Ctrl."""

    zoomed = Signal()

    def __init__(self, look: Look, player: Player, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._player = player
        self.window_seen = TimeWindow()
        self._painter = WavePainter(look.theme, player, self.window_seen)
        self._pressed: QPointF | None = None
        self._is_looping = False
        self._drawn_x = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        look.language.bind(self, self.setAccessibleName, "player.timeline")
        look.language.bind(self, self.setAccessibleDescription, "player.keys")
        look.theme.changed.connect(self._on_theme_changed)
        player.changed.connect(self._on_changed)
        player.waveform_grown.connect(self._on_changed)
        player.marks_changed.connect(self.update)
        player.moved.connect(self._on_moved)

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, 132)

    def zoom(self, factor: float, around: float | None = None) -> None:
        """See it closer, or from further away."""
        self.window_seen.zoom(factor, self._player.place if around is None else around)
        self._tell()

    def show_all(self) -> None:
        """See the whole recording."""
        self.window_seen.show_all()
        self._tell()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        text = self._look.language.text
        waveform = self._player.waveform
        if waveform is None:
            self._paint_words(painter, area)
        else:
            sides = ("player.agent", "player.caller") if waveform.sides > 1 else ("player.mixed",)
            names = tuple(text(key) for key in sides)
            self._painter.paint(painter, area, names, self.devicePixelRatioF())
        if self.hasFocus():
            painter.setPen(QPen(self._look.theme.color("accent"), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._player.heard is None:
            return
        number = self._painter.mark_at(event.position(), self.width())
        if number >= 0:
            mark = self._player.marks[number]
            self._player.seek(mark.at)
            self._player.mark_chosen.emit(mark.id)
            return
        self._pressed = event.position()
        self._is_looping = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if not self._is_looping:
            self._go(event.position())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        if self._is_looping:
            ends = sorted(self._at(point) for point in (self._pressed, event.position()))
            if abs(event.position().x() - self._pressed.x()) >= _DRAG:
                self._player.loop(*ends)
        else:
            self._go(event.position())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._player.play()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM ** (turned.y() / _NOTCH), self._at(event.position()))
        else:
            self.window_seen.scroll(-(turned.x() or turned.y()) / _NOTCH * _SCROLL)
            self._tell()
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.answer(event):
            super().keyPressEvent(event)

    def answer(self, event: QKeyEvent) -> bool:
        """Do what a key says, if it is one of the time line's."""
        return self._zoom_by(event.text()) or self._go_by(event)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        return super().event(event)

    def _zoom_by(self, typed: str) -> bool:
        if typed in {"+", "="}:
            self.zoom(_ZOOM)
        elif typed in {"-", "−"}:
            self.zoom(1 / _ZOOM)
        elif typed == "0":
            self.show_all()
        else:
            return False
        return True

    def _go_by(self, event: QKeyEvent) -> bool:
        player, key = self._player, event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                player.to_turn(step)
            else:
                is_far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                player.skip(step * (15 if is_far else 5))
        elif key == Qt.Key.Key_Home:
            player.seek(0)
        elif key == Qt.Key.Key_End:
            player.seek(player.seconds)
        else:
            return False
        return True

    def _show_tip(self, event: QHelpEvent) -> None:
        point = QPointF(event.pos())
        number = self._painter.mark_at(point, self.width())
        if self._player.waveform is None:
            words = ""
        elif number >= 0:
            mark = self._player.marks[number]
            words = self._look.language.text("player.mark", time=clock(mark.at), text=mark.text)
        else:
            words = clock(self._at(point))
        QToolTip.showText(event.globalPos(), words, self)

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        """What there is to say as long as there is nothing to see."""
        key = {
            PlayerState.NOTHING: "player.nothing",
            PlayerState.CLOSED: "player.closed",
            PlayerState.FAILED: "player.failed",
        }.get(self._player.state, "player.opening")
        painter.fillRect(area, self._look.theme.color("surface"))
        painter.setPen(self._look.theme.color("muted"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(16, 8, -16, -8), flags, self._look.language.text(key))

    def _go(self, point: QPointF) -> None:
        self._player.seek(self._at(point))

    def _at(self, point: QPointF) -> float:
        return self.window_seen.at(point.x(), self.width())

    def _on_theme_changed(self) -> None:
        self._painter.forget()
        self.update()

    def _on_changed(self) -> None:
        if self._player.heard is None:
            self.window_seen.show_all()
        self.window_seen.show(self._player.seconds)
        self.update()

    def _on_moved(self, place: float) -> None:
        if self._pressed is None:
            self.window_seen.follow(place)
        x = round(self.window_seen.x_of(place, self.width()) * self.devicePixelRatioF())
        if x != self._drawn_x:
            self._drawn_x = x
            self.update()

    def _tell(self) -> None:
        self.zoomed.emit()
        self.update()
