"""Processes killed in the middle of a large file: it arrives whole, and goes on where it was."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from threading import Event
from typing import TYPE_CHECKING

import pytest

from cx_desktop.cache import Edit, Place, Way
from cx_desktop.ports import RandomIds, SystemClock
from tests.cli.terminal import ROOT, Desk
from tests.cli.test_sync import Open, synced
from tests.fakes.clock import FakeClock
from tests.fakes.service import RunningService

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

SIZE = 24_000_000
KILLS = 3


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with RunningService(clock=FakeClock(SystemClock().now())) as service:
        yield Desk(tmp_path, service)


def killed(desk: Desk, profile: Path, arrived: Callable[[], int], chance: Random) -> int:
    """Sync in processes of their own, each killed once more of the file is there; how many were.

    The last one is left alone.
    """
    for count in range(KILLS):
        before = arrived()
        enough = before + chance.randrange(1, SIZE // (2 * KILLS))
        verb = ["sync", "--profile", str(profile), "--credentials-file", str(desk.file)]
        with subprocess.Popen(  # noqa: S603  (our own program)
            [sys.executable, "-m", "cx_desktop", *verb],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            while process.poll() is None and arrived() < enough:
                Event().wait(0.0005)  # what is waited for is in another process
            if process.poll() is not None:
                return count
            os.kill(process.pid, signal.SIGKILL)
        assert arrived() >= before
    assert synced(desk, profile).code == 0
    return KILLS


def sizes(folder: Path, pattern: str) -> int:
    """The bytes of the files under way; one that is renamed while it is looked at has ended."""
    total = 0
    for path in folder.rglob(pattern):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


@pytest.mark.parametrize("seed", range(2))
def test_invariant_27_killed_in_the_middle_both_ways_it_arrives_as_it_is(
    desk: Desk, tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311  (the same moments each time, no secret)
    sound = b"RIFF" + chance.randbytes(SIZE - 4)
    mine, other = tmp_path / "mine", tmp_path / "other"
    assert synced(desk, mine).code == 0
    at = written(mine, desk, sound)
    service = desk.service.service
    assert service is not None
    assert killed(desk, mine, lambda: sizes(service.uploads._folder, "*"), chance) > 0
    assert service.blobs.size(at.sha256) == SIZE
    assert hashlib.sha256(service.blobs.read(at.sha256, 0, SIZE)).hexdigest() == at.sha256
    assert killed(desk, other, lambda: sizes(other, "*.coming"), chance) > 0
    for folder in (mine, other):
        with Open(desk, folder) as place:
            assert place.cache.blobs.read(at) == sound
            assert place.cache.blobs.unsent() == ()
            assert not any(place.cache.transfers.all(way) for way in Way)
    assert not list(other.rglob("*.coming"))


def written(profile: Path, desk: Desk, sound: bytes) -> Place:
    """A new prompt with this sound, in a profile that is not syncing."""
    with Open(desk, profile) as place:
        project = place.cache.rows("flow")[0].project_id
        assert project is not None
        digest = place.cache.blobs.keep(project, sound, is_sent=False)
        prompt = RandomIds(SystemClock()).new()
        audio: Document = {"blob": digest, "bytes": len(sound), "seconds": 1.0}
        value: Document = {
            "type": "prompt",
            "id": prompt,
            "project_id": project,
            "name": "Attente",
            "description": "",
            "draft": {"languages": {"fr-FR": {"audio": audio}}},
        }
        place.cache.edit(Edit("prompt", prompt, value=value))
        return Place(project, digest)
