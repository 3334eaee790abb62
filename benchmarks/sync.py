"""P9 and P10: a million recordings over loopback into the encrypted cache; then next to nothing."""

import base64
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event, Thread

import msgspec
import pyotp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct
from sqlalchemy import text

from benchmarks.measure import Row, interleaved
from cx_desktop.cache import Cache
from cx_desktop.cache.tables import recording
from cx_desktop.client.bearer import Bearer
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.protocol import DeviceFacts, SignInRequest, Verification
from cx_desktop.sync import Engine

ROWS, FEW = 1_000_000, 10_000
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
            return [*_first(many, folder), _nothing(many, few)]


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


def _nothing(many: "_Seat", few: "_Seat") -> Row:
    few.first_sync()
    took, floor = interleaved(many.sync, few.sync, runs=4 * RUNS)
    return Row(
        bench="P10",
        what=f"sync without news, {ROWS:,} rows here",
        against=f"the same with {FEW:,} rows",
        unit="ms",
        ours=1000 * took,
        theirs=1000 * floor,
        goal="≤ 1.2×",
        met=took <= 1.2 * floor,
        runs=4 * RUNS,
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

    def __init__(self, folder: Path, told: _Told) -> None:
        self._folder = folder / "cache"
        self._clock = SystemClock()
        self._ids = RandomIds(self._clock)
        self._client, self._device_id = _signed_in(told)
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


@contextmanager
def _seat(folder: Path, count: int) -> Iterator[_Seat]:
    words = ["-m", "cx_desktop", "serve", "--demo", "--recordings", str(count)]
    child = subprocess.Popen(
        [sys.executable, *words, "--data-dir", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    if child.stdin is None or child.stdout is None:
        raise SystemExit("no pipes")
    try:
        seat = _Seat(folder, msgspec.json.decode(child.stdout.readline(), type=_Told))
        try:
            yield seat
        finally:
            seat.close()
    finally:
        child.stdin.close()
        child.wait(15)


def _signed_in(told: _Told) -> tuple[ServiceClient, str]:
    account = next(each for each in told.accounts if each.role == "supervisor")
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
