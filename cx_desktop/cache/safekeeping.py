"""What the service acknowledged and may still lose, kept until a backup of it is known."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from cx_desktop.cache import pushing, recovery
from cx_desktop.cache.pushing import KeptEdit
from cx_desktop.cache.recovery import Recovered
from cx_desktop.cache.values import Changed
from cx_desktop.cache.writer import Writer


class Safekeeping:
    """Acknowledged edits, and what came to light when the service was restored."""

    def __init__(
        self,
        writer: Writer,
        read: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._writer = writer
        self._read = read

    def prune(self, durable_seq: int) -> None:
        """Let go of acknowledged edits that are safe in a backup of the service."""
        self._do(lambda connection: pushing.prune(connection, durable_seq))

    def kept(self) -> tuple[int, int]:
        """How many acknowledged edits no backup is known to hold, and how many bytes they are."""
        with self._read() as connection:
            return pushing.kept(connection)

    def recovered(self) -> tuple[Recovered, ...]:
        """What only this computer still had when the service was restored."""
        with self._read() as connection:
            return recovery.recovered(connection)

    def kept_edits(self, limit: int) -> tuple[KeptEdit, ...]:
        """The newest acknowledged edits that no backup is known to hold."""
        with self._read() as connection:
            return pushing.kept_edits(connection, limit)

    def let_go(self, *, recovered: Sequence[str] = (), op_ids: Sequence[str] = ()) -> int:
        """Keep these no longer, recovered ones by their ids and acknowledged edits by theirs."""

        def work(connection: Connection) -> tuple[int, tuple[Changed, ...]]:
            gone = recovery.let_go(connection, recovered) + pushing.let_go(connection, op_ids)
            return gone, ()

        return self._writer.do(work, is_edit=True)

    def pass_the_other(self, highest: int) -> None:
        """Another copy of this device has used these counters: edits that wait get new ones."""
        self._do(lambda connection: recovery.pass_the_other(connection, highest))

    def _do(self, work: Callable[[Connection], None]) -> None:
        def silent(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            work(connection)
            return None, ()

        self._writer.do(silent, is_edit=True)
