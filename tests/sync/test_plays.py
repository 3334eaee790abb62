"""Whoever hears a recording that was taken along is in the audit as soon as there is a network."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from cx_desktop.cache import Cache
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.protocol import Recording
from cx_desktop.protocol.plays import MOST_PLAYS, Play, Plays
from cx_desktop.sync.plays import tell_plays
from tests.fakes.faults import drop_reply, drop_request, problem
from tests.fakes.heard import bury
from tests.fakes.service import RunningService, recorded
from tests.fakes.waiting import wait_until
from tests.sync.world import Desk, Session

PLAYS = "/recording-plays"


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(30) as service:
        yield service


@pytest.fixture
def desk(service: RunningService, tmp_path: Path) -> Iterator[Desk]:
    with closing(Session(service, "supervisor")) as ines:
        desk = Desk(ines, tmp_path)
        desk.sync()
        yield desk
        desk.faults.calm()
        desk.close()


def calls(desk: Desk) -> tuple[Recording, ...]:
    project = next(
        each.name.partition(":")[2]
        for each in desk.cache.sync.streams()
        if each.name.startswith("recordings:") and each.rows
    )
    return desk.cache.recordings(project, limit=5)


def lines(service: RunningService, recording_id: str) -> list[str]:
    """What the audit says of hearings that the service saw nothing of."""
    with closing(Session(service)) as claire:
        rows = claire.client.recordings.trail(recording_id).rows
    return [each.detail for each in rows if each.detail.startswith("taken along")]


def tell(desk: Desk) -> None:
    tell_plays(desk.cache, desk.session.client, lambda: True)


def rows(cache: Cache) -> int:
    with cache._read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM offline_play").scalar_one())


def test_each_play_is_a_line_with_the_time_that_the_device_says(
    desk: Desk, service: RunningService
) -> None:
    one, other, *_ = calls(desk)
    at = service.clock.now()
    desk.cache.plays.note(one.id, one.project_id)
    desk.cache.plays.note(other.id, other.project_id)
    desk.cache.plays.note(one.id, one.project_id)
    service.clock.advance(timedelta(hours=1))
    desk.reopen()
    tell(desk)
    said = f"taken along, heard {at:%Y-%m-%dT%H:%M:%SZ}"
    assert lines(service, one.id) == [said, said]
    assert lines(service, other.id) == [said]
    assert rows(desk.cache) == 0


def test_a_lost_answer_doubles_nothing_also_over_a_restart(
    desk: Desk, service: RunningService
) -> None:
    call = calls(desk)[2]
    desk.cache.plays.note(call.id, call.project_id)
    desk.faults.strike(PLAYS, drop_reply, drop_request, problem("service-unavailable", 503))
    tell(desk)
    desk.cache.plays.note(call.id, call.project_id)  # meanwhile it is heard again
    desk.reopen()
    tell(desk)
    assert rows(desk.cache) == 2
    tell(desk)
    tell(desk)
    assert rows(desk.cache) == 0
    assert len(lines(service, call.id)) == 2


def test_more_than_is_told_at_once_is_told_in_parts(desk: Desk, service: RunningService) -> None:
    call = calls(desk)[3]
    for _ in range(MOST_PLAYS + 5):
        desk.cache.plays.note(call.id, call.project_id)
    tell(desk)
    assert rows(desk.cache) == 0
    assert len(lines(service, call.id)) == MOST_PLAYS + 5


def test_a_recording_that_is_gone_by_now_was_heard_all_the_same(
    desk: Desk, service: RunningService
) -> None:
    call = calls(desk)[4]
    desk.cache.plays.note(call.id, call.project_id)
    bury(service, [call])
    tell(desk)
    assert len(lines(service, call.id)) == 1


def test_one_that_never_was_is_passed_over(desk: Desk, service: RunningService) -> None:
    call = calls(desk)[0]
    stranger = Play(desk.ids.new(), service.clock.now())
    known = Play(call.id, service.clock.now())
    told = desk.session.client.recordings.played(
        call.project_id, Plays((stranger, known)), desk.ids.new()
    )
    assert told.count == 1


def test_a_key_is_needed_and_good_for_one_request(desk: Desk, service: RunningService) -> None:
    call = calls(desk)[0]
    key = desk.ids.new()
    plays = Plays((Play(call.id, service.clock.now()),))
    played = partial(desk.session.client.recordings.played, call.project_id)
    assert played(plays, key) == played(plays, key)
    with pytest.raises(ServiceProblem, match="idempotency-mismatch"):
        played(Plays((*plays.plays, *plays.plays)), key)


def test_who_may_not_hear_a_project_s_recordings_says_nothing_of_them(
    desk: Desk, service: RunningService
) -> None:
    call = calls(desk)[0]
    plays = Plays((Play(call.id, service.clock.now()),))
    with (
        closing(Session(service, "flow_designer")) as leo,
        pytest.raises(ServiceProblem, match="forbidden"),
    ):
        leo.client.recordings.played(call.project_id, plays, desk.ids.new())


def test_what_one_project_does_not_take_keeps_nothing_back_of_another(
    desk: Desk, service: RunningService
) -> None:
    call = calls(desk)[0]
    before = len(lines(service, call.id))
    desk.cache.plays.note(desk.ids.new(), desk.ids.new())
    desk.cache.plays.note(call.id, call.project_id)
    tell(desk)
    assert len(lines(service, call.id)) == before + 1
    assert rows(desk.cache) == 1


def test_the_engine_tells_by_itself(desk: Desk, service: RunningService) -> None:
    call = calls(desk)[1]
    before = len(lines(service, call.id))
    desk.engine.start()
    desk.cache.plays.note(call.id, call.project_id)
    wait_until(lambda: rows(desk.cache) == 0)
    desk.engine.stop()
    assert len(lines(service, call.id)) == before + 1
