"""Sounds of recordings on their way here: in parts, verified, and in nobody's way."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
import pytest

from cx_desktop.cache.overdue import FOLDER
from cx_desktop.cache.sound_rows import Sound
from cx_desktop.cache.sounds import SoundState
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Recording
from tests.fakes.cutting_line import CuttingLine
from tests.fakes.disk_scan import found_in
from tests.fakes.faults import Fault, Send, damage, problem, whole
from tests.fakes.heard import bury, give_sounds, lower, move_away
from tests.fakes.service import RunningService, recorded
from tests.fakes.waiting import wait_until
from tests.sync.world import KEY, Desk, Session

CALLS = 4
WORDS = b"the words that a caller said"
MORE_WORDS = b"what the agent answered"


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(40) as service:
        yield service


@pytest.fixture
def ines(service: RunningService) -> Iterator[Session]:
    """The supervisor."""
    with closing(Session(service, "supervisor")) as session:
        yield session


@pytest.fixture
def desk(ines: Session, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(ines, tmp_path)
    desk.sync()
    yield desk
    desk.faults.calm()
    desk.close()


def noise(seed: int, size: int = 500_000) -> bytes:
    """A sound, and words in it that can be looked for."""
    return WORDS + Random(seed).randbytes(size) + MORE_WORDS  # noqa: S311  (any bytes)


@pytest.fixture
def calls(service: RunningService, desk: Desk) -> tuple[Recording, ...]:
    """The newest calls; each has another sound."""
    project = next(
        each.name.partition(":")[2]
        for each in desk.cache.sync.streams()
        if each.name.startswith("recordings:") and each.rows
    )
    newest = desk.cache.recordings(project, limit=CALLS)
    give_sounds(service, newest, [noise(n) for n in range(CALLS)])
    desk.sync()
    return desk.cache.recordings(project, limit=CALLS)


def want(desk: Desk, *calls: Recording) -> None:
    purging = desk.cache.purging
    desk.cache.sounds.want(
        Sound(
            each.id,
            each.project_id,
            each.blob or "",
            each.size,
            purging.end_of(each.project_id, each.delete_by),
        )
        for each in calls
    )


def bring(desk: Desk) -> None:
    """One round, as long as it takes."""
    desk.engine.sounds.bring(lambda: True)


def heard(desk: Desk, each: Recording) -> bytes:
    sound = desk.cache.sounds.open(each.id)
    try:
        return sound.read_at(0, sound.size)
    finally:
        sound.close()


def flipped(at: int) -> Fault:
    """One bit of a reply is another; its length is said as before."""

    def fault(request: httpx.Request, send: Send) -> httpx.Response:
        response = damage(at)(request, send)
        response.headers["content-length"] = str(len(noise(0)))
        return response

    return fault


def test_what_is_wanted_comes_and_is_read_as_it_is(
    desk: Desk, calls: tuple[Recording, ...]
) -> None:
    want(desk, *calls)
    bring(desk)
    assert desk.engine.sounds.problem is None
    assert [heard(desk, each) for each in calls] == [noise(n) for n in range(CALLS)]
    assert not found_in(desk.folder, KEY, [WORDS, MORE_WORDS])
    desk.reopen()
    assert all(desk.cache.sounds.has(each.id) for each in calls)


@pytest.mark.parametrize("seed", range(3))
def test_invariant_27_cut_anywhere_it_goes_on_and_is_never_read_in_part(
    desk: Desk, calls: tuple[Recording, ...], service: RunningService, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311  (the same cuts each time, no secret)
    port = httpx.URL(service.url).port
    assert port is not None
    want(desk, calls[0])
    with CuttingLine(port) as line:
        desk.faults.always = line.through
        line.cuts_down = [chance.randrange(200_000) for _ in range(6)]
        for _ in range(20):
            if chance.random() < 0.4:
                desk.reopen()
            desk.engine.sounds.try_again()
            bring(desk)
            if desk.cache.sounds.has(calls[0].id):
                break
            with pytest.raises(CXError, match="recording-not-here"):
                desk.cache.sounds.open(calls[0].id)
        assert line.broken
        desk.faults.always = None
    assert heard(desk, calls[0]) == noise(0)


def test_invariant_27_one_byte_changed_on_the_way_never_gets_in(
    desk: Desk, calls: tuple[Recording, ...]
) -> None:
    """Once it is asked for anew; twice, and a person is told, and the next one comes."""
    want(desk, *calls[:2])
    path = f"/v1/recordings/{desk.cache.sounds.all()[0].id}/sound"
    desk.faults.strike(path, flipped(300_000))
    bring(desk)
    assert all(desk.cache.sounds.has(each.id) for each in calls[:2])
    want(desk, *calls[2:])
    left = [each for each in desk.cache.sounds.all() if not desk.cache.sounds.has(each.id)]
    desk.faults.strike(f"/v1/recordings/{left[0].id}/sound", flipped(1), flipped(400_000))
    bring(desk)
    told = desk.cache.sounds.of(left[0].id)
    assert told is not None
    assert told.problem == "problem.sound-damaged"
    assert desk.cache.sounds.has(left[1].id)
    assert desk.engine.sounds.problem is None
    desk.engine.sounds.try_again()
    bring(desk)
    assert desk.cache.sounds.has(left[0].id)


def test_whatever_wakes_the_engine_goes_first_and_nothing_that_came_is_lost(
    desk: Desk, calls: tuple[Recording, ...]
) -> None:
    want(desk, calls[0])
    pieces = iter(range(5))
    desk.engine.sounds.bring(lambda: next(pieces, None) is not None)
    assert desk.cache.sounds.state(calls[0].id) is SoundState.WANTED
    here = desk.cache.sounds.begin(calls[0].id).size
    assert here
    asked: list[str] = []

    def listen(request: httpx.Request, send: Send) -> httpx.Response:
        asked.append(request.headers.get("range", ""))
        return send(request)

    desk.faults.always = listen
    bring(desk)
    desk.faults.always = None
    assert asked == [f"bytes={here}-"]
    assert heard(desk, calls[0]) == noise(0)


def test_a_service_that_gives_no_parts_begins_anew(
    desk: Desk, calls: tuple[Recording, ...]
) -> None:
    want(desk, calls[0])
    pieces = iter(range(5))
    desk.engine.sounds.bring(lambda: next(pieces, None) is not None)

    def plain(request: httpx.Request, send: Send) -> httpx.Response:
        request.headers.pop("range", None)
        return send(request)

    desk.faults.always = plain
    bring(desk)
    desk.faults.always = None
    assert heard(desk, calls[0]) == noise(0)


@pytest.mark.parametrize(("name", "status"), [("sound-moved", 404), ("not-found", 404)])
def test_what_is_said_of_one_recording_leaves_the_others_alone(
    desk: Desk, calls: tuple[Recording, ...], name: str, status: int
) -> None:
    want(desk, *calls)
    first = desk.cache.sounds.all()[0]
    desk.faults.strike(f"/v1/recordings/{first.id}/sound", problem(name, status))
    bring(desk)
    told = desk.cache.sounds.of(first.id)
    assert told is not None
    assert told.problem == f"problem.{name}"
    assert sum(desk.cache.sounds.has(each.id) for each in calls) == CALLS - 1


def test_a_recording_that_is_gone_takes_its_sound_along(
    desk: Desk, calls: tuple[Recording, ...]
) -> None:
    want(desk, *calls)
    first = desk.cache.sounds.all()[0]
    desk.faults.strike(f"/v1/recordings/{first.id}/sound", problem("recording-gone", 410))
    bring(desk)
    assert desk.cache.sounds.of(first.id) is None
    assert len(desk.cache.sounds.all()) == CALLS - 1


def test_a_refusal_of_all_of_them_ends_the_round_and_is_said(
    desk: Desk, calls: tuple[Recording, ...], service: RunningService
) -> None:
    want(desk, *calls)
    for each in calls:
        desk.faults.strike(f"/v1/recordings/{each.id}/sound", problem("forbidden", 403))
    bring(desk)
    assert desk.engine.sounds.problem is not None
    assert desk.engine.sounds.problem.key == "problem.forbidden"
    assert desk.faults.pending == CALLS - 1, "one refusal is enough"
    desk.faults.calm()
    bring(desk)
    assert not any(desk.cache.sounds.has(each.id) for each in calls), "there is a pause first"
    service.clock.advance(timedelta(minutes=1))
    bring(desk)
    assert all(desk.cache.sounds.has(each.id) for each in calls)


def test_a_disk_without_room_is_told_and_left_alone(
    desk: Desk, calls: tuple[Recording, ...]
) -> None:
    want(desk, calls[0])
    desk.engine.sounds.spare = 1 << 60
    bring(desk)
    assert desk.engine.sounds.problem is not None
    assert desk.engine.sounds.problem.key == "problem.disk-full"
    assert not list((desk.folder / FOLDER).glob("*"))


def test_a_portal_between_us_gives_no_sound(desk: Desk, calls: tuple[Recording, ...]) -> None:
    want(desk, calls[0])

    def portal(request: httpx.Request, send: Send) -> httpx.Response:
        whole(send(request))
        return httpx.Response(200, text="<html>Bienvenue</html>", request=request)

    desk.faults.always = portal
    bring(desk)
    desk.faults.always = None
    assert desk.engine.sounds.problem is not None
    assert not desk.cache.sounds.has(calls[0].id)
    desk.engine.sounds.try_again()
    bring(desk)
    assert heard(desk, calls[0]) == noise(0)


def test_what_the_service_says_of_a_recording_is_followed_by_its_sound(
    desk: Desk, calls: tuple[Recording, ...], service: RunningService
) -> None:
    want(desk, *calls)
    bring(desk)
    day = (service.clock.now() + timedelta(days=2)).date()
    lower(service, calls[:1], day)
    move_away(service, calls[1:2])
    bury(service, calls[2:3])
    give_sounds(service, calls[3:], [noise(9)])
    desk.sync()
    desk.cache.purging.turn()
    ends = {each.id: each.ends for each in desk.cache.sounds.all()}
    assert ends[calls[0].id] == desk.cache.purging.end_of(calls[0].project_id, day)
    assert set(ends) == {calls[0].id, calls[3].id}
    bring(desk)
    assert heard(desk, calls[3]) == noise(9)


def test_the_engine_brings_them_by_itself_when_it_rests(
    desk: Desk, calls: tuple[Recording, ...]
) -> None:
    want(desk, *calls)
    desk.engine.start()
    wait_until(lambda: all(desk.cache.sounds.has(each.id) for each in calls))
    desk.engine.stop()
