"""What differs in the large stream is found by checksums kept along, and mended by ranges."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cx_desktop.cache import Repaired
from cx_desktop.cache.entities import key_of
from cx_desktop.protocol import is_large
from cx_desktop.protocol.digest import buckets
from cx_desktop.service.store import entities
from cx_desktop.sync.repair import Repair
from tests.fakes.service import RunningService, recorded
from tests.sync.test_repair import run
from tests.sync.world import Desk, Session

COUNT = 6_000


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(COUNT) as service:
        yield service


@pytest.fixture(scope="module")
def ines(service: RunningService) -> Iterator[Session]:
    """The supervisor."""
    with closing(Session(service, "supervisor")) as session:
        yield session


@pytest.fixture
def desk(ines: Session, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(ines, tmp_path)
    desk.sync()
    desk.faults.asked.clear()
    yield desk
    desk.close()


def stream_of(desk: Desk) -> str:
    names = [each.name for each in desk.cache.sync.streams() if is_large(each.name)]
    return names[0]


def repair(desk: Desk) -> Repair:
    return desk.engine._cycle.repair


def ids(desk: Desk) -> list[str]:
    with desk.cache.sync._read() as connection:
        found = connection.exec_driver_sql("SELECT id FROM recording ORDER BY id")
        return [key.hex() for (key,) in found]


def test_equal_copies_are_told_by_one_question_a_stream(desk: Desk) -> None:
    checked = repair(desk).check(repair(desk).read)
    assert stream_of(desk) in repair(desk).read
    assert (checked.repaired, checked.anew) == ((), ())
    asked = [each for each in desk.faults.asked if "digest" in each]
    assert len(asked) == len(repair(desk).read)


def test_the_checksums_are_the_services(desk: Desk) -> None:
    stream = stream_of(desk)
    told = desk.session.client.sync
    here = desk.cache.repairs
    assert here.buckets(stream, 2) == told.digest(stream, 2).buckets
    some = ("0b", "3f", "d0")
    assert here.buckets(stream, 4, some) == told.digest(stream, 4, some).buckets
    assert here.count(stream) == COUNT
    assert buckets([], 2) == here.buckets(f"recordings:{desk.ids.new()}", 2)


def test_what_is_lost_old_or_stray_is_put_right(desk: Desk) -> None:
    stream, before = stream_of(desk), ids(desk)
    there = desk.cache.repairs.buckets(stream, 4)
    lost, old, other = (bytes.fromhex(before[at]) for at in (5, COUNT // 2, COUNT - 3))
    run(desk, "DELETE FROM recording WHERE id = ?", lost)
    run(desk, "UPDATE recording SET ver = 9, caller = '?' WHERE id = ?", old)
    names = "project_id, ver, seq, gen, started_at, duration, direction, queue_id, agent_id"
    names += ", agent_name, caller, called, flow_id, size, blob, delete_by"
    run(
        desk,
        f"INSERT INTO recording (id, {names}) SELECT ?, {names} FROM recording WHERE id = ?",  # noqa: S608  (names of columns)
        key_of(desk.ids.new()),
        other,
    )
    checked = repair(desk).check([stream])
    assert checked.repaired == (Repaired(stream, added=1, changed=1, removed=1),)
    assert ids(desk) == before
    assert desk.cache.repairs.buckets(stream, 4) == there
    assert repair(desk).check([stream]).repaired == ()
    assert [each for each in desk.cache.recordings(stream[11:], limit=9_999) if each.ver == 9] == []


def test_where_most_of_it_differs_it_is_read_anew(desk: Desk) -> None:
    stream = stream_of(desk)
    run(desk, "UPDATE recording SET ver = 7")
    checked = repair(desk).check([stream])
    assert checked.anew == (stream,)
    before = desk.cache.sync.stream(stream)
    assert not before.cursor
    assert desk.sync().is_all_synced
    assert repair(desk).check([stream]).repaired == ()


def test_a_change_that_was_not_read_yet_concludes_nothing(
    desk: Desk, service: RunningService
) -> None:
    stream = stream_of(desk)
    assert service.service is not None
    with service.service.store.read() as connection:
        one = next(iter(entities.each(connection, "recording")))
    with service.service.store.write() as txn:
        entities.save(txn, "recording", one.id, one.project_id, one.data)
    assert repair(desk).check([stream]).repaired == ()
    assert desk.sync().is_all_synced
    assert repair(desk).compared(stream).is_equal
