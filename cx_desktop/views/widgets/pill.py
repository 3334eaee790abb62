"""A cell of a table drawn as words or counts in pills of their tones."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cx_desktop.models.table import TableModel
from cx_desktop.overrides import override
from cx_desktop.views.widgets.look import Look

Row = TypeVar("Row")

_ICON, _GAP = 12.0, 5.0
_PADDING, _BETWEEN = 8.0, 6.0
_LEFT, _RIGHT = 11.0, 4.0


class Pill(NamedTuple):
    """What stands in a pill; its tone is ok, warn, block, info, accent or nothing."""

    text: str
    tone: str = ""
    icon: str = ""


class PillDelegate(QStyledItemDelegate, Generic[Row]):
    """Draws a cell as pills, or its quiet text when it has none; its text is what is spoken."""

    def __init__(self, look: Look, pills: Callable[[Row], Sequence[Pill]], parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._pills = pills

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        row: Row = index.data(TableModel.ROW)
        pills = self._pills(row)
        if not pills:
            return super().sizeHint(option, index)
        metrics = QFontMetricsF(self._font(option.font))
        widths = sum(_width(metrics, pill) + _BETWEEN for pill in pills) - _BETWEEN
        return QSize(round(_LEFT + widths + _RIGHT) + 1, super().sizeHint(option, index).height())

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: Row = index.data(TableModel.ROW)
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        text, blank.text = blank.text, ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, widget)
        cell = QRectF(option.rect).adjusted(_LEFT, 0, -_RIGHT, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pills = self._pills(row)
        if not pills:
            painter.setPen(self._look.theme.color("muted"))
            elide = Qt.TextElideMode.ElideRight
            words = QFontMetricsF(option.font).elidedText(text, elide, cell.width())
            painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(self._font(option.font))
        for pill in pills:
            width = min(_width(QFontMetricsF(painter.font()), pill), cell.width())
            self._draw(
                painter, pill, QRectF(cell.topLeft(), QPointF(cell.left() + width, cell.bottom()))
            )
            cell.setLeft(cell.left() + width + _BETWEEN)
        painter.restore()

    def _draw(self, painter: QPainter, pill: Pill, cell: QRectF) -> None:
        metrics = QFontMetricsF(painter.font())
        height = metrics.height() + 5
        place = QRectF(cell.left(), cell.center().y() - height / 2, cell.width(), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.color(f"{pill.tone}_soft" if pill.tone else "sunken"))
        painter.drawRoundedRect(place, height / 2, height / 2)
        colour = pill.tone or "muted"
        if pill.icon:
            mark = QRectF(place.left() + _PADDING, place.center().y() - _ICON / 2, _ICON, _ICON)
            self._look.icons.paint(painter, mark, pill.icon, colour)
        painter.setPen(self._look.theme.color(colour))
        before = _ICON + _GAP if pill.icon else 0.0
        inside = place.adjusted(_PADDING + before, 0, -_PADDING, 0)
        elided = metrics.elidedText(pill.text, Qt.TextElideMode.ElideRight, inside.width() + 1)
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, elided)

    def _font(self, base: QFont) -> QFont:
        font = QFont(base)
        font.setPixelSize(self._look.theme.pixels("small"))
        font.setWeight(QFont.Weight.DemiBold)
        return font


def _width(metrics: QFontMetricsF, pill: Pill) -> float:
    mark = _ICON + _GAP if pill.icon else 0.0
    return metrics.horizontalAdvance(pill.text) + mark + 2 * _PADDING + 2
