"""A line of a list that shows words in their context, and what will stand there instead."""

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cx_desktop.overrides import override
from cx_desktop.views.widgets.look import Look

LINE = Qt.ItemDataRole.UserRole + 2


class Line(NamedTuple):
    """Words in their context."""

    before: str
    found: str
    by: str | None
    """What will stand there, ``None`` where it stays."""
    after: str

    @property
    def text(self) -> str:
        """The line without colours: what is spoken."""
        by = "" if self.by is None else f" → {self.by}"
        return f"{self.before}{self.found}{by}{self.after}"


class HitDelegate(QStyledItemDelegate):
    """Draws what was found bold, struck out where it goes, and what comes beside it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        line: object = index.data(LINE)
        if not isinstance(line, Line):
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        style = option.widget.style()
        option.text = ""
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        room = style.subElementRect(
            QStyle.SubElement.SE_ItemViewItemText, option, option.widget
        ).adjusted(2, 0, 0, 0)
        layout = self._laid_out(line, option.font, room.width())
        height = layout.boundingRect().height()
        painter.save()
        painter.setClipRect(room)
        role = "text" if option.state & QStyle.StateFlag.State_Enabled else "muted"
        painter.setPen(self._look.theme.color(role))
        at = QPointF(room.left(), room.top() + (room.height() - height) / 2)
        layout.draw(painter, at)
        painter.restore()

    def _laid_out(self, line: Line, font: QFont, width: float) -> QTextLayout:
        """The line with its colours; what stands behind the words is cut to the room there is."""
        by = "" if line.by is None else f"{line.found and ' '}{line.by}"
        bold = QFont(font)
        bold.setBold(True)
        plain = QFontMetricsF(font)
        used = plain.horizontalAdvance(line.before)
        used += QFontMetricsF(bold).horizontalAdvance(f"{line.found}{by}")
        after = plain.elidedText(line.after, Qt.TextElideMode.ElideRight, max(0.0, width - used))
        layout = QTextLayout(f"{line.before}{line.found}{by}{after}", font)
        layout.setFormats(
            [
                self._range(len(line.before), len(line.found), is_gone=line.by is not None),
                self._range(len(line.before) + len(line.found), len(by), is_new=True),
            ]
        )
        layout.beginLayout()
        layout.createLine().setLineWidth(1e6)
        layout.endLayout()
        return layout

    def _range(
        self, start: int, length: int, *, is_gone: bool = False, is_new: bool = False
    ) -> QTextLayout.FormatRange:
        theme, shape = self._look.theme, QTextCharFormat()
        shape.setFontWeight(QFont.Weight.Bold)
        shape.setForeground(theme.color("ok" if is_new else "block" if is_gone else "accent"))
        shape.setFontStrikeOut(is_gone)
        found = QTextLayout.FormatRange()
        found.start, found.length, found.format = start, length, shape
        return found
