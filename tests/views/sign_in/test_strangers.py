"""Whoever answers in the place of the service is told apart, and nothing is clicked away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from cx_desktop.models.session import Step
from cx_desktop.service.server import Tls
from cx_desktop.text import Language as Tongue
from cx_desktop.views.sign_in.fault_note import Way
from cx_desktop.views.sign_in.password_step import PasswordStep
from tests.fakes.http_server import Reply, ScriptedServer
from tests.fakes.program import Program
from tests.fakes.service import RunningService

PORTAL = Reply(200, b"<!doctype html><title>Bienvenue au Wi-Fi</title>", "text/html")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority of the organisation's own, and the certificate it gave to the service."""
    folder = tmp_path_factory.mktemp("papers")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    trustme.CA().cert_pem.write_to_path(str(folder / "another.pem"))
    (folder / "holiday.pem").write_text("Dear all, here are the pictures.")
    leaf = authority.issue_cert("127.0.0.1")
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    leaf.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    return folder


@pytest.fixture(scope="module")
def behind_tls(papers: Path) -> Iterator[RunningService]:
    with RunningService(tls=Tls(papers / "cert.pem", papers / "key.pem")) as running:
        yield running


@pytest.fixture
def stranger(qapp: QApplication, tmp_path: Path, behind_tls: RunningService) -> Iterator[Program]:
    started = Program(qapp, tmp_path, behind_tls)
    yield started
    started.close()


def knock(program: Program) -> PasswordStep:
    return program.enter_password("claire.martin", program.password_of("claire.martin"))


def choose(program: Program, path: Path) -> None:
    """Pick a file in the dialog that is about to open."""

    look = QTimer(program.app, interval=20)

    def pick() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog):
            look.stop()
            look.deleteLater()
            line = dialog.findChild(QLineEdit)
            assert line is not None
            line.setText(str(path))
            dialog.accept()

    look.timeout.connect(pick)
    look.start()


def test_an_unknown_certificate_says_what_happened_and_what_to_do(stranger: Program) -> None:
    form = knock(stranger)
    for tongue, said in (
        (Tongue.FRENCH, ("127.0.0.1 n’est pas reconnu", "rien n’a été envoyé", "administrateur")),
        (Tongue.ENGLISH, ("127.0.0.1 is not trusted", "nothing was sent", "administrator")),
    ):
        stranger.app.settings.speak(tongue)
        assert all(each in form.note.text for each in said)
    assert set(form.note.ways) == {Way.AUTHORITY}, "it cannot be clicked away"
    assert stranger.app.session.step is Step.PASSWORD
    assert form.password.text(), "nothing typed is lost"


def test_the_authority_chosen_at_the_door_is_believed_at_once(
    stranger: Program, papers: Path
) -> None:
    form = knock(stranger)
    choose(stranger, papers / "authority.pem")
    form.note.ways[Way.AUTHORITY].click()
    stranger.step(Step.CODE)
    stranger.code_step.code.setText(stranger.fresh_code("claire.martin"))
    stranger.opened()
    assert stranger.app.settings.now.ca_file == str(papers / "authority.pem")


@pytest.mark.parametrize("name", ["another.pem", "holiday.pem", "gone.pem"])
def test_a_wrong_file_is_named_and_can_be_dropped_again(
    stranger: Program, papers: Path, name: str
) -> None:
    form = knock(stranger)
    stranger.app.sign_in.trust(str(papers / name))
    stranger.rest()
    assert name in form.note.text
    assert set(form.note.ways) == {Way.AUTHORITY, Way.NO_AUTHORITY}
    form.note.ways[Way.NO_AUTHORITY].click()
    stranger.rest()
    assert stranger.app.settings.now.ca_file == ""
    assert set(form.note.ways) == {Way.AUTHORITY}
    assert name not in form.note.text


def test_a_portal_is_told_from_the_service(program: Program) -> None:
    with ScriptedServer(lambda _asked: PORTAL) as portal:
        form = program.app.sign_in.password_step
        form.server.setText(portal.url)
        form.fill("claire.martin", "x")
        form.submit.click()
        program.rest()
    assert form.field("server").error_text == "Ce n’est pas le service qui a répondu"
    assert [each.path for each in portal.asked] == ["/v1/server"], "no password was sent"


def test_a_server_that_is_nowhere_is_said_beside_its_address(program: Program) -> None:
    form = program.app.sign_in.password_step
    form.server.setText("http://127.0.0.1:9")
    form.fill("claire.martin", "x")
    form.submit.click()
    program.rest()
    assert "127.0.0.1 refuse la connexion" in form.note.text


def test_behind_a_portal_somebody_known_can_work_offline(
    qapp: QApplication, tmp_path: Path
) -> None:
    with RunningService() as service:
        program = Program(qapp, tmp_path, service)
        program.sign_in()
        program = program.restarted()
        port = int(service.url.rsplit(":", 1)[1])
        service.stop()
        with ScriptedServer(lambda _asked: PORTAL, port=port):
            form = program.enter_password("claire.martin", program.password_of("claire.martin"))
            assert "Ce n’est pas le service" in form.note.text
            form.note.ways[Way.OFFLINE].click()
            program.opened()
        program.close()
