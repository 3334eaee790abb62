"""Reading and writing: transactions, the global sequence, and the epoch.

Failure policy: one writer at a time. A write either commits whole, with its sequence numbers, its
audit rows and its op results, or leaves nothing. Sequence numbers are taken under the writer's
lock, so that they become visible in their order. A file that is older than what this folder has
already told the world gets a new epoch at start (``sync.md`` 1.6), and so does one without a word
about what was told: a snapshot too many costs time, an edit taken for known costs the edit.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from cx_desktop.ports import Clock, Ids
from cx_desktop.service.store.engine import PATIENCE, engine_for
from cx_desktop.service.store.migrate import migrate
from cx_desktop.service.store.tables import counter, meta

#: For how many milliseconds writers wait for those who read the log that is to be emptied.
_SOON = 200
#: The file beside the database, and outside of its backups, that holds what was told.
SIDECAR = "told.json"


class Moved(Struct, frozen=True):
    """A change of one entity that was committed."""

    stream: str
    project_id: str
    seq: int


class Told(Struct, frozen=True):
    """The sidecar: the epoch and the highest sequence number this folder ever gave out."""

    epoch: str
    seq: int


class Txn:
    """One writing transaction, at one moment."""

    def __init__(self, connection: Connection, *, now: datetime, ids: Ids, epoch: str) -> None:
        self.connection = connection
        self.now = now
        self.ids = ids
        self.epoch = epoch
        self.moved: list[Moved] = []

    def next_seq(self) -> int:
        """The next place in the order of commits."""
        return int(
            self.connection.execute(
                update(counter)
                .where(counter.c.name == "seq")
                .values(value=counter.c.value + 1)
                .returning(counter.c.value)
            ).scalar_one()
        )


class Store:
    """The database of one data folder."""

    def __init__(self, folder: Path, *, clock: Clock, ids: Ids) -> None:
        path = folder / "service.db"
        path.touch(mode=0o600)
        self._clock = clock
        self._ids = ids
        self.rotated_at: datetime | None = None
        """When this process last had to start a new epoch."""
        self.is_rewound = False
        """Whether the file was older, at the start, than what this folder had told."""
        self._sidecar = folder / SIDECAR
        self._lock = Lock()
        self._owes_log = True  # whatever the last process did not come to
        self._listeners: list[Callable[[tuple[Moved, ...]], None]] = []
        self._writer = engine_for(path, begin="BEGIN IMMEDIATE", pool_size=1)
        self._readers = engine_for(path, begin="BEGIN", pool_size=8)
        with self._writer.begin() as connection:
            migrate(connection)
            self._epoch = self._known_epoch(connection)

    @property
    def epoch(self) -> str:
        """The present epoch; a new one starts when the service lost what it had told."""
        return self._epoch

    def on_commit(self, listener: Callable[[tuple[Moved, ...]], None]) -> None:
        """Call ``listener`` after every commit that moved entities, on the writer's thread."""
        self._listeners.append(listener)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look at the database."""
        with self._readers.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Txn]:
        """One change of the database, whole or not at all."""
        with self._lock:
            with self._writer.begin() as connection:
                txn = Txn(connection, now=self._clock.now(), ids=self._ids, epoch=self._epoch)
                yield txn
            if txn.moved:
                self._tell(max(moved.seq for moved in txn.moved))
        if txn.moved:
            for listener in self._listeners:
                listener(tuple(txn.moved))

    def rotate_epoch(self) -> str:
        """Start a new epoch: every cursor and every ETag of the old one is void."""
        with self._lock, self._writer.begin() as connection:
            self._epoch = _new_epoch(connection)
            self._tell(high_seq(connection))
            self.rotated_at = self._clock.now()
        return self._epoch

    def owe_log(self) -> None:
        """Something was deleted that the log still holds."""
        self._owes_log = True

    def settle_log(self) -> bool:
        """Bring what was written into the file, so that the log keeps nothing of what is gone.

        While somebody reads it cannot be done: whether it was, for who tries again later.
        """
        if not self._owes_log:
            return True
        with self._lock, self._writer.connect() as connection:
            driver = connection.connection.driver_connection
            if driver is None:
                return False
            driver.execute(f"PRAGMA busy_timeout = {_SOON}")
            is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            driver.execute(f"PRAGMA busy_timeout = {PATIENCE}")
            self._owes_log = bool(is_busy)
            return not is_busy

    def close(self) -> None:
        """Give the files back."""
        self._readers.dispose()
        self._writer.dispose()

    def _known_epoch(self, connection: Connection) -> str:
        epoch = connection.execute(select(meta.c.value).where(meta.c.key == "epoch")).scalar()
        told = self._told()
        seq = high_seq(connection)
        # Without its sidecar a file may be of any age: what it had told since, nobody knows.
        is_known = told is not None and told.epoch == epoch and told.seq <= seq
        self.is_rewound = epoch is not None and not is_known
        if not is_known:
            epoch = _new_epoch(connection)
        self._sidecar.write_bytes(msgspec.json.encode(Told(str(epoch), seq)))
        return str(epoch)

    def _told(self) -> Told | None:
        if not self._sidecar.exists():
            return None
        try:
            return msgspec.json.decode(self._sidecar.read_bytes(), type=Told)
        except msgspec.DecodeError:
            return None

    def _tell(self, seq: int) -> None:
        fresh = self._sidecar.with_suffix(f".{secrets.token_hex(6)}")  # another store may tell too
        fresh.write_bytes(msgspec.json.encode(Told(self._epoch, seq)))
        fresh.replace(self._sidecar)


def high_seq(connection: Connection) -> int:
    """The highest sequence number this look can see."""
    return int(
        connection.execute(select(counter.c.value).where(counter.c.name == "seq")).scalar_one()
    )


def _new_epoch(connection: Connection) -> str:
    epoch = secrets.token_hex(4)
    connection.execute(insert(meta).prefix_with("OR REPLACE").values(key="epoch", value=epoch))
    return epoch
