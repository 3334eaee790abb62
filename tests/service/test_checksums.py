"""The checksums of the large stream are kept along, and are what they would be if reckoned anew."""

from collections.abc import Iterator
from contextlib import closing
from random import Random

import msgspec
import pytest

from cx_desktop.protocol import Recording
from cx_desktop.protocol.digest import NOTHING, Bucket, buckets
from cx_desktop.service.store import entities
from cx_desktop.service.store.recordings import row_count as counted
from tests.fakes.service import RunningService, recorded
from tests.sync.world import Session

COUNT = 700


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(COUNT) as service:
        yield service


@pytest.fixture(scope="module")
def ines(service: RunningService) -> Iterator[Session]:
    """The supervisor."""
    with closing(Session(service, "supervisor")) as session:
        yield session


@pytest.fixture(scope="module")
def stream(service: RunningService) -> str:
    return f"recordings:{recordings(service)[0].project_id}"


def recordings(service: RunningService) -> list[entities.Entity]:
    assert service.service is not None
    with service.service.store.read() as connection:
        return list(entities.each(connection, "recording"))


def told(session: Session, stream: str, depth: int, within: tuple[str, ...] = ()) -> list[Bucket]:
    return list(session.client.sync.digest(stream, depth, within).buckets)


def test_after_any_changes_they_are_what_they_would_be_anew(
    service: RunningService, ines: Session, stream: str
) -> None:
    assert service.service is not None
    chance = Random(7)  # noqa: S311  (the same changes each time, no secret)
    for _ in range(40):
        one = chance.choice(recordings(service))
        with service.service.store.write() as txn:
            if chance.random() < 0.5:
                entities.remove(txn, "recording", one.id, "retention")
            else:
                entities.save(txn, "recording", one.id, one.project_id, one.data)
            if chance.random() < 0.3:  # what was gone comes back
                entities.save(txn, "recording", one.id, one.project_id, one.data)
    now = [(each.id, each.ver) for each in recordings(service)]
    for depth in (0, 1, 2, 4):
        assert told(ines, stream, depth) == list(buckets(now, depth))
    some = ("0a", "ff", "7c")
    there = [each for each in now if each[0][-2:] in some]
    assert told(ines, stream, 4, some) == list(buckets(there, 4))
    with service.service.store.read() as connection:
        assert counted(connection, stream) == len(now)


def test_who_may_not_listen_sees_no_checksum(service: RunningService, stream: str) -> None:
    with closing(Session(service, "flow_designer")) as leo:
        assert told(leo, stream, 0) == []
        assert told(leo, stream, 2) == []
        assert told(leo, stream, 4, ("0a",)) == []


def test_a_stream_whose_rows_all_went_has_none(service: RunningService, ines: Session) -> None:
    assert service.service is not None
    project = recordings(service)[0].project_id
    one = msgspec.convert(recordings(service)[0].data, Recording)
    with service.service.store.write() as txn:
        for each in recordings(service):
            entities.remove(txn, "recording", each.id, "retention")
    assert told(ines, f"recordings:{project}", 0) in ([], [NOTHING])
    with service.service.store.write() as txn:
        entities.save(txn, "recording", one.id, project, msgspec.to_builtins(one))
    assert [each.rows for each in told(ines, f"recordings:{project}", 0)] == [1]
