"""Retention between the two sides: whoever deletes first, nothing that is due stays or returns."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cx_desktop.cache.sound_rows import Sound
from cx_desktop.protocol import Recording
from tests.fakes.disk_scan import found_in
from tests.fakes.heard import bury, give_sounds, lower
from tests.fakes.service import RunningService, recorded
from tests.fakes.waiting import wait_until
from tests.sync.world import KEY, Desk, Session

PARIS = ZoneInfo("Europe/Paris")
WORDS = b"the words that a caller said"
COUNT = 200
DUE = 20


@pytest.fixture
def service() -> Iterator[RunningService]:
    with recorded(COUNT) as service:
        yield service


@pytest.fixture
def desk(service: RunningService, tmp_path: Path) -> Iterator[Desk]:
    with closing(Session(service, "supervisor")) as ines:
        desk = Desk(ines, tmp_path)
        desk.sync()
        yield desk
        desk.close()


def here(desk: Desk) -> tuple[Recording, ...]:
    project = next(
        each.name.partition(":")[2]
        for each in desk.cache.sync.streams()
        if each.name.startswith("recordings:") and each.rows
    )
    return desk.cache.recordings(project, limit=COUNT)


@pytest.fixture
def due(desk: Desk, service: RunningService) -> tuple[Recording, ...]:
    """Twenty recordings that have to be gone tomorrow; the sound of one of them is here."""
    doomed = here(desk)[:DUE]
    give_sounds(service, doomed[:1], [WORDS * 5_000])
    tomorrow = (service.clock.now().astimezone(PARIS) + timedelta(days=1)).date()
    lower(service, doomed, tomorrow)
    desk.sync()
    doomed = here(desk)[:DUE]
    first, purging = doomed[0], desk.cache.purging
    end = purging.end_of(first.project_id, first.delete_by)
    desk.cache.sounds.want([Sound(first.id, first.project_id, first.blob or "", first.size, end)])
    desk.engine.sounds.bring(lambda: True)
    assert desk.cache.sounds.has(first.id)
    return doomed


def come(service: RunningService, due: tuple[Recording, ...]) -> None:
    """Their day begins."""
    begins = datetime.combine(due[0].delete_by, time(), PARIS).astimezone(UTC)
    service.clock.advance(begins - service.clock.now() + timedelta(seconds=1))


def markers(due: tuple[Recording, ...]) -> list[bytes]:
    """What only these have: their ids, as they are kept."""
    return [WORDS, *(bytes.fromhex(each.id.replace("-", "")) for each in due)]


def test_invariant_18_a_service_that_is_late_brings_nothing_back(
    desk: Desk, due: tuple[Recording, ...], service: RunningService
) -> None:
    """This computer deletes first; the service still has the rows, and says so."""
    come(service, due)
    desk.cache.purging.turn()
    assert not found_in(desk.folder, KEY, markers(due))
    desk.engine.start()
    desk.engine.poke(is_urgent=True)
    before = len(desk.faults.asked)
    wait_until(lambda: desk.engine.status.phase == "idle")
    desk.engine.stop()
    desk.engine.sync_once()
    desk.engine.sync_once()
    assert len(desk.faults.asked) - before < 40, "it is not asked for again and again"
    assert not {each.id for each in due} & {each.id for each in here(desk)}
    desk.cache.purging.turn()
    assert not found_in(desk.folder, KEY, markers(due))
    assert len(here(desk)) == COUNT - DUE


def test_a_service_that_is_first_is_followed(
    desk: Desk, due: tuple[Recording, ...], service: RunningService
) -> None:
    bury(service, due)
    desk.sync()
    desk.cache.purging.turn()
    assert not {each.id for each in due} & {each.id for each in here(desk)}
    assert desk.cache.sounds.all() == ()
    come(service, due)
    desk.sync()
    assert len(here(desk)) == COUNT - DUE
    assert desk.sync().quarantined == 0


def test_invariant_18_the_running_engine_purges_by_itself_also_without_a_network(
    desk: Desk, due: tuple[Recording, ...], service: RunningService
) -> None:
    service.stop()
    come(service, due)
    desk.engine.start()
    wait_until(lambda: not found_in(desk.folder, KEY, markers(due)))
    desk.engine.stop()
    assert len(here(desk)) == COUNT - DUE
