"""A list of what changes or is found, whose rows lead to the place."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from cx_desktop.overrides import override
from cx_desktop.views.widgets.look import Look

_PLACE = Qt.ItemDataRole.UserRole
#: Of a long list, so much is seen at least.
_LEAST = 96
#: Room to lay words out in, and the least of it where a list is not shown yet.
_TALLEST, _NARROWEST = 10_000, 80


class _Wrapping(QStyledItemDelegate):
    """Rows as high as their words need; by themselves, trees give every row one line."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        tree, style = self._tree, self._tree.style()
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        levels, above = int(tree.rootIsDecorated()), index.parent()
        while above.isValid():
            levels, above = levels + 1, above.parent()
        width = tree.viewport().width() - levels * tree.indentation()
        full.rect = QRect(0, 0, width, _TALLEST)
        text = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, full, tree)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1
        room = QRect(0, 0, max(text.width() - 2 * margin, _NARROWEST), _TALLEST)
        words = full.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap, full.text)
        plain = super().sizeHint(option, index)
        line = full.fontMetrics.height()
        return QSize(width, max(plain.height(), words.height() + plain.height() - line))


class PlaceList(QTreeWidget):
    """Rows, some of which stand for a place; Enter or a double click goes there."""

    step_chosen = Signal(str)  # the id of a step, or of an object
    resized = Signal()  # rows were folded or unfolded: it is of another height now

    def __init__(self, look: Look, name_key: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setHeaderHidden(True)
        self.setUniformRowHeights(False)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setItemDelegate(_Wrapping(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIndentation(16)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        look.language.bind(self, self.setAccessibleName, name_key)
        self.itemActivated.connect(self._on_activated)
        # Told later: while Qt unfolds many rows, asking where one of them lies aborts.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._on_folded)
        self.itemExpanded.connect(lambda _item: self._later.start())
        self.itemCollapsed.connect(lambda _item: self._later.start())

    @override
    def sizeHint(self) -> QSize:
        """As tall as the rows."""
        rows = sum(self.visualItemRect(item).height() for item in self._items())
        return QSize(super().sizeHint().width(), rows + 2 * self.frameWidth() + 2)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), min(self.sizeHint().height(), _LEAST))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()  # words wrap otherwise in another width
            self.updateGeometry()

    @property
    def look(self) -> Look:
        """The words and colours of its rows."""
        return self._look

    def tops(self) -> Iterator[QTreeWidgetItem]:
        """The rows that are under no other."""
        rows = range(self.topLevelItemCount())
        yield from filter(None, (self.topLevelItem(row) for row in rows))

    @property
    def lines(self) -> tuple[str, ...]:
        """Every row in words, from top to bottom."""
        return tuple(item.text(0) for item in self._items())

    @property
    def as_text(self) -> tuple[str, ...]:
        """Every row as plain text, those below others set in."""
        return tuple(f"{'  ' * _depth(item)}{item.text(0)}" for item in self._items())

    def _items(self) -> Iterator[QTreeWidgetItem]:
        for top in self.tops():
            yield from _with_children(top)

    def line(self, text: str, icon: str, tone: str, place: str | None) -> QTreeWidgetItem:
        """A row that is in no list yet."""
        item = QTreeWidgetItem([text])
        if icon:
            item.setIcon(0, self._look.icons.icon(icon, tone))
        item.setToolTip(0, text)
        item.setData(0, _PLACE, place)
        return item

    def _on_folded(self) -> None:
        self.updateGeometry()
        self.resized.emit()

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, _PLACE)
        if place:
            self.step_chosen.emit(place)


def _with_children(item: QTreeWidgetItem | None) -> Iterator[QTreeWidgetItem]:
    if item is None:
        return
    yield item
    for row in range(item.childCount()):
        yield from _with_children(item.child(row))


def _depth(item: QTreeWidgetItem) -> int:
    above = item.parent()
    return 0 if above is None else _depth(above) + 1
