"""What stays where it is while something is dragged: painted once, shown under what moves."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPixmap


class Ground:
    """One picture of the canvas, kept for as long as nothing in it changes."""

    def __init__(self) -> None:
        self._key: object = None
        self._picture = QPixmap()

    def show(
        self,
        painter: QPainter,
        clip: QRect,
        *,
        key: object,
        size: QSize,
        draw: Callable[[QPainter], None],
    ) -> None:
        """Show the part in ``clip``; ``draw`` paints all of it when ``key`` is another one."""
        ratio = painter.device().devicePixelRatioF()
        if key != self._key:
            self._picture = QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            ground = QPainter(self._picture)
            draw(ground)
            ground.end()
            self._key = key
        source = QRect(clip.topLeft() * ratio, clip.size() * ratio)
        painter.drawPixmap(clip, self._picture, source)

    def forget(self) -> None:
        """Give the memory back."""
        self._key = None
        self._picture = QPixmap()
