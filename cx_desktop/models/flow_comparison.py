"""Two versions of a flow laid over each other, worked out on the pool, and a walk through it."""

from collections.abc import Callable

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.diff import Comparison, Mark, Spot, compare
from cx_desktop.domain.flow.graph import document_of, flow_of
from cx_desktop.domain.patch import Document
from cx_desktop.tasks import Task, Tasks


class Laid(Struct, frozen=True):
    """A comparison, and the document of its drawing."""

    comparison: Comparison
    document: Document


class FlowComparison(QObject):
    """What differs between two documents, one change at a time."""

    laid = Signal(object)  # Laid
    failed = Signal(object)  # CXError
    current_changed = Signal()  # another change is looked at
    spots_changed = Signal()  # others are walked through: moved ones are told, or not

    def __init__(self, tasks: Tasks, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task | None = None
        self._hides_moved = False
        self._old: Document = {}
        self._new: Document = {}
        self.comparison: Comparison | None = None
        self.spots: tuple[Spot, ...] = ()
        self._position = -1

    def show(self, old: Document, new: Document) -> None:
        """Lay these over each other; ``laid`` follows."""
        self._old, self._new = old, new
        self.cancel()
        self._task = self._tasks.run(_laying(old, new), done=self._on_laid, failed=self.failed.emit)

    def swap(self) -> None:
        """Look at it the other way round: what was added is removed."""
        self.show(self._new, self._old)

    def cancel(self) -> None:
        """Nobody wants to see it any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @property
    def position(self) -> int:
        """Which change is looked at, counted from 1; 0 for none."""
        return self._position + 1

    @property
    def current(self) -> Spot | None:
        """The change that is looked at."""
        return self.spots[self._position] if 0 <= self._position < len(self.spots) else None

    @property
    def hides_moved(self) -> bool:
        """Whether nodes that only lie elsewhere are passed over."""
        return self._hides_moved

    def hide_moved(self, hides: bool) -> None:  # noqa: FBT001  (a slot)
        """Pass over nodes that only lie elsewhere, or not."""
        if hides != self._hides_moved:
            self._hides_moved = hides
            here = self.current
            self._list()
            self._position = self.spots.index(here) if here in self.spots else -1
            self.spots_changed.emit()
            self.current_changed.emit()

    def step(self, by: int) -> None:
        """The next change, or the one before; round at the ends."""
        if self.spots:
            first = 0 if by > 0 else len(self.spots) - 1
            is_nowhere = self._position < 0
            self.go(first if is_nowhere else (self._position + by) % len(self.spots))

    def go(self, position: int) -> None:
        """Look at a change, counted from 0."""
        if position != self._position and 0 <= position < len(self.spots):
            self._position = position
            self.current_changed.emit()

    def go_to_node(self, node: str) -> None:
        """Look at the change of a node, if it has one."""
        here = self.current
        if here is not None and here.node == node:
            return
        found = (place for place, each in enumerate(self.spots) if each.node == node)
        self.go(next(found, self._position))

    def _on_laid(self, laid: Laid) -> None:
        self.comparison = laid.comparison
        self._position = -1
        self._list()
        self.laid.emit(laid)

    def _list(self) -> None:
        spots = self.comparison.spots if self.comparison is not None else ()
        self.spots = tuple(
            each for each in spots if not (self._hides_moved and each.mark is Mark.MOVED)
        )


def _laying(old: Document, new: Document) -> Callable[[], Laid]:
    def lay() -> Laid:
        try:
            found = compare(flow_of(old), flow_of(new))
        except msgspec.ValidationError as error:
            raise CXError("problem.flow-unreadable", reason=str(error)) from error
        return Laid(found, document_of(found.flow))

    return lay
