"""What can be done to a flow in the list and in the editor: icon, words, role and selection."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QKeySequence

from cx_desktop.domain.access import Verb
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.views.objects import object_verbs
from cx_desktop.views.objects.list_actions import ListVerb

FlowVerb = ListVerb[FlowRow]
Run = Callable[[], object]
Shortcut = QKeySequence.StandardKey | str


def open_one(run: Run) -> FlowVerb:
    """One flow in its editor."""
    return FlowVerb("open", "arrow-square-out", run)


def rename(run: Run, shortcut: Shortcut = "") -> FlowVerb:
    """Another name for one flow."""
    return object_verbs.rename(run, shortcut, Verb.FLOW_EDIT)


def duplicate(run: Run, shortcut: Shortcut = "") -> FlowVerb:
    """A copy of one flow."""
    return object_verbs.duplicate(run, shortcut, Verb.FLOW_EDIT)


def assign(run: Run) -> FlowVerb:
    """Which numbers one flow answers."""
    return FlowVerb("assign", "phone", run, _one_in_use, verb=Verb.NUMBER_ASSIGN)


def export(run: Run) -> FlowVerb:
    """One flow as a file."""
    return FlowVerb("export", "export", run)


def archive(run: Run, shortcut: Shortcut = "") -> FlowVerb:
    """Flows put away."""
    return object_verbs.archive(run, shortcut, Verb.FLOW_ARCHIVE)


def restore(run: Run) -> FlowVerb:
    """Flows taken out again."""
    return object_verbs.restore(run, Verb.FLOW_ARCHIVE)


def _one_in_use(rows: Sequence[FlowRow]) -> bool:
    return len(rows) == 1 and not rows[0].is_archived
