"""What every widget is given: the words, the colours and the icons."""

from typing import NamedTuple

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
