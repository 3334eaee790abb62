"""Walks every widget on screen, as a screen reader or a reader would."""

import gettext
from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLabel,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from cx_desktop.settings import resources
from cx_desktop.text import Language as Tongue


def widgets(root: QWidget) -> Iterator[QWidget]:
    """Everything that can be seen in a window."""
    yield root
    for child in root.findChildren(QWidget):
        if child.isVisibleTo(root):
            yield child


def nameless(root: QWidget) -> list[str]:
    """What takes the focus and has no name for those who cannot see it."""
    return [
        f"{type(each).__name__} in {type(each.parent()).__name__}"
        for each in widgets(root)
        if each.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not isinstance(each, QScrollBar)
        and not _is_part(each)
        and not _name(each).strip()
    ]


def words(root: QWidget) -> set[str]:
    """Every text, tooltip and accessible name on screen."""
    said = set()
    for each in widgets(root):
        said |= {each.toolTip(), each.accessibleName(), each.accessibleDescription()}
        if isinstance(each, QLabel | QAbstractButton):
            said.add(each.text())
        if isinstance(each, QLineEdit):
            said.add(each.placeholderText())
    for action in root.findChildren(QAction):
        said.add(action.text())
    return {each.strip() for each in said if each.strip()}


def only_in(tongue: Tongue, other: Tongue) -> set[str]:
    """The texts that only one language has."""

    def texts(of: Tongue) -> set[str]:
        with (resources() / "text" / f"{of}.mo").open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        return {text.strip() for text in catalogue.values()}

    return texts(tongue) - texts(other)


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def _is_part(widget: QWidget) -> bool:
    """Whether it is a part of another control, which has the name."""
    parent: QObject | None = widget.parent()
    is_viewport = isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget
    return is_viewport or widget.objectName().startswith("qt_") or _is_proxied(widget, parent)


def _is_proxied(widget: QWidget, parent: QObject | None) -> bool:
    return isinstance(parent, QWidget) and parent.focusProxy() is widget and bool(_name(parent))
