"""What every widget is given: the words, the colours and the icons."""

from typing import NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cx_desktop.models.language import Language
from cx_desktop.models.theme import Theme
from cx_desktop.views.widgets.icons import Icons


class Look(NamedTuple):
    """The words, the colours and the icons in use."""

    language: Language
    theme: Theme
    icons: Icons


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet looks at, and let it look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


#: Members of enums of the ``Qt`` namespace, by their number (Qt's own headers, stable since 4.0).
PLAIN_TEXT, TAB_FOCUS, NO_FOCUS, ALWAYS_OFF, WIDGET_SHORTCUT = 0, 1, 0, 1, 0


def set_enum(target: QObject, name: str, value: int) -> None:
    """Set a property whose type is an enum of the ``Qt`` namespace, by its number.

    For what the sign-in page is made of: to name one member PySide makes all 1,500 of that
    namespace, 12 ms of a start that takes a bare window 130.
    """
    if not target.setProperty(name, value):
        raise AttributeError(name)
