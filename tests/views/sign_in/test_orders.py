"""What somebody sees when the service orders their computer to wipe, to lock, or to let go."""

import gc
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import delete, insert, select, update

from cx_desktop.auth.orders import orders_of
from cx_desktop.auth.profile import Profile
from cx_desktop.auth.wiping import Wiping
from cx_desktop.cache import Edit
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.patch import Change
from cx_desktop.models.home import Card
from cx_desktop.models.session import Step
from cx_desktop.protocol.directives import Act
from cx_desktop.protocol.escrow import Contents, unseal
from cx_desktop.service.service import Service
from cx_desktop.service.store import orders
from cx_desktop.service.store.tables import device, escrow, role_grant
from cx_desktop.views.sign_in.fault_note import Way
from tests.fakes.program import Program
from tests.fakes.service import RunningService

CLAIRE = "claire.martin"
MARKER = "Zanzibar-6402"


@pytest.fixture
def own(qapp: QApplication, tmp_path: Path) -> Iterator[Program]:
    with RunningService() as running:
        program = Program(qapp, tmp_path, running)
        program.sign_in(CLAIRE)
        workspace = program.workbench.workspace
        program.until(lambda: workspace.sync_status.freshness.is_all_synced)
        yield program
        program.close()


def service(program: Program) -> Service:
    assert program.service.service is not None
    return program.service.service


def revoked(program: Program, act: Act) -> None:
    mine = program.workbench.workspace.opened.device_id
    with service(program).store.write() as txn:
        orders.give(txn, mine, act)
        txn.connection.execute(update(device).where(device.c.id == mine).values(revoked_at=txn.now))


def written(program: Program, count: int = 2) -> None:
    """Renamed flows: the engine wakes, and hears that it may send nothing any more."""
    cache = program.workbench.workspace.cache
    flows = cache.rows("flow")[:count]
    names = [Change(("name",), f"{MARKER} {n}", flow.data["name"]) for n, flow in enumerate(flows)]
    edits = [
        Edit("flow", flow.id, changes=(name,)) for flow, name in zip(flows, names, strict=True)
    ]
    cache.edit(*edits)


def escrowed(program: Program) -> tuple[Contents, ...]:
    with service(program).store.read() as connection:
        packages = connection.execute(select(escrow.c.package)).scalars()
        return tuple(unseal(each, service(program).keys.escrow) for each in packages)


def cards(program: Program) -> list[Card]:
    found = program.workbench.cards.collect()
    return [each for each in found if each.id.startswith("devices.evicted")]


def on_disk(folder: Path, marker: bytes) -> list[str]:
    return [str(p) for p in folder.rglob("*") if p.is_file() and marker in p.read_bytes()]


def test_a_wiped_computer_says_at_its_door_what_was_done_and_what_was_kept(own: Program) -> None:
    """Invariant 23, through the window: no byte is left, no edit is lost."""
    key = own.workbench.workspace.opened.cache_key
    revoked(own, Act.WIPE)
    written(own)
    own.step(Step.PASSWORD)
    note = own.app.sign_in.password_step.note
    own.until(note.isVisible)
    assert note.error is not None
    assert note.error.key == "problem.device-wiped-handed-over"
    assert "supprimées de cet ordinateur" in note.text
    assert "modifications\u00a0: 2, fichiers\u00a0: 0" in note.text
    assert not note.ways, "there is nothing to decide"
    [contents] = escrowed(own)
    assert [each.name for each in contents.edits] == [f"{MARKER} 0", f"{MARKER} 1"]
    profiles = own.folder / "data" / "profiles"
    assert [path for path in profiles.rglob("*") if path.is_file()] == []
    for marker in (MARKER.encode(), key, key.hex().encode()):
        assert on_disk(own.folder, marker) == []
    assert own.keyring.secrets == {}
    own.until(lambda: own.app.session.known == ())
    again = own.sign_in(CLAIRE)
    own.until(lambda: again.workspace.sync_status.freshness.is_all_synced)


class _Died(Exception):  # noqa: N818  (it is what happens)
    """The program ended in the middle of it."""


def _die(step: str) -> None:
    if step == "sealed":
        raise _Died


def test_a_wipe_that_was_cut_off_is_finished_at_the_next_start_which_says_so(own: Program) -> None:
    opened = own.workbench.workspace.opened
    key = bytes(opened.cache_key)  # the window forgets it
    own.service.stop()  # so that the engine does not hear of it first
    cache = own.workbench.workspace.cache
    flow = cache.rows("flow")[0]
    name = Change(("name",), MARKER, flow.data["name"])
    cache.edit(Edit("flow", flow.id, changes=(name,)))
    own.close()
    own.service.start()
    with service(own).store.write() as txn:
        orders.give(txn, opened.device_id, Act.WIPE)
    profile = Profile(opened.profile.folder, opened.profile.server, opened.profile.username)
    client = ServiceClient(build_http(own.service.url, loopback_only=True))
    card = profile.card()
    assert card is not None
    asked = orders_of(profile, card, opened.device, client)
    wiping = Wiping(profile, (own.keyring,), own.service.clock, on_step=_die)
    with pytest.raises(_Died):
        wiping.run(asked.ask(), key, opened.user.id, client)
    client.close()
    profile.unlock()
    again = own.restarted()
    note = again.app.sign_in.password_step.note
    again.until(note.isVisible)
    assert note.error is not None
    assert note.error.key == "problem.device-wiped-handed-over"
    assert not profile.folder.exists()
    again.close()


def test_a_locked_computer_says_why_and_leads_to_the_door(own: Program) -> None:
    mine = own.workbench.workspace.opened.device_id
    revoked(own, Act.LOCK)
    own.workbench.workspace.sync_now()
    own.step(Step.LOCKED)
    note = own.app.lock_page.note
    own.until(note.isVisible)
    assert note.error is not None
    assert note.error.key == "problem.locked-by-service"
    assert set(note.ways) == {Way.SIGN_IN}
    with service(own).store.write() as txn:  # it was a mistake
        mine_only = device.c.id == mine
        txn.connection.execute(update(device).where(mine_only).values(revoked_at=None))
    note.ways[Way.SIGN_IN].click()
    own.step(Step.PASSWORD)
    again = own.sign_in(CLAIRE)
    own.until(lambda: again.workspace.sync_status.freshness.is_all_synced)


def test_a_project_that_may_be_seen_no_more_goes_with_a_word_on_home(own: Program) -> None:
    workspace = own.workbench.workspace
    projects = {each.name: each.id for each in workspace.projects}
    workspace.select(projects["Lumen Pro"])
    with service(own).store.write() as txn:
        mine = role_grant.c.user_id == workspace.user.id
        txn.connection.execute(delete(role_grant).where(mine))
        lumen = {"role": "administrator", "project_id": projects["Maison Lumen"]}
        txn.connection.execute(insert(role_grant).values(user_id=workspace.user.id, **lumen))
    workspace.sync_now()
    own.until(lambda: bool(cards(own)))
    [card] = cards(own)
    assert card.title == "Vous n’avez plus accès au projet «\u00a0Lumen Pro\u00a0»"
    assert "Aucune modification n’attendait" in card.text
    own.until(lambda: [each.name for each in workspace.projects] == ["Maison Lumen"])
    assert workspace.project is not None
    assert workspace.project.name == "Maison Lumen", "the work goes on in what is left"
    assert own.app.session.step is Step.OPEN
    again = own.restarted()
    again.sign_in(CLAIRE)
    again.until(lambda: bool(cards(again)))
    [card] = cards(again)
    assert card.run is not None
    card.run()
    again.until(lambda: not cards(again))
    again.close()


def test_what_was_unsent_of_it_is_sealed_and_waits_here_no_more(own: Program) -> None:
    workspace = own.workbench.workspace
    pro = next(each for each in workspace.projects if each.name == "Lumen Pro")
    lumen = next(each for each in workspace.projects if each.name == "Maison Lumen")
    flow = workspace.cache.rows("flow", project_id=pro.id)[0]
    with service(own).store.write() as txn:
        mine = role_grant.c.user_id == workspace.user.id
        txn.connection.execute(delete(role_grant).where(mine))
        left = {"role": "administrator", "project_id": lumen.id}
        txn.connection.execute(insert(role_grant).values(user_id=workspace.user.id, **left))
    renamed = Change(("name",), MARKER, flow.data["name"])
    workspace.cache.edit(Edit("flow", flow.id, changes=(renamed,)))
    own.until(lambda: bool(cards(own)))
    assert "1 modification" in cards(own)[0].text
    own.until(lambda: workspace.sync_status.freshness.is_all_synced)
    assert workspace.sync_status.freshness.unsent == 0
    own.until(lambda: not own.workbench.outgoing.outbox.entries)
    own.until(lambda: "sync.unsent" not in {each.card_id for each in own.workbench.home.cards})


def digest_of(key: bytes) -> str:
    return hashlib.sha256(key.hex().encode()).hexdigest()


def holders(digest: str) -> list[str]:
    """What is alive and refers to a key, or to its digits, that is known by a digest only."""
    gc.collect()
    with alone():
        return [
            type(owner).__name__
            for owner in gc.get_objects()
            for each in gc.get_referents(owner)
            if isinstance(each, bytes | str) and len(each) in {32, 64} and _is(each, digest)
        ]


@contextmanager
def alone() -> Iterator[None]:
    """No other thread runs meanwhile: a tuple that one is making must not be seen by us."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(60.0)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _is(each: bytes | str, digest: str) -> bool:
    text = each.hex() if isinstance(each, bytes) else each
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() == digest


def test_invariant_21_in_a_locked_program_nothing_refers_to_the_key(own: Program) -> None:
    """Best effort: freed memory is not searched, and what a C library keeps is its own."""
    digest = digest_of(own.workbench.workspace.opened.cache_key)
    assert holders(digest), "while it is open, it is found"
    own.app.session.lock()
    own.step(Step.LOCKED)
    assert holders(digest) == []
