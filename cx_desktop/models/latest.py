"""Something read again and again: what is shown is never older than what was shown before.

Two reads side by side may end in either order. So there is one at a time; a wish that comes
meanwhile is granted right after it, and many wishes are one.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from cx_desktop.domain.errors import CXError
from cx_desktop.tasks import Task, Tasks

Result = TypeVar("Result")


class Latest(Generic[Result]):
    """Reads on the pool; ``done`` or ``failed`` follow each read, in the order of the reads."""

    def __init__(
        self,
        tasks: Tasks,
        read: Callable[[], Result],
        *,
        done: Callable[[Result], object],
        failed: Callable[[CXError], object],
    ) -> None:
        self._tasks = tasks
        self._read = read
        self._done = done
        self._failed = failed
        self._under_way: Task | None = None
        self._is_wanted = False

    def ask(self) -> None:
        """Read now, or once more after the read that is under way."""
        if self._under_way is not None:
            self._is_wanted = True
            return
        self._is_wanted = False
        self._under_way = self._tasks.run(
            self._read,
            done=lambda result: self._end(lambda: self._done(result)),
            failed=lambda error: self._end(lambda: self._failed(error)),
        )

    def ask_anew(self) -> None:
        """What is under way is of no use any more (it is another project's): read now."""
        if self._under_way is not None:
            self._under_way.cancel()
            self._under_way = None
        self.ask()

    def _end(self, deliver: Callable[[], object]) -> None:
        self._under_way = None
        if self._is_wanted:
            self.ask()
        deliver()
