"""From the first sign-in to a published flow, through a day without a network, and back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from cx_desktop.models.session import Step
from tests.fakes.neighbour import Neighbour, titles_of
from tests.walker import Visit, settle, wait

pytestmark = pytest.mark.journey

CLAIRE = "claire.martin"
GREETING = Path(__file__).parent.parent / "data" / "connect" / "greeting.json"


def test_a_day(person: Visit) -> None:
    person.sign_in(CLAIRE)
    person.choose_project("Maison Lumen")
    flow_id = import_a_flow(person)
    rename_the_greeting(person, "Bonjour de la boutique")
    publish(person, "Premier accueil importé")
    wait(lambda: person.row("flow", flow_id).data["live_revision"] == 1, "version 1 to be live")
    flow = person.row("flow", flow_id).data
    assert flow["live_draft_ver"] == flow["draft_ver"]

    person.kill_the_service()
    wait(lambda: not person.freshness.is_online, "the status bar to say that nobody answers")
    rename_the_greeting(person, "Bonsoir de la boutique")
    rename_the_greeting(person, "Bonne nuit de la boutique")
    wait(lambda: person.freshness.unsent == 1, "the edit to be counted")
    person.see("1 modification à envoyer")

    person.work.commands.run("shell.lock")
    wait(lambda: person.app.session.step is Step.LOCKED, "the lock")
    person.unlock(CLAIRE)
    assert "Bonne nuit de la boutique" in titles(person, flow_id)
    wait(lambda: not person.freshness.is_online, "the status bar to say so again")

    person.demo.start()
    wait(lambda: person.demo.is_running, "the service")
    person.work.workspace.sync_now()
    wait(lambda: person.freshness.is_all_synced, "everything to be sent")
    with Neighbour(person.demo) as leo:
        leo.sign_in("leo.bernard")
        assert "Bonne nuit de la boutique" in leo.step_titles(flow_id)
        assert leo.updated_by(flow_id) == "Claire Martin"
        person.work.open_flow(flow_id)
        settle(300)
        leo.rename_step(flow_id, "Bonne nuit de la boutique", "Bonjour de Léo")
        wait(lambda: "Bonjour de Léo" in titles(person, flow_id), "Léo's edit, by a hint")
        person.see("Léo Bernard")


def import_a_flow(person: Visit) -> str:
    """Bring the greeting in, as if its file had been dropped on the page."""
    person.work.shell.go("flows")
    page = person.work.flows_page
    page.start_import(GREETING)
    person.click(person.button("Importer le SVI"))
    wait(lambda: page.editor.work is not None, "the editor")
    assert page.editor.work is not None
    return page.editor.work.flow.id


def rename_the_greeting(person: Visit, title: str) -> None:
    """Select the greeting, write another title in the inspector, leave the field."""
    work = person.work.flows_page.editor.work
    assert work is not None
    node = next(each.id for each in work.graph.flow.nodes.values() if each.kind == "play")
    person.work.flows_page.open(work.flow.id, node)
    field = person.find(QLineEdit, "Titre")
    field.selectAll()
    person.write(title, on=field)
    person.press(Qt.Key.Key_Return, on=field)
    wait(lambda: title in titles(person, work.flow.id), "the edit to be saved on this device")


def publish(person: Visit, message: str) -> None:
    """Look at what changes, say why, confirm with a fresh code."""
    person.work.commands.run("flows.publish")
    person.write(message, on=person.find(QPlainTextEdit, "Message"))
    person.click(person.button("Publier"))
    person.write(person.demo_code(CLAIRE, steps=1), on=person.find(QLineEdit, "Code"))
    wait(lambda: person.qt.activeModalWidget() is None, "the dialog to close")


def titles(person: Visit, flow_id: str) -> list[str]:
    """The titles of a flow's steps in this computer's cache."""
    return titles_of(person.row("flow", flow_id).data)
