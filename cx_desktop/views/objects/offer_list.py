"""Drafts that may go live together with what was asked for, each with a box to tick."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from cx_desktop.models.objects.plan import Need, Plan, Planned
from cx_desktop.views.objects.change_list import ICON_BY_TYPE
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.widgets.look import Look

_ID = Qt.ItemDataRole.UserRole + 1


class OfferList(PlaceList):
    """What is used and is ahead of what callers hear; what is needed is ticked from the start."""

    chosen = Signal(object)  # frozenset[str]: the ids that are ticked

    def __init__(self, look: Look, changes: Changes, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "objects.publish.offers", parent=parent)
        self._changes = changes
        self._shown: frozenset[str] = frozenset()
        self.itemChanged.connect(self._on_item_changed)

    @property
    def ticked(self) -> frozenset[str]:
        """The ids of what goes live, too."""
        return frozenset(
            each.data(0, _ID) for each in self.tops() if each.checkState(0) is Qt.CheckState.Checked
        )

    def show_plan(self, plan: Plan) -> None:
        """Show what may go live, too."""
        self._shown = frozenset(each.id for each in plan.offered if each.id in plan.chosen)
        known = {each.data(0, _ID): each for each in self.tops()}
        if known.keys() == {each.id for each in plan.offered}:
            for each in plan.offered:  # rows stay, and the keyboard where it was
                known[each.id].setCheckState(0, _state(each.id in plan.chosen))
            return
        self.clear()
        for each in plan.offered:
            self.addTopLevelItem(self._row(each, is_ticked=each.id in plan.chosen))
        self.setRootIsDecorated(any(each.childCount() for each in self.tops()))
        self.updateGeometry()

    def tick(self, object_id: str, *, is_ticked: bool = True) -> None:
        """Tick an object, or not any more."""
        for each in self.tops():
            if each.data(0, _ID) == object_id:
                each.setCheckState(0, _state(is_ticked))

    def _row(self, planned: Planned, *, is_ticked: bool) -> QTreeWidgetItem:
        language = self._look.language
        is_ahead = planned.need is Need.FOLLOWS and not planned.changes_nothing
        text = language.text(
            f"objects.publish.offer.{planned.need}{'-ahead' if is_ahead else ''}",
            type=language.text(f"objects.type.{planned.type}"),
            name=planned.facts.name,
        )
        item = self.line(text, ICON_BY_TYPE.get(planned.type, ""), "muted", None)
        item.setData(0, _ID, planned.id)
        item.setCheckState(0, _state(is_ticked))
        if planned.why_not:
            item.setDisabled(True)
            item.setToolTip(0, language.text(planned.why_not))
        for line in self._changes.lines(planned):
            item.addChild(self.line(line, "pencil-simple", "warn", None))
        return item

    def _on_item_changed(self) -> None:
        if self.ticked != self._shown:
            self._shown = self.ticked
            self.chosen.emit(self.ticked)


def _state(is_ticked: bool) -> Qt.CheckState:  # noqa: FBT001  (one of two states)
    return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
