"""What a session ends on, and the way back from each: real service, real files, real window."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import update

from cx_desktop.auth.profile import Profiles
from cx_desktop.models.home import Card
from cx_desktop.models.session import Step
from cx_desktop.service.sessions.tokens import close_session
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import device, session
from cx_desktop.views.sign_in.fault_note import FaultNote, Way
from tests.fakes.program import Program
from tests.fakes.service import RunningService

CLAIRE = "claire.martin"


@pytest.fixture
def own_service() -> Iterator[RunningService]:
    """One that a test may stop, and replace."""
    with RunningService() as running:
        yield running


@pytest.fixture
def own(qapp: QApplication, tmp_path: Path, own_service: RunningService) -> Iterator[Program]:
    program = Program(qapp, tmp_path, own_service)
    yield program
    program.close()


def vault_of(program: Program) -> Path:
    profiles = Profiles(program.folder / "data" / "profiles")
    return profiles.for_user(program.service.url, CLAIRE).folder / "vault"


def says(note: FaultNote, key: str) -> bool:
    return note.isVisible() and note.error is not None and note.error.key == key


def card(program: Program, name: str) -> Card | None:
    cards = program.workbench.cards.collect()
    return next((each for each in cards if each.id == name), None)


def give_code(program: Program) -> None:
    program.code_step.code.setText(program.fresh_code(CLAIRE))
    program.rest()


# This time only


@pytest.mark.parametrize("fault", ["locked", "missing", "failed"])
def test_without_a_keyring_one_may_work_this_time_only(program: Program, fault: str) -> None:
    program.keyring.problem = f"problem.keyring-{fault}"
    form = program.enter_password(CLAIRE, program.password_of(CLAIRE))
    assert says(form.note, f"problem.keyring-{fault}")
    form.note.ways[Way.THIS_TIME_ONLY].click()
    program.step(Step.CODE)
    give_code(program)
    program.opened()
    assert program.keyring.secrets == {}
    assert card(program, "account.once") is not None
    assert card(program, "account.lease") is None, "nothing is promised that does not hold"


def test_what_was_open_this_time_only_is_not_locked_but_left(program: Program) -> None:
    """The password alone could never open it again."""
    program.keyring.problem = "problem.keyring-locked"
    form = program.enter_password(CLAIRE, program.password_of(CLAIRE))
    form.note.ways[Way.THIS_TIME_ONLY].click()
    program.step(Step.CODE)
    give_code(program)
    program.opened()
    program.app.session.lock()
    program.step(Step.PASSWORD)
    assert says(form.note, "problem.once-over")
    program.keyring.problem = ""
    program.give_password(CLAIRE)
    give_code(program)
    program.opened()
    assert program.workbench.workspace.opened.is_lasting, "the keyring is asked again"
    program.app.session.lock()
    program.unlock(CLAIRE)


def test_a_keyring_that_locks_between_the_factors_leads_back_to_the_first(
    program: Program,
) -> None:
    program.give_password(CLAIRE)
    program.keyring.problem = "problem.keyring-locked"
    give_code(program)
    program.step(Step.PASSWORD)
    form = program.app.sign_in.password_step
    assert says(form.note, "problem.keyring-locked")
    program.keyring.problem = ""
    form.note.ways[Way.RETRY].click()
    program.step(Step.CODE)
    give_code(program)
    program.opened()


# Start afresh


def test_a_damaged_vault_is_set_aside_when_one_says_so(program: Program) -> None:
    program.sign_in(CLAIRE)
    program = program.restarted()
    vault = vault_of(program)
    vault.write_bytes(b"damaged")
    program.give_password(CLAIRE)
    give_code(program)
    program.step(Step.PASSWORD)
    form = program.app.sign_in.password_step
    assert says(form.note, "problem.vault-damaged")
    assert vault.read_bytes() == b"damaged", "nothing was changed unasked"
    form.note.ways[Way.AFRESH].click()
    program.step(Step.CODE)
    give_code(program)
    program.opened()
    [aside] = vault.parent.parent.glob("*.aside-*")
    assert (aside / "vault").read_bytes() == b"damaged"
    program.close()


def test_a_service_installed_anew_gets_no_password_until_one_says_so(
    own_service: RunningService, own: Program
) -> None:
    own.sign_in(CLAIRE)
    own = own.restarted()
    port = int(own_service.url.rsplit(":", 1)[1])
    own_service.stop()
    with RunningService(clock=own_service.clock, port=port, language="en") as anew:
        own.service = anew
        form = own.enter_password(CLAIRE, own.password_of(CLAIRE))
        assert says(form.note, "problem.server-changed")
        form.note.ways[Way.AFRESH].click()
        own.step(Step.CODE)
        give_code(own)
        own.opened()
        own.close()


# The session is over while the window is open


def _revoke_session(txn: Txn, program: Program) -> None:
    rows = txn.connection.execute(session.select()).mappings()
    mine = program.workbench.workspace.opened.device_id
    for row in [each for each in rows if each["device_id"] == mine]:
        close_session(txn, row["id"], "revoked")


def _revoke_device(txn: Txn, program: Program) -> None:
    mine = program.workbench.workspace.opened.device_id
    txn.connection.execute(update(device).where(device.c.id == mine).values(revoked_at=txn.now))


def _end_by(program: Program, end: Callable[[Txn, Program], None]) -> Card:
    """End the session on the service, and wait until the window says so."""
    assert program.service.service is not None
    with program.service.service.store.write() as txn:
        end(txn, program)
    freshness = program.workbench.workspace.sync_status
    program.workbench.workspace.sync_now()
    program.until(lambda: freshness.freshness.is_session_over)
    bar = program.workbench.shell.status_bar
    assert "Session fermée" in bar.truth.text()
    program.workbench.shell.go("settings")
    bar.truth.click()
    assert program.workbench.shell.page is program.workbench.home
    said = card(program, "sync.session")
    assert said is not None
    assert said.run is not None
    return said


def test_a_session_ended_elsewhere_says_so_and_leads_to_the_door(program: Program) -> None:
    program.sign_in(CLAIRE)
    said = _end_by(program, _revoke_session)
    assert said.title == "Votre session a pris fin"
    assert said.run is not None
    said.run()
    program.step(Step.PASSWORD)
    form = program.app.sign_in.password_step
    assert (form.server.text(), form.username.text()) == (program.service.url, CLAIRE)
    program.give_password(CLAIRE)
    give_code(program)
    program.opened()
    program.workbench.workspace.sync_now()
    program.until(lambda: program.workbench.workspace.sync_status.freshness.is_all_synced)


def test_a_revoked_device_is_locked_and_gets_in_no_more(program: Program) -> None:
    program.sign_in(CLAIRE)
    assert program.service.service is not None
    with program.service.service.store.write() as txn:
        _revoke_device(txn, program)
    program.workbench.workspace.sync_now()
    program.step(Step.LOCKED)
    page = program.app.lock_page
    assert says(page.note, "problem.locked-by-service")
    page.password.setText(program.password_of(CLAIRE))
    page.unlock.click()
    program.rest()
    assert says(page.note, "problem.locked-by-service")
    page.note.ways[Way.SIGN_IN].click()
    program.step(Step.PASSWORD)
    form = program.enter_password(CLAIRE, program.password_of(CLAIRE))
    assert says(form.note, "problem.device-revoked")
    assert not form.note.ways, "only an administrator can help"


def test_the_end_of_the_leave_locks_the_screen_of_a_window_left_open(own: Program) -> None:
    own.sign_in(CLAIRE)
    own.until(lambda: own.workbench.workspace.sync_status.freshness.is_all_synced)
    own.service.stop()
    own.workbench.workspace.sync_now()
    own.until(lambda: not own.workbench.workspace.sync_status.freshness.is_online)
    own.service.clock.advance(timedelta(days=13, hours=23))
    own.workbench.lease.look()
    assert own.app.session.step is Step.OPEN
    own.service.clock.advance(timedelta(hours=2))
    own.workbench.lease.look()
    own.step(Step.LOCKED)
    page = own.app.lock_page
    assert says(page.note, "problem.lease-over")
    page.password.setText(own.password_of(CLAIRE))
    page.unlock.click()
    own.rest()
    assert says(page.note, "problem.lease-over"), "the password alone opens nothing now"
    own.service.start()
    page.note.ways[Way.SIGN_IN].click()
    own.step(Step.PASSWORD)
    own.give_password(CLAIRE)
    give_code(own)
    own.opened()


def test_the_leave_is_renewed_while_the_service_answers(own: Program) -> None:
    own.sign_in(CLAIRE)
    own.until(lambda: own.workbench.workspace.sync_status.freshness.is_all_synced)
    first = own.workbench.lease.lease.not_after
    own.service.clock.advance(timedelta(days=20))
    own.workbench.lease.look()
    own.until(lambda: own.workbench.lease.lease.not_after > first)
    own.workbench.lease.look()
    assert own.app.session.step is Step.OPEN
