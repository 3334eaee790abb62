"""What this device keeps for the service's sake: seen, copied, offered again, let go of."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from cx_desktop.models.outbox.kept import KeptRow, Standing
from cx_desktop.views.outbox.let_go_dialog import LetGoDialog
from tests.views.outbox.conftest import Visit, plain


def kept(visit: Visit) -> tuple[KeptRow, ...]:
    visit.keeping.load()
    before = visit.keeping.kept
    visit.qtbot.wait(200)
    found = visit.keeping.kept or before
    return () if found is None else found.rows


def until_kept(visit: Visit, true: Callable[[tuple[KeptRow, ...]], bool]) -> None:
    visit.until(lambda: true(kept(visit)))


def forget(visit: Visit, *ids: str) -> None:
    """A backup from before these comes back."""
    assert visit.service.service is not None
    store = visit.service.service.store
    with store.write() as txn:
        for each in ids:
            txn.connection.exec_driver_sql("DELETE FROM entity WHERE id = ?", (each,))
        txn.connection.exec_driver_sql("DELETE FROM op_result")
    store.rotate_epoch()


def dialog(visit: Visit) -> LetGoDialog:
    visit.page.kept.ask_to_let_go()
    asked = visit.page.kept.dialog
    assert asked is not None
    return asked


def test_what_was_sent_is_kept_until_there_is_a_backup_and_can_be_let_go(still: Visit) -> None:
    assert not still.page.tabs.isTabVisible(1)
    flow = still.cache.rows("flow")[0]
    still.edit(flow, "name", to="Le soir")
    still.seat.engine.sync_once()
    until_kept(still, lambda rows: len(rows) == 1)
    assert still.page.tabs.isTabVisible(1)
    assert plain(still.page.tabs.tabText(1)) == "Gardé par précaution (1)"
    assert "90 jours et 200 Mo au plus" in plain(still.page.kept.about.text())
    (row,) = kept(still)
    assert (row.standing, row.can_offer) == (Standing.SENT, False)
    still.page.tabs.setCurrentIndex(1)
    still.page.kept.copy_text()
    assert "Le soir" in QApplication.clipboard().text()
    asked = dialog(still)
    assert plain(asked.go.text()) == "Ne plus garder 1 élément"
    asked.go.click()
    still.until(lambda: not kept(still))
    assert still.cache.sync.safekeeping.kept() == (0, 0)
    assert not still.page.tabs.isTabVisible(1)


def test_what_only_this_computer_had_is_named_and_comes_back(still: Visit) -> None:
    flow, other = (row.id for row in still.cache.rows("flow")[:2])
    revision = next(
        row.id for row in still.cache.rows("revision") if row.data["object_id"] not in (flow, other)
    )
    forget(still, flow, revision)
    still.seat.engine.sync_once()
    until_kept(still, lambda rows: sum(each.is_recovered for each in rows) == 2)
    standing = {each.object_id: each.standing for each in kept(still) if each.is_recovered}
    assert standing == {flow: Standing.THERE, revision: Standing.ONLY_HERE}
    assert "2 objets manquaient" in plain(still.page.kept.about.text())
    still.page.kept.table.select(lambda row: row.object_id == revision)
    asked = dialog(still)
    assert any("nulle part ailleurs" in plain(each) for each in words_of(asked))
    asked.keep.click()
    assert len([each for each in kept(still) if each.is_recovered]) == 2


def words_of(asked: LetGoDialog) -> list[str]:
    return [each.text() for each in asked.findChildren(type(asked.named))]
