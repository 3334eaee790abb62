"""What would change for callers, object by object, as a list that leads to the place."""

from collections.abc import Iterator, Sequence

from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from cx_desktop.domain.flow.summary import Summary
from cx_desktop.models.objects.plan import Plan, Planned
from cx_desktop.views.objects import summary_words as words
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.widgets.look import Look

ICON_BY_TYPE = {
    "flow": "tree-structure",
    "prompt": "speaker-high",
    "schedule": "clock",
    "queue": "users-three",
}


class ChangeList(PlaceList):
    """The changes of what goes live, under the name of each object where there are several."""

    def __init__(self, look: Look, changes: Changes, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "flows.publish.changes", parent=parent)
        self._changes = changes

    def show_plan(self, plan: Plan) -> None:
        """Show what changes."""
        self.clear()
        for each in plan.going:
            rows = list(self._rows(each))
            if len(plan.going) > 1:
                top = self.line(each.facts.name, ICON_BY_TYPE.get(each.type, ""), "muted", None)
                top.addChildren(rows)
                rows = [top]
            self.addTopLevelItems(rows)
        self.setRootIsDecorated(any(each.childCount() for each in self.tops()))
        self.expandAll()
        self.updateGeometry()

    def _rows(self, planned: Planned) -> Iterator[QTreeWidgetItem]:
        language = self._look.language
        if planned.summary is not None:
            yield from self._of_flow(planned.summary)
        for line in self._changes.lines(planned):
            yield self.line(line, "pencil-simple", "warn", None)
        for each in planned.repins:
            text = language.text(
                f"objects.publish.repin.{each.type}", name=each.name, old=each.old, new=each.new
            )
            yield self.line(text, ICON_BY_TYPE.get(each.type, ""), "info", None)

    def _of_flow(self, summary: Summary) -> Iterator[QTreeWidgetItem]:
        language = self._look.language
        yield from self._group(
            "flows.summary.added",
            "plus-circle",
            "ok",
            [(words.node_words(language, each), each.node) for each in summary.added],
        )
        yield from self._group(
            "flows.summary.removed",
            "minus-circle",
            "block",
            [(words.node_words(language, each), None) for each in summary.removed],
        )
        yield from self._group(
            "flows.summary.changed",
            "pencil-simple",
            "warn",
            [(words.change_words(language, each), each.node) for each in summary.changed],
        )
        yield from self._group(
            "flows.summary.links",
            "arrow-bend-up-right",
            "info",
            [(words.link_words(language, each), each.slot.node) for each in summary.links],
        )
        yield from self._group(
            "flows.summary.settings",
            "sliders-horizontal",
            "info",
            [(words.field_words(language, each), None) for each in summary.settings],
        )
        yield from self._tail("flows.summary.moved", "arrows-out-cardinal", summary.moved)
        yield from self._tail("flows.summary.notes", "note", summary.notes)

    def _group(
        self, key: str, icon: str, tone: str, lines: Sequence[tuple[str, str | None]]
    ) -> Iterator[QTreeWidgetItem]:
        if lines:
            top = self.line(self._look.language.plural(key, len(lines)), icon, tone, None)
            top.addChildren([self.line(text, "", "", node) for text, node in lines])
            yield top

    def _tail(self, key: str, icon: str, count: int) -> Iterator[QTreeWidgetItem]:
        if count:
            yield self.line(self._look.language.plural(key, count), icon, "muted", None)
