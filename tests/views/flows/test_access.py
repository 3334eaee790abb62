"""The page for those who cannot see it: everything that takes the focus says what it is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QSplitterHandle, QWidget

from cx_desktop.views.objects.revision_list import _lines
from tests.views.flows.conftest import Visit


def unnamed(root: QWidget) -> list[str]:
    """The visible widgets that take the focus by Tab and say nothing."""
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not isinstance(widget, QSplitterHandle)
        and type(widget) is not QAbstractScrollArea
        and not spoken(widget)
    ]


def spoken(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def test_the_list_speaks(visit: Visit) -> None:
    assert unnamed(visit.page.list) == []


def test_the_gallery_speaks(visit: Visit) -> None:
    visit.page.start_new()
    visit.until(lambda: bool(visit.page.gallery.patterns))
    assert unnamed(visit.page.gallery) == []


def test_the_import_speaks(visit: Visit) -> None:
    visit.page.start_import()
    assert unnamed(visit.page.importing) == []


def test_the_line_above_the_editor_and_the_versions_speak(visit: Visit) -> None:
    visit.open("Service client")
    visit.page.editor.toggle_versions()
    assert visit.page.editor.versions is not None
    assert unnamed(visit.page.editor.header) == []
    assert unnamed(visit.page.editor.versions) == []


def test_the_publishing_dialog_speaks(visit: Visit) -> None:
    visit.open("Accueil principal")
    visit.page.editor.publish()
    dialog = visit.page.editor.going_live.dialog
    assert dialog is not None
    visit.until(dialog.plan.isVisible)
    assert unnamed(dialog) == []
    dialog.reject()


def test_the_versions_are_worked_with_by_keyboard_and_say_why_not(visit: Visit) -> None:
    visit.open("Accueil principal")
    visit.page.editor.toggle_versions()
    panel = visit.page.editor.versions
    assert panel is not None
    visit.until(lambda: len(panel.revisions.rows) > 1)
    assert panel.list.hasFocus() or not visit.page.isActiveWindow()
    live = panel.revisions.live
    assert live is not None
    panel.list.select_number(live.number)
    assert not panel.back.isEnabled()
    assert panel.back.toolTip() == "Cette version est déjà en service."
    assert panel.back.accessibleDescription() == panel.back.toolTip()
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    old = panel.list.current
    assert old is not None
    assert old.number == live.number - 1
    assert panel.back.isEnabled()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    visit.until(lambda: f"Version {old.number}, en lecture seule" in _reading(visit))
    editing = visit.page.editor.editing
    assert editing is not None
    assert editing.stage.model.is_read_only
    assert visit.page.editor.header.is_reading
    assert f"version {old.number}" in visit.page.editor.header.state_words
    visit.page.editor.show_draft()
    assert not visit.page.editor.header.is_reading


def test_a_long_message_is_shown_in_lines_and_whole_in_its_tooltip(visit: Visit) -> None:
    visit.open("Accueil principal")
    visit.page.editor.toggle_versions()
    panel = visit.page.editor.versions
    assert panel is not None
    visit.until(lambda: len(panel.revisions.rows) > 1)
    model = panel.list.model()
    longest = max(panel.revisions.rows, key=lambda row: len(row.message))
    at = panel.revisions.rows.index(longest)
    index = model.index(at, 0)
    assert longest.message in str(index.data(Qt.ItemDataRole.ToolTipRole))
    heights = [panel.list.sizeHintForRow(row) for row in range(model.rowCount())]
    assert max(heights) == heights[at]
    assert len(_lines("mot " * 200, panel.list.font(), 240)) == 3


def _reading(visit: Visit) -> str:
    return visit.page.editor.reading.text
