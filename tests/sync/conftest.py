"""The real service over real HTTP, once for all tests of sync; each test has its own desks."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.service import RunningService
from tests.sync.world import Desk, Session


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture(scope="module")
def sessions(service: RunningService) -> Iterator[tuple[Session, Session]]:
    """Claire, the administrator, and Léo, a flow designer."""
    with closing(Session(service)) as claire, closing(Session(service, "flow_designer")) as leo:
        yield claire, leo


@pytest.fixture
def desks(
    sessions: tuple[Session, Session], tmp_path: Path
) -> Iterator[Callable[[], tuple[Desk, Desk]]]:
    """Claire's and Léo's computers, with empty caches."""
    opened: list[Desk] = []

    def make() -> tuple[Desk, Desk]:
        # A fresh cache counts its ops from the time it was made.
        sessions[0].service.clock.advance(timedelta(minutes=1))
        both = tuple(Desk(each, tmp_path / each.account.role) for each in sessions)
        opened.extend(both)
        return both[0], both[1]

    yield make
    for desk in opened:
        desk.faults.calm()
        assert desk.cache.sync.verify() == ()
        desk.close()


@pytest.fixture
def desk(desks: Callable[[], tuple[Desk, Desk]]) -> Desk:
    """Claire's computer."""
    return desks()[0]
