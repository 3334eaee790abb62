"""Harness D beside the database: no room for a sound, no room at all, and a folder to read only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cache.crash_points import opened
from tests.cache.world import World, put
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits as here are of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cache with a flow; others may read it."""
    folder = tmp_path / "cache"
    world = World(folder, FakeClock())
    world.receive(put(world.flow("Accueil", description=""), ver=1, seq=1))
    world.cache.close()
    return folder


def met(act: str, folder: Path) -> list[str]:
    """What a process meets there."""
    done = subprocess.run(  # noqa: S603  (our own module)
        [sys.executable, "-m", "tests.cache.small_disk", act, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_invariant_28_no_room_for_a_sound_leaves_no_part_of_it_and_harms_no_edit(
    folder: Path,
) -> None:
    problem, left, edit, again, unsent = met("full_for_a_sound", folder)
    assert problem == "problem.disk-full"
    assert (left, edit, again, unsent) == ("[]", "nothing", "nothing", "1")


def test_invariant_28_no_room_for_an_edit_changes_nothing(folder: Path) -> None:
    problem, waiting, contradictions, again = met("full_for_an_edit", folder)
    assert problem == "problem.cache-not-writable", "SQLite tells a limit from a full disk"
    assert (waiting, contradictions, again) == ("0", "()", "nothing")


def test_invariant_28_a_folder_that_may_not_be_written_to_is_told_and_left_as_it_is(
    folder: Path,
) -> None:
    folder.parent.chmod(0o755)
    before = (folder / "cache.db").read_bytes()
    for each in folder.rglob("*"):
        each.chmod(0o555 if each.is_dir() else 0o444)
    folder.chmod(0o555)
    try:
        assert met("read_only", folder) == ["problem.cache-not-writable"]
    finally:
        folder.chmod(0o755)
        for each in folder.rglob("*"):
            each.chmod(0o755 if each.is_dir() else 0o644)
    assert (folder / "cache.db").read_bytes() == before
    cache = opened(folder)
    assert [row.data["name"] for row in cache.rows("flow")] == ["Accueil"]
    cache.close()
