"""The demo from its door to its reset, with its real service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from cx_desktop.app.application import Application
from cx_desktop.app.run import Program
from cx_desktop.models.instance import Instance
from cx_desktop.models.session import Step
from cx_desktop.settings import Folders, Speech
from cx_desktop.views.sign_in.code_step import CodeStep
from cx_desktop.views.sign_in.demo_aside import DemoAside
from tests.fakes.waiting import wait_until
from tests.fakes.walking import nameless, words


@pytest.fixture
def program(qapp: QApplication, tmp_path: Path) -> Iterator[Program]:
    folders = Folders(config=tmp_path / "config", data=tmp_path / "data")
    qapp.setQuitOnLastWindowClosed(False)
    program = Program(qapp, folders, Instance(folders.data), {"language": Speech.FRENCH})
    program.open(is_demo=False)
    yield program
    program.close()


def running(program: Program) -> Application:
    wait_until(
        lambda: program.app.demonstration is not None and program.app.demonstration.demo.is_running
    )
    return program.app


def sign_in(app: Application) -> None:
    aside = app.sign_in.findChild(DemoAside)
    assert aside is not None
    aside.cards[0].click()
    app.sign_in.password_step.submit.click()
    wait_until(lambda: app.session.step is Step.CODE)
    step = app.sign_in.step_widget
    assert isinstance(step, CodeStep)
    step.code.setText(aside.authenticator.digits)
    wait_until(lambda: app.workbench is not None)


def test_from_the_door_into_the_demo_through_work_to_its_reset(
    program: Program, tmp_path: Path
) -> None:
    program.app.sign_in.demo_requested.emit()
    app = running(program)
    assert nameless(app.window) == []
    assert any("DÉMONSTRATION" in each for each in words(app.window))
    sign_in(app)
    assert any("DÉMONSTRATION" in each for each in words(app.window))
    mark = tmp_path / "data" / "demo" / "fr" / "service" / "mark"
    mark.touch()
    program.reset()
    again = running(program)
    assert again is not app
    assert again.session.step is Step.PASSWORD
    assert not mark.exists()
    sign_in(again)
    assert not (tmp_path / "config" / "settings.json").exists()


def test_no_live_service_can_be_reached_from_the_demo(program: Program) -> None:
    program.enter_demo()
    app = running(program)
    form = app.sign_in.password_step
    form.server.setText("https://cx.example.fr")
    form.fill("claire.martin", "lampadaire-bleu-14")
    form.submit.click()
    wait_until(lambda: not app.session.is_busy)
    error = form.field("server").error
    assert error is not None
    assert error.key == "problem.live-blocked-in-demo"
