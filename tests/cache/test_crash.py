"""Real processes, killed at any moment: what was called saved is there, and cursors fit."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Event

import pytest

from cx_desktop.cache import Cache
from cx_desktop.ports import RandomIds, SystemClock
from tests.cache.nursery import ROWS_PER_PAGE
from tests.cache.world import KEY

KILLS = 30  # of each kind: 60 in all, and a few for each mutant

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to be quick")


class Nursery:
    """The process that raises children, and what they said before they were killed."""

    def __init__(self, role: str, folder: Path) -> None:
        self._order = f"{role} {folder}\n"
        self._random = Random(f"{role}")  # noqa: S311  (repeatable moments of death)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cache.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def kill_one(self) -> list[str]:
        """Raise a child, let it work for a random while, kill it; what it had said."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(self._order)
        self._process.stdin.flush()
        pid = 0
        said: list[str] = []
        patience = self._random.randint(1, 12)
        for line in self._process.stdout:
            word = line.strip()
            if word.startswith("pid "):
                pid = int(word[4:])
            elif word == "dead":
                return said
            else:
                said.append(word)
            if pid and len(said) >= patience:
                Event().wait(self._random.random() * 0.004)
                os.kill(pid, signal.SIGKILL)
                patience = 1 << 30
        raise AssertionError("the nursery has died")

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def _run(role: str, folder: Path, kills: int) -> Iterator[list[str]]:
    nursery = Nursery(role, folder)
    try:
        for _ in range(kills):
            yield nursery.kill_one()
    finally:
        nursery.close()


def _open(folder: Path) -> Cache:
    clock = SystemClock()
    return Cache.open(folder, KEY, clock=clock, ids=RandomIds(clock))


def _lost(role: str, folder: Path, kills: int) -> int:
    """How many edits were called saved and are not there after the kill."""
    lost, saved = 0, set[str]()
    for said in _run(role, folder, kills):
        saved |= {line.removeprefix("saved ") for line in said}
        cache = _open(folder)
        nodes = _nodes(cache)
        waiting = {change.path[2] for each in cache.outbox() for change in each.op.changes}
        lost += len((saved - nodes) | (saved - waiting))
        assert cache.sync.verify() == ()
        cache.close()
    assert saved
    return lost


def _nodes(cache: Cache) -> set[str]:
    (flow,) = cache.rows("flow")
    draft = flow.data["draft"]
    assert isinstance(draft, dict)
    return set(draft["nodes"])


def _mismatches(role: str, folder: Path, kills: int) -> int:
    """After how many kills the cursor and the rows did not match."""
    wrong = 0
    for _ in _run(role, folder, kills):
        cache = _open(folder)
        number = int(cache.sync.stream("flows").cursor[1:])
        pages = Counter(str(row.data["name"]) for row in cache.rows("flow"))
        expected = {f"page {n}": ROWS_PER_PAGE for n in range(1, number + 1)}
        wrong += dict(pages) != expected
        cache.close()
    return wrong


def test_invariant_01_an_edit_called_saved_survives_any_crash(tmp_path: Path) -> None:
    assert _lost("edits", tmp_path, KILLS) == 0


def test_invariant_01_catches_a_cache_that_says_saved_before_it_is(tmp_path: Path) -> None:
    assert _lost("edits-mutant", tmp_path, 10) > 0


def test_invariant_05_the_cursor_is_never_ahead_of_its_rows(tmp_path: Path) -> None:
    assert _mismatches("pages", tmp_path, KILLS) == 0


def test_invariant_05_catches_a_cache_that_moves_the_cursor_first(tmp_path: Path) -> None:
    assert _mismatches("pages-mutant", tmp_path, 10) > 0
