"""The command palette: every verb, page, project and flow, found as one types."""

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.models.commands import Command, Commands, Match
from cx_desktop.overrides import override
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

_MATCH = Qt.ItemDataRole.UserRole + 1
_ROW = 36
_SHOWN = 9
_LIMIT = 60
_NO_PARENT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class _Matches(QAbstractListModel):
    """What answers to the typed words."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._matches: list[Match] = []

    def show_matches(self, matches: list[Match]) -> None:
        self.beginResetModel()
        self._matches = matches[:_LIMIT]
        self.endResetModel()

    def command_at(self, index: Index) -> Command:
        return self._matches[index.row()].command

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._matches)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        match = self._matches[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return match.words
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return f"{self._look.language.text(match.command.group_key)} {self._why(match)}"
        return match if role == _MATCH else None

    def _why(self, match: Match) -> str:
        command = match.command
        if command.is_enabled() or not command.reason_key:
            return command.shortcut_text
        return self._look.language.text(command.reason_key)


class _Painter(QStyledItemDelegate):
    """Draws a match: icon, words with what matched in bold, group, shortcut or reason."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, round(_ROW * self._look.theme.pixels("body") / 13))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        match = index.data(_MATCH)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        theme, command = self._look.theme, match.command
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(4, 1, -4, -1), 6, 6)
        is_enabled = command.is_enabled()
        if command.icon:
            box = QRect(rect.left() + 14, rect.center().y() - 8, 17, 17)
            self._look.icons.icon(command.icon, "muted").paint(painter, box)
        end = self._paint_words(painter, rect.adjusted(42, 0, 0, 0), match, is_enabled=is_enabled)
        right = QRect(end + 24, rect.top(), rect.right() - 16 - end - 24, rect.height())
        self._paint_right(painter, right, command, is_enabled=is_enabled)
        painter.restore()

    def _paint_words(
        self, painter: QPainter, rect: QRect, match: Match, *, is_enabled: bool
    ) -> int:
        painter.setPen(self._look.theme.color("text" if is_enabled else "muted"))
        font, left = painter.font(), rect.left()
        marks = set(match.marks)
        for index, character in enumerate(match.words):
            font.setBold(index in marks)
            painter.setFont(font)
            width = QFontMetrics(font).horizontalAdvance(character)
            box = QRect(left, rect.top(), width + 2, rect.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, character)
            left += width
        font.setBold(False)
        painter.setFont(font)
        return left

    def _paint_right(
        self, painter: QPainter, rect: QRect, command: Command, *, is_enabled: bool
    ) -> None:
        language = self._look.language
        font = painter.font()
        font.setPixelSize(self._look.theme.pixels("small"))
        painter.setFont(font)
        painter.setPen(self._look.theme.color("muted"))
        text = command.shortcut_text or language.text(command.group_key)
        if not is_enabled and command.reason_key:
            text = language.text(command.reason_key)
        text = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(rect, flags, text)


class Palette(QFrame):
    """A field and a list over the page; Esc closes, Enter runs, the arrows walk."""

    def __init__(self, look: Look, commands: Commands, *, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._commands = commands
        self._before: QWidget | None = None
        self.setProperty("role", "popup")
        self.field = QLineEdit()
        self.field.installEventFilter(self)
        self._matches = _Matches(look, self)
        self.list = QListView()
        self.list.setModel(self._matches)
        self.list.setItemDelegate(_Painter(look, self))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._run)
        self._nothing = Label.of(look, "palette.nothing", "muted")
        self._nothing.setContentsMargins(16, 8, 16, 12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 8, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        layout.addWidget(self._nothing)
        shadow = QGraphicsDropShadowEffect(self, blurRadius=32, xOffset=0, yOffset=8)
        self.setGraphicsEffect(shadow)
        self.field.textChanged.connect(self._search)
        look.language.bind(self, self.field.setPlaceholderText, "palette.placeholder")
        look.language.bind(self, self.field.setAccessibleName, "palette.name")
        look.language.bind(self, self.list.setAccessibleName, "palette.list")
        self.hide()

    def open(self) -> None:
        """Show everything, and wait for words."""
        window = self.window()
        self._before = window.focusWidget()
        self.field.clear()
        self._search("")
        self.place()
        self.show()
        self.raise_()
        self.field.setFocus()

    def close_palette(self) -> None:
        """Go back to where the focus was."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()
            self._before = None

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_palette()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._run(self.list.currentIndex())
            case Qt.Key.Key_Down | Qt.Key.Key_Tab:
                self._walk(1)
            case Qt.Key.Key_Up | Qt.Key.Key_Backtab:
                self._walk(-1)
            case Qt.Key.Key_PageDown:
                self._walk(_SHOWN - 1, wraps=False)
            case Qt.Key.Key_PageUp:
                self._walk(1 - _SHOWN, wraps=False)
            case _:
                return False
        return True

    def _walk(self, step: int, *, wraps: bool = True) -> None:
        count = self._matches.rowCount()
        if not count:
            return
        row = self.list.currentIndex().row() + step
        row = row % count if wraps else max(0, min(count - 1, row))
        self.list.setCurrentIndex(self._matches.index(row))

    def _search(self, words: str) -> None:
        self._matches.show_matches(self._commands.matching(words, self._look.language))
        found = self._matches.rowCount()
        self.list.setVisible(found > 0)
        self._nothing.setVisible(found == 0)
        if found:
            self.list.setCurrentIndex(self._matches.index(0))
        self.place()

    def _run(self, index: Index) -> None:
        if not index.isValid():
            return
        command = self._matches.command_at(index)
        if command.is_enabled():
            self.close_palette()
            command.run()

    def place(self) -> None:
        """Stand in the upper middle of the window."""
        parent = self.parentWidget()
        if parent is None:
            return
        row = round(_ROW * self._look.theme.pixels("body") / 13)
        self.list.setFixedHeight(min(_SHOWN, max(1, self._matches.rowCount())) * row + 4)
        width = min(640, parent.width() - 48)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((parent.width() - width) // 2, max(24, parent.height() // 9))
