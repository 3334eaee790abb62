"""The large stream: recordings, from the real service into the cache."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import msgspec
import pytest

from cx_desktop.cache import Chunk, database
from cx_desktop.cache.recordings import INDEXES, missing_indexes
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Recording, project_of
from cx_desktop.service.store import entities
from cx_desktop.sync import SyncStatus
from cx_desktop.sync.wire import Question, read_snapshot
from tests.fakes.faults import Send, like, whole
from tests.fakes.service import RunningService, recorded
from tests.sync.world import KEY, Desk, Session

COUNT = 12_000


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
    yield desk
    desk.faults.calm()
    desk.close()


@pytest.fixture(scope="module")
def theirs(service: RunningService) -> dict[str, Recording]:
    """What the service has."""
    assert service.service is not None
    with service.service.store.read() as connection:
        found = entities.each(connection, "recording")
        return {each.id: msgspec.convert(each.data, Recording) for each in found}


def ours(desk: Desk) -> dict[str, Recording]:
    """What is here."""
    project = project_of(_stream(desk))
    return {each.id: each for each in desk.cache.recordings(project, limit=2 * COUNT)}


def _missing(desk: Desk) -> tuple[str, ...]:
    """The indexes of lists that are not there."""
    engine = database.engine_for(desk.folder / database.FILE, KEY)
    with closing(engine.connect()) as connection:
        missing = missing_indexes(connection)
    engine.dispose()
    return missing


def _stream(desk: Desk) -> str:
    """The stream of the project that records."""
    names = [each.name for each in desk.cache.sync.streams()]
    return next(name for name in names if name.startswith("recordings:"))


def test_the_first_sync_brings_every_recording_as_it_is(
    desk: Desk, theirs: dict[str, Recording]
) -> None:
    status = desk.sync()
    assert status.is_all_synced
    assert len(theirs) == COUNT
    assert ours(desk) == theirs
    assert _missing(desk) == ()


def test_a_load_that_is_cut_goes_on_at_its_mark_with_the_newest_here_already(
    desk: Desk, theirs: dict[str, Recording]
) -> None:
    asked: list[str] = []

    def cut(request: httpx.Request, send: Send) -> httpx.Response:
        asked.append(str(request.url))
        request.headers["accept-encoding"] = "identity"
        response = send(request)
        body = whole(response)
        return like(response, body[: body.index(b'{"t":"mark"') + 3_000])

    desk.faults.strike("/sync/snapshot?stream=recordings", cut)
    with pytest.raises(CXError):
        desk.sync()
    newest = sorted(theirs.values(), key=lambda each: each.id)[-2_500:]
    assert ours(desk) == {each.id: each for each in newest}
    assert _missing(desk) == tuple(INDEXES)
    assert desk.cache.sync.stream(_stream(desk)).resume
    asked_again: list[str] = []

    def watch(request: httpx.Request, send: Send) -> httpx.Response:
        asked_again.append(str(request.url))
        return send(request)

    desk.faults.strike("/sync/snapshot?stream=recordings", watch)
    assert desk.sync().is_all_synced
    assert "resume=" in asked_again[0]
    assert "resume=" not in asked[0]
    assert ours(desk) == theirs


def test_a_load_tells_how_far_it_is_and_goes_on_where_it_was_stopped(
    ines: Session, tmp_path: Path, theirs: dict[str, Recording]
) -> None:
    told: list[float] = []
    desks: list[Desk] = []

    def hear(status: SyncStatus) -> None:
        if status.first_sync_progress is not None and status.first_sync_progress > 0.8:
            told.append(status.first_sync_progress)
            if len(told) == 1:
                desks[0].engine.stop()

    desks.append(Desk(ines, tmp_path, on_status=hear))
    desk = desks[0]
    desk.sync()
    assert 0.8 < told[0] < 0.9
    assert len(ours(desk)) == 10_000
    desk.reopen()
    assert desk.sync().is_all_synced
    assert ours(desk) == theirs
    desk.close()


def test_invariant_08_a_cut_or_damaged_load_of_arrays_changes_nothing(desk: Desk) -> None:
    desk.sync()
    stream = _stream(desk)
    body = b""

    def tap(request: httpx.Request, send: Send) -> httpx.Response:
        nonlocal body
        request.headers["accept-encoding"] = "identity"
        response = send(request)
        body = whole(response)
        return like(response, body)

    desk.faults.strike("/sync/snapshot", tap)
    with desk.session.client.sync.snapshot(stream, rows="arrays") as rows:
        list(rows)
    question = Question(stream, "", desk.cache.sync.epoch)
    lines = body.splitlines()
    assert [len(each.recordings) for each in read_snapshot(lines, question)] == [10_000, 2_000]
    for at in (1, 5_000, 9_999, 10_000, 10_001, 10_002, len(lines) - 1):
        assert len(_chunks(lines[:at], question)) == (1 if at > 10_001 else 0)
        broken = [*lines]
        broken[at] = bytes([*broken[at][:40], broken[at][40] ^ 1, *broken[at][41:]])
        assert len(_chunks(broken, question)) == (1 if at > 10_001 else 0)


def _chunks(lines: list[bytes], question: Question) -> list[Chunk]:
    """What was let through before it was refused."""
    taken: list[Chunk] = []
    try:
        for chunk in read_snapshot(lines, question):
            taken.append(chunk)  # noqa: PERF402  (those before the refusal count)
    except CXError:
        return taken
    pytest.fail("what is cut or damaged was taken for whole")


def test_invariant_11_a_lost_cursor_brings_that_stream_anew_and_sweeps_what_is_gone(
    service: RunningService, desk: Desk, theirs: dict[str, Recording]
) -> None:
    desk.sync()
    stream = _stream(desk)
    flow = desk.cache.rows("flow")[0]
    others = {each.name: each for each in desk.cache.sync.streams() if each.name != stream}
    desk.cache.sync.expire(stream)
    gone = next(iter(theirs))
    assert service.service is not None
    with service.service.store.write() as txn:
        entities.remove(txn, "recording", gone, "retention")
    assert desk.sync().is_all_synced
    assert ours(desk).keys() == theirs.keys() - {gone}
    assert desk.cache.sync.stream(stream).gen > others["flows"].gen
    assert desk.cache.sync.stream("flows").gen == others["flows"].gen
    assert desk.cache.row("flow", flow.id) == flow
