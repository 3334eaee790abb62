"""The panels below the canvas: folded to their tabs until somebody wants to see one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_NO_LIMIT = 16777215  # QWIDGETSIZE_MAX, which PySide does not name


class Dock(QTabWidget):
    """Tabs that fold away: a click on the tab in view folds, a click on any unfolds."""

    height_wanted = Signal(int)  # pixels, for whoever shares the room out

    def __init__(self, *, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = least
        self._heights: dict[QWidget, int] = {}
        self.is_folded = False
        self.setDocumentMode(True)
        self.tabBarClicked.connect(self._on_tab_clicked)

    def add_panel(self, panel: QWidget, height: int) -> None:
        """One more panel, behind those there are, with the height it wants to be seen with."""
        self._heights[panel] = height
        self.addTab(panel, "")
        if self.is_folded:
            self.fold(is_folded=True)

    def show_panel(self, panel: QWidget) -> None:
        """Unfold, with this panel in view."""
        self.setCurrentWidget(panel)
        self.fold(is_folded=False)

    def fold(self, *, is_folded: bool) -> None:
        """Keep the tabs only, or show the panel in view."""
        self.is_folded = is_folded
        height = self.tabBar().sizeHint().height()
        for panel in self.findChildren(QStackedWidget, options=_DIRECT):
            panel.setVisible(not is_folded)  # its least height would keep the splitter open
        self.setMinimumHeight(height if is_folded else self._least)
        self.setMaximumHeight(height if is_folded else _NO_LIMIT)
        wanted = max(self._least, self._heights.get(self.currentWidget(), 0))
        self.height_wanted.emit(height if is_folded else wanted)

    def _on_tab_clicked(self, index: int) -> None:
        self.fold(is_folded=index == self.currentIndex() and not self.is_folded)
