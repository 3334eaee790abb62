"""Signing in as a person does it: type, read what is said, type again."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cx_desktop.models.session import Step
from cx_desktop.views.sign_in.fault_note import Way
from tests.fakes.program import Program
from tests.fakes.service import RunningService


def test_password_and_code_open_the_workbench(program: Program) -> None:
    workbench = program.sign_in()
    assert workbench.workspace.user.name == "Claire Martin"
    assert {each.name for each in workbench.workspace.projects} == {"Lumen Pro", "Maison Lumen"}


def test_a_wrong_password_is_said_beside_its_field_and_nothing_typed_is_lost(
    program: Program,
) -> None:
    form = program.enter_password("claire.martin", "faux")
    error = form.field("password").error
    assert error is not None
    assert error.key == "problem.wrong-password"
    assert form.username.text() == "claire.martin"
    assert form.password.selectedText() == "faux"


def test_a_wrong_code_is_said_beside_the_boxes_and_they_are_empty_again(program: Program) -> None:
    program.give_password()
    step = program.code_step
    step.code.setText("000000")
    program.rest()
    assert step.error is not None
    assert step.error.key == "problem.wrong-code"
    assert step.code.text() == ""
    assert program.app.session.step is Step.CODE


def test_a_code_used_before_says_so_and_counts_down_to_the_next(program: Program) -> None:
    code = program.fresh_code("paul.girard")
    program.give_password("paul.girard")
    program.code_step.code.setText(code)
    program.opened()
    program.app.session.sign_out()
    program.step(Step.PASSWORD)
    program.give_password("paul.girard")
    program.code_step.code.setText(code)
    program.rest()
    assert program.code_step.error is not None
    assert program.code_step.error.key == "problem.code-reused"
    assert program.code_step.waits_for_next_code
    program.code_step.code.setText(program.fresh_code("paul.girard"))
    program.opened()


def test_a_pasted_code_with_a_space_is_sent_at_once(program: Program) -> None:
    program.give_password()
    code = program.fresh_code("claire.martin")
    QGuiApplication.clipboard().setText(f"  {code[:3]} {code[3:]}\n")
    program.code_step.code.paste()
    program.opened()


def test_letters_are_no_code(program: Program) -> None:
    program.give_password()
    QTest.keyClicks(program.code_step.code, "a1b2")
    assert program.code_step.code.text() == "12"
    assert not program.app.session.is_busy


def test_backspace_takes_the_last_digit(program: Program) -> None:
    program.give_password()
    field = program.code_step.code
    QTest.keyClicks(field, "123")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "12"


def test_the_clock_off_by_minutes_is_named_with_its_minutes(program: Program) -> None:
    program.give_password()
    program.code_step.code.setText(program.service.code("claire.martin", steps=8))
    program.rest()
    error = program.code_step.error
    assert error is not None
    assert error.key == "problem.clock-off"
    assert "environ 4\N{NO-BREAK SPACE}min" in program.app.language.explain(error)[1]


def test_too_many_failures_lock_the_door_and_say_for_how_long(
    program: Program,
) -> None:
    form = program.app.sign_in.password_step
    for _ in range(12):
        form = program.enter_password("ines.moreau", "faux")
        if form.note.is_waiting:
            break
    assert form.note.is_waiting
    assert "essai possible dans 1\N{NO-BREAK SPACE}min 00\N{NO-BREAK SPACE}s" in form.note.text
    assert not form.submit.isEnabled()
    program.service.clock.advance(timedelta(seconds=30))
    program.until(lambda: "dans 30\N{NO-BREAK SPACE}s" in form.note.text)
    program.service.clock.advance(timedelta(hours=2))
    program.until(form.submit.isEnabled)


def test_a_first_sign_in_enrols_and_shows_ten_codes_once(program: Program, tmp_path: Path) -> None:
    program.give_password("nadia.petit")
    program.step(Step.ENROLMENT)
    challenge = program.app.session.challenge
    assert challenge is not None
    assert challenge.enrolment is not None
    assert challenge.enrolment.secret[:4] in program.enrolment_step.secret_text
    program.service.secrets["nadia.petit"] = challenge.enrolment.secret
    program.enrolment_step.code.setText(program.service.code("nadia.petit"))
    program.step(Step.RECOVERY_CODES)
    step = program.recovery_step
    assert len(program.app.session.recovery_codes) == 10
    assert not step.go_in.isEnabled()
    step.save_to(tmp_path / "codes.txt")
    saved = (tmp_path / "codes.txt").read_text("utf-8")
    assert all(code in saved for code in program.app.session.recovery_codes)
    assert (tmp_path / "codes.txt").stat().st_mode & 0o077 == 0
    codes = program.app.session.recovery_codes
    step.kept.setChecked(True)
    step.go_in.click()
    program.opened()
    program.app.session.sign_out()
    program.step(Step.PASSWORD)
    program.give_password("nadia.petit")
    program.code_step.show_recovery(is_shown=True)
    program.code_step.recovery.setText(codes[0])
    program.code_step.verify.click()
    program.opened()


def test_a_folder_that_cannot_be_written_says_so(program: Program, tmp_path: Path) -> None:
    program.app.session.step_changed.emit(Step.RECOVERY_CODES)
    program.recovery_step.save_to(tmp_path / "nowhere" / "codes.txt")
    assert program.recovery_step.said


def test_an_unreachable_server_offers_another_try(program: Program) -> None:
    form = program.app.sign_in.password_step
    form.server.setText("http://127.0.0.1:9")
    form.fill("claire.martin", "x")
    form.submit.click()
    program.rest()
    assert form.note.isVisible()
    assert set(form.note.ways) == {Way.RETRY}


@pytest.mark.parametrize("server", ["http://cx.example.fr", "https://", "https://cx.example.fr"])
def test_no_other_computer_is_reached_from_here(program: Program, server: str) -> None:
    form = program.app.sign_in.password_step
    form.server.setText(server)
    form.fill("claire.martin", "x")
    form.submit.click()
    program.rest()
    assert form.field("server").error is not None


def test_a_locked_keyring_offers_this_time_only(program: Program) -> None:
    program.keyring.problem = "problem.keyring-locked"
    form = program.enter_password("claire.martin", program.password_of("claire.martin"))
    form.note.ways[Way.THIS_TIME_ONLY].click()
    program.step(Step.CODE)
    program.code_step.code.setText(program.fresh_code("claire.martin"))
    program.opened()


def test_without_network_the_password_opens_what_this_computer_holds(
    qapp: QApplication, tmp_path: Path
) -> None:
    with RunningService() as service:
        program = Program(qapp, tmp_path, service)
        program.sign_in()
        program = program.restarted()
        service.stop()
        form = program.enter_password("claire.martin", program.password_of("claire.martin"))
        program.until(lambda: Way.OFFLINE in form.note.ways)
        form.note.ways[Way.OFFLINE].click()
        workbench = program.opened()
        assert not workbench.workspace.opened.is_online
        assert {each.name for each in workbench.workspace.projects} == {"Lumen Pro", "Maison Lumen"}
        service.start()
        workbench.workspace.sync_now()
        program.until(lambda: workbench.workspace.sync_status.freshness.is_all_synced)
        program.close()


def test_the_language_of_a_fault_follows_the_switch(program: Program) -> None:
    form = program.enter_password("claire.martin", "faux")
    french = form.field("password").error_text
    program.app.settings.speak(type(program.app.language.current)("en"))
    assert form.field("password").error_text != french
    program.app.settings.speak(type(program.app.language.current)("fr"))
    assert form.field("password").error_text == french


def test_the_server_and_the_name_are_offered_again(program: Program) -> None:
    program.sign_in()
    program.app.session.sign_out()
    program.step(Step.PASSWORD)
    again = program.restarted()
    form = again.app.sign_in.password_step
    assert form.server.text() == program.service.url
    assert form.username.text() == "claire.martin"
    assert form.password.text() == ""
    again.close()
