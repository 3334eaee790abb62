"""Somebody has recordings sent to their own server: a real one, and with real codes."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.recording_settings.export import RecordingExport, Trial
from cx_desktop.service.ftp.sending import send_due
from cx_desktop.views.recording_settings.page import RecordingSettingsPage
from cx_desktop.views.widgets.look import Look
from tests.fakes.file_servers import FileServer, openssh
from tests.fakes.recordings import record_calls, recording_project
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService

WAIT = 20_000
SOUND = b"OggS" + bytes(range(256)) * 20


class Visit:
    """Somebody before the page."""

    def __init__(
        self, folder: Path, service: RunningService, words: Look, qtbot: QtBot, role: str
    ) -> None:
        self.qtbot = qtbot
        self.seat = Seat(folder, service, role)
        workspace = self.seat.workspace
        self.desk = FlowDesk(workspace, parent=workspace)
        self.export = RecordingExport(
            workspace,
            permissions=self.desk.permissions,
            step_ups=self.desk.step_ups,
            parent=workspace,
        )
        self.page = RecordingSettingsPage(words, self.export)
        self.page.resize(1080, 720)
        self.page.show()
        self.seat.begin(self.until)
        self.until(lambda: workspace.capabilities is not None)
        self.page.activated()

    def fresh_code(self) -> str:
        self.seat.service.clock.advance(timedelta(seconds=30))
        return self.seat.service.code(self.seat.username)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def close(self) -> None:
        self.desk.close()
        self.page.close()
        self.page.deleteLater()
        self.seat.close()


@pytest.fixture
def visit(words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Visit]:
    visit = Visit(tmp_path / "claire", service, words, qtbot, "administrator")
    visit.until(lambda: visit.export.state is LoadState.READY)
    yield visit
    visit.close()


@pytest.fixture
def server(service: RunningService, tmp_path: Path) -> Iterator[FileServer]:
    assert service.service is not None
    with openssh(tmp_path / "sftp", service.service.keys.ssh_public_key) as server:
        yield server


def typed(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_it_is_tried_confirmed_and_saved_with_a_code_then_the_night_sends(
    visit: Visit, service: RunningService, server: FileServer
) -> None:
    form, side, panel = visit.page.export.form, visit.page.export.side, visit.page.export
    assert service.service is not None
    assert form.key.text() == service.service.keys.ssh_public_key
    typed(form.host, "127.0.0.1")
    form.port.setValue(server.port)
    typed(form.user, "root")
    form.is_on.click()
    assert not panel.save.isEnabled(), "nobody has confirmed who answers there"
    side.try_out.click()
    visit.until(lambda: not side.confirm.isHidden())
    assert side.identity.text().startswith("SHA256:")
    side.confirm.click()
    visit.until(lambda: side.outcome.text().startswith("Tout fonctionne"))
    panel.save.click()
    visit.until(lambda: panel.stack.currentWidget() is panel.code)
    panel.code.code.setText(visit.fresh_code())
    panel.code.confirm.click()
    visit.until(lambda: "C’est noté" in panel.strip.text)
    assert side.badge.text() == "en service"
    record_calls(service, [SOUND] * 2, project_id=recording_project(service))
    view = visit.export.view
    at = view.next_at if view is not None else None
    assert at is not None
    service.clock.advance(at - service.clock.now() + timedelta(seconds=1))
    send_due(service.service)
    panel.begin()
    visit.until(lambda: len(panel.files.rows) == 2)
    visit.until(lambda: side.counts.text().startswith("2 fichiers"))
    assert len(list(server.folder.rglob("*.ogg"))) == 2


def test_each_field_says_what_is_wrong_with_it(visit: Visit) -> None:
    form = visit.page.export.form
    before = form.host.text()
    typed(form.host, "sftp://exemple.fr/dossier")
    assert form.fields["host"].error_text == "Ce n’est pas une adresse de serveur"
    typed(form.host, "exemple.fr")
    assert form.fields["host"].error is None
    typed(form.pattern, "{date}")
    assert "le même nom" in form.fields["pattern"].error_text
    typed(form.pattern, "{caller}-{id}")
    assert "accolade" in form.fields["pattern"].error_text
    visit.page.export.undo.click()
    assert form.host.text() == before
    assert not visit.export.is_changed


def test_what_somebody_types_stays_when_the_state_is_read_anew(visit: Visit) -> None:
    form = visit.page.export.form
    typed(form.folder, "appels/2026")
    visit.page.export.begin()
    visit.qtbot.wait(300)
    assert form.folder.text() == "appels/2026"
    assert visit.export.wanted.folder == "appels/2026"


def test_another_server_has_to_be_confirmed_anew(visit: Visit) -> None:
    visit.export.want(host="exemple.fr")
    visit.export.want(identity="SHA256:abc")
    visit.export.want(folder="elsewhere")
    assert visit.export.wanted.identity == "SHA256:abc"
    visit.export.want(port=2222)
    assert visit.export.wanted.identity == ""
    assert visit.export.trial is Trial.NONE


def test_who_may_not_set_it_reads_why(
    words: Look, service: RunningService, tmp_path: Path, qtbot: QtBot
) -> None:
    visit = Visit(tmp_path / "ines", service, words, qtbot, "supervisor")
    panel = visit.page.export
    visit.until(lambda: bool(panel.why_not.text()))
    assert not panel.form.host.isEnabled()
    assert not panel.save.isEnabled()
    assert panel.stack.currentWidget() not in {panel.waiting, panel.error}
    visit.close()


def test_everything_is_reached_by_keyboard_and_has_a_name(visit: Visit) -> None:
    form = visit.page.export.form
    for name, field in form.fields.items():
        assert field.editor.accessibleName(), name
    form.transport.setFocus()
    seen = set()
    for _ in range(30):
        QTest.keyClick(visit.page, Qt.Key.Key_Tab)
        widget = visit.page.focusWidget()
        if widget is not None:
            seen.add(widget)
    assert {form.host, form.pattern, form.is_on, visit.page.export.side.try_out} & seen
