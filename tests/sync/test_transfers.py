"""Large files over lines that break: whole in the end, never in part (invariant 27)."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
import pytest

from cx_desktop.cache import Place, Way
from cx_desktop.domain.errors import CXError
from cx_desktop.sync.transfers import WHOLE
from tests.fakes.cutting_line import CuttingLine
from tests.fakes.faults import Send, whole
from tests.fakes.service import RunningService
from tests.sync.test_files import place, record
from tests.sync.world import Desk, Session

SIZE = 2 * WHOLE + 77_777
UPLOADS = "/v1/uploads/"


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def sound() -> bytes:
    return b"RIFF" + os.urandom(SIZE - 4)


@pytest.fixture
def line(service: RunningService) -> Iterator[CuttingLine]:
    port = httpx.URL(service.url).port
    assert port is not None
    with CuttingLine(port) as line:
        yield line


@pytest.fixture
def both(service: RunningService, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """Claire's computer and Léo's."""
    with closing(Session(service)) as claire, closing(Session(service, "flow_designer")) as leo:
        service.clock.advance(timedelta(minutes=1))
        desks = Desk(claire, tmp_path / "claire"), Desk(leo, tmp_path / "leo")
        for desk in desks:
            desk.sync()
        yield desks
        for desk in desks:
            desk.close()


def stored(service: RunningService, content: bytes) -> bytes | None:
    """What the service has of a file under its digest."""
    assert service.service is not None
    digest = hashlib.sha256(content).hexdigest()
    size = service.service.blobs.size(digest)
    return None if size is None else service.service.blobs.read(digest, 0, size)


def until_done(desk: Desk, at: Place, *, tries: int = 40) -> int:
    """Sync as often as it takes until a file is here, and never read it before; the syncs."""
    for count in range(1, tries):
        with suppress(CXError):
            desk.sync()
        if desk.cache.blobs.has(at):
            return count
        with pytest.raises(CXError, match="sound-not-here"):
            desk.cache.blobs.read(at)
    pytest.fail("it never arrived")


@pytest.mark.parametrize("seed", range(3))
def test_invariant_27_cut_anywhere_both_ways_it_arrives_as_it_is(
    both: tuple[Desk, Desk], service: RunningService, line: CuttingLine, sound: bytes, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311  (the same cuts each time, no secret)
    desk, other = both
    record(desk, sound)
    desk.faults.always = other.faults.always = line.through
    line.cuts_up = [chance.randrange(WHOLE) for _ in range(4)]
    for _ in range(20):
        with suppress(CXError):
            desk.sync()
        if not desk.cache.blobs.unsent():
            break
        if chance.random() < 0.5:
            desk.reopen()
    assert stored(service, sound) == sound
    desk.sync()
    line.cuts_up.clear()
    line.cuts_down = [chance.randrange(20_000, SIZE) for _ in range(6)]
    at = place(other, sound)
    for _ in range(30):
        with suppress(CXError):
            other.sync()
        if other.cache.blobs.has(at):
            break
        if chance.random() < 0.5:
            other.reopen()
    assert line.broken >= 2
    assert other.cache.blobs.read(at) == sound
    assert not list((other.folder / "blobs").glob("*.coming"))


def test_what_arrived_before_a_crash_is_not_sent_again(
    both: tuple[Desk, Desk], sound: bytes
) -> None:
    desk, _ = both
    record(desk, sound)

    def killed(request: httpx.Request, send: Send) -> httpx.Response:
        whole(send(request))
        raise httpx.ReadError("the answer never came")

    desk.faults.strike(UPLOADS, killed)
    with pytest.raises(CXError):
        desk.sync()
    desk.reopen()
    sent: list[int] = []

    def count(request: httpx.Request, send: Send) -> httpx.Response:
        if request.method == "PATCH":
            sent.append(len(request.content))
        return send(request)

    desk.faults.always = count
    desk.sync()
    assert sum(sent) == SIZE - WHOLE
    assert desk.cache.blobs.unsent() == ()
    assert desk.cache.transfers.all(Way.UP) == ()


def test_an_edit_that_waits_for_no_file_does_not_wait_for_a_large_one(
    both: tuple[Desk, Desk], sound: bytes
) -> None:
    desk, _ = both
    record(desk, sound)
    flow = desk.create("Vite")
    desk.faults.asked.clear()
    desk.sync()
    asked = [each for each in desk.faults.asked if "push" in each or "blobs" in each]
    assert asked == ["POST /v1/sync/push", "POST /v1/blobs", "POST /v1/sync/push"]
    assert desk.cache.unsent().count == 0
    assert desk.cache.row("flow", flow) is not None


def test_a_file_that_arrives_there_as_another_one_goes_once_more_then_waits_for_a_person(
    both: tuple[Desk, Desk], sound: bytes
) -> None:
    desk, _ = both
    record(desk, sound)

    def damaged(request: httpx.Request, send: Send) -> httpx.Response:
        if request.method != "PATCH":
            return send(request)
        content = bytes([request.content[0] ^ 1]) + request.content[1:]
        other = httpx.Request("PATCH", request.url, headers=request.headers, content=content)
        return send(other)

    desk.faults.always = damaged
    desk.faults.asked.clear()
    status = desk.sync()
    (known,) = desk.cache.transfers.all(Way.UP)
    assert (known.failures, known.problem) == (2, "problem.sound-not-taken")
    assert sum(each.startswith("PATCH") for each in desk.faults.asked) == 6
    assert status.unsent == 1
    assert not status.is_all_synced
    desk.faults.always = None
    desk.reopen()  # the next start tries again
    desk.sync()
    assert desk.cache.blobs.unsent() == ()
    assert desk.cache.transfers.all(Way.UP) == ()


def test_one_byte_that_changes_on_the_service_between_two_parts_is_found(
    both: tuple[Desk, Desk], service: RunningService, line: CuttingLine, sound: bytes
) -> None:
    desk, other = both
    record(desk, sound)
    desk.sync()
    at = place(other, sound)
    assert service.service is not None
    (path,) = (service.data_dir / "blobs").glob(f"*/{at.sha256}")
    asked: list[str] = []

    def changing(request: httpx.Request, send: Send) -> httpx.Response:
        if "/blobs/" in request.url.path:
            asked.append(request.headers.get("range", "all"))
            if len(asked) == 2:
                path.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
            line.cuts_down = [300_000] if len(asked) == 1 else []
        return line.through(request, send)

    other.faults.always = changing
    other.sync()
    assert not other.cache.blobs.has(at)
    assert asked[0] == "all"
    assert asked[1].startswith("bytes=")
    assert asked[-1] == "all"  # all of it was asked for once more
    desk.create("Quelque chose bouge")
    desk.sync()
    path.write_bytes(sound)
    until_done(other, at)
    assert other.cache.blobs.read(at) == sound


def test_a_service_that_has_less_than_is_here_gives_all_of_it_anew(
    both: tuple[Desk, Desk], sound: bytes
) -> None:
    desk, other = both
    record(desk, sound)
    desk.sync()
    at = place(other, sound)
    arriving = other.cache.blobs.arriving(at)
    arriving.add(os.urandom(SIZE + 5_000_000))  # what came once, of another file
    other.sync()
    assert other.cache.blobs.read(at) == sound


def test_what_came_of_a_file_that_nobody_wants_any_more_goes(
    both: tuple[Desk, Desk], sound: bytes
) -> None:
    desk, other = both
    other.cache.blobs.arriving(Place(other.project, "a" * 64)).add(sound)
    desk.create("Quelque chose bouge")
    desk.sync()
    other.sync()
    assert not list((other.folder / "blobs").glob("*.coming"))
