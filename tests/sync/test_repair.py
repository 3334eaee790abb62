"""What differs from the service is found by checksums, and mended range by range."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from cx_desktop.cache import Repaired
from cx_desktop.cache.entities import key_of
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Stream
from cx_desktop.protocol.digest import NOTHING, RANGE_ROWS, buckets
from cx_desktop.sync.repair import MOST_PAGES, Difference, Repair, _parts
from tests.fakes.faults import damage, drop_reply, truncate
from tests.sync.world import Desk, Session

FLOWS = Stream.FLOWS.value


def run(desk: Desk, statement: str, *values: object) -> None:
    """Something happens to the file that should not."""

    def work(connection: Connection) -> tuple[None, tuple[()]]:
        connection.exec_driver_sql(statement, values)
        return None, ()

    desk.cache._writer.do(work, is_edit=False)


def repair(desk: Desk) -> Repair:
    return desk.engine._cycle.repair


def questions(desk: Desk) -> int:
    """How many questions of a comparison were asked since the last time."""
    asked = [each for each in desk.faults.asked if "/digest" in each or "/range" in each]
    desk.faults.asked.clear()
    return len(asked)


def wound(desk: Desk) -> None:
    """One flow is lost, one is old, and one is here that is not there."""
    lost, old, stray = (key_of(each) for each in sorted(desk.flows())[:3])
    run(desk, "DELETE FROM entity WHERE id = ?", lost)
    run(desk, "UPDATE entity SET ver = 1, data = x'7b7d' WHERE id = ?", old)
    run(
        desk,
        "INSERT INTO entity SELECT ?, type, stream, project_id, ver, seq, gen, dirty, data"
        " FROM entity WHERE id = ?",
        key_of(desk.ids.new()),
        stray,
    )


@pytest.fixture
def synced(desk: Desk) -> Iterator[Desk]:
    desk.sync()
    flow = desk.create()
    desk.sync()
    for title in ("Un", "Deux"):  # a version above the first one
        desk.edit(sorted(desk.flows())[1], "name", to=title)
        desk.edit(flow, "name", to=title)
        desk.sync()
    desk.faults.asked.clear()
    yield desk
    assert repair(desk).check(repair(desk).read).repaired == ()


def test_what_is_lost_old_or_stray_is_put_right(synced: Desk) -> None:
    before = synced.has()
    wound(synced)
    checked = repair(synced).check(repair(synced).read)
    assert checked.repaired == (Repaired(FLOWS, added=1, changed=1, removed=1),)
    assert synced.has() == before
    assert synced.cache.repairs.checked == checked


def test_the_checksums_are_the_services(synced: Desk) -> None:
    for stream in Stream:
        versions = synced.cache.repairs.versions(stream)
        for depth in range(5):
            told = synced.session.client.sync.digest(stream, depth)
            assert told.buckets == buckets(versions, depth)


def test_an_edit_that_was_not_sent_stays_on_the_mended_base(synced: Desk) -> None:
    mine, created = sorted(synced.flows())[1], synced.create("Pas encore là")
    synced.edit(mine, "description", to="La mienne")
    run(synced, "UPDATE entity SET ver = 1 WHERE id = ?", key_of(mine))
    run(synced, "UPDATE base_shadow SET ver = 1, data = x'7b7d' WHERE id = ?", key_of(mine))
    assert repair(synced).check([FLOWS]).repaired == (Repaired(FLOWS, changed=1),)
    assert synced.read(mine, "description") == "La mienne"
    assert synced.read(mine, "name") == "Deux"
    assert synced.cache.sync.verify() == ()
    assert len(synced.cache.outbox()) == 2
    assert synced.sync().is_all_synced
    assert created in synced.flows()


def test_a_base_that_the_service_does_not_have_is_gone_and_the_edit_is_not(synced: Desk) -> None:
    stray, model = synced.ids.new(), min(synced.flows())
    run(
        synced,
        "INSERT INTO entity SELECT ?, type, stream, project_id, ver, seq, gen, dirty, data"
        " FROM entity WHERE id = ?",
        key_of(stray),
        key_of(model),
    )
    synced.edit(stray, "description", to="Ma modification")
    assert repair(synced).check([FLOWS]).repaired == (Repaired(FLOWS, removed=1),)
    assert synced.read(stray, "description") == "Ma modification"
    assert synced.cache.sync.verify() == ()
    synced.sync()
    synced.resolve_all("theirs")


def test_a_row_that_could_not_be_read_is_fetched_again(synced: Desk) -> None:
    before, unread = synced.has(), min(synced.flows())
    run(synced, "DELETE FROM entity WHERE id = ?", key_of(unread))
    run(synced, "INSERT INTO quarantine VALUES ('flows', ?, 1, x'7b', 'cut')", unread)
    run(synced, "INSERT INTO quarantine VALUES ('flows', ?, 1, x'7b', 'cut')", "0" * 32)
    synced.reopen()
    assert not synced.engine.status.is_all_synced
    synced.sync()
    assert synced.has() == before
    repair(synced).check([FLOWS])  # all is here now, also what had no id
    assert synced.sync().is_all_synced


def test_invariant_29_a_comparison_costs_little_and_comes_once_a_day(synced: Desk) -> None:
    clock = synced.session.service.clock
    synced.sync()
    assert questions(synced) == 0
    clock.advance(timedelta(days=1))
    synced.sync()
    assert questions(synced) == len(repair(synced).read)
    synced.sync()
    assert questions(synced) == 0
    wound(synced)
    run(synced, "DELETE FROM entity WHERE id = ?", key_of(min(synced.flows())))
    clock.advance(timedelta(hours=1))
    synced.sync()
    assert questions(synced) == 3  # the whole, its ranges, one page of them
    synced.sync()
    assert questions(synced) == 0


def test_a_difference_that_cannot_be_mended_is_not_looked_at_again_and_again(synced: Desk) -> None:
    clock = synced.session.service.clock
    wound(synced)
    run(synced, "DELETE FROM entity WHERE id = ?", key_of(min(synced.flows())))
    for _ in range(20):
        synced.faults.strike("/sync/range", drop_reply)
        clock.advance(timedelta(minutes=20))
        synced.sync()
    assert questions(synced) == 3
    synced.faults.calm()
    repair(synced).check([FLOWS])


@pytest.mark.parametrize("fault", [truncate(200), truncate(2000), damage(900), damage(3000)])
def test_invariant_08_a_damaged_page_of_ranges_changes_nothing(synced: Desk, fault: object) -> None:
    wound(synced)
    before = synced.has()
    synced.faults.strike("/sync/range", fault)  # type: ignore[arg-type]  # one of the faults above
    with pytest.raises(CXError):
        repair(synced).check([FLOWS])
    assert synced.has() == before
    repair(synced).check([FLOWS])


def test_nothing_is_concluded_while_the_service_moves(
    synced: Desk, sessions: tuple[Session, Session]
) -> None:
    before = synced.cache.repairs.checked
    with closing(Desk(sessions[1], synced.folder / "other")) as other:
        other.sync()
        other.create("Entre-temps")
        other.sync()
    here = synced.has()
    assert repair(synced).check(repair(synced).read).repaired == ()
    assert synced.has() == here
    assert synced.cache.repairs.checked == before
    synced.sync()


def test_where_too_much_differs_the_stream_is_read_anew() -> None:
    rows = (RANGE_ROWS // 2 + 1,) * (MOST_PAGES + 1)
    ends = tuple(f"{n:04x}" for n in range(len(rows)))
    found = tuple(_parts(Difference(FLOWS, NOTHING, NOTHING, 4, ends, rows)))
    assert found == tuple((each,) for each in ends)
    assert len(found) > MOST_PAGES
