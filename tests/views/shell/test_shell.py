"""The signed-in window, used with eyes, ears and keyboard."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from cx_desktop.cache import Edit
from cx_desktop.domain.patch import change
from cx_desktop.models.session import Step
from cx_desktop.text import Language as Tongue
from cx_desktop.views.shell.crash import report
from tests.fakes.program import Program
from tests.fakes.walking import nameless, only_in, words


def test_everything_on_screen_follows_the_language(signed_in: Program) -> None:
    shell = signed_in.workbench.shell
    french = only_in(Tongue.FRENCH, Tongue.ENGLISH)
    for page in ("home", "flows", "settings"):
        shell.go(page)
        assert words(shell) & french
    signed_in.app.settings.speak(Tongue.ENGLISH)
    for page in ("home", "flows", "settings"):
        shell.go(page)
        assert words(shell) & french == set()
    signed_in.app.settings.speak(Tongue.FRENCH)
    english = only_in(Tongue.ENGLISH, Tongue.FRENCH)
    assert words(shell) & english == set()


@pytest.mark.parametrize("page", ["home", "flows", "outbox", "settings"])
def test_whatever_takes_the_focus_has_a_name(signed_in: Program, page: str) -> None:
    shell = signed_in.workbench.shell
    shell.go(page)
    shell.show_help()
    assert nameless(signed_in.app.window) == []


def test_the_status_bar_says_the_truth(signed_in: Program) -> None:
    truth = signed_in.workbench.shell.status_bar.truth
    signed_in.until(lambda: truth.text().startswith("Tout est synchronisé · vérifié à "))
    signed_in.service.stop()
    signed_in.workbench.workspace.sync_now()
    signed_in.until(lambda: truth.text().startswith("Hors ligne"))
    signed_in.service.start()
    signed_in.workbench.workspace.sync_now()
    signed_in.until(lambda: truth.text().startswith("Tout est synchronisé"))


def test_what_was_not_sent_is_one_key_away_from_the_status_bar(signed_in: Program) -> None:
    bench = signed_in.workbench
    truth, listed = bench.shell.status_bar.truth, bench.shell.navigation.button("outbox")
    signed_in.until(lambda: truth.text().startswith("Tout est synchronisé"))
    assert listed.isHidden()
    signed_in.service.stop()
    bench.workspace.sync_now()
    signed_in.until(lambda: truth.text().startswith("Hors ligne"))
    flows = bench.workspace.cache.rows("flow")
    flow = next(each for each in flows if each.data["name"] == "Enquête de satisfaction")
    renamed = change(flow.data, ("name",), "Le soir")
    bench.workspace.cache.edit(Edit("flow", flow.id, (renamed,)))
    signed_in.until(lambda: "1 modification à envoyer" in truth.text())
    assert not listed.isHidden()
    QTest.keyClick(truth, Qt.Key.Key_Space)
    assert bench.shell.page is bench.outgoing.page
    signed_in.until(lambda: len(bench.outgoing.outbox.entries) == 1)
    signed_in.until(bench.outgoing.page.view.hasFocus)
    QTest.keyClick(bench.outgoing.page.view, Qt.Key.Key_Return)
    signed_in.until(lambda: bench.flows_page.editor.work is not None)
    signed_in.service.start()
    bench.workspace.sync_now()
    signed_in.until(listed.isHidden)


def test_home_collects_what_needs_me(signed_in: Program) -> None:
    home = signed_in.workbench.home
    signed_in.until(lambda: any("Accueil principal" in card.title for card in home.cards))
    card = next(card for card in home.cards if "Accueil principal" in card.title)
    assert card.verb is not None
    card.verb.click()
    assert signed_in.workbench.shell.page is signed_in.workbench.flows_page


def test_the_palette_runs_what_is_typed(signed_in: Program) -> None:
    shell = signed_in.workbench.shell
    signed_in.app.window.activateWindow()
    shell.palette_popup.open()
    assert shell.palette_popup.isVisible()
    QTest.keyClicks(shell.palette_popup.field, "reglages")
    QTest.keyClick(shell.palette_popup.field, Qt.Key.Key_Return)
    assert not shell.palette_popup.isVisible()
    assert shell.page is not None
    assert shell.page.id == "settings"


def test_escape_leaves_the_palette_where_the_focus_was(signed_in: Program) -> None:
    shell = signed_in.workbench.shell
    shell.palette_popup.open()
    QTest.keyClick(shell.palette_popup.field, Qt.Key.Key_Escape)
    assert not shell.palette_popup.isVisible()


def test_the_palette_switches_projects(signed_in: Program) -> None:
    shell = signed_in.workbench.shell
    shell.palette_popup.open()
    QTest.keyClicks(shell.palette_popup.field, "lumen pro")
    QTest.keyClick(shell.palette_popup.field, Qt.Key.Key_Return)
    project = signed_in.workbench.workspace.project
    assert project is not None
    assert project.name == "Lumen Pro"


def test_every_verb_has_words_and_an_icon_that_exists(signed_in: Program) -> None:
    look = signed_in.app.look
    for verb in signed_in.workbench.commands.verbs:
        assert "⟦" not in verb.words(look.language), verb.id
        assert not verb.icon or look.icons.has(verb.icon), (verb.id, verb.icon)


def test_no_two_verbs_of_the_window_share_a_shortcut(signed_in: Program) -> None:
    shortcuts = [verb.shortcut for verb in signed_in.workbench.commands.verbs if verb.shortcut]
    assert len(shortcuts) == len(set(shortcuts))


def test_dark_is_one_click_away(signed_in: Program) -> None:
    was_dark = signed_in.app.theme.is_dark
    signed_in.workbench.commands.run("shell.turn-theme")
    assert signed_in.app.theme.is_dark is not was_dark
    signed_in.workbench.commands.run("shell.turn-theme")
    assert signed_in.app.theme.is_dark is was_dark


def test_the_screen_locks_and_only_the_password_opens_it(signed_in: Program) -> None:
    opened = signed_in.workbench.workspace.opened
    signed_in.app.session.lock()
    assert signed_in.app.workbench is None
    signed_in.step(Step.LOCKED)
    page = signed_in.app.lock_page
    assert page.isVisible()
    assert opened.profile.card() is not None
    page.password.setText("faux")
    page.unlock.click()
    signed_in.rest()
    assert page.error is not None
    assert page.error.key == "problem.wrong-vault-password"
    page.password.setText(signed_in.password_of("claire.martin"))
    page.unlock.click()
    workbench = signed_in.opened()
    workbench.workspace.sync_now()
    signed_in.until(lambda: workbench.workspace.sync_status.freshness.is_all_synced)


def test_nobody_there_locks_the_screen(signed_in: Program) -> None:
    signed_in.workbench.idle.elapsed.emit()
    signed_in.step(Step.LOCKED)


def test_a_locked_screen_shows_nothing_of_the_work(signed_in: Program) -> None:
    signed_in.app.session.lock()
    signed_in.step(Step.LOCKED)
    said = words(signed_in.app.window)
    assert not any("Maison Lumen" in each or "SVI" in each for each in said)
    assert nameless(signed_in.app.window) == []


def test_signing_out_leads_back_to_the_door(alone: Program) -> None:
    alone.app.session.sign_out()
    alone.step(Step.PASSWORD)
    assert alone.app.sign_in.isVisible()
    alone.sign_in("paul.girard")
    assert alone.workbench.workspace.user.name == "Paul Girard"


def test_help_is_beside_its_page(signed_in: Program) -> None:
    shell = signed_in.workbench.shell
    shell.go("home")
    shell.show_help()
    assert shell.help.isVisible()
    shell.go("settings")
    assert shell.help.title.startswith("Aide : Réglages".replace(" :", "\N{NO-BREAK SPACE}:"))
    shell.show_help()
    assert not shell.help.isVisible()


def test_a_setting_holds_at_once_and_at_the_next_start(alone: Program) -> None:
    alone.app.settings.set("text_size", 130)
    assert alone.app.theme.pixels("body") == 17
    alone.until(lambda: alone.app.tasks.is_idle)
    again = alone.restarted()
    assert again.app.settings.now.text_size == 130
    again.app.settings.set("text_size", 100)
    again.close()


def test_a_damaged_settings_file_is_said(alone: Program) -> None:
    alone.close()
    folder = alone.folder / "config"
    (folder / "settings.json").write_text("{")
    again = alone.restarted()
    said = words(again.app.window)
    assert any("settings.damaged-1.json" in each for each in said)
    again.close()


def test_tab_walks_through_the_whole_window(signed_in: Program, qapp: QApplication) -> None:
    window = signed_in.app.window
    signed_in.workbench.shell.go("home")
    window.activateWindow()
    signed_in.until(window.isActiveWindow)
    seen = []
    for _ in range(60):
        focused = qapp.focusWidget()
        if focused is None or focused in seen:
            break
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    names = {each.accessibleName() or getattr(each, "text", str)() for each in seen}
    assert "Accueil" in {name.strip() for name in names}
    assert any("Projet" in name for name in names)
    assert any("Compte de" in name for name in names)


def test_the_arrows_walk_through_the_pages(signed_in: Program) -> None:
    shell = signed_in.workbench.shell
    shell.go("home")
    button = shell.navigation.button("home")
    signed_in.app.window.activateWindow()
    button.setFocus()
    signed_in.until(button.hasFocus)
    QTest.keyClick(button, Qt.Key.Key_Down)
    QTest.keyClick(shell.navigation.button("flows"), Qt.Key.Key_Return)
    assert shell.page is signed_in.workbench.flows_page


def test_a_bug_is_told_without_personal_data() -> None:
    def stumble(name: str) -> None:
        raise ValueError(f"nobody must read {name}")

    try:
        stumble("Claire Martin, 06 12 34 56 78")
    except ValueError as error:
        text = report(type(error), error.__traceback__)
    assert "stumble" in text
    assert "ValueError" in text
    assert "Claire" not in text
    assert "/home" not in text


def test_time_passes_and_the_lease_is_said(signed_in: Program) -> None:
    signed_in.service.clock.advance(timedelta(days=11))
    signed_in.workbench.cards.refresh()
    home = signed_in.workbench.home
    assert any("Accès hors ligne" in card.title for card in home.cards if card.needs_me)
    signed_in.service.clock.advance(timedelta(days=-11))


def test_labels_and_buttons_are_whole(signed_in: Program) -> None:
    """Nothing is cut off at the smallest window."""
    window = signed_in.app.window
    window.resize(window.minimumSize())
    shell = signed_in.workbench.shell
    for page in ("home", "settings"):
        shell.go(page)
        for button in shell.findChildren(QPushButton):
            if button.isVisible() and button.property("kind") != "search":
                assert button.width() >= button.sizeHint().width() - 1, button.text()
        for label in shell.findChildren(QLabel):
            if label.isVisible() and not label.wordWrap() and label.text():
                assert label.width() >= label.sizeHint().width() - 1, label.text()
