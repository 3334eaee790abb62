"""The running engine: threads, hints, a service that goes away, comes back, or counts anew."""

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cx_desktop.domain.errors import CXError
from cx_desktop.ports import SystemClock
from cx_desktop.protocol import Welcome
from cx_desktop.sync import Phase, SyncStatus
from tests.fakes.service import RunningService
from tests.sync.world import Desk, Session

PATIENCE = 20.0


class Watch:
    """Waits for something to be said about sync."""

    def __init__(self) -> None:
        self._said = threading.Condition()
        self.statuses: list[SyncStatus] = []

    def __call__(self, status: SyncStatus) -> None:
        with self._said:
            self.statuses.append(status)
            self._said.notify_all()

    def until(self, is_so: Callable[[SyncStatus], bool]) -> SyncStatus:
        with self._said:
            assert self._said.wait_for(
                lambda: bool(self.statuses) and is_so(self.statuses[-1]), PATIENCE
            ), self.statuses[-3:]
            return self.statuses[-1]


@pytest.fixture
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def session(service: RunningService) -> Iterator[Session]:
    session = Session(service)
    yield session
    session.close()


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Callable[[Session, Watch], Desk]]:
    """Desks with running engines, on the true clock since threads wait."""
    opened: list[Desk] = []

    def make(session: Session, watch: Watch) -> Desk:
        folder = tmp_path / session.device_id
        desk = Desk(session, folder, on_status=watch, clock=SystemClock())
        opened.append(desk)
        desk.engine.start()
        return desk

    yield make
    for desk in opened:
        desk.engine.stop()
        assert desk.cache.sync.verify() == ()
        desk.close()
        desk.session.close()


def test_an_edit_is_sent_and_heard_by_the_other_desk_without_asking(
    service: RunningService, open_desk: Callable[[Session, Watch], Desk]
) -> None:
    watch, other = Watch(), Watch()
    claire = open_desk(Session(service), watch)
    leo = open_desk(Session(service, "flow_designer"), other)
    watch.until(lambda status: status.is_all_synced)
    other.until(lambda status: status.is_all_synced)
    arrived = threading.Event()
    flow = claire.create("Accueil")
    leo.cache.subscribe(lambda changed: arrived.set() if flow in changed.ids else None)
    assert arrived.wait(PATIENCE)
    assert leo.read(flow, "name") == "Accueil"
    watch.until(lambda status: status.is_all_synced)
    assert claire.cache.outbox() == ()


def test_work_goes_on_without_the_service_and_arrives_once_in_order_when_it_is_back(
    service: RunningService, session: Session, open_desk: Callable[[Session, Watch], Desk]
) -> None:
    watch = Watch()
    desk = open_desk(session, watch)
    watch.until(lambda status: status.is_all_synced)
    flow = desk.create("Accueil")
    watch.until(lambda status: status.is_all_synced and not desk.cache.outbox())
    before = desk.cache.row("flow", flow)
    service.stop()
    desk.edit(flow, "name", to="Nuit")
    offline = watch.until(lambda status: status.phase is Phase.OFFLINE and status.unsent == 1)
    assert offline.problem is not None
    assert offline.oldest_unsent is not None
    assert not offline.is_all_synced
    desk.edit(flow, "description", to="hors ligne")
    service.start()
    desk.engine.poke(is_urgent=True)
    watch.until(lambda status: status.is_all_synced)
    after = desk.cache.row("flow", flow)
    assert before is not None
    assert after is not None
    assert (after.data["name"], after.data["description"]) == ("Nuit", "hors ligne")
    assert after.ver <= before.ver + 2


def test_stopping_is_quick_also_while_the_line_of_hints_is_open(
    session: Session, open_desk: Callable[[Session, Watch], Desk]
) -> None:
    watch = Watch()
    desk = open_desk(session, watch)
    watch.until(lambda status: status.is_all_synced)
    while "GET /v1/events" not in desk.faults.asked:
        threading.Event().wait(0.01)
    start = time.monotonic()
    desk.engine.stop()
    assert time.monotonic() - start < 5
    assert desk.engine.status.phase is Phase.STOPPED
    assert not [each for each in threading.enumerate() if each.name.startswith("sync")]


def test_a_service_restored_from_a_backup_is_noticed_and_unsent_edits_are_kept(
    service: RunningService, session: Session, tmp_path: Path
) -> None:
    desk = Desk(session, tmp_path / "desk")
    desk.sync()
    kept = desk.create("D’avant la sauvegarde")
    desk.sync()
    service.stop()
    backup = tmp_path / "backup.db"
    shutil.copy(service.data_dir / "service.db", backup)
    service.start()
    lost = desk.create("D’après la sauvegarde")
    desk.sync()
    epoch = desk.cache.sync.epoch
    service.stop()
    for leftover in service.data_dir.glob("service.db*"):
        leftover.unlink()
    shutil.copy(backup, service.data_dir / "service.db")
    service.start()
    desk.edit(kept, "name", to="Pas encore envoyé")
    status = desk.sync()
    assert desk.cache.sync.epoch != epoch
    assert status.is_all_synced
    assert desk.read(kept, "name") == "Pas encore envoyé"
    assert desk.cache.sync.stream("flows").gen == 2
    assert desk.read(lost, "name") == "D’après la sauvegarde"
    with desk.cache._read() as connection:
        acked = connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state = 'acked'")
        assert acked.scalar_one() >= 2
    desk.close()


def test_a_bug_in_a_listener_is_seen_and_does_not_end_sync_for_good(
    session: Session, tmp_path: Path
) -> None:
    desk = Desk(session, tmp_path / "desk")
    heard: list[str] = []

    def careless(welcome: Welcome) -> None:
        heard.append(welcome.epoch)
        if len(heard) == 1:
            raise ZeroDivisionError

    desk.engine.each_welcome(careless)
    with pytest.raises(ZeroDivisionError):
        desk.sync()
    assert desk.engine.status.phase is Phase.STOPPED
    assert desk.sync().is_all_synced
    desk.close()


def test_an_expired_cursor_resyncs_that_stream_alone_and_keeps_edits(
    session: Session, tmp_path: Path
) -> None:
    desk = Desk(session, tmp_path / "desk")
    desk.sync()
    flow = desk.create("Accueil")
    desk.sync()
    desk.edit(flow, "name", to="Nuit")
    state = desk.cache.sync.stream("flows")
    with desk.cache._writer._pages.begin():
        desk.cache._writer._pages.exec_driver_sql(
            "UPDATE stream SET cursor = 'worthless' WHERE name = 'flows'"
        )
    desk.faults.asked.clear()
    assert desk.sync().is_all_synced
    assert desk.faults.asked.count("GET /v1/sync/snapshot") == 1
    assert desk.cache.sync.stream("flows").gen == state.gen + 1
    assert desk.read(flow, "name") == "Nuit"
    desk.close()


def test_invariant_28_a_full_disk_stops_sync_with_a_word_and_sync_recovers(
    session: Session, tmp_path: Path
) -> None:
    desk = Desk(session, tmp_path / "desk")
    pages = desk.cache._writer._pages
    used = pages.exec_driver_sql("PRAGMA page_count").scalar_one()
    pages.exec_driver_sql(f"PRAGMA max_page_count = {used + 2}").all()
    pages.rollback()
    with pytest.raises(CXError) as caught:
        desk.sync()
    assert caught.value.key == "problem.disk-full"
    assert desk.engine.status.phase is Phase.STOPPED
    assert not desk.engine.status.is_all_synced
    assert desk.cache.rows("flow") == ()
    assert desk.cache.sync.stream("flows").cursor == ""
    pages.exec_driver_sql("PRAGMA max_page_count = 100000").all()
    pages.rollback()
    assert desk.sync().is_all_synced
    desk.close()


def test_invariant_31_a_second_program_on_the_same_profile_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.auth.lock_holder", str(tmp_path)]

    def start() -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603  (our own module)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    with start() as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with start() as second:
            assert second.stdout is not None
            assert second.stdout.readline() == "problem.profile-in-use\n"
            second.communicate("", timeout=10)
        first.communicate("", timeout=10)
