"""The bodies of cards as pictures, one for each family and height at the present scale.

A rounded shape with soft edges costs more than anything else on a card, and all cards of a kind
have the same one. Pictures are drawn at the exact size in device pixels, so they stay crisp.
"""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from cx_desktop.domain.flow.kind import Family
from cx_desktop.domain.flow.layout.metrics import HEADER, WIDTH
from cx_desktop.views.flow_editor.ink import BAR, RADIUS, Ink

#: Room for the shadow or the halo around a card, in units of the flow.
MARGIN = 5.0
#: Pictures kept; flows have fewer different cards.
MOST = 64


class Face(NamedTuple):
    """What tells one card's picture from another's."""

    family: Family
    height: float
    is_chosen: bool = False


Draw = Callable[[QPainter, Ink, Face], None]


class Cards:
    """Pictures of cards without their words."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._scale = 0.0
        self._ratio = 1.0
        self._ink_version = -1
        self._pictures: dict[Face, QPixmap] = {}

    def begin(self, ink: Ink, scale: float, ratio: float) -> None:
        """A frame at this scale begins."""
        if (scale, ratio, ink.version) != (self._scale, self._ratio, self._ink_version):
            self._scale, self._ratio, self._ink_version = scale, ratio, ink.version
            self._pictures.clear()

    def paint(self, painter: QPainter, ink: Ink, corner: QPointF, face: Face) -> None:
        """Paint a card with its corner at a pixel of the canvas; the painter works in pixels."""
        picture = self._pictures.get(face)
        if picture is None:
            if len(self._pictures) >= MOST:
                self._pictures.clear()
            picture = self._pictures[face] = self._picture(ink, face)
        margin = round(MARGIN * self._scale * self._ratio)
        painter.drawPixmap(
            QPointF(
                (round(corner.x() * self._ratio) - margin) / self._ratio,
                (round(corner.y() * self._ratio) - margin) / self._ratio,
            ),
            picture,
        )

    def _picture(self, ink: Ink, face: Face) -> QPixmap:
        scale = self._scale * self._ratio
        margin = round(MARGIN * scale)
        picture = QPixmap(
            round(WIDTH * scale) + 2 * margin, round(face.height * scale) + 2 * margin
        )
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(margin, margin)
        painter.scale(round(WIDTH * scale) / WIDTH, round(face.height * scale) / face.height)
        self._draw(painter, ink, face)
        painter.end()
        picture.setDevicePixelRatio(self._ratio)
        return picture


def draw_near(painter: QPainter, ink: Ink, face: Face) -> None:
    """A card as it is read: shadow, surface, colour bar, edge, line below the title."""
    card, bar = ink.card(face.height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.shadow)
    painter.drawRoundedRect(QRectF(-0.5, 1.5, WIDTH + 1, face.height + 1), RADIUS, RADIUS)
    painter.setBrush(ink.surface)
    painter.drawPath(card)
    painter.setBrush(ink.family[face.family])
    painter.drawPath(bar)
    painter.setBrush(ink.family_soft[face.family])
    painter.drawRoundedRect(ink.chip, 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if face.is_chosen:
        halo = QColor(ink.accent)
        halo.setAlpha(70)
        painter.setPen(ink.pen(halo, 4.0))
        painter.drawRoundedRect(QRectF(-2, -2, WIDTH + 4, face.height + 4), 10, 10)
        painter.setPen(ink.pen(ink.accent, 1.6))
    else:
        painter.setPen(ink.pen(ink.outline, 1.0))
    painter.drawPath(card)
    painter.setPen(ink.pen(ink.outline, 1.0))
    if face.height > HEADER:
        painter.drawLine(QPointF(12, HEADER + 0.5), QPointF(WIDTH - 8, HEADER + 0.5))


def draw_middle(painter: QPainter, ink: Ink, face: Face) -> None:
    """A card from some way off: its colour."""
    card, _bar = ink.card(face.height)
    painter.setBrush(ink.family_middle[face.family])
    painter.setPen(ink.pen(ink.outline, 1.0, is_cosmetic=True))
    painter.drawPath(card)
    painter.fillRect(QRectF(0, RADIUS, BAR + 2, face.height - 2 * RADIUS), ink.family[face.family])
