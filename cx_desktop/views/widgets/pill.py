"""A cell of a table drawn as a word in a pill of its tone."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from cx_desktop.models.table import TableModel
from cx_desktop.views.widgets.look import Look

Row = TypeVar("Row")

_ICON, _GAP = 12.0, 5.0


class PillDelegate(QStyledItemDelegate, Generic[Row]):
    """Draws the text of a cell in a pill; its tone is ok, warn, block, info, accent or nothing."""

    def __init__(
        self, look: Look, tone: Callable[[Row], str], icon: Callable[[Row], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._tone = tone
        self._icon = icon

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: Row = index.data(TableModel.ROW)
        text = str(index.data() or "")
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, widget)
        if not text:
            return
        tone, icon = self._tone(row), self._icon(row)
        font = QFont(option.font)
        font.setPixelSize(self._look.theme.pixels("small"))
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        mark = _ICON + _GAP if icon else 0.0
        cell = QRectF(option.rect).adjusted(11, 0, -4, 0)
        width = min(metrics.horizontalAdvance(text) + mark + 20, cell.width())
        height = metrics.height() + 5
        pill = QRectF(cell.left(), cell.center().y() - height / 2, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.color(f"{tone}_soft" if tone else "sunken"))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        colour = tone or "muted"
        if icon:
            place = QRectF(pill.left() + 8, pill.center().y() - _ICON / 2, _ICON, _ICON)
            self._look.icons.paint(painter, place, icon, colour)
        painter.setFont(font)
        painter.setPen(self._look.theme.color(colour))
        inside = pill.adjusted(8 + mark, 0, -8, 0)
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inside.width() + 1)
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, elided)
        painter.restore()
