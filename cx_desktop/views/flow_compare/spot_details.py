"""One change, before and after."""

from collections.abc import Iterator

from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from cx_desktop.domain.flow.diff import Comparison, Field, Mark, Spot, field_in_words
from cx_desktop.domain.flow.references import Context
from cx_desktop.views.flow_compare.words import exit_of, node_words
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.widgets.look import Look


class SpotDetails(PlaceList):
    """Each field of a change with how it read before, and how it reads after."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "compare.details", parent=parent)
        self.setRootIsDecorated(False)
        self.context = Context()

    def show_spot(self, comparison: Comparison, spot: Spot | None) -> None:
        """Show a change; ``None`` for nothing."""
        self.clear()
        if spot is not None:
            self.addTopLevelItems(list(self._rows(comparison, spot)))
        self.expandAll()
        self.updateGeometry()

    def _rows(self, comparison: Comparison, spot: Spot) -> Iterator[QTreeWidgetItem]:
        language = self._look.language
        if spot.exit is not None:
            name = language.text("flows.exit", exit=exit_of(language, comparison, spot))
            old, new = (node_words(language, comparison, each) for each in (spot.old, spot.new))
            yield self._pair(name, old, new)
            return
        fields = comparison.fields(spot.node)
        for each in fields:
            yield self._field(each, spot.mark)
        if not fields:
            yield self.line(language.text("compare.unseen"), "", "", None)

    def _field(self, field: Field, mark: Mark) -> QTreeWidgetItem:
        name, old, new = field_in_words(field, self._look.language.text, self.context)
        return self._pair(
            name, "" if mark is Mark.ADDED else old, "" if mark is Mark.REMOVED else new
        )

    def _pair(self, name: str, old: str, new: str) -> QTreeWidgetItem:
        language = self._look.language
        top = self.line(name, "", "", None)
        font = top.font(0)
        font.setBold(True)
        top.setFont(0, font)
        if old:
            words = language.text("compare.before", value=old)
            top.addChild(self.line(words, "minus", "block", None))
        if new:
            words = language.text("compare.after", value=new)
            top.addChild(self.line(words, "plus", "info", None))
        return top
