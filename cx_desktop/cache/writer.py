"""The one thread that writes.

Failure policy: work is done in the order it came, each in a transaction of its own; what fails
leaves nothing behind and tells the one who asked, and the next work is done. Listeners are called
after COMMIT; a fault of theirs is a bug and goes to ``threading.excepthook``, the data stays.
``close`` does what is queued and then ends.
"""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import Engine

from cx_desktop.cache import database
from cx_desktop.cache.transaction import transaction
from cx_desktop.cache.values import Changed
from cx_desktop.domain.errors import CXError

Result = TypeVar("Result")
Work = Callable[[Connection], tuple[Result, tuple[Changed, ...]]]


class _Job(Generic[Result]):
    """A piece of work and whom to tell."""

    def __init__(self, work: Work[Result], failed: Callable[[CXError], None]) -> None:
        self.future: Future[Result] = Future()
        self._work = work
        self._failed = failed

    def run(self, connection: Connection) -> tuple[Changed, ...]:
        """Do the work and settle the future; nothing has changed when it failed."""
        if not self.future.set_running_or_notify_cancel():
            return ()
        try:
            with transaction(connection):
                result, changed = self._work(connection)
        except CXError as error:
            self._failed(error)
            self.future.set_exception(error)
            return ()
        except BaseException as error:  # noqa: BLE001  (thread boundary: raised by the future)
            self.future.set_exception(error)
            return ()
        self.future.set_result(result)
        return changed


class Writer:
    """Owns the two writing connections: one for edits, one for the service's pages."""

    def __init__(
        self,
        engine: Engine,
        told: Callable[[Changed], None],
        failed: Callable[[CXError], None],
    ) -> None:
        self._told = told
        self._failed = failed
        self._is_closed = False
        self._jobs: SimpleQueue[Callable[[], tuple[Changed, ...]] | None] = SimpleQueue()
        self._edits = database.writer(engine, "FULL")
        self._pages = database.writer(engine, "NORMAL")
        self._thread = threading.Thread(target=self._run, name="cache-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[Result], *, is_edit: bool) -> Future[Result]:
        """Have work done; an edit is on the disk for good when its future is done.

        After ``close`` nothing is done any more: the future is cancelled.
        """
        job = _Job(work, self._failed)
        if self._is_closed:
            job.future.cancel()
            return job.future
        connection = self._edits if is_edit else self._pages
        self._jobs.put(lambda: job.run(connection))
        return job.future

    def do(self, work: Work[Result], *, is_edit: bool) -> Result:
        """Have work done and wait for it."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("A listener must not wait for the writer that calls it")
        return self.submit(work, is_edit=is_edit).result()

    def close(self) -> None:
        """Do what is queued, then give the connections back."""
        if self._is_closed:
            return
        self._is_closed = True
        self._jobs.put(None)
        self._thread.join()
        self._edits.close()
        self._pages.close()

    def _run(self) -> None:
        while (run := self._jobs.get()) is not None:
            for each in run():
                self._tell(each)

    def _tell(self, changed: Changed) -> None:
        try:
            self._told(changed)
        except Exception:  # noqa: BLE001  (thread boundary: the data is safe, the bug is reported)
            kind, error, trace = sys.exc_info()
            if kind is not None:
                threading.excepthook(threading.ExceptHookArgs((kind, error, trace, self._thread)))
