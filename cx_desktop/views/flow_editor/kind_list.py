"""A list of kinds of nodes, found as one types: in the palette, and in the pop-up at the mouse."""

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cx_desktop.domain.flow.kind import Family, Kind
from cx_desktop.models.kind_search import Found, KindSearch
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.drops import mime_of
from cx_desktop.views.widgets.look import Look

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_ROW = Qt.ItemDataRole.UserRole + 1

ROW_HEIGHT = 32
HEADING_HEIGHT = 28


class Heading(Struct, frozen=True):
    """The name of a family, above its kinds."""

    family: Family


class KindList(QAbstractListModel):
    """Kinds by family, or those that answer to what was typed."""

    def __init__(
        self, look: Look, search: KindSearch, *, has_headings: bool, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._search = search
        self._has_headings = has_headings
        self._needle = ""
        self._rows: Sequence[Found | Heading] = ()
        self.find("")
        look.language.changed.connect(self._on_language_changed)

    def find(self, needle: str) -> None:
        """Show what answers to this."""
        self._needle = needle
        rows: list[Found | Heading] = []
        if needle.strip() or not self._has_headings:
            rows += self._search.find(needle)
        else:
            for family, kinds in self._search.kinds.items():
                rows.append(Heading(family))
                rows += [Found(kind, 0) for kind in kinds]
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def kind(self, index: Index) -> Kind | None:
        """The kind of a row; ``None`` for a heading."""
        row = self._rows[index.row()] if index.isValid() else None
        return row.kind if isinstance(row, Found) else None

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        text = self._look.language.text
        if role == _ROW:
            return row
        if isinstance(row, Heading):
            return text(f"family.{row.family.value}") if role == _DISPLAY else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text(f"kind.{row.kind.id}")
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return text(f"kind.{row.kind.id}.about")
        return None

    @override
    def mimeTypes(self) -> list[str]:
        return mime_of("").formats()

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        kind = self.kind(indexes[0]) if indexes else None
        return mime_of(kind.id) if kind else QMimeData()

    def _on_language_changed(self) -> None:
        self._search.speak(self._look.language.catalogue)
        self.find(self._needle)


_DISPLAY = Qt.ItemDataRole.DisplayRole


class KindDelegate(QStyledItemDelegate):
    """Paints a kind with its icon in its colour, and the other name by which it was found."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        is_heading = isinstance(index.data(_ROW), Heading)
        return QSize(80, HEADING_HEIGHT if is_heading else ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(_ROW)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Heading):
            self._heading(painter, option, rect, str(index.data()))
        else:
            self._kind(painter, option, rect, row)
        painter.restore()

    def _heading(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, text: str
    ) -> None:
        font = option.font
        font.setPixelSize(self._look.theme.pixels("small"))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self._look.theme.color("muted"))
        bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(rect.adjusted(10, 0, -8, -5), int(bottom), text)

    def _kind(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: Found
    ) -> None:
        theme = self._look.theme
        state = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_chosen or is_hovered:
            painter.setBrush(theme.color("accent_soft" if is_chosen else "hover"))
            painter.drawRoundedRect(QRectF(rect).adjusted(4, 1, -4, -1), 6, 6)
        chip = QRectF(rect.left() + 10, rect.center().y() - 10.5, 22, 22)
        role = row.kind.family.value
        tint = QColor(theme.color(role))
        tint.setAlpha(34)
        painter.setBrush(tint)
        painter.drawRoundedRect(chip, 6, 6)
        self._look.icons.paint(
            painter, chip.adjusted(3, 3, -3, -3), row.kind.icon.removeprefix("ph."), role
        )
        painter.setPen(theme.color("text"))
        painter.setFont(option.font)
        words = rect.adjusted(42, 0, -10, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        metrics = painter.fontMetrics()
        name = self._look.language.text(f"kind.{row.kind.id}")
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, middle, shown)
        if row.alias:
            rest = words.adjusted(metrics.horizontalAdvance(shown) + 10, 0, 0, 0)
            painter.setPen(theme.color("muted"))
            alias = metrics.elidedText(row.alias, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, middle | int(Qt.AlignmentFlag.AlignRight), alias)
