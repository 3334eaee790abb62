"""What can be done to a flow in the list and in the editor: icon, words, role and selection."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QKeySequence

from cx_desktop.domain.access import Verb
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.views.flows.list_actions import ListVerb

Run = Callable[[], object]
Shortcut = QKeySequence.StandardKey | str


def rename(run: Run, shortcut: Shortcut = "") -> ListVerb:
    """Another name for one flow."""
    return ListVerb("rename", "pencil-simple", run, _one_in_use, shortcut, verb=Verb.FLOW_EDIT)


def duplicate(run: Run, shortcut: Shortcut = "") -> ListVerb:
    """A copy of one flow."""
    return ListVerb("duplicate", "copy", run, shortcut=shortcut, verb=Verb.FLOW_EDIT)


def assign(run: Run) -> ListVerb:
    """Which numbers one flow answers."""
    return ListVerb("assign", "phone", run, _one_in_use, verb=Verb.NUMBER_ASSIGN)


def export(run: Run) -> ListVerb:
    """One flow as a file."""
    return ListVerb("export", "export", run)


def archive(run: Run, shortcut: Shortcut = "") -> ListVerb:
    """Flows put away."""
    return ListVerb("archive", "archive", run, _all_in_use, shortcut, verb=Verb.FLOW_ARCHIVE)


def restore(run: Run) -> ListVerb:
    """Flows taken out again."""
    return ListVerb(
        "restore",
        "arrow-counter-clockwise",
        run,
        _all_archived,
        is_hidden_when_unsuited=True,
        verb=Verb.FLOW_ARCHIVE,
    )


def _one_in_use(rows: Sequence[FlowRow]) -> bool:
    return len(rows) == 1 and not rows[0].is_archived


def _all_in_use(rows: Sequence[FlowRow]) -> bool:
    return bool(rows) and not any(row.is_archived for row in rows)


def _all_archived(rows: Sequence[FlowRow]) -> bool:
    return bool(rows) and all(row.is_archived for row in rows)
