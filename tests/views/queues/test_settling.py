"""Two people at one queue: the field that both wrote has both versions beside the form."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cx_desktop.cache import Edit
from cx_desktop.domain.patch import change, read
from tests.fakes.seat import Seat
from tests.views.queues.conftest import Visit, plain

WRAP_UP = ("draft", "wrap_up")


@pytest.fixture
def leo(visit: Visit, tmp_path: Path) -> Iterator[Seat]:
    leo = Seat(tmp_path / "leo", visit.service, "flow_designer")
    leo.engine.sync_once()
    yield leo
    leo.close()


def test_a_field_that_both_wrote_is_settled_beside_the_form_and_others_come_together(
    visit: Visit, leo: Seat
) -> None:
    visit.open("Ventes")
    work, view = visit.work, visit.page.view
    with visit.seat.unplugged():
        row = leo.cache.row("queue", work.id)
        assert row is not None
        theirs = [(WRAP_UP, 25), (("draft", "priority"), 7)]
        made = tuple(change(row.data, path, value) for path, value in theirs)
        leo.cache.edit(Edit("queue", row.id, changes=made))
        leo.engine.sync_once()
        work.do("queues.step.wrap_up", [(("wrap_up",), 40), (("label",), "VTE")])
        visit.until(lambda: not work.opened.is_saving)
    visit.seat.workspace.sync_now()
    visit.until(lambda: view.notices.dispute.text != "")
    assert (work.draft.wrap_up, work.draft.priority, work.draft.label) == (40, 7, "VTE")
    view.notices.dispute.buttons[0].click()
    panel = view.settling.panel
    assert panel is not None
    assert [plain(each) for each in panel.list.lines] == ["Temps après appel"]
    assert "40" in panel.mine.text.accessibleName()
    assert "25" in panel.theirs.text.accessibleName()
    QTest.keyClick(panel.list, Qt.Key.Key_L)
    visit.until(lambda: work.draft.wrap_up == 25)
    visit.until(lambda: panel.title.text() == "Tout est tranché")
    visit.seat.workspace.sync_now()
    visit.until(lambda: not work.opened.is_unsent)
    leo.engine.sync_once()
    row = leo.cache.row("queue", work.id)
    assert row is not None
    assert read(row.data, WRAP_UP) == 25
    assert read(row.data, ("draft", "label")) == "VTE"
