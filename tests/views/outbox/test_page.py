"""What was not sent: seen in words, dropped, taken back, tried again; with the real service."""

import time
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication

from cx_desktop.cache import Action, Edit
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.patch import change
from cx_desktop.models.flow_entity import draft_of
from cx_desktop.models.outbox.entries import State
from cx_desktop.text import Language as Tongue
from cx_desktop.views.outbox.words import ICON_BY_TYPE, SIGN_BY_STATE
from cx_desktop.views.widgets.look import Look
from tests.fakes.seat import Seat
from tests.views.flows.test_access import unnamed
from tests.views.outbox.conftest import Visit, plain


def drop(visit: Visit) -> str:
    """Ask to drop what is selected, and say yes; what was asked."""
    visit.page.ask_to_drop()
    visit.until(lambda: visit.page.dialog is not None)
    dialog = visit.page.dialog
    assert dialog is not None
    said = plain(dialog.go.text())
    before = visit.outbox.listing
    dialog.go.click()
    visit.until(lambda: visit.outbox.listing is not before and bool(visit.page.strip.text))
    return said


def test_an_empty_page_says_that_everything_is_sent_and_since_when(visit: Visit) -> None:
    assert visit.page.stack.currentWidget() is visit.page.empty
    assert plain(visit.page.header.subtitle.text()).startswith("Rien à envoyer depuis")


def test_stopped_edited_seen_dropped_started_and_only_the_rest_arrives(visit: Visit) -> None:
    flow, queue = visit.cache.rows("flow")[0], visit.cache.rows("queue")[0]
    visit.offline()
    visit.edit(flow, "name", to="Le soir")
    visit.edit(queue, "name", to="Ventes de nuit")
    visit.until(lambda: len(visit.lines()) == 2)
    first, second = visit.lines()
    assert "SVI « Le soir »" in first
    assert f"Nom : {flow.data['name']} → Le soir" in first
    assert first.endswith("En attente")
    assert "File d’attente « Ventes de nuit »" in second
    assert drop(visit) == "Abandonner 1 modification"
    visit.until(lambda: len(visit.lines()) == 1)
    visit.online()
    visit.until(lambda: visit.page.stack.currentWidget() is visit.page.empty)
    there = Seat(visit.cache_folder, visit.service)
    there.engine.sync_once()
    names = {
        row.id: row.data["name"] for kind in ("flow", "queue") for row in there.cache.rows(kind)
    }
    there.close()
    assert names[flow.id] == flow.data["name"]
    assert names[queue.id] == "Ventes de nuit"


def test_undo_brings_it_back_and_it_arrives(visit: Visit) -> None:
    flow = visit.cache.rows("flow")[0]
    visit.offline()
    visit.edit(flow, "name", to="Rétabli")
    visit.until(lambda: len(visit.lines()) == 1)
    drop(visit)
    visit.until(lambda: not visit.lines())
    visit.page.strip.buttons[0].click()
    visit.until(lambda: len(visit.lines()) == 1)
    visit.online()
    visit.until(lambda: visit.cache.unsent().count == 0)
    row = visit.cache.row("flow", flow.id)
    assert row is not None
    assert (row.data["name"], row.is_dirty) == ("Rétabli", False)


def test_leaving_the_page_ends_undo(visit: Visit) -> None:
    visit.offline()
    visit.edit(visit.cache.rows("flow")[0], "name", to="Perdu")
    visit.until(lambda: len(visit.lines()) == 1)
    drop(visit)
    assert visit.outbox.can_undo
    visit.page.hide()
    assert not visit.outbox.can_undo
    visit.page.show()
    assert visit.page.strip.text == ""


def test_a_creation_names_what_goes_with_it(visit: Visit) -> None:
    flow = visit.cache.rows("flow")[0]
    visit.offline()
    made = {**visit.cache.rows("prompt")[0].data, "id": visit.workspace.ids.new(), "name": "Neuf"}
    visit.cache.edit(Edit("prompt", str(made["id"]), value=made))
    visit.edit(flow, "draft", "meta", "welcome", to={"ref": made["id"]})
    visit.until(lambda: len(visit.lines()) == 2)
    assert "Création" in visit.lines()[0]
    visit.page.ask_to_drop()
    visit.until(lambda: visit.page.dialog is not None)
    dialog = visit.page.dialog
    assert dialog is not None
    assert plain(dialog.go.text()) == "Abandonner 2 modifications"
    assert "Message « Neuf » · Création" in plain(dialog.asked.text())
    assert "SVI «" in plain(dialog.also.text())
    assert dialog.keep.hasFocus() or not dialog.isActiveWindow()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    visit.until(lambda: visit.page.dialog is None)
    assert len(visit.lines()) == 2


def test_a_refused_edit_says_why_and_can_be_dropped(visit: Visit) -> None:
    flow = visit.cache.rows("flow")[0]
    visit.offline()
    visit.edit(flow, "name", to="x" * 5_000)
    visit.until(lambda: len(visit.lines()) == 1)
    visit.online()
    visit.until(lambda: any(each.state is State.REFUSED for each in visit.outbox.entries))
    visit.until(lambda: "attend votre décision" in plain(visit.page.header.subtitle.text()))
    assert plain(visit.page.details.why.text())
    visit.page.filter.setCurrentIndex(2)
    assert visit.page.stack.currentWidget() is visit.page.nothing
    visit.page.filter.setCurrentIndex(1)
    assert len(visit.lines()) == 1
    drop(visit)
    visit.until(lambda: visit.page.stack.currentWidget() is visit.page.empty)
    row = visit.cache.row("flow", flow.id)
    assert row is not None
    assert row.data["name"] == flow.data["name"]


def test_a_conflict_says_who_and_theirs_can_be_taken(still: Visit) -> None:
    there = Seat(still.cache_folder, still.service, "flow_designer")
    there.engine.sync_once()
    flow = there.cache.rows("flow")[0]
    still.edit(flow, "name", to="Le mien")
    still.edit_in(there.cache, flow, "name", to="Le leur")
    there.engine.sync_once()
    there.close()
    still.seat.engine.sync_once()
    still.until(lambda: any(each.state is State.CONFLICT for each in still.outbox.entries))
    still.until(still.page.details.theirs.isVisible)
    assert "a modifié le même endroit" in plain(still.page.details.why.text())
    assert "Quelqu’un" not in still.page.details.why.text()
    still.until(lambda: "Sur le service, Nom : Le leur" in map(plain, still.page.details.said))
    still.page.details.theirs.click()
    still.until(lambda: still.page.stack.currentWidget() is still.page.empty)
    row = still.cache.row("flow", flow.id)
    assert row is not None
    assert row.data["name"] == "Le leur"


def test_a_prompt_waits_for_its_sound(visit: Visit) -> None:
    prompt = visit.cache.rows("prompt")[0]
    visit.offline()
    digest = visit.cache.blobs.keep(prompt.project_id or "", b"s" * 123_456, is_sent=False)
    audio = {"blob": digest, "bytes": 123_456, "seconds": 1.0}
    visit.edit(prompt, "draft", "languages", "fr", "audio", to=audio)
    visit.until(lambda: bool(visit.lines()) and "Attend un fichier" in visit.lines()[0])
    assert plain(visit.page.details.why.text()) == "Elle attend le fichier son (123 Ko)."
    drop(visit)
    visit.until(lambda: not visit.lines())
    visit.page.hide()  # nobody takes it back any more: the sound goes, too
    visit.until(lambda: visit.cache.blobs.unsent() == ())


def test_what_an_edit_does_is_told_in_sentences(visit: Visit) -> None:
    flow, menu = next(
        (row, node.id)
        for row in visit.cache.rows("flow")
        for node in flow_of(draft_of(row.data)).nodes.values()
        if node.kind == "menu"
    )
    visit.offline()
    visit.edit(flow, "draft", "links", menu, "key_1", to=menu)
    visit.until(lambda: len(visit.lines()) == 1)
    visit.until(lambda: any("mène" in each for each in visit.page.details.said))
    spy = QSignalSpy(visit.page.entry_wanted)
    QTest.keyClick(visit.page.view, Qt.Key.Key_Return)
    assert spy.at(0)[0].node == menu


def test_what_callers_do_not_meet_is_told_too(visit: Visit) -> None:
    flow, node = next(
        (row, node.id)
        for row in visit.cache.rows("flow")
        for node in flow_of(draft_of(row.data)).nodes.values()
        if node.kind == "menu"
    )
    visit.offline()
    visit.edit(flow, "draft", "nodes", node, "title", to="Titre neuf")
    visit.until(lambda: len(visit.lines()) == 1)
    assert "1 étape" in visit.lines()[0]
    visit.until(lambda: any("Titre neuf" in each for each in visit.page.details.said))


def test_every_state_and_type_has_its_icon(words: Look) -> None:
    signs = {icon for icon, _tone in SIGN_BY_STATE.values()}
    assert signs | set(ICON_BY_TYPE.values()) == {
        each for each in signs | set(ICON_BY_TYPE.values()) if words.icons.has(each)
    }
    assert SIGN_BY_STATE.keys() == set(State)


def test_copied_text_is_what_stands_on_the_page(visit: Visit) -> None:
    visit.offline()
    visit.edit(visit.cache.rows("flow")[0], "name", to="Copie")
    visit.until(lambda: len(visit.lines()) == 1)
    QTest.keyClick(visit.page.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    said = plain(QApplication.clipboard().text())
    assert said.startswith("SVI « Copie »")
    assert "En attente" in said
    assert "→ Copie" in said


def test_it_speaks_english_and_everything_has_a_name(visit: Visit) -> None:
    visit.offline()
    visit.edit(visit.cache.rows("flow")[0], "name", to="Night")
    visit.until(lambda: len(visit.lines()) == 1)
    assert unnamed(visit.page) == []
    visit.words.language.switch(Tongue.ENGLISH)
    assert "Flow “Night”" in visit.lines()[0]
    assert visit.page.drop.text() == "Drop…"
    visit.words.language.switch(Tongue.FRENCH)


def test_thousands_of_edits_are_listed_without_a_stall(visit: Visit) -> None:
    visit.offline()
    pattern = visit.cache.rows("queue")[0].data
    made = [{**pattern, "id": visit.workspace.ids.new(), "name": f"File {n}"} for n in range(3_000)]
    visit.cache.edit(*(Edit("queue", str(each["id"]), value=each) for each in made))
    longest = 0.0
    last = time.perf_counter()

    def is_listed() -> bool:
        nonlocal longest, last
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        return len(visit.outbox.entries) == 3_000

    visit.until(is_listed)
    assert len(visit.page.lines) == 3_000
    assert longest < 1.0  # seconds, on a machine that others use, too
    visit.page.view.selectAll()
    drop(visit)
    visit.until(lambda: not visit.outbox.entries)


def test_a_gesture_is_one_entry_and_goes_as_one(visit: Visit) -> None:
    first, second = visit.cache.rows("flow")[:2]
    visit.offline()
    edits = (
        Edit(row.type, row.id, (change(row.data, ("name",), "Le soir"),)) for row in (first, second)
    )
    visit.cache.edit(*edits, are_one=True)
    visit.until(lambda: len(visit.lines()) == 2)
    tree = visit.page.view.tree
    assert tree.rowCount() == 1
    said = plain(str(tree.data(tree.index(0, 0))))
    assert said.startswith("2 modifications faites ensemble : SVI « Le soir »")
    (gesture,) = tree.groups
    visit.page.view._select([tree.index_of(gesture.entries[1].op_id)])
    assert drop(visit) == "Abandonner 2 modifications"
    visit.until(lambda: not visit.lines())
    visit.page.strip.buttons[0].click()
    visit.until(lambda: len(visit.lines()) == 2)
    assert tree.rowCount() == 1


def test_a_refused_gesture_says_which_one_it_waits_for(visit: Visit) -> None:
    first, second = visit.cache.rows("flow")[:2]
    visit.offline()
    wanted = ((first, "Le soir"), (second, "x" * 5_000))
    edits = (Edit(row.type, row.id, (change(row.data, ("name",), to),)) for row, to in wanted)
    visit.cache.edit(*edits, are_one=True)
    visit.online()
    visit.until(
        lambda: [each.state for each in visit.outbox.entries] == [State.TOGETHER, State.REFUSED]
    )
    tree = visit.page.view.tree
    visit.page.view._select([tree.index_of(visit.outbox.entries[0].op_id)])
    assert "toutes partent, ou aucune" in plain(visit.page.details.why.text())
    assert drop(visit) == "Abandonner 2 modifications"


def test_an_action_that_waits_says_until_when_and_then_that_it_is_too_late(visit: Visit) -> None:
    number = visit.cache.rows("number")[0]
    flow = next(row for row in visit.cache.rows("flow") if row.data["live_revision"])
    visit.offline()
    until = visit.service.clock.now() + timedelta(hours=1)
    visit.cache.act(Action("number", number.id, "assign", until, {"flow_id": flow.id}))
    visit.until(lambda: len(visit.lines()) == 1)
    assert f"Faire répondre le SVI « {flow.data['name']} »" in visit.lines()[0]
    assert "au plus tard le" in plain(visit.page.details.why.text())
    visit.service.clock.advance(timedelta(hours=2))
    visit.workspace.sync_now()
    visit.until(lambda: [each.state for each in visit.outbox.entries] == [State.REFUSED])
    assert "Il est trop tard" in plain(visit.page.details.why.text())
    assert drop(visit) == "Abandonner 1 modification"
