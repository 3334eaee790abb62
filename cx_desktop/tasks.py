"""Work off the GUI thread, delivered back on it: the one place where views' work meets threads.

A task runs on a small pool. Its outcome reaches ``done`` or ``failed`` on the thread that owns the
``Tasks`` object (the GUI's). A ``CXError`` goes to ``failed``; anything else is a bug and is raised
again on the GUI thread, where the crash dialog gets it. A task whose owner went away, or that was
cancelled, delivers nothing.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from cx_desktop.domain.errors import CXError

Result = TypeVar("Result")


class Cancelled(Exception):  # noqa: N818  (it is an outcome, not an error)
    """Raised by ``Task.check`` inside work that was cancelled."""


class Task:
    """A piece of work under way: can be cancelled, can tell how far it is."""

    def __init__(self, told: Callable[[float, str], None]) -> None:
        self._cancelled = Event()
        self._told = told

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked for it to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask it to stop; its outcome will not be delivered."""
        self._cancelled.set()

    def check(self) -> None:
        """Called by the work between steps: raises ``Cancelled`` when it should stop."""
        if self.is_cancelled:
            raise Cancelled

    def tell(self, share: float, what: str = "") -> None:
        """Called by the work: how far it is (0 to 1) and, by catalogue key, at what."""
        self._told(share, what)


class Tasks(QObject):
    """Runs work on a pool and brings its outcome home."""

    _delivered = Signal(object)  # a Callable[[], None] to be called on the owner's thread
    idle = Signal()  # no task is under way any more

    def __init__(self, *, threads: int = 3, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="task")
        self._under_way: set[Task] = set()
        self._is_closed = False
        self._delivered.connect(self._call)  # queued: only the pool's threads emit it

    def run(
        self,
        work: Callable[[], Result],
        *,
        done: Callable[[Result], object] | None = None,
        failed: Callable[[CXError], object] | None = None,
    ) -> Task:
        """Run ``work`` on the pool; then ``done`` or ``failed`` here."""
        return self.run_cancellable(lambda _task: work(), done=done, failed=failed)

    def run_cancellable(
        self,
        work: Callable[[Task], Result],
        *,
        done: Callable[[Result], object] | None = None,
        failed: Callable[[CXError], object] | None = None,
        progress: Callable[[float, str], object] | None = None,
    ) -> Task:
        """Like ``run`` for work that looks for cancelling and tells its progress."""

        def told(share: float, what: str) -> None:
            if progress is not None:
                self._delivered.emit(lambda: None if task.is_cancelled else progress(share, what))

        task = Task(told)
        if self._is_closed:  # the last signals of what was just left
            task.cancel()
            return task
        self._under_way.add(task)
        self._pool.submit(self._work, task, work, done, failed)
        return task

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    def stop(self) -> None:
        """Take no more work, ask what is under way to end; nothing will be delivered."""
        self._is_closed = True
        for task in tuple(self._under_way):
            task.cancel()

    def close(self) -> None:
        """Cancel what is under way and wait for the pool to end; may be called on any thread."""
        self.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._under_way.clear()

    def _work(
        self,
        task: Task,
        work: Callable[[Task], Result],
        done: Callable[[Result], object] | None,
        failed: Callable[[CXError], object] | None,
    ) -> None:
        try:
            result = work(task)
        except Cancelled:
            self._delivered.emit(lambda: self._finish(task, None))
        except CXError as error:
            self._delivered.emit(
                lambda error=error: self._finish(
                    task, None if failed is None else lambda: failed(error)
                )
            )
        except Exception as bug:  # noqa: BLE001  (thread boundary: raised again on the GUI thread)
            self._delivered.emit(lambda bug=bug: self._finish(task, lambda: _raise(bug)))
        else:
            self._delivered.emit(
                lambda: self._finish(task, None if done is None else lambda: done(result))
            )

    def _finish(self, task: Task, deliver: Callable[[], object] | None) -> None:
        self._under_way.discard(task)
        try:
            if deliver is not None and not task.is_cancelled:
                deliver()
        finally:
            if not self._under_way:
                self.idle.emit()

    @Slot(object)
    def _call(self, deliver: Callable[[], object]) -> None:
        deliver()


def _raise(bug: Exception) -> None:
    raise bug
