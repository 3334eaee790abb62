"""Two people write one prompt: both texts beside the form, the words that differ marked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cx_desktop.cache import Edit
from cx_desktop.domain.patch import change
from tests.fakes.seat import Seat
from tests.views.prompts.conftest import Visit

TEXT = ("draft", "languages", "fr-FR", "text")


@pytest.fixture
def leo(visit: Visit, tmp_path: Path) -> Iterator[Seat]:
    leo = Seat(tmp_path / "leo", visit.service, "flow_designer")
    yield leo
    leo.close()


def test_both_texts_can_stand_one_after_the_other(visit: Visit, leo: Seat) -> None:
    visit.new()
    visit.write("Bonjour")
    view, work = visit.page.view, visit.work
    visit.until(lambda: not work.opened.is_unsent)
    leo.engine.sync_once()
    row = leo.cache.row("prompt", work.id)
    assert row is not None
    box = visit.page.form.text.box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "Bienvenue chez Lumen Lyon")  # being typed: not handed over yet
    made = change(row.data, TEXT, "Bienvenue chez Lumen Paris")
    leo.cache.edit(Edit("prompt", row.id, changes=(made,)))
    leo.engine.sync_once()
    visit.seat.workspace.sync_now()
    conflicts = view.settling.conflicts
    assert conflicts is not None
    visit.until(lambda: len(conflicts.places) == 1)
    assert box.toPlainText() == "Bienvenue chez Lumen Lyon"
    view.notices.dispute.buttons[0].click()
    panel = view.settling.panel
    assert panel is not None
    assert panel.list.lines[0].endswith("texte")
    assert panel.mine.text.text() == "Bienvenue chez Lumen <b><u>Lyon</u></b>"
    assert panel.theirs.text.text() == "Bienvenue chez Lumen <b><u>Paris</u></b>"
    assert not panel.both.isHidden()
    QTest.keyClick(panel.list, Qt.Key.Key_B)
    both = "Bienvenue chez Lumen Paris\nBienvenue chez Lumen Lyon"
    visit.until(lambda: work.draft.languages["fr-FR"].text == both)
    visit.until(lambda: not conflicts.places)
