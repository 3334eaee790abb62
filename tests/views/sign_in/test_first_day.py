"""The first day with a service of one's own: ``serve --init``, the invitation, and in."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from cx_desktop.domain.access import Verb
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.session import Step
from cx_desktop.service.server import Tls
from cx_desktop.text import Language as Tongue
from cx_desktop.views.sign_in.fault_note import Way
from cx_desktop.views.sign_in.invitation_step import InvitationStep
from tests.fakes.clock import FakeClock
from tests.fakes.program import Program
from tests.fakes.service import RunningService
from tests.fakes.walking import nameless, only_in, words

GOOD = "quatre mots sans rapport"


class OwnService(RunningService):
    """A service that ``cx-desktop serve --init`` prepared; nobody is in it yet."""

    token = ""

    @override
    def _fill(self) -> None:
        path = self.data_dir / "invitation.txt"
        if not path.exists():
            words = ["serve", "--init", "--data-dir", str(self.data_dir), "--project", "Boutique"]
            subprocess.run(  # noqa: S603  (our own program)
                [sys.executable, "-m", "cx_desktop", *words],
                check=True,
                capture_output=True,
                cwd=Path(__file__).parent.parent.parent.parent,
            )
        self.token = path.read_text("utf-8")


@pytest.fixture
def inited() -> Iterator[OwnService]:
    with OwnService(clock=FakeClock(datetime.now(UTC)), is_demo=False) as running:
        yield running


@pytest.fixture
def guest(qapp: QApplication, tmp_path: Path, inited: OwnService) -> Iterator[Program]:
    program = Program(qapp, tmp_path, inited)
    yield program
    program.close()


def knock(program: Program, pasted: str, *, username: str = "anne.roux") -> InvitationStep:
    """Fill everything in, as somebody does who copies the invitation from a message."""
    if program.app.session.step is not Step.INVITATION:
        program.app.sign_in.password_step.invited.click()
    step = program.invitation_step
    QGuiApplication.clipboard().setText(pasted)
    step.invitation.clear()
    step.invitation.paste()
    if not step.server.text():
        step.server.setText(program.service.url)
    for editor, text in ((step.name, "Anne Roux"), (step.username, username)):
        editor.clear()
        QTest.keyClicks(editor, text)
    step.password.clear()
    QTest.keyClicks(step.password, GOOD)
    return step


def enrol(program: Program, username: str = "anne.roux") -> None:
    program.step(Step.ENROLMENT)
    challenge = program.app.session.challenge
    assert challenge is not None
    assert challenge.enrolment is not None
    program.service.secrets[username] = challenge.enrolment.secret
    program.enrolment_step.code.setText(program.service.code(username))
    program.step(Step.RECOVERY_CODES)
    program.recovery_step.kept.setChecked(True)
    program.recovery_step.go_in.click()
    program.until(lambda: program.app.workbench is not None)


def error_at(step: InvitationStep, place: str) -> str:
    error = step.field(place).error
    return error.key if error is not None else ""


def test_an_invitation_leads_to_a_password_a_second_factor_and_in(
    guest: Program, inited: OwnService
) -> None:
    step = knock(guest, inited.token)
    step.submit.click()
    enrol(guest)
    workspace = guest.workbench.workspace
    guest.until(lambda: [each.name for each in workspace.projects] == ["Boutique"])
    assert Permissions(workspace).allows(Verb.FLOW_EDIT), "there is something to begin with"
    user = workspace.user
    assert (user.name, [each.role for each in user.grants]) == ("Anne Roux", ["administrator"])
    guest.app.session.sign_out()
    guest.step(Step.PASSWORD)
    form = guest.enter_password("anne.roux", GOOD)
    assert form.field("password").error is None
    guest.step(Step.CODE)


def test_a_link_names_the_server_too(guest: Program, inited: OwnService) -> None:
    guest.app.sign_in.password_step.server.clear()
    guest.app.sign_in.password_step.invited.click()
    link = f"{inited.url}/#invitation={inited.token.strip()}"
    step = knock(guest, f"  {link}\n")
    assert step.server.text() == inited.url
    assert step.invitation.text() == inited.token.strip()
    step.submit.click()
    guest.step(Step.ENROLMENT)


def test_the_strength_of_a_password_is_said_as_it_is_typed(guest: Program) -> None:
    step = knock(guest, "x" * 32)
    for typed, said in (
        ("court", "5 sur 12"),
        ("a" * 14, "Trop facile"),
        ("anne.roux anne.roux", "Trop facile"),
        (GOOD, "convient"),
    ):
        step.password.setText(typed)
        assert said in step.strength.text()
        assert step.submit.isEnabled() is (said == "convient")


@pytest.mark.parametrize(
    "pasted",
    ["bonjour", "Votre invitation est jointe à ce message", "https://cx.example.fr/", "é" * 32],
)
def test_what_is_no_invitation_is_told_without_asking_anybody(
    guest: Program, inited: OwnService, pasted: str
) -> None:
    step = knock(guest, pasted)
    inited.stop()
    step.submit.click()
    guest.rest()
    assert error_at(step, "invitation") == "problem.invitation-malformed"
    assert step.password.text() == GOOD
    assert guest.app.session.step is Step.INVITATION


def test_an_invitation_used_by_somebody_else_says_so(guest: Program, inited: OwnService) -> None:
    knock(guest, inited.token).submit.click()
    guest.step(Step.ENROLMENT)
    guest.app.session.back()
    step = knock(guest, inited.token, username="paul.roux")
    step.submit.click()
    guest.rest()
    assert error_at(step, "invitation") == "problem.invitation-used"
    assert step.username.text() == "paul.roux"


def test_an_invitation_of_last_week_says_so(guest: Program, inited: OwnService) -> None:
    inited.clock.advance(timedelta(days=8))
    step = knock(guest, inited.token)
    step.submit.click()
    guest.rest()
    assert error_at(step, "invitation") == "problem.invitation-used"


def test_what_fails_after_the_invitation_was_taken_is_an_ordinary_sign_in(
    guest: Program, inited: OwnService
) -> None:
    guest.keyring.problem = "problem.keyring-locked"
    knock(guest, inited.token).submit.click()
    guest.step(Step.PASSWORD)
    form = guest.app.sign_in.password_step
    assert form.note.error is not None
    assert form.note.error.key == "problem.keyring-locked"
    assert form.credentials == (inited.url, "anne.roux", GOOD)
    guest.keyring.problem = ""
    form.note.ways[Way.RETRY].click()
    enrol(guest)


def test_a_service_that_is_away_is_said_and_asked_again(guest: Program, inited: OwnService) -> None:
    inited.stop()
    step = knock(guest, inited.token)
    step.submit.click()
    guest.rest()
    assert "refuse la connexion" in step.note.text
    inited.start()
    step.note.ways[Way.RETRY].click()
    guest.step(Step.ENROLMENT)


def test_behind_an_authority_of_its_own(qapp: QApplication, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    leaf = authority.issue_cert("127.0.0.1")
    leaf.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    leaf.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    tls = Tls(tmp_path / "cert.pem", tmp_path / "key.pem")
    with OwnService(clock=FakeClock(datetime.now(UTC)), is_demo=False, tls=tls) as service:
        program = Program(qapp, tmp_path, service)
        step = knock(program, service.token)
        step.submit.click()
        program.rest()
        assert "n’est pas reconnu" in step.note.text
        assert set(step.note.ways) == {Way.AUTHORITY}
        program.app.sign_in.trust(str(tmp_path / "authority.pem"))
        program.step(Step.ENROLMENT)
        program.close()


def test_every_word_of_it_follows_the_language_and_every_field_has_a_name(
    guest: Program, inited: OwnService
) -> None:
    french = only_in(Tongue.FRENCH, Tongue.ENGLISH)
    knock(guest, inited.token)
    assert nameless(guest.app.window) == []
    assert words(guest.app.window) & french
    guest.app.settings.speak(Tongue.ENGLISH)
    assert words(guest.app.window) & french == set()
