"""P9, P10: a million recordings over loopback into the encrypted cache; then next to nothing."""

import base64
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event, Thread

import msgspec
import pyotp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct
from sqlalchemy import Connection, text

from benchmarks.measure import Row, interleaved
from cx_desktop.cache import Cache, Edit
from cx_desktop.cache.pages import save_stream
from cx_desktop.cache.tables import recording
from cx_desktop.client.bearer import Bearer
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.patch import change
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.protocol import DeviceFacts, SignInRequest, Verification
from cx_desktop.sync import Engine

ROWS, FEW, NEWS = 1_000_000, 10_000, 1_000
RUNS = 5
MOST_MIB = 200
_KEY = bytes(range(32))
_NAMES = ", ".join(column.name for column in recording.columns)


class _Account(Struct, frozen=True):
    username: str
    password: str
    role: str
    totp_secret: str | None = None


class _Told(Struct, frozen=True):
    url: str
    accounts: tuple[_Account, ...]


def run() -> list[Row]:
    """First sync, its memory, and a sync that finds nothing new, at both sizes."""
    with tempfile.TemporaryDirectory(prefix="cx-bench-") as name:
        folder = Path(name)
        with _seat(folder / "many", ROWS) as many, _seat(folder / "few", FEW) as few:
            return [*_first(many, folder), *_little(many, few)]


def _first(seat: "_Seat", folder: Path) -> list[Row]:
    seat.first_sync()
    rows = seat.rows()
    peaks: list[float] = []

    def ours() -> float:
        seconds, mebibytes = seat.first_sync()
        peaks.append(mebibytes)
        return seconds

    took, floor = interleaved(ours, lambda: _floor(folder / "floor.db", rows), runs=RUNS)
    seat.check(rows)
    memory = statistics.median(peaks)
    return [
        Row(
            bench="P9",
            what=f"first sync of {ROWS:,} recordings, verified, encrypted, 4 indexes",
            against="sqlite3 executemany, no index",
            unit="s",
            ours=took,
            theirs=floor,
            goal="≤ 6×",
            met=took <= 6 * floor,
            runs=RUNS,
        ),
        Row(
            bench="P9",
            what="memory over idle at the most, during it (invariant 33)",
            against="200 MiB",
            unit="MiB",
            ours=memory,
            theirs=MOST_MIB,
            goal="≤ 1×",
            met=memory <= MOST_MIB,
            runs=RUNS,
        ),
    ]


def _little(many: "_Seat", few: "_Seat") -> Iterator[Row]:
    """What must not depend on how much is here already."""
    few.first_sync()
    yield _alike("sync without news", many.sync, few.sync, runs=4 * RUNS)
    for seat in (many, few):
        seat.grow(NEWS)
    yield _alike(f"delta of {NEWS:,} rows", many.delta, few.delta, runs=2 * RUNS)
    yield _alike("edit saved", many.edit, few.edit, runs=20 * RUNS)


def _alike(what: str, many: Callable[[], float], few: Callable[[], float], *, runs: int) -> Row:
    took, floor = interleaved(many, few, runs=runs)
    return Row(
        bench="P10",
        what=f"{what}, {ROWS:,} rows here",
        against=f"the same with {FEW:,} rows",
        unit="ms",
        ours=1000 * took,
        theirs=1000 * floor,
        goal="≤ 1.2×",
        met=took <= 1.2 * floor,
        runs=runs,
    )


def _floor(path: Path, rows: list[tuple[object, ...]]) -> float:
    """The same rows into a plain file without indexes, in one statement."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"CREATE TABLE recording ({_NAMES})")
    started = time.perf_counter()
    places = ", ".join("?" for _ in recording.columns)
    connection.executemany(f"INSERT INTO recording VALUES ({places})", rows)  # noqa: S608  (question marks)
    connection.commit()
    seconds = time.perf_counter() - started
    connection.close()
    return seconds


class _Seat:
    """A signed-in supervisor at a cache that can be begun anew."""

    def __init__(self, child: "_Child") -> None:
        self._child = child
        self._folder = child.folder / "cache"
        self._clock = SystemClock()
        self._ids = RandomIds(self._clock)
        self._client, self._device_id = _signed_in(child.told)
        self._open()

    def _open(self) -> None:
        self._cache = Cache.open(self._folder, _KEY, clock=self._clock, ids=self._ids)
        self._engine = Engine(
            cache=self._cache,
            client=self._client,
            device_id=self._device_id,
            clock=self._clock,
            random=Random(9),  # noqa: S311  (repeatable pauses, not secrets)
            on_status=lambda _status: None,
        )

    def first_sync(self) -> tuple[float, float]:
        """From an empty cache: the seconds, and the memory it took at the most."""
        self._cache.close()
        shutil.rmtree(self._folder)
        self._open()
        with _peak() as peak:
            seconds = self.sync()
        return seconds, peak[0]

    def sync(self) -> float:
        """One whole sync."""
        started = time.perf_counter()
        status = self._engine.sync_once()
        seconds = time.perf_counter() - started
        if not status.is_all_synced:
            raise SystemExit(f"not synced: {status}")
        return seconds

    def grow(self, more: int) -> None:
        """The service has so many recordings more; the cache does not know yet."""
        self._child.stop()
        self._child.start(more)
        self._before = [each for each in self._cache.sync.streams() if ":" in each.name]
        self._seq = self._cache.sync.high_seq

    def delta(self) -> float:
        """One sync that brings what is new; each time the cache forgets it first."""

        def forget(connection: Connection) -> tuple[None, tuple[()]]:
            connection.exec_driver_sql("DELETE FROM recording WHERE seq > ?", (self._seq,))
            for each in self._before:
                save_stream(connection, each)
            return None, ()

        self._cache.sync._writer.do(forget, is_edit=False)  # noqa: SLF001  (no user can do this)
        seconds = self.sync()
        if self._cache.sync.high_seq <= self._seq:
            raise SystemExit("nothing was new")
        return seconds

    def edit(self) -> float:
        """One edit, until it would survive a crash."""
        flow = self._cache.rows("flow")[0]
        renamed = change(flow.data, ("name",), f"{self._clock.monotonic()}")
        started = time.perf_counter()
        self._cache.edit(Edit("flow", flow.id, (renamed,)))
        return time.perf_counter() - started

    def rows(self) -> list[tuple[object, ...]]:
        """What the cache has, as it has it."""
        with self._cache.sync._read() as connection:  # noqa: SLF001  (the floor wants bare rows)
            return [tuple(each) for each in connection.execute(text("SELECT * FROM recording"))]

    def check(self, rows: list[tuple[object, ...]]) -> None:
        """The last load brought what the first one did."""
        if len(rows) != ROWS or {row[0] for row in self.rows()} != {row[0] for row in rows}:
            raise SystemExit("the loads differ")

    def close(self) -> None:
        """Give everything back."""
        self._cache.close()
        self._client.close()


class _Child:
    """A demo service in a process of its own, at one address over restarts."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self._count, self._port = count, 0
        self.start(0)

    def start(self, more: int) -> None:
        """Start it, with so many recordings more."""
        self._count += more
        words = ["-m", "cx_desktop", "serve", "--demo", "--recordings", str(self._count)]
        words += ["--data-dir", str(self.folder), "--port", str(self._port)]
        self._process = subprocess.Popen(
            [sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        if self._process.stdout is None:
            raise SystemExit("no pipes")
        self.told = msgspec.json.decode(self._process.stdout.readline(), type=_Told)
        self._port = int(self.told.url.rpartition(":")[2])

    def stop(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(15)


@contextmanager
def _seat(folder: Path, count: int) -> Iterator[_Seat]:
    child = _Child(folder, count)
    try:
        seat = _Seat(child)
        try:
            yield seat
        finally:
            seat.close()
    finally:
        child.stop()


def _signed_in(told: _Told, role: str = "supervisor") -> tuple[ServiceClient, str]:
    account = next(each for each in told.accounts if each.role == role)
    door = ServiceClient(build_http(told.url, loopback_only=True))
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    facts = DeviceFacts("bench", base64.b64encode(public).decode())
    challenge = door.sessions.sign_in(SignInRequest(account.username, account.password, facts))
    code = pyotp.TOTP(account.totp_secret or "").now()
    signed_in = door.sessions.verify(challenge.id, Verification(code))
    bearer = Bearer(
        device_id=signed_in.device_id,
        refresh_token=signed_in.tokens.refresh_token,
        access_token=signed_in.tokens.access_token,
        sign=key.sign,
        persist=lambda _tokens: None,
    )
    return door.signed_in(bearer), signed_in.device_id


@contextmanager
def _peak() -> Iterator[list[float]]:
    """The memory of this process over what it has now, in MiB, at the most."""
    idle, most, over = _resident(), [0.0], Event()

    def watch() -> None:
        while not over.wait(0.05):
            most[0] = max(most[0], _resident() - idle)

    watcher = Thread(target=watch, name="memory", daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def _resident() -> float:
    status = Path("/proc/self/status").read_text("ascii")
    return (
        int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
        / 1024
    )
