"""Work off the GUI thread, delivered back on it: the one place where views' work meets threads.

A task runs on a small pool. Its outcome reaches ``done`` or ``failed`` on the thread that owns the
``Tasks`` object (the GUI's). A ``CXError`` goes to ``failed``; anything else is a bug and is raised
again on the GUI thread, where the crash dialog gets it. A task whose owner went away, or that was
cancelled, delivers nothing.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TypeVar, cast
from weakref import WeakSet

from PySide6.QtCore import QObject, Signal, Slot

from cx_desktop.domain.errors import CXError

Result = TypeVar("Result")


class Cancelled(Exception):  # noqa: N818  (it is an outcome, not an error)
    """Raised by ``Task.check`` inside work that was cancelled."""


class Task:
    """A piece of work under way: can be cancelled, can tell how far it is."""

    def __init__(self, told: Callable[["Task", float, str], None]) -> None:
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
        self._told(self, share, what)


class _Job:
    """What a task has to do and whom it tells, kept until the owner's thread lets go of it.

    The functions hold objects of the GUI. A thread of the pool may be the last to let go of the
    job, but never of them: ``take`` empties it on the owner's thread. An object with a timer that
    ended on another thread would leave the timer behind, and the next tick would find nobody.
    """

    def __init__(
        self,
        work: Callable[[Task], object],
        done: Callable[[object], object] | None,
        failed: Callable[[CXError], object] | None,
        progress: Callable[[float, str], object] | None,
    ) -> None:
        self.work: Callable[[Task], object] | None = work
        self.progress = progress
        self._done = done
        self._failed = failed
        self._outcome: object = None
        self._error: Exception | None = None

    def run(self, task: Task) -> None:
        """Do the work, on the pool; what comes of it is kept."""
        try:
            self._outcome = self.work(task) if self.work is not None else None
        except CXError as error:
            self._error = error.with_traceback(None)  # its frames hold objects, too
        except Exception as bug:  # noqa: BLE001  (thread boundary: raised again by ``take``)
            self._error = bug

    def take(self) -> Callable[[], object]:
        """What is to be done with the outcome; nothing is held here any more."""
        done, failed, outcome, error = self._done, self._failed, self._outcome, self._error
        self.work = self.progress = self._done = self._failed = self._outcome = self._error = None
        if error is None:
            return lambda: None if done is None else done(outcome)
        if isinstance(error, Cancelled):
            return lambda: None
        if isinstance(error, CXError):
            known = error
            return lambda: None if failed is None else failed(known)
        return lambda: _raise(error)


class Tasks(QObject):
    """Runs work on a pool and brings its outcome home."""

    _ended = Signal(object)  # Task, when its work is over
    _progressed = Signal(object, float, str)  # Task, share, what
    idle = Signal()  # no task is under way any more

    def __init__(self, *, threads: int = 3, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="task")
        self._under_way: dict[Task, _Job] = {}
        self._is_closed = False
        self._ended.connect(self._finish)  # queued: only the pool's threads emit them
        self._progressed.connect(self._tell)

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
        task = Task(self._progressed.emit)
        if self._is_closed:  # the last signals of what was just left
            task.cancel()
            return task
        job = _Job(work, cast("Callable[[object], object] | None", done), failed, progress)
        self._under_way[task] = job
        self._pool.submit(self._work, task, job)
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

    def let_go(self) -> None:
        """Let go of what was under way; on the owner's thread, after ``close``."""
        while self._under_way:
            self._under_way.popitem()[1].take()

    def _work(self, task: Task, job: _Job) -> None:
        job.run(task)
        self._ended.emit(task)

    @Slot(object)
    def _finish(self, task: Task) -> None:
        job = self._under_way.pop(task, None)
        if job is None:  # closed meanwhile
            return
        deliver = job.take()
        try:
            if not task.is_cancelled:
                deliver()
        finally:
            if not self._under_way:
                self.idle.emit()

    @Slot(object, float, str)
    def _tell(self, task: Task, share: float, what: str) -> None:
        job = self._under_way.get(task)
        if job is not None and job.progress is not None and not task.is_cancelled:
            job.progress(share, what)


class Errands:
    """The tasks of a part of the window that may close before they end: nobody is told then."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._own: WeakSet[Task] = WeakSet()

    def run(
        self,
        work: Callable[[], Result],
        *,
        done: Callable[[Result], object] | None = None,
        failed: Callable[[CXError], object] | None = None,
    ) -> Task:
        """As ``Tasks.run``."""
        task = self._tasks.run(work, done=done, failed=failed)
        self._own.add(task)
        return task

    def drop(self) -> None:
        """Nobody wants what is still under way any more."""
        for task in tuple(self._own):
            task.cancel()


def _raise(bug: Exception) -> None:
    raise bug
