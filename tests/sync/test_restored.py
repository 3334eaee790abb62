"""Harness F of sync.md 3: the service is restored from a backup, and clients come back to it.

What the service acknowledged after the backup is gone there; whoever still keeps such an edit
brings it back (12), without any act of an administrator (13). Copies of a computer do not disturb
each other (14).
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from cx_desktop.service.backup import back_up, restore
from cx_desktop.service.store.tables import audit
from tests.fakes.service import RunningService
from tests.sync.test_files import record
from tests.sync.world import Desk, Session

Desks = Callable[..., tuple[Desk, ...]]


@pytest.fixture
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def team(service: RunningService, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """Claire's and Léo's computers on a service of their own, having read everything."""
    with closing(Session(service)) as claire, closing(Session(service, "flow_designer")) as leo:
        desks = (Desk(claire, tmp_path / "claire"), Desk(leo, tmp_path / "leo"))
        for desk in desks:
            desk.sync()
        yield desks
        for desk in desks:
            assert desk.cache.sync.verify() == ()
            desk.close()


class Copy:
    """The database of a moment, as whoever runs the service might have copied it."""

    def __init__(self, service: RunningService, folder: Path) -> None:
        self._service = service
        self.file = folder / "copy.cx"
        back_up(service.data_dir, self.file, now=service.clock.now())
        self._forget_that_it_is_safe()

    def _forget_that_it_is_safe(self) -> None:
        """A copy that the service does not know of, so that clients keep more than they must."""

    def bring_back(self) -> None:
        self._service.stop()
        now = self._service.clock.now()
        restore(self.file, self._service.data_dir, now=now, may_lose_newer=True)
        self._service.start()


def settle(*desks: Desk) -> None:
    for _ in range(4):
        for desk in desks:
            desk.sync()


def test_invariant_12_what_was_acknowledged_after_the_backup_comes_back(
    team: tuple[Desk, Desk], service: RunningService, tmp_path: Path
) -> None:
    claire, leo = team
    old = claire.create("Avant")
    settle(claire, leo)
    copy = Copy(service, tmp_path)
    claire.edit(old, "name", to="Après")
    new = claire.create("Nouveau")
    claire.sync()
    claire.edit(new, "description", to="Encore")
    settle(claire, leo)
    epoch = claire.cache.sync.epoch
    copy.bring_back()
    settle(leo, claire, leo)
    assert leo.cache.sync.epoch == claire.cache.sync.epoch != epoch
    for desk in (claire, leo):
        assert desk.read(old, "name") == "Après"
        assert desk.read(new, "description") == "Encore"
        assert desk.engine.status.is_all_synced
        assert desk.cache.conflicts() == ()
    assert seen(claire) == seen(leo)


def test_invariant_12_a_flow_that_only_a_reader_still_has_comes_back_with_its_id(
    team: tuple[Desk, Desk], service: RunningService, tmp_path: Path
) -> None:
    claire, leo = team
    copy = Copy(service, tmp_path)
    new = claire.create("Nouveau")
    settle(claire, leo)
    copy.bring_back()
    leo.sync()  # before Claire, who made it
    assert leo.cache.sync.safekeeping.recovered()[0].id == new
    claire.edit(new, "name", to="Le mien")
    settle(claire, leo)
    assert leo.read(new, "name") == "Le mien"
    assert seen(claire) == seen(leo)
    assert claire.cache.conflicts() == leo.cache.conflicts() == ()


def test_a_file_that_the_service_lost_is_sent_again_ahead_of_its_prompt(
    team: tuple[Desk, Desk], service: RunningService, tmp_path: Path
) -> None:
    claire, leo = team
    copy = Copy(service, tmp_path)
    content = b"RIFF" + bytes(1000)
    prompt = record(claire, content)
    settle(claire, leo)
    copy.bring_back()
    shutil.rmtree(service.data_dir / "blobs")
    settle(claire, leo)
    assert leo.cache.row("prompt", prompt) is not None
    sha256 = hashlib.sha256(content).hexdigest()
    assert claire.session.client.blobs.read(sha256) == content
    assert claire.engine.status.is_all_synced


def test_what_nobody_may_create_again_is_kept_as_recovered_and_stops_nothing(
    team: tuple[Desk, Desk], service: RunningService, tmp_path: Path
) -> None:
    claire, _leo = team
    with closing(Session(service, "supervisor")) as reader:
        desk = Desk(reader, tmp_path / "reader")
        desk.sync()
        copy = Copy(service, tmp_path)
        lost = claire.create("Perdu")
        claire.sync()
        desk.sync()
        copy.bring_back()
        settle(desk)
        assert desk.engine.status.is_all_synced
        assert desk.cache.conflicts() == ()
        assert desk.cache.row("flow", lost) is None
        assert [each.id for each in desk.cache.sync.safekeeping.recovered()] == [lost]
        assert desk.cache.sync.verify() == ()
        settle(claire, desk)
        assert desk.cache.row("flow", lost) is not None
        desk.close()


def test_an_edit_in_a_backup_is_kept_no_longer(
    team: tuple[Desk, Desk], service: RunningService, tmp_path: Path
) -> None:
    claire, _leo = team
    flow = claire.create()
    claire.sync()
    assert claire.cache.sync.safekeeping.kept()[0] == 1
    Copy(service, tmp_path)
    claire.edit(flow, "name", to="Après")
    claire.sync()
    assert claire.cache.sync.safekeeping.kept()[0] == 1
    copies = tmp_path / "again"
    copies.mkdir()
    Copy(service, copies)
    claire.sync()
    assert claire.cache.sync.safekeeping.kept() == (0, 0)


def seen(desk: Desk) -> dict[str, object]:
    """What both may see: the one project that has the flows."""
    return {
        key: data
        for key, data in desk.has().items()
        if isinstance(data, dict) and data.get("project_id") == desk.project
    }


@pytest.mark.parametrize("sidecar", ["kept", "missing", "restored too"])
def test_invariant_13_a_rewind_is_noticed_without_anybody_saying_so(
    team: tuple[Desk, Desk], service: RunningService, sidecar: str
) -> None:
    claire, leo = team
    service.stop()
    kept = {name: (service.data_dir / name).read_bytes() for name in ("service.db", "told.json")}
    service.start()
    flow = claire.create("Nouveau")
    settle(claire, leo)
    epoch = claire.cache.sync.epoch
    service.stop()
    (service.data_dir / "service.db").write_bytes(kept["service.db"])
    if sidecar == "missing":
        (service.data_dir / "told.json").unlink()
    if sidecar == "restored too":
        (service.data_dir / "told.json").write_bytes(kept["told.json"])
    service.start()
    settle(claire, leo)
    assert claire.cache.sync.epoch != epoch
    assert leo.read(flow, "name") == "Nouveau"
    assert seen(claire) == seen(leo)
    assert service.service is not None
    with service.service.store.read() as connection:
        verbs = list(connection.execute(select(audit.c.verb)).scalars())
    assert verbs.count("epoch.rotated") == 1


def test_invariant_14_a_computer_and_its_copy_lose_nothing_and_double_nothing(
    team: tuple[Desk, Desk], tmp_path: Path
) -> None:
    claire, leo = team
    flow = claire.create("Nouveau")
    settle(claire, leo)
    claire.edit(flow, "description", to="Unterwegs")  # waits in both copies
    claire.close()
    shutil.copytree(claire.folder, tmp_path / "image")
    claire._open()
    twin = Desk(claire.session, tmp_path / "image", seed=7)
    with closing(twin):
        claire.edit(flow, "name", to="Eins")
        one = claire.create("Original")
        claire.sync()
        two = twin.create("Kopie")
        settle(twin, claire, leo)
        twin.edit(flow, "draft", "nodes", "start", "title", to="Zwei")
        settle(twin, claire, leo, twin)
        assert twin.cache.sync.verify() == ()
        assert seen(twin) == seen(claire) == seen(leo)
        assert twin.engine.status.is_all_synced
    assert (leo.read(flow, "name"), leo.read(flow, "description")) == ("Eins", "Unterwegs")
    assert leo.read(one, "name") == "Original"
    assert leo.read(two, "name") == "Kopie"
    assert leo.read(flow, "draft", "nodes", "start", "title") == "Zwei"
