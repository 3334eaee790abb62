"""Every change between two versions, in reading order."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget
from typing_extensions import override

from cx_desktop.models.flow_comparison import FlowComparison
from cx_desktop.views.flow_compare.words import spot_words
from cx_desktop.views.flow_editor.painting.changes import ROLE_BY_MARK, SIGN_BY_MARK
from cx_desktop.views.widgets.look import Look


class SpotList(QListWidget):
    """The changes by name; choosing one goes there."""

    chosen = Signal(int)  # which one, counted from 0

    def __init__(self, look: Look, model: FlowComparison, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._model = model
        self.setWordWrap(True)
        self.setUniformItemSizes(False)
        look.language.bind(self, self.setAccessibleName, "compare.changes")
        look.language.changed.connect(self.refresh)
        look.theme.changed.connect(self.refresh)
        self.itemClicked.connect(lambda _item: self._choose())
        model.laid.connect(self.refresh)
        model.spots_changed.connect(self.refresh)
        model.current_changed.connect(self._follow)

    def refresh(self) -> None:
        """List them anew."""
        comparison = self._model.comparison
        self.clear()
        if comparison is None:
            return
        for spot in self._model.spots:
            item = QListWidgetItem(spot_words(self._look.language, comparison, spot))
            item.setIcon(self._look.icons.icon(SIGN_BY_MARK[spot.mark], ROLE_BY_MARK[spot.mark]))
            item.setToolTip(item.text())
            self.addItem(item)
        self._follow()

    def _follow(self) -> None:
        self.setCurrentRow(self._model.position - 1)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        self._choose()

    def _choose(self) -> None:
        """What the user's mouse or keys have come to."""
        if self.currentRow() >= 0:
            self.chosen.emit(self.currentRow())
