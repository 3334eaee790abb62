"""What would change for callers, object by object, as a list that leads to the place."""

from collections.abc import Collection, Iterator, Sequence

from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from cx_desktop.domain.flow.summary import Summary
from cx_desktop.models.objects.plan import Need, Plan, Planned
from cx_desktop.models.objects.telling import Told, ToldPlan
from cx_desktop.views.objects import summary_words as words
from cx_desktop.views.objects import told_words
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.place_list import PlaceList
from cx_desktop.views.widgets.look import Look

ICON_BY_TYPE = {
    "flow": "tree-structure",
    "prompt": "speaker-high",
    "schedule": "clock",
    "queue": "users-three",
    "form": "clipboard-text",
}
#: So many sentences are seen at once; the others are folded below them.
MOST_SEEN = 8


class ChangeList(PlaceList):
    """The changes of what goes live, under the name of each object where there are several.

    What callers will hear is shown as soon as it was worked out; node by node below it, folded.
    """

    def __init__(self, look: Look, changes: Changes, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "flows.publish.changes", parent=parent)
        self._changes = changes
        self._told: ToldPlan | None = None
        self._is_told_in_vain = False

    def show_plan(self, plan: Plan) -> None:
        """Show what changes; what callers will hear is not known yet."""
        self._told, self._is_told_in_vain = None, False
        self._show(plan)

    def show_told(self, told: ToldPlan) -> None:
        """Show what callers will hear."""
        self._told = told
        self._show(told.plan)

    def give_up(self, plan: Plan) -> None:
        """What callers will hear could not be worked out: what differs stays."""
        self._is_told_in_vain = True
        self._show(plan)

    def _show(self, plan: Plan) -> None:
        self.clear()
        for each in plan.going:
            rows = list(self._rows(each))
            if len(plan.going) > 1:
                top = self.line(each.facts.name, ICON_BY_TYPE.get(each.type, ""), "muted", None)
                top.addChildren(rows)
                rows = [top]
            self.addTopLevelItems(rows)
            if len(plan.going) > 1:
                rows[0].setExpanded(True)
        self._unfold()

    def _unfold(self) -> None:
        self.setRootIsDecorated(any(each.childCount() for each in self.tops()))
        self.updateGeometry()

    def _rows(self, planned: Planned) -> Iterator[QTreeWidgetItem]:
        language = self._look.language
        if planned.summary is not None:
            yield from self._of_flow(planned, planned.summary)
        for line in self._changes.lines(planned):
            yield self.line(line, "pencil-simple", "warn", None)
        for each in planned.repins:
            text = language.text(
                f"objects.publish.repin.{each.type}", name=each.name, old=each.old, new=each.new
            )
            yield self.line(text, ICON_BY_TYPE.get(each.type, ""), "info", None)

    def _of_flow(self, planned: Planned, summary: Summary) -> Iterator[QTreeWidgetItem]:
        details = list(self._groups(summary, leads=planned.need is Need.ASKED))
        told = self._told.flows.get(planned.id) if self._told is not None else None
        if self._is_told_in_vain or (self._told is not None and told is None):
            yield from details
            return
        if told is None:
            text = self._look.language.text("change.working")
            yield self.line(text, "hourglass", "muted", None)
            return
        known = planned.names.keys() if planned.need is Need.ASKED else ()
        yield from told_rows(self, told, known)
        if details:
            text = self._look.language.text("change.details")
            top = self.line(text, "list-bullets", "muted", None)
            top.addChildren(details)
            yield top

    def _groups(self, summary: Summary, *, leads: bool) -> Iterator[QTreeWidgetItem]:
        """Node by node; rows lead to their nodes where ``leads`` says so."""
        language = self._look.language

        def at(node: str) -> str | None:
            return node if leads else None

        yield from self._group(
            "flows.summary.added",
            "plus-circle",
            "ok",
            [(words.node_words(language, each), at(each.node)) for each in summary.added],
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
            [(words.change_words(language, each), at(each.node)) for each in summary.changed],
        )
        yield from self._group(
            "flows.summary.links",
            "arrow-bend-up-right",
            "info",
            [(words.link_words(language, each), at(each.slot.node)) for each in summary.links],
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


def told_rows(places: PlaceList, told: Told, known: Collection[str]) -> Iterator[QTreeWidgetItem]:
    """The sentences of one flow; many of them are folded after the first ones.

    Those about a node that is ``known`` lead there.
    """
    language = places.look.language
    if told.changelog.is_empty:
        yield places.line(language.text("change.unnoticed"), "check-circle", "ok", None)
        return
    rows = []
    for statement, text in told_words.sentences(language, told):
        node = statement.at.node if statement.at is not None else None
        place = node if node in known else None
        rows.append(places.line(text, *told_words.icon_of(statement), place))
    if len(rows) <= MOST_SEEN + 1:
        yield from rows
        return
    yield from rows[:MOST_SEEN]
    more = language.plural("change.more", len(rows) - MOST_SEEN)
    top = places.line(more, "dots-three", "muted", None)
    top.addChildren(rows[MOST_SEEN:])
    yield top
