"""Invariant 28: a full disk refuses edits, leaves no part of a page, and passes without harm."""

from contextlib import suppress

import pytest
from sqlalchemy import Connection

from cx_desktop.cache import Cache, Changed, Page
from cx_desktop.cache.driver import ERRORS
from cx_desktop.cache.transaction import TransactionLost
from cx_desktop.domain.errors import CXError
from tests.cache.world import World, put

_BIG = "x" * 3000


def _allow(cache: Cache, more_pages: int) -> None:
    """The disk has room for this many more pages (4 KiB each)."""
    for connection in (cache._writer._edits, cache._writer._pages):
        used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {used + more_pages}").all()
        connection.rollback()


def _fill(world: World) -> int:
    """Pages arrive until the disk is full; how many did."""
    for number in range(1, 100):
        rows = [put(world.flow(_BIG), ver=1, seq=number * 10 + n) for n in range(10)]
        page = world.page(*rows)
        if not _fits(world, page):
            return number - 1
    raise AssertionError("the disk never filled up")


def _fits(world: World, page: Page) -> bool:
    try:
        world.cache.sync.apply_page(page)
    except CXError as error:
        if error.key != "problem.disk-full":
            raise
        return False
    return True


def test_invariant_28_a_full_disk_leaves_no_part_of_a_page_and_the_cursor_in_its_place(
    world: World,
) -> None:
    _allow(world.cache, 40)
    whole = _fill(world)
    assert whole > 0
    assert len(world.cache.rows("flow")) == whole * 10
    assert world.cache.sync.stream("flows").cursor == f"c{whole}"
    reopened = world.reopened()
    assert len(reopened.rows("flow")) == whole * 10
    assert reopened.sync.stream("flows").cursor == f"c{whole}"


def test_invariant_28_an_edit_is_refused_with_a_clear_word_and_changes_nothing(
    world: World,
) -> None:
    flow = world.received("Accueil")
    _allow(world.cache, 0)
    with pytest.raises(CXError) as caught:
        world.edit(flow, "description", to="y" * 20_000)
    assert caught.value.key == "problem.disk-full"
    assert "description" not in world.data(flow)
    assert world.cache.outbox() == ()


def test_invariant_28_work_goes_on_when_there_is_room_again(world: World) -> None:
    flow = world.received("Accueil", seq=1)
    _allow(world.cache, 20)
    _fill(world)
    _allow(world.cache, 10_000)
    world.edit(flow, "description", to="y" * 20_000)
    world.receive(put(world.flow(_BIG), ver=1, seq=10_000))
    assert world.cache.unsent().count == 1


def _write_too_much_and_go_on(connection: Connection) -> None:
    """What careless code does: it swallows the error, and moves the cursor all the same."""
    with suppress(*ERRORS):
        for number in range(100):
            connection.exec_driver_sql(
                "INSERT INTO quarantine VALUES ('flows', ?, 0, zeroblob(8000), '')",
                (str(number),),
            )
    connection.exec_driver_sql("UPDATE stream SET cursor = 'c99' WHERE name = 'flows'")


def test_invariant_28_a_swallowed_error_cannot_move_the_cursor_alone(world: World) -> None:
    def careless(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
        _write_too_much_and_go_on(connection)
        return None, ()

    _allow(world.cache, 5)
    with pytest.raises(TransactionLost):
        world.cache._writer.do(careless, is_edit=False)
    assert world.cache.sync.stream("flows").cursor == "c0"
    assert world.cache.sync.quarantined() == ()


def test_invariant_28_the_trap_is_real_without_our_transaction(world: World) -> None:
    """SQLite has rolled back by itself, and the next statement commits alone."""
    _allow(world.cache, 5)
    connection = world.cache._writer._pages
    connection.connection.cursor().execute("BEGIN IMMEDIATE")
    _write_too_much_and_go_on(connection)
    connection.rollback()
    assert world.cache.sync.stream("flows").cursor == "c99"
    assert world.cache.sync.quarantined() == ()
