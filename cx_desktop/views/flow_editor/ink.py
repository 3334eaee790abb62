"""The colours, fonts, pens and laid-out texts of the canvas, made once per theme."""

from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QStaticText,
)

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow.kind import Family
from cx_desktop.domain.flow.layout.metrics import HEADER, WIDTH
from cx_desktop.models.theme import Theme
from cx_desktop.views.widgets.icons import Icons

RADIUS = 8.0
BAR = 5.0
#: Where the parts of a card lie, from its corner.
ICON = QRectF(14, 9, 22, 22)
TITLE = QPointF(44, 4)
SUBTITLE = QPointF(44, 21)
TITLE_WIDTH = WIDTH - 44 - 12
BADGE = QRectF(WIDTH - 11, -9, 20, 20)
ENTRY = QPointF(0, HEADER / 2)
PORT = 4.5
#: Laid-out texts kept; beyond it all are forgotten.
MOST_TEXTS = 6000

SEVERITY_ROLE = {
    Severity.BLOCKING: "block",
    Severity.WARNING: "warn",
    Severity.INFORMATION: "info",
}
SEVERITY_ICON = {
    Severity.BLOCKING: "warning-octagon-fill",
    Severity.WARNING: "warning-fill",
    Severity.INFORMATION: "info-fill",
}


class Letter(Enum):
    """A size and weight of text on the canvas."""

    TITLE = auto()
    SMALL = auto()
    LABEL = auto()
    NOTE = auto()
    AFAR = auto()


class Ink:
    """Everything that depends on the theme, ready to paint with."""

    def __init__(self, theme: Theme, icons: Icons, font: QFont) -> None:
        self._theme = theme
        self._icons = icons
        self._font = font
        self.version = 0
        self.chip = ICON
        self.refresh()

    def refresh(self) -> None:
        """Take the theme's present colours and sizes."""
        self.version += 1
        color = self._theme.color
        self.window = color("window")
        self.surface = color("surface")
        self.outline = color("outline")
        self.control = color("control")
        self.text_color = color("text")
        self.muted = color("muted")
        self.accent = color("accent")
        self.on_accent = color("on_accent")
        self.accent_soft = color("accent_soft")
        self.block = color("block")
        self.warn = color("warn")
        self.hover = color("hover")
        self.dots = _mixed(self.window, self.control, 0.35)
        self.link = _mixed(self.control, self.muted, 0.35)
        self.shadow = QColor(0, 0, 0, 70 if self._theme.is_dark else 22)
        self.note_colors = {"ok": color("ok"), "info": color("info")}
        self.family = {each: color(each.value) for each in Family}
        self.family_soft = {each: _mixed(self.surface, color(each.value), 0.14) for each in Family}
        self.family_middle = {
            each: _mixed(self.surface, color(each.value), 0.22) for each in Family
        }
        self.family_far = {each: _mixed(self.surface, color(each.value), 0.30) for each in Family}
        self._fonts = {
            Letter.TITLE: self._sized(13, QFont.Weight.DemiBold),
            Letter.SMALL: self._sized(11, QFont.Weight.Normal),
            Letter.LABEL: self._sized(11, QFont.Weight.Normal),
            Letter.NOTE: self._sized(12, QFont.Weight.Normal),
            Letter.AFAR: self._sized(11, QFont.Weight.Medium),
        }
        self._metrics = {letter: QFontMetricsF(font) for letter, font in self._fonts.items()}
        self._texts: dict[tuple[str, Letter, int], QStaticText] = {}
        self._pixmaps: dict[tuple[str, str, int], QPixmap] = {}
        self._cards: dict[float, tuple[QPainterPath, QPainterPath]] = {}

    def font(self, letter: Letter) -> QFont:
        """The font of a kind of text."""
        return self._fonts[letter]

    def width(self, text: str, letter: Letter) -> float:
        """How wide a text runs."""
        return self._metrics[letter].horizontalAdvance(text)

    def text(self, text: str, letter: Letter, width: float) -> QStaticText:
        """A text of one line, laid out and elided to a width."""
        key = (text, letter, int(width))
        laid = self._texts.get(key)
        if laid is None:
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            line = self._metrics[letter].elidedText(
                text.replace("\n", " "), Qt.TextElideMode.ElideRight, width
            )
            laid = QStaticText(line)
            laid.setTextFormat(Qt.TextFormat.PlainText)
            laid.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            laid.prepare(font=self._fonts[letter])
            self._texts[key] = laid
        return laid

    def icon(
        self, painter: QPainter, rect: QRectF, name: str, *, role: str, device_scale: float
    ) -> None:
        """Draw an icon crisply at whatever scale the canvas has."""
        pixels = max(8, round(rect.width() * device_scale))
        key = (name, role, pixels)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            pixmap = self._icons.pixmap(name.removeprefix("ph."), role, pixels, ratio=1.0)
            self._pixmaps[key] = pixmap
        painter.drawPixmap(rect, pixmap, QRectF(pixmap.rect()))

    def card(self, height: float) -> tuple[QPainterPath, QPainterPath]:
        """The outline of a card of this height, and its bar, from the card's own corner."""
        paths = self._cards.get(height)
        if paths is None:
            outline = QPainterPath()
            outline.addRoundedRect(QRectF(0, 0, WIDTH, height), RADIUS, RADIUS)
            strip = QPainterPath()
            strip.addRect(QRectF(0, 0, BAR, height))
            paths = outline, outline.intersected(strip)
            self._cards[height] = paths
        return paths

    def pen(self, color: QColor, width: float = 1.0, *, is_cosmetic: bool = False) -> QPen:
        """A round pen."""
        pen = QPen(color, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCosmetic(is_cosmetic)
        return pen

    def _sized(self, pixels: int, weight: QFont.Weight) -> QFont:
        """Nodes have one size whatever the text size is, so that flows look alike for everybody."""
        font = QFont(self._font)
        font.setPixelSize(pixels)
        font.setWeight(weight)
        return font


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    """A colour between two."""
    return QColor(
        round(one.red() + (other.red() - one.red()) * share),
        round(one.green() + (other.green() - one.green()) * share),
        round(one.blue() + (other.blue() - one.blue()) * share),
    )
