"""The pop-up at the mouse: type a few letters, Enter, and the node is there."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cx_desktop.models.kind_search import KindSearch
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.kind_list import KindList
from cx_desktop.views.flow_editor.palette import KindSearchField, KindView
from cx_desktop.views.widgets.look import Look

WIDTH, HEIGHT = 320, 340


class QuickAddPopup(QFrame):
    """Asks for a kind."""

    chosen = Signal(str)  # the kind's id
    closed = Signal()

    def __init__(self, look: Look, search: KindSearch, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self._kinds = KindList(look, search, has_headings=False, parent=self)
        self.view = KindView(look, self._kinds)
        self.field = KindSearchField(look, self._kinds, self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addWidget(self.view, 1)
        self.resize(WIDTH, HEIGHT)
        self.view.clicked.connect(lambda _index: self.view.choose_current())
        self.view.chosen.connect(self._choose)
        look.language.bind(self, self.setAccessibleName, "editor.quick-add")

    def ask(self, at: QPoint, screen: QRect) -> None:
        """Open at a place of the screen, moved so that all of it is seen."""
        self.field.clear()
        self._kinds.find("")
        self.view.setCurrentIndex(self._kinds.index(0, 0))
        x = min(at.x(), screen.right() - self.width())
        y = min(at.y(), screen.bottom() - self.height())
        self.move(max(screen.left(), x), max(screen.top(), y))
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _choose(self, kind: str) -> None:
        self.hide()
        self.chosen.emit(kind)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()
