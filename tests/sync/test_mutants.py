"""Mutants of the engine's promises, each made here, put into a life of two desks, and caught.

Each life is first lived by the honest program, and nothing is wrong with it: what catches a mutant
is the state machine's own judgement (``life.py``), not the test. The merge without its rules of
resurrection is caught where merges are tested.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import ClassVar

import httpx
import msgspec
import pytest
from sqlalchemy import Connection

from cx_desktop.cache import Page, PageRow, SyncStore, chains, pages
from cx_desktop.cache.entities import Stored
from cx_desktop.cache.pages import Applied
from cx_desktop.cache.rebase import refresh
from cx_desktop.cache.values import Changed, GoneRow, PutRow
from cx_desktop.domain.errors import CXError
from cx_desktop.overrides import override
from cx_desktop.protocol import Stream
from cx_desktop.service.store import Store, Txn
from tests.fakes.faults import Send
from tests.fakes.service import RunningService
from tests.sync.life import Life
from tests.sync.world import Desk, Session

Story = Callable[[Life], None]
Sessions = tuple[Session, Session]


class Died(Exception):  # noqa: N818  (it says what happened)
    """The program ended here, as by a kill."""


class Dies(SyncStore):
    """The honest store, whose program dies as soon as a page of changes is in."""

    @override
    def apply_page(self, page: Page) -> None:
        super().apply_page(page)
        if page.rows:
            raise Died


class MovesTheCursorFirst(SyncStore):
    """Cursor committed before its rows; the program dies between."""

    @override
    def apply_page(self, page: Page) -> None:
        super().apply_page(msgspec.structs.replace(page, rows=()))
        if page.rows:
            raise Died


class ClearsItsOutbox(SyncStore):
    """Outbox cleared on resync, in a tidy way: the rows are again what the service has."""

    @override
    def expire(self, name: str) -> None:
        self._do(_without_edits, is_edit=True)
        super().expire(name)


class TakesPagesItsOwnWay(SyncStore):
    """Applies pages of changes with its own idea of rows."""

    rows: type[Applied] = Applied

    @override
    def apply_page(self, page: Page) -> None:
        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            state = pages.load_stream(connection, page.stream)
            if state.cursor != page.since:
                raise pages.StalePage
            changed = self.rows(connection, page.stream, state.gen)
            changed.take(page.rows)
            high = state.high_seq if page.has_more else page.high_seq
            state = msgspec.structs.replace(state, cursor=page.next, high_seq=high)
            pages.save_stream(connection, state)
            return None, changed.told()

        self._writer.do(work, is_edit=False)


class Unguarded(TakesPagesItsOwnWay):
    """Version guard removed: whatever comes is news."""

    class rows(Applied):  # noqa: N801  (an attribute, in the place of the honest one)
        @override
        def _is_news(self, row: PutRow, here: Stored) -> bool:
            return self._gen >= here.gen or row.seq > 0


class IgnoresTombstones(TakesPagesItsOwnWay):
    """What is gone on the service stays here."""

    class rows(Applied):  # noqa: N801  (as above)
        @override
        def take(self, rows: Iterable[PageRow]) -> None:
            super().take([each for each in rows if not isinstance(each, GoneRow)])


class AcknowledgesFirst(Store):
    """Acknowledgement before commit: answers that are true only if nothing happens after them."""

    @contextmanager
    @override
    def write(self) -> Iterator[Txn]:
        with self.read() as connection:
            yield Txn(connection, now=self._clock.now(), ids=self._ids, epoch=self.epoch)
            connection.rollback()


def _without_edits(connection: Connection) -> None:
    for key in chains.keys_with_edits(connection):
        for record in chains.chain(connection, key):
            chains.drop(connection, record)
        refresh(connection, key)


# The lives that bring each of them to light.


def a_page_comes_and_the_program_dies(life: Life) -> None:
    life.create(who=0)
    life.sync(who=0, strikes=[])
    with suppress(Died):
        life.sync(who=1, strikes=[])
    life.end_and_start_again(who=1)
    judged(life)


def edits_wait_while_a_stream_is_read_anew(life: Life) -> None:
    life.create(who=0)
    life.sync(who=0, strikes=[])
    life.write_where_nobody_else_does(who=0, which=0)
    life.lose_the_cursor(who=0, stream=Stream.FLOWS)
    judged(life)


def an_old_page_comes_after_a_newer_answer(life: Life) -> None:
    """Claire's page gets lost on the way, and comes in the place of the next one."""
    life.create(who=0)
    life.sync(who=0, strikes=[])
    life.sync(who=1, strikes=[])
    life.edit(who=1, which=0, place=("name",), to="Un")
    life.sync(who=1, strikes=[])

    def lost(request: httpx.Request, send: Send) -> httpx.Response:
        life.old.record(request, send)
        raise httpx.ReadError("lost", request=request)

    life.sync(who=0, strikes=[("/sync/changes?stream=flows", lost)])
    life.edit(who=0, which=0, place=("description",), to="Deux")
    life.sync(who=0, strikes=[("/sync/changes?stream=flows", lost)])
    judged(life)
    life.sync(who=0, strikes=[("/sync/changes?stream=flows", life.old.replay)])
    judged(life)


def a_flow_is_removed(life: Life) -> None:
    life.create(who=0)
    life.sync(who=0, strikes=[])
    life.sync(who=1, strikes=[])
    life.the_service_loses_a_flow(which=0)
    life.sync(who=0, strikes=[])
    judged(life)


def an_edit_is_acknowledged(life: Life) -> None:
    life.create(who=0)
    with suppress(CXError):
        life.sync(who=0, strikes=[])
    judged(life)


STORIES: dict[str, tuple[Story, type[SyncStore] | None]] = {
    "cursor committed before its rows": (
        a_page_comes_and_the_program_dies,
        MovesTheCursorFirst,
    ),
    "outbox cleared on resync": (edits_wait_while_a_stream_is_read_anew, ClearsItsOutbox),
    "version guard removed": (an_old_page_comes_after_a_newer_answer, Unguarded),
    "tombstone ignored": (a_flow_is_removed, IgnoresTombstones),
    "acknowledgement before commit": (an_edit_is_acknowledged, None),
}


def judged(life: Life) -> None:
    """All that holds after each step of a life."""
    life.no_cache_contradicts_itself()
    life.no_cursor_goes_back_or_stands_ahead_of_its_rows()
    life.no_row_goes_back()
    life.what_was_acknowledged_is_in_the_log()
    life.no_op_has_had_an_effect_twice()


def lived(
    sessions: Sessions, story: Story, store: type[SyncStore] | None = None, *, whose: int = 0
) -> None:
    """A whole life by this story; one of the two may have the cache of a mutant."""

    class Told(Life):
        furnished: ClassVar[list[Desk]] = []

        @override
        def furnish(self, desk: Desk) -> None:
            if store is None or desk is not self.desks[whose] or desk in self.furnished:
                return  # whoever starts the program anew after a death has the honest one
            self.furnished.append(desk)
            cache = desk.cache
            cache.sync = store(cache._writer, cache._read, clock=desk.ids._clock, ids=desk.ids)

    life = Told()
    life.service, life.sessions = sessions[0].service, sessions
    try:
        life.sit_down()
        judged(life)
        story(life)
        life.teardown()
    except BaseException:
        for desk in life._desks():
            desk.faults.calm()
            desk.close()
        life.folder.cleanup()
        raise


@contextmanager
def acknowledging_first(service: RunningService) -> Iterator[None]:
    """The service answers before it commits, from the first edit on."""
    assert service.service is not None
    honest = service.service.store
    with closing(
        AcknowledgesFirst(service.data_dir, clock=service.clock, ids=honest._ids)
    ) as hasty:
        service.service.store = hasty
        try:
            yield
        finally:
            service.service.store = honest


@pytest.mark.parametrize("name", STORIES)
def test_the_honest_program_lives_the_life_that_catches_a_mutant(
    sessions: Sessions, name: str
) -> None:
    lived(sessions, STORIES[name][0])


def test_the_honest_program_may_die_when_a_page_is_in(sessions: Sessions) -> None:
    lived(sessions, a_page_comes_and_the_program_dies, Dies, whose=1)


@pytest.mark.parametrize("name", [name for name, (_story, store) in STORIES.items() if store])
def test_a_mutant_is_caught(sessions: Sessions, name: str) -> None:
    story, store = STORIES[name]
    with pytest.raises(AssertionError):
        lived(sessions, story, store, whose=int(store is MovesTheCursorFirst))


def test_a_service_that_acknowledges_before_it_commits_is_caught(sessions: Sessions) -> None:
    def hasty(life: Life) -> None:
        with acknowledging_first(life.service):
            an_edit_is_acknowledged(life)

    with pytest.raises(AssertionError):
        lived(sessions, hasty)
