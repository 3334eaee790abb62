"""What can be done to objects in a list and when one is open: icon, role and selection."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtGui import QKeySequence

from cx_desktop.domain.access import Verb
from cx_desktop.views.objects.list_actions import ListVerb
from cx_desktop.views.objects.list_view import Listed

Row = TypeVar("Row", bound=Listed)
Run = Callable[[], object]
Shortcut = QKeySequence.StandardKey | str


def rename(run: Run, shortcut: Shortcut = "", verb: Verb = Verb.CONFIG_EDIT) -> ListVerb[Row]:
    """Another name for one object."""
    return ListVerb("rename", "pencil-simple", run, _one_in_use, shortcut, verb=verb)


def duplicate(run: Run, shortcut: Shortcut = "", verb: Verb = Verb.CONFIG_EDIT) -> ListVerb[Row]:
    """A copy of one object."""
    return ListVerb("duplicate", "copy", run, shortcut=shortcut, verb=verb)


def publish(run: Run, verb: Verb = Verb.CONFIG_PUBLISH) -> ListVerb[Row]:
    """Objects put before callers, together."""
    words = "objects.verb.publish"
    return ListVerb("publish-selected", "broadcast", run, _all_in_use, verb=verb, words=words)


def archive(run: Run, shortcut: Shortcut = "", verb: Verb = Verb.CONFIG_ARCHIVE) -> ListVerb[Row]:
    """Objects put away."""
    return ListVerb("archive", "archive", run, _all_in_use, shortcut, verb=verb)


def restore(run: Run, verb: Verb = Verb.CONFIG_ARCHIVE) -> ListVerb[Row]:
    """Objects taken out again."""
    return ListVerb(
        "restore",
        "arrow-counter-clockwise",
        run,
        _all_archived,
        is_hidden_when_unsuited=True,
        verb=verb,
    )


def _one_in_use(rows: Sequence[Listed]) -> bool:
    return len(rows) == 1 and not rows[0].is_archived


def _all_in_use(rows: Sequence[Listed]) -> bool:
    return bool(rows) and not any(row.is_archived for row in rows)


def _all_archived(rows: Sequence[Listed]) -> bool:
    return bool(rows) and all(row.is_archived for row in rows)
