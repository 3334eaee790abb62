"""What somebody else does in the flow that is open: told at once, and shown on the canvas."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from cx_desktop.domain.flow.diff import Comparison, Mark
from cx_desktop.domain.patch import Document, apply, inverse, same
from cx_desktop.models.flow_comparison import FlowComparison, Laid
from cx_desktop.models.flow_work import Others
from cx_desktop.tasks import Tasks
from cx_desktop.views.flow_editor import FlowEditor
from cx_desktop.views.flow_editor.marks import ChangeMarks
from cx_desktop.views.flows.notices import Notices

if TYPE_CHECKING:
    from cx_desktop.domain.flow.graph import NodeId


class OthersEdits(QObject):
    """Keeps the flow as it was before their first edit that is still told of.

    What is typed here is no edit of theirs: the marks compare only what came from them.
    """

    def __init__(self, notices: Notices, *, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._notices = notices
        self._before: Document | None = None
        self._after: Document = {}
        self._last: Others | None = None
        self._editor: FlowEditor | None = None
        self.is_shown = False
        self._comparison = FlowComparison(tasks, parent=self)
        self._comparison.laid.connect(self._on_laid)
        notices.others_wanted.connect(self._turn)
        notices.others.dismissed.connect(self.forget)

    def watch(self, editor: FlowEditor | None) -> None:
        """The editor in which their edits can be shown."""
        self._editor = editor
        self.is_shown = False

    def came(self, others: Others) -> None:
        """Somebody else's edits arrived."""
        arrival = others.arrival
        if self._before is None:
            self._before = apply(arrival.document, inverse(arrival.changes))
        self._after = apply(self._after or self._before, arrival.changes)
        self._last = others
        self._tell()
        if self.is_shown:
            self._comparison.show(self._before, self._after)

    def forget(self) -> None:
        """It was seen, or another flow is at work."""
        self._before, self._after, self._last = None, {}, None
        self._comparison.cancel()
        self._clear()

    def _tell(self) -> None:
        if self._last is not None and self._before is not None:
            count = len(_touched(self._before, self._after))
            self._notices.show_others(self._last, count, is_shown=self.is_shown)

    def _turn(self) -> None:
        """Show their edits on the canvas, or no more."""
        if self.is_shown:
            self.forget()
            return
        if self._before is None or self._editor is None:
            return
        self.is_shown = True
        self._tell()
        if self._last is not None and (node := self._last.node) is not None:
            self._editor.show_node(node)
        self._comparison.show(self._before, self._after)

    def _on_laid(self, laid: Laid) -> None:
        if self.is_shown and self._editor is not None:
            self._mark(self._editor, _marks(laid.comparison))

    def _clear(self) -> None:
        if self.is_shown and self._editor is not None:
            self._mark(self._editor, ChangeMarks())
        self.is_shown = False

    def _mark(self, editor: FlowEditor, marks: ChangeMarks) -> None:
        editor.stage.marks.changes = marks
        editor.overlay.minimap.refresh()
        editor.canvas.update()


def _marks(comparison: Comparison) -> ChangeMarks:
    by_mark: dict[Mark, set[NodeId]] = {}
    for node, mark in comparison.nodes.items():
        by_mark.setdefault(mark, set()).add(node)
    return ChangeMarks(
        nodes_by_mark={mark: frozenset(nodes) for mark, nodes in by_mark.items()},
        added=comparison.added,
        removed=comparison.removed,
    )


def _touched(before: Document, after: Document) -> frozenset[str]:
    """The nodes that are not as they were, or whose exits lead elsewhere."""
    touched: set[str] = set()
    for part in ("nodes", "links"):
        old, new = (_part(each, part) for each in (before, after))
        touched |= {key for key in (*old, *new) if not same(old.get(key), new.get(key))}
    return frozenset(touched)


def _part(document: Document, key: str) -> Document:
    part = document.get(key)
    return cast("Document", part) if isinstance(part, dict) else {}
