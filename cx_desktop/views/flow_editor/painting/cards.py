"""The bodies of cards as pictures, one for each family and height at the present scale.

A rounded shape with soft edges costs more than anything else on a card, and all cards of a kind
have the same one. Pictures are drawn at the exact size in device pixels, so they stay crisp.
"""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from cx_desktop.domain.flow.kind import Family
from cx_desktop.domain.flow.layout.metrics import HEADER, WIDTH
from cx_desktop.views.flow_editor.ink import BAR, RADIUS, Ink

#: Room for the shadow around a card, in units of the flow.
MARGIN = 4.0
#: Pictures kept; flows have fewer different cards.
MOST = 64

Draw = Callable[[QPainter, Ink, Family, float], None]


class Cards:
    """Pictures of cards without their words."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._scale = 0.0
        self._ratio = 1.0
        self._ink_version = -1
        self._pictures: dict[tuple[Family, float], QPixmap] = {}

    def begin(self, ink: Ink, scale: float, ratio: float) -> None:
        """A frame at this scale begins."""
        if (scale, ratio, ink.version) != (self._scale, self._ratio, self._ink_version):
            self._scale, self._ratio, self._ink_version = scale, ratio, ink.version
            self._pictures.clear()

    def paint(
        self, painter: QPainter, ink: Ink, corner: QPointF, family: Family, height: float
    ) -> None:
        """Paint a card with its corner at a pixel of the canvas; the painter works in pixels."""
        picture = self._pictures.get((family, height))
        if picture is None:
            if len(self._pictures) >= MOST:
                self._pictures.clear()
            picture = self._pictures[family, height] = self._picture(ink, family, height)
        margin = round(MARGIN * self._scale * self._ratio)
        painter.drawPixmap(
            QPointF(
                (round(corner.x() * self._ratio) - margin) / self._ratio,
                (round(corner.y() * self._ratio) - margin) / self._ratio,
            ),
            picture,
        )

    def _picture(self, ink: Ink, family: Family, height: float) -> QPixmap:
        scale = self._scale * self._ratio
        margin = round(MARGIN * scale)
        picture = QPixmap(round(WIDTH * scale) + 2 * margin, round(height * scale) + 2 * margin)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(margin, margin)
        painter.scale(round(WIDTH * scale) / WIDTH, round(height * scale) / height)
        self._draw(painter, ink, family, height)
        painter.end()
        picture.setDevicePixelRatio(self._ratio)
        return picture


def draw_near(painter: QPainter, ink: Ink, family: Family, height: float) -> None:
    """A card as it is read: shadow, surface, colour bar, edge, line below the title."""
    card, bar = ink.card(height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.shadow)
    painter.drawRoundedRect(QRectF(-0.5, 1.5, WIDTH + 1, height + 1), RADIUS, RADIUS)
    painter.setBrush(ink.surface)
    painter.drawPath(card)
    painter.setBrush(ink.family[family])
    painter.drawPath(bar)
    painter.setBrush(ink.family_soft[family])
    painter.drawRoundedRect(ink.chip, 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(ink.pen(ink.outline, 1.0))
    painter.drawPath(card)
    if height > HEADER:
        painter.drawLine(QPointF(12, HEADER + 0.5), QPointF(WIDTH - 8, HEADER + 0.5))


def draw_middle(painter: QPainter, ink: Ink, family: Family, height: float) -> None:
    """A card from some way off: its colour."""
    card, _bar = ink.card(height)
    painter.setBrush(ink.family_middle[family])
    painter.setPen(ink.pen(ink.outline, 1.0, is_cosmetic=True))
    painter.drawPath(card)
    painter.fillRect(QRectF(0, RADIUS, BAR + 2, height - 2 * RADIUS), ink.family[family])
