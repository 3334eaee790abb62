"""Preparing a trip: the cost before, how far it is, and a tick when everything is here."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.models.recordings.packs import MOST, Mood, Packs, Plan, Source
from cx_desktop.protocol import Recording
from tests.fakes.heard import give_sounds, move_away
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService, recorded

CALLS = 6
SIZE = 300_000
PATIENCE = 15_000


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(40) as service:
        yield service


@pytest.fixture
def seat(service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Seat]:
    seat = Seat(tmp_path / "ines", service, "supervisor")
    seat.engine.sync_once()
    found = newest(seat, CALLS + 1)
    sounds = [Random(n).randbytes(SIZE) for n in range(CALLS)]  # noqa: S311  (any bytes)
    give_sounds(service, found[:CALLS], sounds)
    move_away(service, found[CALLS:])
    seat.begin(lambda done: qtbot.waitUntil(done, timeout=PATIENCE))
    qtbot.waitUntil(lambda: newest(seat, CALLS + 1)[-1].blob is None, timeout=PATIENCE)
    yield seat
    qtbot.waitUntil(lambda: seat.tasks.is_idle, timeout=PATIENCE)
    seat.close()


@pytest.fixture
def packs(seat: Seat, qtbot: QtBot) -> Iterator[Packs]:
    packs = Packs(seat.workspace)
    qtbot.waitUntil(lambda: seat.workspace.sync_status.freshness.is_online, timeout=PATIENCE)
    yield packs
    packs.close()
    packs.deleteLater()


def newest(seat: Seat, count: int) -> tuple[Recording, ...]:
    project = next(
        each.name.partition(":")[2]
        for each in seat.cache.sync.streams()
        if each.name.startswith("recordings:") and each.rows
    )
    return seat.cache.recordings(project, limit=count)


def source_of(calls: Sequence[Recording]) -> Source:
    ids = [each.id for each in calls]
    return Source("search", lambda: len(ids), lambda: lambda: ids)


def planned(packs: Packs, calls: Sequence[Recording], qtbot: QtBot) -> Plan:
    with qtbot.waitSignal(packs.planned, timeout=PATIENCE) as told:
        packs.plan(source_of(calls))
    assert told.args is not None
    plan = told.args[0]
    assert isinstance(plan, Plan)
    return plan


def until(qtbot: QtBot, packs: Packs, true: Callable[[], bool]) -> None:
    qtbot.waitUntil(true, timeout=PATIENCE)
    packs.refresh()


def test_the_cost_is_told_before_anything_comes(seat: Seat, packs: Packs, qtbot: QtBot) -> None:
    plan = planned(packs, newest(seat, CALLS + 1), qtbot)
    assert (len(plan.sounds), plan.size) == (CALLS, CALLS * SIZE)
    assert (plan.here, plan.absent, plan.missing) == (0, 1, 0)
    assert plan.free > 0
    assert packs.pack.mood is Mood.EMPTY
    assert seat.cache.sounds.all() == ()


def test_what_is_taken_comes_by_itself_until_all_of_it_is_ready(
    seat: Seat, packs: Packs, qtbot: QtBot
) -> None:
    calls = newest(seat, CALLS)
    busy: list[bool] = []
    packs.busy_changed.connect(busy.append)
    packs.take(planned(packs, calls, qtbot))
    until(qtbot, packs, lambda: packs.pack.mood is Mood.READY)
    assert packs.pack.share == 1
    assert packs.pack.first_day == min(each.delete_by for each in calls)
    assert packs.pack.tally.size_here == CALLS * SIZE
    assert busy == [True, False], "nobody is locked out while they come"
    again = planned(packs, calls, qtbot)
    assert (again.here, again.sounds) == (CALLS, ())
    packs.remove_all()
    until(qtbot, packs, lambda: packs.pack.mood is Mood.EMPTY)
    assert seat.cache.sounds.bytes_used() == 0


def test_without_a_network_it_waits_and_goes_on_with_it(
    seat: Seat, packs: Packs, qtbot: QtBot
) -> None:
    plan = planned(packs, newest(seat, CALLS), qtbot)
    with seat.unplugged():
        packs.take(plan)
        # It tries again now and then; meanwhile an idle screen is locked all the same.
        until(qtbot, packs, lambda: packs.pack.mood is Mood.WAITING and not packs.is_busy)
    packs.try_again()
    until(qtbot, packs, lambda: packs.pack.mood is Mood.READY)


def test_a_line_paid_by_volume_is_left_alone_unless_somebody_says_so(
    seat: Seat, packs: Packs, qtbot: QtBot
) -> None:
    seat.engine.holds.line(is_metered=True)
    packs.take(planned(packs, newest(seat, CALLS), qtbot))
    until(qtbot, packs, lambda: packs.pack.mood is Mood.HELD)
    assert packs.pack.tally.here == 0
    packs.load_anyway()
    until(qtbot, packs, lambda: packs.pack.mood is Mood.READY)


def test_a_disk_without_room_is_told_and_tried_again_when_asked(
    seat: Seat, packs: Packs, qtbot: QtBot
) -> None:
    spare, seat.engine.sounds.spare = seat.engine.sounds.spare, 1 << 60
    packs.take(planned(packs, newest(seat, CALLS), qtbot))
    until(qtbot, packs, lambda: packs.pack.mood is Mood.STOPPED)
    assert packs.pack.problem is not None
    assert packs.pack.problem.key == "problem.disk-full"
    seat.engine.sounds.spare = spare
    packs.try_again()
    until(qtbot, packs, lambda: packs.pack.mood is Mood.READY)


def test_what_does_not_come_any_more_is_no_activity(
    seat: Seat, packs: Packs, qtbot: QtBot, service: RunningService
) -> None:
    """Nobody's screen stays open for a download that stands still."""
    plan = planned(packs, newest(seat, CALLS), qtbot)
    with seat.engine._one_at_a_time:  # the engine hangs in a question
        seat.cache.sounds.want(plan.sounds)
        packs.take(plan)
        qtbot.waitUntil(lambda: packs.is_busy)
        service.clock.advance(timedelta(minutes=3))
        packs.refresh()
        assert packs.pack.mood is Mood.COMING
        assert not packs.is_busy


def test_a_choice_nobody_can_have_meant_is_refused(seat: Seat, packs: Packs, qtbot: QtBot) -> None:
    (sound,) = planned(packs, newest(seat, 1), qtbot).sounds
    assert not Plan((sound,) * MOST).is_too_many
    assert Plan((sound,) * (MOST + 1)).is_too_many


def test_what_the_service_has_no_sound_of_any_more_is_said_and_the_rest_is_here(
    seat: Seat, packs: Packs, qtbot: QtBot
) -> None:
    plan = planned(packs, newest(seat, 2), qtbot)
    first, other = plan.sounds
    lost = msgspec.structs.replace(first, sha256="0" * 64)  # what this digest says, it never has
    packs.take(msgspec.structs.replace(plan, sounds=(lost, other)))
    until(qtbot, packs, lambda: packs.pack.mood is Mood.PARTLY)
    assert packs.pack.tally.here == 1
    assert packs.pack.problem is not None
    assert packs.pack.problem.key == "problem.sound-damaged"
