"""Harness C at named points: a kill at any of them leaves what was before, or what is after.

Each transaction of the cache is begun by a process of its own and killed before each of its
statements, before its COMMIT and right after it; each file before and after it gets its name.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cache.crash_points import opened
from tests.cache.world import World, put
from tests.fakes.clock import FakeClock
from tests.sync.dump import dump

MOST_POINTS = 200

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to be quick")

State = tuple[object, ...]


class Raiser:
    """The process that raises children, and the caches that they leave."""

    def __init__(
        self, base: Path, folder: Path, look: Callable[[Path], State] | None = None
    ) -> None:
        self._base = base
        self._look = look or everything
        self._folder = folder
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cache.crash_points"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def left_by(self, act: str, point: str, count: int = 0) -> tuple[str, State]:
        """What the child did, and everything in the cache it left behind."""
        self._count += 1
        folder = self._folder / str(self._count)
        shutil.copytree(self._base, folder)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{act} {point} {count} {folder}\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline().strip()
        state = self._look(folder)
        shutil.rmtree(folder)
        return said, state

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def everything(folder: Path) -> State:
    """All rows and all files, as the next start of the program finds them; nothing contradicts."""
    cache = opened(folder)
    try:
        assert cache.sync.verify() == ()
        assert not list((folder / "blobs").glob("*.part"))
        sounds = [(each, cache.blobs.read(each)) for each in cache.blobs.unsent()]
        names = sorted(each.suffix for each in (folder / "blobs").iterdir())
        return repr(dump(cache)), repr(sounds), repr(names)
    finally:
        cache.close()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five flows, edits of three of them, of which one is disputed, and an unsent sound."""
    folder = tmp_path_factory.mktemp("base")
    world = World(folder, FakeClock())
    flows = [world.flow(f"Accueil {n}") for n in range(5)]
    world.receive(*(put(each, ver=1, seq=n + 1) for n, each in enumerate(flows)))
    for each in flows[:3]:
        world.edit(str(each["id"]), "description", to="de moi")
    world.cache.blobs.keep("p", b"another sound", is_sent=False)
    world.cache.close()
    return folder


@pytest.fixture(scope="module")
def raiser(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raiser]:
    raiser = Raiser(base, tmp_path_factory.mktemp("lives"))
    yield raiser
    raiser.close()


def kills(raiser: Raiser, act: str, point: str) -> Iterator[State]:
    """What each kill at such a point leaves, until the act comes to its end."""
    for count in range(1, MOST_POINTS):
        said, state = raiser.left_by(act, point, count)
        if said == "done":
            return
        assert said == "killed"
        yield state
    raise AssertionError(f"{act} has no end")


@pytest.mark.parametrize("act", ["edit", "send", "settle", "page", "sweep", "adopt"])
def test_invariants_01_05_a_kill_between_any_two_statements_leaves_whole_transactions(
    raiser: Raiser, act: str
) -> None:
    said, after = raiser.left_by(act, "none")
    assert said == "done"
    states = [*kills(raiser, act, "commit"), after]
    assert len(set(states)) == len(states) > 1, "each transaction has changed something"
    reached = [states.index(state) for state in kills(raiser, act, "statement")]
    assert reached == sorted(reached), "and none of them is ever undone"
    assert len(reached) > len(states)
    assert all(state in states[1:] for state in kills(raiser, act, "told"))


def test_invariant_01_what_listeners_are_told_of_survives(raiser: Raiser) -> None:
    _said, after = raiser.left_by("edit", "none")
    assert list(kills(raiser, "edit", "told")) == [after]


@pytest.mark.parametrize("act", ["keep-a-sound", "sound-is-sent"])
def test_invariant_27_a_kill_around_a_rename_leaves_a_whole_file_or_none(
    raiser: Raiser, act: str
) -> None:
    _said, before = raiser.left_by(act, "rename", 1)
    _said, after = raiser.left_by(act, "none")
    assert before != after
    assert list(kills(raiser, act, "rename")) == [before]
    assert set(kills(raiser, act, "named")) <= {after}
