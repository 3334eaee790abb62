"""``dev.py pictures``: walk through the running program, save a picture of every page and dialog.

The pictures in ``docs/images/`` come from here, and so does whoever wants to look at every screen.
"""

import argparse
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QScrollArea, QStyleFactory

from cx_desktop.audio import Sound, to_wave
from cx_desktop.cache import Edit
from cx_desktop.domain.access import StepUpClass
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import change
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.session import Step
from cx_desktop.settings import Scheme, Speech
from cx_desktop.views.emergency.order_panel import OrderPanel
from cx_desktop.views.flow_editor.quick_add import QuickAddPopup
from cx_desktop.views.objects.publish_dialog import PublishDialog
from cx_desktop.views.widgets.code_field import CodeField
from cx_desktop.views.widgets.field import SearchField
from tests.hearing import Hearing
from tests.together import Together
from tests.walker import Visit, settle, visit, wait

CLAIRE, NADIA = "claire.martin", "nadia.petit"
LANGUAGE_FLOW = Path(__file__).parent / "data" / "connect" / "language.json"


class Tour:
    """Takes the pictures, in the order in which a person would come by."""

    def __init__(self, person: Visit, folder: Path, only: list[str]) -> None:
        self._person = person
        self._used_code = ""
        self._folder = folder
        self._only = only

    def walk(self) -> None:
        """The whole way."""
        parts = (
            self.door,
            self.enrolment,
            self.inside,
            self.prompts,
            self.schedules,
            self.queues,
            self.everywhere,
            self.flows,
            self.editor,
            self.planned,
            self.pieces,
            self.simulator,
            self.hearing,
            self.together,
            self.offline,
        )
        for part in parts:
            part()

    def door(self) -> None:
        """The sign-in page and what can go wrong at it."""
        person = self._person
        self._take("sign-in")
        account = next(each for each in person.demo.accounts if each.username == CLAIRE)
        person.click(person.button(account.name))
        step = person.app.sign_in.password_step
        step.password.setText("not this one")
        person.press(Qt.Key.Key_Return, on=step.password)
        wait(lambda: not person.app.session.is_busy, "the answer")
        self._take("sign-in-wrong-password")
        person.enter_password(CLAIRE)
        self._take("sign-in-code")
        person.write("000000")
        wait(lambda: not person.app.session.is_busy, "the answer")
        self._take("sign-in-wrong-code")
        person.app.session.back()

    def enrolment(self) -> None:
        """A first sign-in: QR code, first code, recovery codes."""
        person = self._person
        person.enter_password(NADIA)
        wait(lambda: person.app.session.step is Step.ENROLMENT, "the enrolment")
        self._take("enrolment")
        person.click(person.button(person.words("demo.scan")))
        person.write(person.demo.code(NADIA), on=person.find(CodeField, ""))
        wait(lambda: person.app.session.step is Step.RECOVERY_CODES, "the recovery codes")
        self._take("enrolment-recovery-codes")
        person.app.session.back()

    def inside(self) -> None:
        """Home, palette, settings, help, about."""
        person = self._person
        person.sign_in(CLAIRE)
        person.choose_project("Maison Lumen")
        self._take("home")
        person.work.commands.run("shell.palette")
        person.write("pu")
        self._take("palette")
        person.press(Qt.Key.Key_Escape)
        person.work.shell.go("settings")
        self._take("settings")
        person.work.commands.run("shell.help")
        self._take("help")
        person.work.commands.run("shell.help")
        self._dialog("about", lambda: person.work.commands.run("shell.about"))

    def prompts(self) -> None:
        """The list of prompts, one of them, a file that is brought in."""
        person = self._person
        person.work.shell.go("prompts")
        page = person.work.prompts_page
        wait(lambda: bool(person.work.prompts.shelf.rows), "the prompts")
        settle()
        self._take("prompts")
        page.open(person.work.prompts.shelf.rows[0].id)
        wait(lambda: page.view.work is not None, "a prompt")
        settle(600)
        self._take("prompt")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "accueil.wav"
            file.write_bytes(to_wave(_tone()))
            page.form.sound.import_file(file)
            wait(lambda: page.form.sound.brought.shown is not None, "the sound")
        settle(400)
        self._take("prompt-import")
        page.form.sound.brought.leave.click()
        page.show_list()

    def schedules(self) -> None:
        """Opening hours: the list, one of them, its publication, the calendar."""
        person = self._person
        page = person.work.schedules_page
        person.work.shell.go(page.id)
        settle(600)
        self._take("schedules")
        page.open(person.work.schedules.shelf.rows[0].id)
        settle(800)
        self._take("schedule")
        scroll = page.view.findChild(QScrollArea)
        assert scroll is not None
        scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())
        self._take("schedule-below")
        page.view.toggle_versions()
        settle()
        self._take("schedule-versions")
        page.view.toggle_versions()
        page.form.copy_week.click()
        settle(600)
        self._dialog("schedule-publish", page.view.publish)
        page.view.undo.trigger()
        page.show_list()
        page.show_calendar()
        settle(600)
        self._take("schedules-calendar")
        page.calendar.show_span(is_year=True)
        self._take("schedules-year")
        page.show_list()
        person.work.closing.close_now()
        settle(600)
        self._take("emergency")
        self._close_shop()
        settle(600)
        self._take("emergency-closed")
        person.work.shell.go("home")
        self._take("emergency-home")
        self._dialog("emergency-reopen", person.work.closing.reopen_latest)
        person.work.closing.reopen_latest()
        reopening = person.work.closing.dialog
        assert reopening is not None
        person.click(reopening.panel.confirm)
        wait(lambda: not person.work.emergencies.in_force, "the reopening")

    def queues(self) -> None:
        """Queues: the list, one of them, what publishing it would change."""
        person = self._person
        page = person.work.queues_page
        person.work.shell.go(page.id)
        settle(600)
        self._take("queues")
        row = next(each for each in person.work.queues.shelf.rows if each.draft.overflow)
        page.open(row.id)
        settle(800)
        self._take("queue")
        scroll = page.view.findChild(QScrollArea)
        assert scroll is not None
        scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())
        self._take("queue-below")
        page.form.durations["longest_wait"].setValue(0)
        page.form.ticks["callback"].click()
        settle(600)
        self._take("queue-findings")
        self._dialog("queue-publish", page.view.publish)
        page.view.undo.trigger()
        page.view.undo.trigger()
        page.show_list()

    def everywhere(self) -> None:
        """Words in all flows, replaced and taken back; and who uses what."""
        person = self._person
        page = person.work.everywhere_page
        person.work.commands.run("everywhere.words")
        self._take("everywhere")
        page.words.field.setText("message")
        page.words.by.setText("annonce")
        wait(lambda: bool(page.words.tree.chosen), "the places")
        settle(800)
        self._take("everywhere-found")
        page.words.replace.click()
        wait(lambda: bool(page.words.strip.text), "the replacement")
        settle(600)
        self._take("everywhere-replaced")
        page.words.strip.buttons[0].click()
        wait(lambda: bool(page.words.tree.chosen), "the places")
        page.words.by.clear()
        page.words.field.clear()
        prompt = person.work.prompts.shelf.rows[-1]
        page.show_used(Target("prompt", prompt.id))
        wait(lambda: page.used.subject is not None, "what is used")
        settle(600)
        self._take("everywhere-used")

    def _close_shop(self) -> None:
        """Choose, say why, and give the code that it takes."""
        person = self._person
        dialog = person.work.closing.dialog
        assert dialog is not None
        assert isinstance(dialog.panel, OrderPanel)
        dialog.panel.list.item(0).setCheckState(Qt.CheckState.Checked)
        dialog.panel.message.setPlainText("Nous sommes fermés pour cause de neige.")
        self._take("emergency-chosen")
        person.click(dialog.panel.confirm)
        person.write(self._unused_code(), on=dialog.code.code)
        wait(lambda: bool(person.work.emergencies.in_force), "the emergency")

    def flows(self) -> None:
        """The list, a new flow, an import."""
        person = self._person
        person.work.shell.go("flows")
        self._take("flows")
        page = person.work.flows_page
        search = person.find(SearchField, "")
        search.setText("xyz")
        self._take("flows-nothing-found")
        search.clear()
        page.start_new()
        settle(500)
        self._take("new-flow")
        page.start_import()
        self._take("import")
        page.start_import(LANGUAGE_FLOW)
        settle(800)
        self._take("import-preview")
        page.show_list()

    def editor(self) -> None:
        """The editor: overview, a step, findings, outline, versions, publishing."""
        person = self._person
        rows = person.work.workspace.cache.rows("flow")
        flow = max(rows, key=lambda row: row.data["draft_ver"] != row.data["live_draft_ver"])
        person.work.open_flow(flow.id)
        settle(800)
        self._take("editor")
        person.work.commands.run("flow.fit")
        self._take("editor-fit")
        menu = next(each.id for each in self._graph.flow.nodes.values() if each.kind == "menu")
        person.work.flows_page.open(flow.id, menu)
        self._take("editor-menu")
        person.work.commands.run("flow.add")
        self._take("editor-quick-add")
        for popup in person.window.findChildren(QuickAddPopup):
            popup.close()
        person.work.commands.run("flow.find")
        self._take("editor-find")
        person.work.commands.run("flow.findings")
        self._take("editor-findings")
        person.work.commands.run("flow.outline")
        self._take("editor-outline")
        person.work.commands.run("flows.versions")
        self._take("versions")
        person.work.commands.run("flows.versions")
        self._dialog("publish", lambda: person.work.commands.run("flows.publish"), self._to_code)

    def pieces(self) -> None:
        """A building block in a flow, and nodes made a sub-flow; both taken back."""
        person = self._person
        rows = person.work.workspace.cache.rows("flow")
        flow = next(row for row in rows if row.data["draft_ver"] == row.data["live_draft_ver"])
        person.work.open_flow(flow.id)
        settle(800)
        editor = person.work.flows_page.editor.editing
        assert editor is not None
        editor.palette_panel.blocks.click()
        settle()
        self._take("blocks-menu")
        for menu in editor.findChildren(QMenu):
            menu.close()
        before = len(self._graph.flow.nodes)
        person.work.commands.run("pieces.callback_offer")
        wait(lambda: len(self._graph.flow.nodes) > before, "the block")
        person.work.commands.run("flow.fit-selection")
        settle(600)
        self._take("block-inserted")
        person.work.commands.run("pieces.extract")
        told = person.work.flows_page.editor.notices.told
        wait(lambda: bool(told.text), "the sub-flow")
        person.work.commands.run("flow.fit")
        settle(600)
        self._take("subflow-made")
        told.buttons[0].click()
        settle(1200)
        self._take("subflow")

    def planned(self) -> None:
        """A publication at a set time: chosen, said above the flow and on Home, cancelled."""
        person = self._person
        work = person.work
        work.commands.run("flows.publish")
        wait(lambda: isinstance(person.qt.activeModalWidget(), PublishDialog), "the dialog")
        settle(1500)
        dialog = person.qt.activeModalWidget()
        assert isinstance(dialog, PublishDialog)
        dialog.plan.timing.when.setCurrentIndex(1)
        dialog.plan.timing.back.setCurrentIndex(1)
        dialog.plan.message.setPlainText("Message des fêtes")
        self._take("publish-planned")
        person.click(dialog.plan.confirm)
        person.write(self._unused_code(), on=dialog.code.code)
        wait(lambda: bool(work.timed.open), "the plan")
        settle(600)
        self._take("editor-planned")
        work.shell.go("home")
        self._take("home-planned")
        (made,) = work.timed.open
        asked = work.planning.show_timed(made)
        settle()
        self._take("planned")
        person.click(asked.panel.cancel)
        wait(lambda: not work.timed.open, "the end of the plan")
        work.shell.go("flows")

    def simulator(self) -> None:
        """A simulated call, then the tests that cover every exit."""
        commands, bench = self._person.work.commands, self._person.work.flows_page.editor.bench
        assert bench is not None
        commands.run("simulator.start")
        settle(600)
        bench.panel.keypad.keys["1"].click()
        settle(600)
        self._take("simulator")
        bench.panel.beside.setCurrentIndex(1)
        commands.run("simulator.back")
        settle()
        self._take("simulator-back")
        commands.run("simulator.stop")
        commands.run("simulator.tests")
        settle()
        self._take("tests-none")
        commands.run("simulator.generate")
        wait(lambda: bench.tests.is_current and bool(bench.tests.tests), "the tests")
        bench.suite.coverage.click()
        commands.run("flow.fit")
        settle(600)
        self._take("tests")

    def hearing(self) -> None:
        """Recordings."""
        Hearing(self._person, self._take).walk()

    def together(self) -> None:
        """A colleague at the same objects."""
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(Together(self._person, Path(folder), self._take)) as two,
        ):
            two.walk()

    def offline(self) -> None:
        """The service gone, then the lock."""
        person = self._person
        person.kill_the_service()
        wait(lambda: not person.freshness.is_online, "the loss to be noticed")
        person.work.shell.go("home")
        self._take("offline")
        self._unsent()
        person.work.commands.run("shell.lock")
        wait(lambda: person.app.session.step is Step.LOCKED, "the lock")
        self._take("locked")

    def _unsent(self) -> None:
        """Edits made without the service, one of them dropped."""
        person, outgoing = self._person, self._person.work.outgoing
        cache = person.work.workspace.cache
        flow, queue = cache.rows("flow")[0], cache.rows("queue")[0]
        made = {**cache.rows("prompt")[0].data, "id": person.work.workspace.ids.new()}
        cache.edit(
            Edit("flow", flow.id, (change(flow.data, ("description",), "Le soir et la nuit"),)),
            Edit("queue", queue.id, (change(queue.data, ("draft", "wrap_up"), 47),)),
            Edit("prompt", str(made["id"]), value={**made, "name": "Message des fêtes"}),
        )
        wait(lambda: person.freshness.unsent > 1, "the edits")
        person.click(person.work.shell.status_bar.truth)
        wait(lambda: len(outgoing.outbox.entries) > 1, "the page")
        settle(600)
        self._take("outbox")
        self._dialog("outbox-drop", outgoing.page.ask_to_drop)
        person.work.shell.go("home")

    @property
    def _graph(self) -> FlowGraphModel:
        work = self._person.work.flows_page.editor.work
        assert work is not None
        return work.graph

    def _to_code(self) -> None:
        person = self._person
        person.work.desk.step_ups.drop(StepUpClass.PUBLISH)  # one was given to close the shop
        person.write(
            "Message des fêtes",
            on=person.find(QPlainTextEdit, person.words("flows.publish.message")),
        )
        dialog = person.qt.activeModalWidget()
        assert isinstance(dialog, PublishDialog)
        person.click(dialog.plan.confirm)
        person.find(CodeField, "")
        self._take("publish-code")

    def _dialog(
        self, name: str, show: Callable[[], object], further: Callable[[], None] | None = None
    ) -> None:
        person = self._person
        show()
        wait(lambda: person.qt.activeModalWidget() is not None, "a dialog")
        settle(600)
        self._take(name)
        if further is not None:
            further()
        dialog = person.qt.activeModalWidget()
        assert dialog is not None
        dialog.close()
        settle()

    def _unused_code(self) -> str:
        """The next code, once it is another than the last one given: each counts once."""
        while (code := self._person.demo_code(CLAIRE, steps=1)) == self._used_code:
            settle(500)
        self._used_code = code
        return code

    def _take(self, name: str) -> None:
        if not self._only or name in self._only:
            self._person.picture(self._folder / f"{name}.png")


def _tone() -> Sound:
    """Something quiet to bring in."""
    at = np.arange(44_100 * 3) / 44_100
    return Sound((0.02 * np.sin(2 * np.pi * 330 * at)).astype(np.float32), 44_100)


#: As many as the demonstration has.
RECORDINGS = 5_000


def main() -> None:
    """Read the command line and walk."""
    parser = argparse.ArgumentParser(prog="dev.py pictures")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", type=Speech, default=Speech.FRENCH)
    parser.add_argument("--theme", type=Scheme, default=Scheme.LIGHT)
    parser.add_argument("--scale", default="1", help="read by Qt from QT_SCALE_FACTOR")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    qt = QApplication([])
    qt.setStyle(QStyleFactory.create("Fusion"))
    qt.setQuitOnLastWindowClosed(False)
    with (
        tempfile.TemporaryDirectory() as folder,
        visit(
            qt,
            Path(folder),
            language=arguments.lang,
            theme=arguments.theme,
            recordings=RECORDINGS,
        ) as person,
    ):
        Tour(person, arguments.out, arguments.only).walk()


if __name__ == "__main__":
    main()
