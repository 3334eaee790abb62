"""A colleague at another computer, and the pictures of what two people at one object see."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cx_desktop.cache import Edit
from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.graph import ExitId, Node, NodeId, Slot
from cx_desktop.domain.patch import Change, change
from cx_desktop.models.demo import Demo, DemoAccount
from cx_desktop.models.flow_work import FlowWork
from cx_desktop.ports import SystemClock
from tests.fakes.seat import Seat
from tests.walker import Visit, settle, wait

if TYPE_CHECKING:
    from tests.fakes.service import RunningService

LEO = "leo.bernard"
MONDAY = ("draft", "weekly", "mon")


class _Clock(SystemClock):
    def advance(self, _by: timedelta) -> None:
        """Time passes by itself here; the colleague's first code is the first there is."""


class _Embedded:
    """The demo's service as a seat asks for it."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self.url = demo.url
        self.clock = _Clock()

    def account(self, username: str) -> DemoAccount:
        return next(each for each in self._demo.accounts if each.username == username)

    def code(self, username: str) -> str:
        return self._demo.code(username)


class Together:
    """Claire has something open; Léo has it too."""

    def __init__(self, person: Visit, folder: Path, take: Callable[[str], None]) -> None:
        self._person = person
        self._take = take
        service = cast("RunningService", _Embedded(person.demo))
        self._leo = Seat(folder / "leo", service, LEO)

    def close(self) -> None:
        """Léo goes home."""
        self._leo.close()

    def walk(self) -> None:
        """Everything that is told of two people's edits, and settled."""
        self.flow()
        self.broken()
        self.prompt()
        self.schedule()

    def flow(self) -> None:
        """What the other did, and a title that both wrote, on the canvas."""
        person = self._person
        rows = person.work.workspace.cache.rows("flow")
        flow = next(row for row in rows if row.data["draft_ver"] == row.data["live_draft_ver"])
        person.work.open_flow(flow.id)
        editor = person.work.flows_page.editor
        wait(lambda: editor.work is not None and bool(self._work.graph.flow.nodes), "the flow")
        settle(800)
        nodes = [each for each in self._work.graph.flow.nodes if each != "start"]
        self._leo_writes(
            "flow", flow.id, (("draft", "nodes", nodes[0], "title"), "Accueil du soir")
        )
        wait(lambda: bool(editor.notices.others.text), "the word of it")
        editor.notices.others.buttons[0].click()
        person.work.commands.run("flow.fit")
        settle(600)
        self._take("others-shown")
        title = ("draft", "nodes", nodes[-1], "title")
        self._leo_writes("flow", flow.id, (title, "Message de Léo pour la nuit"), is_met=False)
        self._i_write(edits.set_title(NodeId(nodes[-1]), "Message de Claire pour la nuit"))
        wait(lambda: bool(editor.notices.dispute.text), "the contradiction")
        settle(600)
        self._take("conflict-told")
        editor.notices.dispute.buttons[0].click()
        view = editor.settling.view
        assert view is not None
        wait(lambda: view.drawing is not None, "both versions")
        settle(800)
        self._take("conflict-settle")
        QTest.keyClick(view.panel.list, Qt.Key.Key_L)
        wait(lambda: not view.panel.undo.isHidden(), "the choice")
        settle(600)
        self._take("conflict-settled")
        view.left.emit()
        settle()

    def broken(self) -> None:
        """Each edit is right alone; together they lead nowhere."""
        menu = Node(NodeId("two"), "menu", "À deux", {"keys": ["1", "2"]}, 400.0, 900.0)
        end = Node(NodeId("fin"), "hangup", "Fin", {}, 800.0, 900.0)
        ends = [edits.link(Slot(menu.id, ExitId(key)), end.id) for key in ("key_1", "key_2")]
        target = self._work.graph.flow.target(NodeId("start"), ExitId("next"))
        begin = edits.link(Slot(NodeId("start"), ExitId("next")), menu.id)
        assert target is not None
        self._i_write((*edits.put_node(menu), *edits.put_node(end), *ends[0], *ends[1], *begin))
        wait(lambda: not self._work.flow.is_unsent, "the service to have it")
        links = ("draft", "links", menu.id)
        self._leo_writes("flow", self._work.flow.id, ((*links, "key_2"), menu.id), is_met=False)
        self._i_write(edits.link(Slot(menu.id, ExitId("key_1")), menu.id))
        settle(2500)
        self._take("merge-broken")
        self._person.work.flows_page.show_list()

    def prompt(self) -> None:
        """Two texts of one prompt, typed at the same time."""
        work = self._person.work
        work.shell.go("prompts")
        page = work.prompts_page
        page.open(work.prompts.shelf.rows[0].id)
        wait(lambda: page.view.work is not None, "a prompt")
        settle(600)
        box = page.form.text.box
        box.setFocus()
        QTest.keyClicks(box, " Lyon")
        opened = page.view.work
        assert opened is not None
        text = ("draft", "languages", next(iter(opened.draft.languages)), "text")
        self._leo_writes("prompt", opened.id, (text, "Bienvenue chez Lumen Paris"))
        wait(lambda: bool(page.view.notices.dispute.text), "the contradiction")
        page.view.notices.dispute.buttons[0].click()
        settle(600)
        self._take("conflict-prompt")
        page.show_list()

    def schedule(self) -> None:
        """Two hours of one day."""
        work = self._person.work
        work.shell.go("schedules")
        page = work.schedules_page
        page.open(work.schedules.shelf.rows[0].id)
        wait(lambda: page.view.work is not None, "a schedule")
        settle(600)
        opened = page.view.work
        assert opened is not None
        self._leo_writes("schedule", opened.id, (MONDAY, [["10:00", "12:00"]]), is_met=False)
        opened.do("schedules.step.week", [(("weekly", "mon"), [["08:00", "20:00"]])])
        wait(lambda: bool(page.view.notices.dispute.text), "the contradiction")
        page.view.notices.dispute.buttons[0].click()
        settle(600)
        self._take("conflict-schedule")
        page.show_list()

    @property
    def _work(self) -> FlowWork:
        work = self._person.work.flows_page.editor.work
        assert work is not None
        return work

    def _i_write(self, changes: Iterable[Change]) -> None:
        work = self._work
        work.graph.do("editor.step.title", changes)
        work.graph.flush()
        wait(lambda: not work.flow.is_saving, "the edit to be saved")

    def _leo_writes(
        self, kind: str, key: str, *places: tuple[tuple[str, ...], object], is_met: bool = True
    ) -> None:
        """Léo's edit reaches the service; ``is_met``: the window may hear of it at once."""
        self._leo.engine.sync_once()
        row = self._leo.cache.row(kind, key)
        assert row is not None
        wanted = tuple(change(row.data, path, value) for path, value in places)
        self._leo.cache.edit(Edit(kind, key, changes=wanted))
        self._leo.engine.sync_once()
        if is_met:
            settle()
