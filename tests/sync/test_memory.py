"""A long load takes no more memory than a few of its parts (invariant 33)."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cx_desktop.service.demo_recordings import seed_recordings
from tests.fakes.service import RunningService

ROOT = Path(__file__).parents[2]
FEW, MANY = 20_000, 100_000
#: The whole stream as values would take more than this over what a fifth of it takes.
MORE_KIB = 40 * 1024
MOST_KIB = 150 * 1024


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


def grown(service: RunningService, folder: Path) -> int:
    """How much the memory of a process grows that loads everything, in KiB at the most."""
    account = service.account("supervisor")
    words = [service.url, account.username, account.password, service.code(account.username)]
    said = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-m", "tests.sync.loader", *words, folder],
        capture_output=True,
        check=True,
        cwd=ROOT,
        timeout=300,
        text=True,
    ).stdout.split()
    assert said[0] == "True"
    return int(said[1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
def test_invariant_33_memory_does_not_grow_with_the_stream(
    service: RunningService, tmp_path: Path
) -> None:
    assert service.service is not None
    seed_recordings(service.service, FEW)
    few = grown(service, tmp_path / "few")
    service.clock.advance(timedelta(seconds=30))  # each code counts once
    seed_recordings(service.service, MANY)
    many = grown(service, tmp_path / "many")
    assert many < MOST_KIB
    assert many - few < MORE_KIB
