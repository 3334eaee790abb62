"""The page for those who cannot see it: everything that takes the focus says what it is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QSplitterHandle, QWidget

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
    dialog = visit.page.editor.dialog
    assert dialog is not None
    visit.until(dialog.plan.isVisible)
    assert unnamed(dialog) == []
    dialog.reject()
