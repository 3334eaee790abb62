"""Icons of one family (Phosphor, from QtAwesome's wheel), drawn in the palette's own colours.

The font is read after the first paint, so that start-up does not wait for it; an icon is drawn
anew when the palette changes. QtAwesome itself is not imported: it takes 60 ms.
"""

import json
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QIcon,
    QIconEngine,
    QPainter,
    QPixmap,
)

from cx_desktop.models.theme import Theme
from cx_desktop.overrides import override

_CLEAR = QColor(0, 0, 0, 0)


class Icons:
    """Gives icons by their Phosphor name, such as ``house`` or ``check-circle-fill``."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._font: QFont | None = None
        self._glyph_by_name: dict[str, str] = {}

    def icon(self, name: str, role: str = "text", *, on_role: str = "") -> QIcon:
        """An icon in a named colour; ``on_role`` is its colour while its button is checked."""
        return QIcon(_Glyph(self, name, role, on_role or role))

    def pixmap(self, name: str, role: str, size: int, *, ratio: float) -> QPixmap:
        """An icon as a picture of ``size`` logical pixels."""
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(_CLEAR)
        painter = QPainter(pixmap)
        self.paint(painter, QRectF(0, 0, size, size), name, role)
        painter.end()
        return pixmap

    def paint(self, painter: QPainter, rect: QRectF, name: str, role: str) -> None:
        """Draw an icon into a rectangle; nothing before the font is loaded."""
        if self._font is None:
            return
        font = QFont(self._font)
        font.setPixelSize(max(1, round(min(rect.width(), rect.height()))))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setPen(self._theme.color(role))
        painter.setFont(font)
        glyph = self._glyph_by_name.get(name, self._glyph_by_name["question"])
        metrics = QFontMetricsF(font)
        left = rect.center().x() - metrics.horizontalAdvance(glyph) / 2
        base = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left, base), glyph)
        painter.restore()

    @property
    def is_loaded(self) -> bool:
        """Whether the font is there: the first paint is over."""
        return self._font is not None

    def has(self, name: str) -> bool:
        """Whether the family has an icon of this name."""
        return name in self._glyph_by_name

    def load(self) -> None:
        """Read the font: after the first paint, since it takes as long as painting."""
        if self._font is not None:
            return
        folder = _phosphor()
        families = QFontDatabase.applicationFontFamilies(
            QFontDatabase.addApplicationFont(str(folder / "phosphor-1.3.0.ttf"))
        )
        codes = json.loads((folder / "phosphor-charmap-1.3.0.json").read_bytes())
        self._glyph_by_name = {name: chr(int(code, 16)) for name, code in codes.items()}
        self._font = QFont(families[0])
        self._font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)


def _phosphor() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("QtAwesome, which brings the icon font, is not installed")
    return Path(spec.submodule_search_locations[0]) / "fonts"


class _Glyph(QIconEngine):
    """One icon; asks for its colour whenever it is painted."""

    def __init__(self, icons: Icons, name: str, role: str, on_role: str) -> None:
        super().__init__()
        self._icons = icons
        self._name = name
        self._role = role
        self._on_role = on_role

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = self._on_role if state == QIcon.State.On else self._role
        if mode == QIcon.Mode.Disabled:
            role = "control"
        side = min(rect.width(), rect.height())  # in a wider place, room is left before the words
        place = QRectF(rect.left(), rect.top() + (rect.height() - side) / 2, side, side)
        self._icons.paint(painter, place, self._name, role)

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        if pixmap.isNull():  # a button that its layout has no room for yet
            return pixmap
        pixmap.fill(_CLEAR)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    @override
    def clone(self) -> QIconEngine:
        return _Glyph(self._icons, self._name, self._role, self._on_role)
