"""Which part of the flow the canvas shows, and how large."""

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal
from PySide6.QtGui import QTransform

SMALLEST = 0.02
LARGEST = 4.0
#: Room left around what is fitted into the canvas, in pixels.
MARGIN = 48.0
#: Fitting a small flow never makes it larger than life.
LARGEST_FIT = 1.0


class Viewport(QObject):
    """The transform between the flow's own coordinates and the canvas's pixels."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scale = 1.0
        self.origin = QPointF(0, 0)
        self.size = QSizeF(0, 0)

    @property
    def transform(self) -> QTransform:
        """From the flow's coordinates to pixels."""
        return QTransform(
            self.scale,
            0,
            0,
            self.scale,
            -self.origin.x() * self.scale,
            -self.origin.y() * self.scale,
        )

    @property
    def visible(self) -> QRectF:
        """The part of the flow that is seen."""
        return QRectF(
            self.origin,
            QSizeF(self.size.width() / self.scale, self.size.height() / self.scale),
        )

    def to_scene(self, at: QPointF) -> QPointF:
        """Where in the flow a pixel lies."""
        return QPointF(self.origin.x() + at.x() / self.scale, self.origin.y() + at.y() / self.scale)

    def to_view(self, at: QPointF) -> QPointF:
        """At which pixel a place of the flow lies."""
        return QPointF(
            (at.x() - self.origin.x()) * self.scale, (at.y() - self.origin.y()) * self.scale
        )

    def rect_to_view(self, rect: QRectF) -> QRectF:
        """The pixels a part of the flow covers."""
        return QRectF(
            self.to_view(rect.topLeft()),
            QSizeF(rect.width() * self.scale, rect.height() * self.scale),
        )

    def resize(self, size: QSizeF) -> None:
        """The canvas has another size; the middle stays in the middle."""
        middle = self.visible.center() if not self.size.isEmpty() else None
        self.size = size
        if middle is not None:
            self.center_on(middle)

    def zoom_to(self, scale: float, at: QPointF) -> None:
        """Show everything at this scale; the place under the pixel ``at`` stays there."""
        scale = min(LARGEST, max(SMALLEST, scale))
        fixed = self.to_scene(at)
        self.show(scale, QPointF(fixed.x() - at.x() / scale, fixed.y() - at.y() / scale))

    def zoom_by(self, factor: float, at: QPointF) -> None:
        """Zoom around a pixel."""
        self.zoom_to(self.scale * factor, at)

    def pan_by(self, pixels: QPointF) -> None:
        """Move the flow with the hand."""
        self.show(self.scale, self.origin - pixels / self.scale)

    def center_on(self, place: QPointF) -> None:
        """Bring a place into the middle."""
        half = self.visible
        self.show(
            self.scale,
            QPointF(place.x() - half.width() / 2, place.y() - half.height() / 2),
        )

    def fit(self, rect: QRectF) -> None:
        """Show all of a part of the flow, as large as it goes."""
        if rect.isEmpty() or self.size.isEmpty():
            return
        width = max(1.0, self.size.width() - 2 * MARGIN)
        height = max(1.0, self.size.height() - 2 * MARGIN)
        scale = min(width / rect.width(), height / rect.height(), LARGEST_FIT)
        self.scale = max(SMALLEST, scale)
        self.center_on(rect.center())

    def reveal(self, rect: QRectF) -> None:
        """Bring a part of the flow into sight by the shortest way, if it is not seen already."""
        margin = MARGIN / self.scale
        wanted, seen = rect.adjusted(-margin, -margin, margin, margin), self.visible
        if seen.contains(rect):
            return
        if wanted.width() > seen.width() or wanted.height() > seen.height():
            self.center_on(rect.center())
            return
        x = min(max(self.origin.x(), wanted.right() - seen.width()), wanted.left())
        y = min(max(self.origin.y(), wanted.bottom() - seen.height()), wanted.top())
        self.show(self.scale, QPointF(x, y))

    def show(self, scale: float, origin: QPointF) -> None:
        """Show everything at this scale, with this place in the upper left corner."""
        self.scale, self.origin = scale, origin
        self.changed.emit()
