"""What each role sees of the page: verbs are disabled with their reason, never hidden."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from cx_desktop.views.widgets.look import Look
from tests.fakes.service import RunningService
from tests.views.flows.conftest import Visit

REASON = "Votre rôle dans ce projet ne le permet pas"


def test_a_supervisor_looks_and_is_told_why_nothing_can_be_changed(
    words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot
) -> None:
    visit = Visit(tmp_path, service, words, qtbot, "supervisor")
    try:
        assert not visit.page.list.new.isEnabled()
        assert REASON in visit.page.list.new.toolTip()
        visit.select("Service client")
        rename = visit.page.actions_of_list.action("rename")
        assert not rename.isEnabled()
        assert REASON in rename.toolTip()
        assert visit.page.actions_of_list.action("open").isEnabled()
        visit.open("Service client")
        assert visit.page.editor.work is not None
        assert visit.page.editor.work.graph.is_read_only
        assert REASON in visit.page.editor.notices.told.text
        assert not visit.page.editor.header.publish.isEnabled()
    finally:
        visit.close()


def test_a_trainer_edits_but_does_not_publish(
    words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot
) -> None:
    visit = Visit(tmp_path, service, words, qtbot, "trainer")
    try:
        assert visit.page.list.new.isEnabled()
        visit.open("Service client")
        assert visit.page.editor.work is not None
        assert not visit.page.editor.work.graph.is_read_only
        assert not visit.page.editor.header.publish.isEnabled()
        command = visit.commands.get("flows.publish")
        assert command is not None
        assert not command.is_enabled()
        assert command.reason_key == "flows.reason.role"
    finally:
        visit.close()
