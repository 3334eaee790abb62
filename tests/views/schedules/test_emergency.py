"""Closing at once: chosen, confirmed by a code, told, reopened, over by itself."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cx_desktop.domain.schedules.emergency import Emergency
from cx_desktop.models.emergencies import EmergencyCards
from cx_desktop.service.timekeeping import tick
from cx_desktop.views.emergency.dialog import EmergencyDialog
from cx_desktop.views.emergency.order_panel import OrderPanel
from tests.views.flows.test_access import unnamed
from tests.views.schedules.conftest import Visit


def dialog(visit: Visit) -> EmergencyDialog:
    assert visit.closing.dialog is not None
    return visit.closing.dialog


def panel(visit: Visit) -> OrderPanel:
    shown = dialog(visit).panel
    assert isinstance(shown, OrderPanel)
    return shown


def check(visit: Visit, name: str) -> None:
    items = (panel(visit).list.item(each) for each in range(panel(visit).list.count()))
    next(each for each in items if each.text() == name).setCheckState(Qt.CheckState.Checked)


def confirm(visit: Visit) -> None:
    asked = dialog(visit)
    asked.panel.confirm.click()
    visit.until(lambda: visit.closing.dialog is None or asked.code.isVisible())
    if visit.closing.dialog is not None:
        QTest.keyClicks(asked.code.code, visit.fresh_code())
    visit.until(lambda: visit.closing.dialog is None)


def close(visit: Visit, *, until: int = 0) -> Emergency:
    """Close « Magasin Paris »; ``until`` is the place in the list of ends."""
    before = {each.id for each in visit.emergencies.in_force}
    visit.closing.close_now()
    check(visit, "Magasin Paris")
    panel(visit).until.setCurrentIndex(until)
    panel(visit).message.setPlainText("Fermé pour cause de neige.")
    confirm(visit)
    visit.until(lambda: any(each.id not in before for each in visit.emergencies.in_force))
    return next(each for each in visit.emergencies.in_force if each.id not in before)


def reopen_all(visit: Visit) -> None:
    while visit.emergencies.in_force:
        left = len(visit.emergencies.in_force)
        visit.closing.reopen_latest()
        confirm(visit)
        visit.until(lambda: len(visit.emergencies.in_force) < left)  # noqa: B023  (waited for here)


def test_the_consequence_is_said_before_anything_closes(visit: Visit) -> None:
    visit.closing.close_now()
    order = panel(visit)
    assert not order.confirm.isEnabled()
    assert order.confirm.toolTip() == "Choisissez ce qui ferme."
    check(visit, "Magasin Paris")
    assert "1 élément ferme aussitôt" in order._consequence.text()
    assert "retour automatique" in order._consequence.text()
    order.until.setCurrentIndex(4)
    assert "jusqu’à ce que vous rouvriez" in order._consequence.text()
    assert unnamed(dialog(visit)) == []
    dialog(visit).reject()
    assert visit.emergencies.in_force == ()


def test_what_is_closed_stays_in_sight_until_somebody_reopens(visit: Visit) -> None:
    emergency = close(visit, until=4)
    assert emergency.schedules == (visit.row("Magasin Paris").id,)
    assert "Fermeture d’urgence" in visit.page.closed.text
    assert "neige" in visit.page.closed.text
    (card,) = EmergencyCards(visit.words.language, visit.emergencies, visit.closing.reopen)()
    assert card.tone == "block"
    table = visit.page.list.table.filtered
    stands = {table.index(row, 0).data(): table.index(row, 2).data() for row in range(2)}
    assert "Fermé d’urgence" in stands.values()
    visit.page.closed.buttons[0].click()
    confirm(visit)
    visit.until(lambda: visit.emergencies.in_force == ())
    visit.until(lambda: "rouvert" in visit.page.closed.text)
    visit.page.closed.buttons[0].click()
    assert [each.name for each in panel(visit).chosen] == ["Magasin Paris"]
    dialog(visit).reject()


def test_it_is_over_by_the_clock_before_and_after_the_service_says_so(visit: Visit) -> None:
    emergency = close(visit, until=0)
    assert emergency.until is not None
    left = emergency.until - visit.service.clock.now()
    visit.service.clock.advance(left + timedelta(seconds=1))
    assert visit.emergencies.in_force == ()
    assert visit.service.service is not None
    tick(visit.service.service)
    visit.emergencies._look_at_clock()
    visit.seat.workspace.sync_now()
    visit.until(lambda: visit.page.closed.text == "")


def test_without_the_service_it_is_said_and_nothing_closes(visit: Visit) -> None:
    visit.service.stop()
    try:
        visit.closing.close_now()
        check(visit, "Magasin Paris")
        asked = dialog(visit)
        asked.panel.confirm.click()
        if asked.code.isVisible():
            QTest.keyClicks(asked.code.code, visit.fresh_code())
            visit.until(lambda: asked.code._field.error is not None)
        else:
            visit.until(lambda: bool(asked.panel.strip.text))
        asked.reject()
    finally:
        visit.service.start()
    assert visit.emergencies.in_force == ()


def test_the_palette_closes_and_reopens(visit: Visit) -> None:
    reopen = visit.commands.get("emergency.reopen")
    assert reopen is not None
    assert not reopen.is_enabled()
    close(visit, until=4)
    assert reopen.is_enabled()
    assert visit.commands.run("emergency.close")
    dialog(visit).reject()
    reopen_all(visit)
    assert not reopen.is_enabled()
