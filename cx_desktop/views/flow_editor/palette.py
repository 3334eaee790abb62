"""The palette: every kind of node, to be dragged into the flow or added by Enter."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from cx_desktop.models.kind_search import KindSearch
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.kind_list import KindDelegate, KindList
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import SearchField
from cx_desktop.views.widgets.look import Look


class KindView(QListView):
    """Shows kinds; Enter or a double click chooses one."""

    chosen = Signal(str)  # the kind's id

    def __init__(self, look: Look, model: KindList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = model
        self.setModel(model)
        self.setItemDelegate(KindDelegate(look, self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look.language.bind(self, self.setAccessibleName, "editor.palette.list")

    def choose_current(self) -> None:
        """Choose the row the keyboard is at."""
        kind = self._kinds.kind(self.currentIndex())
        if kind is not None:
            self.chosen.emit(kind.id)

    def step(self, by: int) -> None:
        """Let the keyboard be at the next kind, or the one before; headings are passed over."""
        row = self.currentIndex().row()
        while 0 <= row + by < self._kinds.rowCount():
            row += by
            index = self._kinds.index(row, 0)
            if self._kinds.kind(index) is not None:
                self.setCurrentIndex(index)
                return

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.choose_current()
        else:
            super().keyPressEvent(event)


class KindSearchField(SearchField):
    """Finds kinds; the arrows move in the list below, Enter chooses there."""

    def __init__(self, look: Look, model: KindList, view: KindView) -> None:
        super().__init__(look, "editor.palette.search")
        self._view = view
        self._kinds = model
        self.textChanged.connect(self._find)

    @override
    def event(self, event: QEvent) -> bool:
        """Esc is ours: it closes a pop-up at once, and empties the field elsewhere."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def _leave(self) -> None:
        if self.window().windowFlags() & Qt.WindowType.Popup == Qt.WindowType.Popup:
            self.window().hide()
        else:
            self.clear()

    def _find(self, needle: str) -> None:
        self._kinds.find(needle)
        if needle.strip():
            self._view.step(1)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self._view.step(1)
            case Qt.Key.Key_Up:
                self._view.step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._view.choose_current()
            case Qt.Key.Key_Escape:
                self._leave()
            case _:
                super().keyPressEvent(event)


class Palette(QWidget):
    """Search and list, as a column; below them a way to whole building blocks."""

    chosen = Signal(str)  # the kind's id

    def __init__(self, look: Look, search: KindSearch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = KindList(look, search, has_headings=True, parent=self)
        self.view = KindView(look, self._kinds)
        self.view.setProperty("role", "plain")
        self.view.setDragEnabled(True)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.field = KindSearchField(look, self._kinds, self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        search_row = QVBoxLayout()
        search_row.setContentsMargins(8, 8, 8, 6)
        search_row.addWidget(self.field)
        layout.addLayout(search_row)
        layout.addWidget(self.view, 1)
        self.blocks = Button(look, "editor.palette.blocks", kind="quiet", icon="squares-four")
        layout.addWidget(self.blocks)
        self.view.doubleClicked.connect(lambda _index: self.view.choose_current())
        self.view.chosen.connect(self.chosen)
