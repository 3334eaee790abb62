"""Every change between two versions, in reading order."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cx_desktop.models.flow_comparison import FlowComparison
from cx_desktop.overrides import override
from cx_desktop.views.flow_compare.words import spot_words
from cx_desktop.views.flow_editor.painting.changes import ROLE_BY_MARK, SIGN_BY_MARK
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.widgets.look import Look


class SpotList(PlaceList):
    """The changes by name; choosing one goes there."""

    chosen = Signal(int)  # which one, counted from 0

    def __init__(self, look: Look, model: FlowComparison, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "compare.changes", parent=parent)
        self._model = model
        self.setRootIsDecorated(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        look.language.changed.connect(self.refresh)
        look.theme.changed.connect(self.refresh)
        self.itemClicked.connect(lambda _item: self._choose())
        model.laid.connect(self.refresh)
        model.spots_changed.connect(self.refresh)
        model.current_changed.connect(self._follow)

    @property
    def row(self) -> int:
        """Which change is current, counted from 0; -1 for none."""
        item = self.currentItem()
        return self.indexOfTopLevelItem(item) if item is not None and item.isSelected() else -1

    def refresh(self) -> None:
        """List them anew."""
        comparison = self._model.comparison
        self.clear()
        if comparison is None:
            return
        for spot in self._model.spots:
            text = spot_words(self._look.language, comparison, spot)
            sign, role = SIGN_BY_MARK[spot.mark], ROLE_BY_MARK[spot.mark]
            self.addTopLevelItem(self.line(text, sign, role, None))
        self._follow()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        self._choose()

    def _follow(self) -> None:
        item = self.topLevelItem(self._model.position - 1) if self._model.position else None
        if item is None:
            self.clearSelection()
        else:
            self.setCurrentItem(item)

    def _choose(self) -> None:
        """What the user's mouse or keys have come to."""
        if self.row >= 0:
            self.chosen.emit(self.row)
