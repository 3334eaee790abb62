"""A trip in the whole program: packed, heard without a network, and gone on its day by itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from cx_desktop.app.workbench import Workbench
from cx_desktop.cache.overdue import FOLDER
from cx_desktop.models.recordings.packs import Mood
from cx_desktop.models.recordings.player import PlayerState
from cx_desktop.models.session import Step
from cx_desktop.protocol import Recording
from cx_desktop.settings import resources
from tests.fakes.disk_scan import found_in
from tests.fakes.heard import give_sounds, lower
from tests.fakes.program import Program
from tests.fakes.service import RunningService, recorded
from tests.fakes.waiting import wait_until

COUNT, TAKEN = 8, 3
SOUNDS = tuple(
    (resources() / "demo" / "recordings" / f"fr-{name}.opus").read_bytes()
    for name in ("order", "return", "wrong")
)
#: A piece out of the middle of each, which stands nowhere else.
PIECES = tuple(each[9_000:9_032] for each in SOUNDS)


@pytest.fixture
def service() -> Iterator[RunningService]:
    with recorded(COUNT) as service:
        yield service


@pytest.fixture
def program(qapp: QApplication, tmp_path: Path, service: RunningService) -> Iterator[Program]:
    program = Program(qapp, tmp_path, service)
    yield program
    program.close()


def calls(work: Workbench) -> tuple[Recording, ...]:
    project = work.workspace.project
    return () if project is None else work.workspace.cache.recordings(project.id, limit=COUNT)


def mood(work: Workbench) -> Mood:
    return work.listening.packing.packs.pack.mood


def heard(work: Workbench, taken: tuple[Recording, ...]) -> list[bytes]:
    """What can be heard of these, to the end."""
    found = []
    for each in taken:
        sound = work.workspace.cache.sounds.open(each.id)
        found.append(sound.read_at(0, sound.size))
        sound.close()
    return found


def plays(work: Workbench) -> int:
    """How many hearings the service does not know of."""
    with work.workspace.cache._read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM offline_play").scalar_one())


def on_its_page(program: Program, work: Workbench, count: int = COUNT) -> None:
    work.shell.go(work.listening.page.id)
    program.until(lambda: work.listening.desk.rows.count == count)


def test_a_trip(program: Program, service: RunningService) -> None:
    who = service.account("supervisor").username
    work = program.sign_in(who)
    program.until(lambda: len(calls(work)) == COUNT)
    taken = calls(work)[:TAKEN]
    give_sounds(service, taken, SOUNDS)
    lower(service, taken, (service.clock.now() + timedelta(days=4)).date())
    work.workspace.sync_now()
    program.until(lambda: all(each.ver > 2 for each in calls(work)[:TAKEN]))
    taken = calls(work)[:TAKEN]
    on_its_page(program, work)
    work.listening.desk.choose([range(TAKEN)])
    work.commands.run("packs.prepare")
    planner = work.listening.packing.strip.planner
    assert planner.radios[0].isChecked()
    program.until(planner.go.isEnabled)
    planner.go.click()
    program.until(lambda: mood(work) is Mood.READY)
    profile, key = work.workspace.opened.profile.folder, work.workspace.opened.cache_key

    service.stop()
    program.app.session.lock()
    work = program.unlock(who)
    on_its_page(program, work)
    assert mood(work) is Mood.READY
    assert heard(work, taken) == list(SOUNDS)
    work.listening.desk.go_to(0)
    player = work.listening.player
    program.until(lambda: player.state is PlayerState.READY)
    player.playing_changed.emit(True)  # no loudspeaker here
    program.until(lambda: plays(work) == 1)
    assert not found_in(profile, key, PIECES), "and nothing plain lies anywhere"
    assert len(list((profile / FOLDER).iterdir())) >= TAKEN

    program.app.session.lock()
    program.step(Step.LOCKED)
    program.until(lambda: program.app.workbench is None and program.app.tasks.is_idle)
    service.clock.advance(timedelta(days=5))
    program.app.purge()
    wait_until(lambda: not list((profile / FOLDER).iterdir()))

    work = program.unlock(who)
    on_its_page(program, work, COUNT - TAKEN)
    assert mood(work) is Mood.EMPTY
    assert not {each.id for each in taken} & {each.id for each in calls(work)}
    assert not found_in(profile, key, PIECES)
    markers = [*PIECES, *(bytes.fromhex(each.id.replace("-", "")) for each in taken)]
    service.start()
    work.workspace.sync_now()
    program.until(lambda: plays(work) == 0)  # that it was heard is in the audit now
    wait_until(lambda: not found_in(profile, key, markers))  # also if a repair brought them back
    assert len(calls(work)) == COUNT - TAKEN
