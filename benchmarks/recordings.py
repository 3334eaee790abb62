"""P2, P7, P8: a million recordings in a list, from the key to a search in them.

Each case runs in a process of its own, in turn, offscreen. Qt's own model reads a plain file; ours
reads the sealed cache.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from benchmarks.measure import Row, interleaved
from benchmarks.recording_cases.library import PROJECT, RARE, ROWS, make, opened
from benchmarks.recording_cases.measures import Measures
from cx_desktop.cache import Cache, Listing
from cx_desktop.cache.entities import key_of
from cx_desktop.domain.recordings import Filters

ROOT = Path(__file__).parent.parent
RUNS = 5
MOST_MIB = 80
_DIGITS = "480417"


def run() -> list[Row]:
    """The list against a bare window and Qt's own model; searches against LIKE."""
    with tempfile.TemporaryDirectory(prefix="cx-bench-") as name:
        folder = Path(name)
        make(folder)
        return [*_lists(folder), *_searches(folder)]


def _lists(folder: Path) -> Iterator[Row]:
    cases = ("ours", "bare", "sql", "tuples")
    measured: dict[str, list[Measures]] = {case: [] for case in cases}
    for _ in range(RUNS):
        for case in cases:
            measured[case].append(_child(folder, case))

    def median(case: str, of: Callable[[Measures], float]) -> float:
        return statistics.median(of(each) for each in measured[case])

    if median("sql", lambda each: each.count) != ROWS:
        raise SystemExit("the peer has not every row")
    opened_ours, opened_bare = median("ours", _opened), median("bare", _opened)
    yield _row("P2", "from the key to the list painted", "bare window, one indexed query", 2.0)(
        opened_ours, opened_bare
    )
    first, first_sql = median("ours", _first), median("sql", _first)
    against = "QSqlTableModel, plain file"
    yield _row("P7", f"first paint of {ROWS:,} rows", against, 1.0)(first, first_sql)
    whole, whole_sql = median("ours", _whole), median("sql", _whole)
    yield _row("P7", "the whole list, counted", against, 2.0)(whole, whole_sql)
    jump = median("ours", lambda each: each.jump)
    floor = median("ours", lambda each: each.jump_floor)
    yield _row("P7", "jump to the middle", "the query of those rows, and their paint", 2.0)(
        jump, floor
    )
    memory = median("ours", _memory)
    yield _row("P7", "memory over idle, all of it looked at", f"{MOST_MIB} MiB", 1.0, unit="MiB")(
        memory, float(MOST_MIB)
    )
    for case, words in (("sql", "QSqlTableModel"), ("tuples", "a list of tuples")):
        yield _row("P7", "memory over idle", f"{words}, read to its end", 1.0, unit="MiB")(
            memory, median(case, _memory)
        )
    longest = median("ours", lambda each: each.longest)
    yield _row(
        "P7", "the longest call while jumping 60 times, CPU of the GUI thread", "50 ms", 1.0
    )(longest, 50.0)


def _opened(each: Measures) -> float:
    return each.opened


def _first(each: Measures) -> float:
    return each.first_paint


def _whole(each: Measures) -> float:
    return each.whole


def _memory(each: Measures) -> float:
    return each.memory


def _row(
    bench: str, what: str, against: str, limit: float, *, unit: str = "ms"
) -> Callable[[float, float], Row]:
    def row(ours: float, theirs: float) -> Row:
        return Row(
            bench=bench,
            what=what,
            against=against,
            unit=unit,
            ours=ours,
            theirs=theirs,
            goal=f"≤ {limit:g}×" if limit >= 0.1 else f"≤ 1/{1 / limit:.0f}",
            met=ours <= limit * theirs,
            runs=RUNS,
        )

    return row


def _child(folder: Path, case: str) -> Measures:
    module = "ours" if case == "ours" else "peers"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(
        [sys.executable, "-m", f"benchmarks.recording_cases.{module}", str(folder), case],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    return msgspec.json.decode(told.stdout, type=Measures)


def _searches(folder: Path) -> Iterator[Row]:
    cache = opened(folder)
    try:
        for what, words, like in (
            ("a word that 20 notes hold", RARE, _like_notes),
            ("six digits in a row", _DIGITS, _like_numbers),
        ):
            listing = Listing(
                project_id=PROJECT,
                today=datetime.now(UTC).date(),
                filters=Filters(words=words, shortest=0),
            )
            ours, theirs = cache.recording_list.ids(listing), like(cache)
            if set(ours) != set(theirs) or not ours:
                raise SystemExit(f"{what}: {len(ours)} found, {len(theirs)} by LIKE")
            took, floor = interleaved(
                _timed(partial(cache.recording_list.ids, listing)),
                _timed(partial(like, cache)),
                runs=RUNS,
            )
            yield _row("P8", f"{what}, among {ROWS:,}", "LIKE", 0.01)(1000 * took, 1000 * floor)
    finally:
        cache.close()


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def timed() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return timed


def _like_numbers(cache: Cache) -> tuple[str, ...]:
    return _asked(
        cache,
        """
        SELECT lower(hex(id)) FROM recording NOT INDEXED
        WHERE project_id = ? AND (caller LIKE ? OR called LIKE ? OR agent_name LIKE ?)
        """,
        (key_of(PROJECT), *(f"%{_DIGITS}%",) * 3),
    )


def _like_notes(cache: Cache) -> tuple[str, ...]:
    return _asked(
        cache,
        """
        SELECT lower(hex(id)) FROM recording NOT INDEXED
        WHERE project_id = ? AND (agent_name LIKE ? OR id IN (
            SELECT unhex(replace(json_extract(CAST(data AS TEXT), '$.recording_id'), '-', ''))
            FROM entity WHERE type = 'note' AND CAST(data AS TEXT) LIKE ?
        ))
        """,
        (key_of(PROJECT), *(f"%{RARE}%",) * 2),
    )


def _asked(cache: Cache, asked: str, values: tuple[bytes | str, ...]) -> tuple[str, ...]:
    with cache.sync._read() as connection:  # noqa: SLF001  (the peer asks by itself)
        return tuple(map(_dashed, _column(connection, asked, values)))


def _column(connection: Connection, asked: str, values: tuple[bytes | str, ...]) -> list[str]:
    return [str(value) for (value,) in connection.exec_driver_sql(asked, values)]


def _dashed(sign: str) -> str:
    return f"{sign[:8]}-{sign[8:12]}-{sign[12:16]}-{sign[16:20]}-{sign[20:]}"
