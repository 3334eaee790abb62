import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.auth.gates import Computer
from tests.fakes.clock import FakeClock
from tests.fakes.service import RunningService


@pytest.fixture(scope="session")
def running() -> Iterator[RunningService]:
    """One service for all of these tests; none of them may lock an account out."""
    with RunningService() as service:
        yield service


@pytest.fixture
def computer(tmp_path: Path, running: RunningService) -> Computer:
    """A computer on which nobody has signed in."""
    return Computer(tmp_path / "profiles", running)


@pytest.fixture(scope="session")
def yesterday(tmp_path_factory: pytest.TempPathFactory, running: RunningService) -> Computer:
    """The computer on which Claire signed in and locked; copied, never used again."""
    computer = Computer(tmp_path_factory.mktemp("yesterday") / "profiles", running)
    computer.gate.lock(computer.sign_in("claire.martin"))
    computer.clock = FakeClock(running.clock.now())
    return computer


@pytest.fixture
def left(tmp_path: Path, yesterday: Computer) -> Computer:
    """A copy of it, with a clock of its own. Its session can be used by one test only."""
    shutil.copytree(yesterday.root, tmp_path / "profiles")
    copy = Computer(tmp_path / "profiles", yesterday.service, FakeClock(yesterday.clock.now()))
    copy.keyring.secrets.update(yesterday.keyring.secrets)
    return copy


@pytest.fixture
def locked(computer: Computer) -> Computer:
    """A computer with a session of its own, on which Claire signed in and locked."""
    computer.clock = FakeClock(computer.service.clock.now())
    computer.gate.lock(computer.sign_in("claire.martin"))
    computer.clock.set(computer.service.clock.now())
    computer.restarted()
    return computer
