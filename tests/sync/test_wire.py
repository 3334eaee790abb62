"""Invariant 8: a page or snapshot that is cut or damaged changes nothing."""

from collections.abc import Callable, Iterator
from random import Random

import httpx
import pytest

from cx_desktop.cache import GoneRow, PutRow, StreamState
from cx_desktop.client.streams import lines
from cx_desktop.domain.errors import CXError
from cx_desktop.sync.wire import EpochMoved, Question, read_page, read_snapshot
from tests.fakes.faults import Send, damage, like, truncate, unpacked, whole
from tests.sync.dump import dump
from tests.sync.world import Desk

Desks = Callable[[], tuple[Desk, Desk]]
LINES = 30


class Tap:
    """Keeps what the service really sent."""

    def __init__(self) -> None:
        self.body = b""

    def __call__(self, request: httpx.Request, send: Send) -> httpx.Response:
        request.headers["accept-encoding"] = "identity"  # cut where its lines can be told
        response = send(request)
        self.body = whole(response)
        return like(response, self.body)


@pytest.fixture
def behind(desks: Desks) -> Desk:
    """Léo's desk, for which the real service holds a page of 30 lines."""
    claire, leo = desks()
    claire.sync()
    leo.sync()
    for number in range(LINES - 2):
        claire.create(f"SVI {number}")
    claire.sync()
    return leo


def _page(desk: Desk) -> tuple[bytes, Question]:
    """The page as it comes over the wire, taken from the line and not applied."""
    store = desk.cache.sync
    question = Question("flows", store.stream("flows").cursor, store.epoch)
    tap = Tap()
    desk.faults.strike("/sync/changes?stream=flows", tap)
    list(desk.session.client.sync.changes("flows", question.since, 1000))
    assert tap.body.count(b"\n") == LINES
    return tap.body, question


def _read(body: bytes, question: Question) -> Iterator[PutRow | GoneRow]:
    yield from read_page(lines([body], host="test"), question).rows


def test_invariant_08_a_page_cut_at_any_byte_does_not_exist(behind: Desk) -> None:
    body, question = _page(behind)
    assert len(list(_read(body, question))) == LINES - 2
    for at in range(len(body)):
        with pytest.raises(CXError):
            list(_read(body[:at], question))


def test_invariant_08_a_page_damaged_at_any_byte_does_not_exist(behind: Desk) -> None:
    """Every byte of the frames, and so many of the rows as a digest needs to be believed."""
    body, question = _page(behind)
    sound = list(_read(body, question))
    first, last = body.index(b"\n"), body.rindex(b"\n", 0, -1)
    for at in [*range(first), *range(first, last, 11), *range(last, len(body))]:
        damaged = bytearray(body)
        damaged[at] ^= 1
        try:
            page = read_page(lines([bytes(damaged)], host=""), question)
        except (CXError, EpochMoved):
            continue
        assert list(page.rows) == sound, f"byte {at} of {len(body)}"


def test_invariant_09_a_page_of_another_request_stream_or_epoch_is_no_answer(
    behind: Desk,
) -> None:
    body, question = _page(behind)
    with pytest.raises(CXError):
        read_page(lines([body], host=""), Question("flows", "another cursor", question.epoch))
    with pytest.raises(CXError):
        read_page(lines([body], host=""), Question("config", question.since, question.epoch))
    with pytest.raises(EpochMoved):
        read_page(lines([body], host=""), Question("flows", question.since, "another epoch"))


def test_invariant_08_a_page_with_lines_lost_doubled_or_swapped_does_not_exist(
    behind: Desk,
) -> None:
    body, question = _page(behind)
    sound = body.split(b"\n")[:-1]
    for at in range(LINES):
        for broken in (
            [*sound[:at], *sound[at + 1 :]],
            [*sound[: at + 1], *sound[at:]],
            [*sound[:at], *reversed(sound[at : at + 2]), *sound[at + 2 :]],
        ):
            if broken != sound:
                with pytest.raises(CXError):
                    list(_read(b"\n".join([*broken, b""]), question))


def test_invariant_08_through_the_engine_nothing_changes_and_the_next_try_succeeds(
    behind: Desk,
) -> None:
    body, _ = _page(behind)
    before = _held(behind)
    random = Random(8)  # noqa: S311  (a repeatable choice)
    ends = [at for at, byte in enumerate(body) if byte == 0x0A]
    plain = [unpacked(truncate(at)) for at in [*ends[::3], *random.sample(range(len(body)), 12)]]
    packed = [truncate(at) for at in (0, 1, 20, 200)] + [damage(at) for at in (0, 9, 99, 400)]
    for fault in (*plain, *packed):
        behind.faults.strike("/sync/changes?stream=flows", fault)
        with pytest.raises(CXError):
            behind.sync()
        assert _held(behind) == before
    rows = len(before[0]["entity"])
    assert behind.sync().is_all_synced
    assert len(dump(behind.cache)["entity"]) == rows + LINES - 2


def _held(desk: Desk) -> tuple[dict[str, list[tuple[object, ...]]], StreamState]:
    """All that a page of flows may change."""
    return dump(desk.cache, without=("meta", "stream")), desk.cache.sync.stream("flows")


def test_invariant_08_a_snapshot_that_is_cut_or_damaged_changes_nothing(desk: Desk) -> None:
    desk.sync()
    desk.cache.sync.expire("flows")
    tap = Tap()
    desk.faults.strike("/sync/snapshot", tap)
    with desk.session.client.sync.snapshot("flows") as rows:
        list(rows)
    question = Question("flows", "", desk.cache.sync.epoch)
    assert len(list(read_snapshot(lines([tap.body], host=""), question))) == 1
    for at in range(0, len(tap.body), max(1, len(tap.body) // 400)):
        with pytest.raises(CXError):
            list(read_snapshot(lines([tap.body[:at]], host=""), question))
    before = _held(desk)
    for at in (0, 200, len(tap.body) // 2, len(tap.body) - 1):
        desk.faults.strike("/sync/snapshot?stream=flows", unpacked(truncate(at)))
        with pytest.raises(CXError):
            desk.sync()
        assert _held(desk) == before
    assert desk.sync().is_all_synced
