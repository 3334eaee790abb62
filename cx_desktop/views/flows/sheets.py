"""A flow on paper: a picture as SVG or PNG, and a PDF with the picture, the steps, the findings.

Always in the light palette, whatever the window wears: paper is white. It needs no window and no
screen, and may be made on a worker thread.
"""

from html import escape
from typing import NamedTuple

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QEventLoop,
    QIODevice,
    QMarginsF,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtSvg import QSvgGenerator

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.booklet import booklet
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.layout import route
from cx_desktop.domain.flow.layout.metrics import exit_offset
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.wording import exit_words
from cx_desktop.views.flows.drawing import FlowDrawing
from cx_desktop.views.widgets.look import Look

_MARGIN = 32.0
#: The longest side of a picture in pixels, and how many of them one unit of the canvas gets.
_LONGEST = 12_000
_SHARPNESS = 2.0
_DPI = 150
_GAP = 12.0


class Sheet(NamedTuple):
    """What is to be put on paper."""

    flow: Flow
    name: str
    description: str = ""
    findings: tuple[Finding, ...] = ()
    context: Context | None = None


class Sheets:
    """Makes pictures and documents of flows, in the words and the colours of a look."""

    def __init__(self, look: Look, family: str = "") -> None:
        self._look = look
        self._family = family

    def svg(self, sheet: Sheet) -> bytes:
        """The picture, sharp at any size."""
        drawing = self._drawing(sheet.flow)
        box = _box(drawing)
        buffer = _opened()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(QSize(round(box.width()), round(box.height())))
        generator.setViewBox(QRectF(0, 0, box.width(), box.height()))
        generator.setTitle(sheet.name)
        generator.setDescription(drawing.words)
        self._paint(QPainter(generator), drawing, QRectF(0, 0, box.width(), box.height()))
        return _taken(buffer)

    def png(self, sheet: Sheet) -> bytes:
        """The picture in pixels, on white."""
        drawing = self._drawing(sheet.flow)
        box = _box(drawing)
        scale = min(_SHARPNESS, _LONGEST / max(box.width(), box.height(), 1.0))
        size = QSize(max(round(box.width() * scale), 1), max(round(box.height() * scale), 1))
        image = QImage(size, QImage.Format.Format_ARGB32)
        if image.isNull():
            raise CXError("problem.picture-too-large")
        image.fill(QColor("white"))
        image.setText("Title", sheet.name)
        self._paint(QPainter(image), drawing, QRectF(0, 0, size.width(), size.height()))
        buffer = _opened()
        QImageWriter(buffer, QByteArray(b"PNG")).write(image)
        return _taken(buffer)

    def pdf(self, sheet: Sheet) -> bytes:
        """The picture on a page of its own, then findings, steps, exits and properties."""
        buffer = _opened()
        writer = QPdfWriter(buffer)
        writer.setTitle(sheet.name)
        writer.setCreator("CX Desktop")
        writer.setResolution(_DPI)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(15, 15, 15, 15), QPageLayout.Unit.Millimeter)
        drawing = self._drawing(sheet.flow)
        if drawing.bounds.width() > drawing.bounds.height():
            writer.setPageOrientation(QPageLayout.Orientation.Landscape)
        timers = QEventLoop()  # texts start timers, which a thread of the pool has no place for
        painter = QPainter(writer)
        room = QRectF(QRect(0, 0, writer.width(), writer.height()))
        top = self._headline(painter, room, sheet)
        self._fit(painter, drawing, room.adjusted(0, top, 0, 0))
        writer.setPageOrientation(QPageLayout.Orientation.Portrait)
        self._pages(painter, writer, sheet)
        painter.end()
        timers.quit()
        return _taken(buffer)

    def _drawing(self, flow: Flow) -> FlowDrawing:
        drawing = FlowDrawing(self._look)
        drawing.show(flow, route(flow))
        return drawing

    def _paint(self, painter: QPainter, drawing: FlowDrawing, room: QRectF) -> None:
        self._fit(painter, drawing, room)
        painter.end()

    def _fit(self, painter: QPainter, drawing: FlowDrawing, room: QRectF) -> None:
        """Paint a flow as large as the room is; titles are always written."""
        box = _box(drawing)
        scale = min(room.width() / box.width(), room.height() / box.height(), 3.0)
        painter.save()
        painter.translate(room.center())
        painter.scale(scale, scale)
        painter.translate(-box.center())
        drawing.paint(painter, 1.0, self._font())
        self._name_exits(painter, drawing.flow)
        painter.restore()

    def _name_exits(self, painter: QPainter, flow: Flow) -> None:
        """The names of the ways out, each beside where its link begins."""
        font = self._font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(self._look.theme.color("muted"))
        measured = QFontMetricsF(font)
        for node in flow.nodes.values():
            for at, each in enumerate(exits_of(node)):
                place = exit_offset(at)
                line = QRectF(node.x + _GAP, node.y + place.y - 9, place.x - 2 * _GAP, 18)
                words = exit_words(each.id, each, self._look.language.text)
                shown = measured.elidedText(words, Qt.TextElideMode.ElideRight, line.width())
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(line, right, shown)

    def _headline(self, painter: QPainter, room: QRectF, sheet: Sheet) -> float:
        """The name of the flow and what it is for; gives the height that they take."""
        text = QTextDocument()
        self._dress(text, room.width())
        name = escape(sheet.name)
        description = f"<p>{escape(sheet.description)}</p>" if sheet.description else ""
        steps = self._look.language.plural("export.sum", len(sheet.flow.nodes))
        text.setHtml(f"<h1>{name}</h1>{description}<p>{escape(steps)}</p>")
        text.drawContents(painter)
        return text.size().height() + _GAP

    def _pages(self, painter: QPainter, writer: QPdfWriter, sheet: Sheet) -> None:
        text = QTextDocument()
        words = self._look.language.text
        writer.newPage()
        size = QSizeF(writer.width(), writer.height())
        self._dress(text, size.width())
        text.setPageSize(size)
        text.setHtml(booklet(sheet.flow, sheet.findings, words, sheet.context))
        for page in range(text.pageCount()):
            if page:
                writer.newPage()
            painter.save()
            painter.translate(0, -page * size.height())
            text.drawContents(painter, QRectF(0, page * size.height(), size.width(), size.height()))
            painter.restore()
            self._number(painter, writer, f"{sheet.name} · {page + 2} / {text.pageCount() + 1}")

    def _number(self, painter: QPainter, writer: QPdfWriter, words: str) -> None:
        """The page's number in the margin at the foot."""
        font = self._font()
        font.setPixelSize(round(8 * _DPI / 72))
        painter.setFont(font)
        painter.setPen(self._look.theme.color("muted"))
        foot = QRectF(0, writer.height() + _GAP, writer.width(), 3 * _GAP)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _dress(self, text: QTextDocument, width: float) -> None:
        font = self._font()
        font.setPixelSize(round(10 * _DPI / 72))
        text.setDefaultFont(font)
        text.setDocumentMargin(0)
        text.setDefaultStyleSheet(f"body, td, p, h1, h2, h3 {{ color: {_INK}; }}")
        text.setTextWidth(width)

    def _font(self) -> QFont:
        return QFont(self._family) if self._family else QFont()


_INK = "#1B1F27"


def paper(look: Look) -> Look:
    """A look for paper: the same words in light colours."""
    return Look(look.language, look.theme.on_paper(), look.icons)


def _box(drawing: FlowDrawing) -> QRectF:
    bounds = drawing.bounds if not drawing.bounds.isEmpty() else QRectF(0, 0, 320, 120)
    return bounds.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)


def _opened() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _taken(buffer: QBuffer) -> bytes:
    data: QByteArray = buffer.data()
    buffer.close()
    return bytes(data.data())
