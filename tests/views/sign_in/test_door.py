"""The door for eyes, ears and keyboard."""

from cx_desktop.models.session import Step
from cx_desktop.text import Language as Tongue
from tests.fakes.program import Program
from tests.fakes.walking import nameless, only_in, words


def test_whatever_takes_the_focus_has_a_name_on_every_step(program: Program) -> None:
    assert nameless(program.app.window) == []
    program.give_password()
    program.step(Step.CODE)
    assert nameless(program.app.window) == []
    program.code_step.show_recovery(is_shown=True)
    assert nameless(program.app.window) == []
    program.app.session.back()
    program.give_password("nadia.petit")
    program.step(Step.ENROLMENT)
    assert nameless(program.app.window) == []


def test_every_step_follows_the_language(program: Program) -> None:
    french = only_in(Tongue.FRENCH, Tongue.ENGLISH)
    program.give_password()
    program.step(Step.CODE)
    program.code_step.show_recovery(is_shown=True)
    assert words(program.app.window) & french
    program.app.settings.speak(Tongue.ENGLISH)
    assert words(program.app.window) & french == set()
    program.app.session.back()
    assert words(program.app.window) & french == set()


def test_a_narrow_window_shows_the_form_alone(program: Program) -> None:
    program.app.window.resize(720, 480)
    program.until(lambda: not any("crainte" in each for each in words(program.app.window)))
    program.app.window.resize(1240, 780)
    program.until(lambda: any("crainte" in each for each in words(program.app.window)))


def test_another_user_need_not_wait_for_the_first(program: Program) -> None:
    form = program.app.sign_in.password_step
    for _ in range(12):
        form = program.enter_password("ines.moreau", "faux")
        if form.note.is_waiting:
            break
    assert not form.submit.isEnabled()
    form.fill("paul.girard", program.password_of("paul.girard"))
    assert form.submit.isEnabled()
