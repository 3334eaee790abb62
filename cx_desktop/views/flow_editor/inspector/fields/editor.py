"""What every field of the inspector is: it shows a value, and says when the user changed it."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.flow.kind import Property
from cx_desktop.domain.patch import Json
from cx_desktop.views.flow_editor.words import Words
from cx_desktop.views.widgets.look import Look


class Choice(Struct, frozen=True):
    """Something to choose, and how it reads."""

    value: str
    text: str


Share = Callable[[str, str, Callable[[str], object]], object]
"""Makes a prompt of a text in a language, and gives its id in its time."""


class Surroundings(Struct, frozen=True):
    """What fields need to know beside their own value."""

    look: Look
    words: Words
    nodes: tuple[Choice, ...] = ()
    """The nodes of the flow, for references to one of them."""
    is_read_only: bool = False
    share: Share | None = None
    """How a text becomes a prompt that every flow can play; None where nobody may."""
    language: str = ""
    """The language that the flow speaks."""

    def text(self, key: str, /, **params: str | int) -> str:
        """A text of the catalogue."""
        return self.look.language.text(key, **params)

    def objects(self, refers_to: str) -> tuple[Choice, ...] | None:
        """What a reference may point to; ``None`` when that is not known here."""
        if refers_to == "node":
            return self.nodes
        names = self.words.context.names_of(refers_to)
        if names is None:
            return None
        choices = (Choice(key, name) for key, name in names.items())
        return tuple(sorted(choices, key=lambda each: each.text.casefold()))


class ValueEditor(QWidget):
    """Edits one JSON value."""

    #: Whether its parts have names of their own.
    is_composite = False

    edited = Signal(object)  # Json: the user changed it to this
    settled = Signal()  # the user is done for now

    def show_value(self, value: Json) -> None:
        """Show a value; this is not an edit."""
        raise NotImplementedError

    def describe(self, name: str, text: str) -> None:
        """Tell screen readers what it is, and what there is to say about it."""
        target = self if self.is_composite else self.focus_target
        target.setAccessibleName(name)
        target.setAccessibleDescription(text)

    def lock(self) -> None:
        """Let nothing be changed any more."""
        self.setEnabled(False)

    @property
    def focus_target(self) -> QWidget:
        """What gets the focus when somebody jumps to this field."""
        return self


class Request(Struct, frozen=True):
    """A field that is wanted: for this property, in these surroundings."""

    declared: Property
    around: Surroundings

    def choice_text(self, value: str) -> str:
        """How one of the property's choices reads."""
        key = f"choice.{self.declared.name}.{value}"
        if self.around.look.language.catalogue.has(key):
            return self.around.text(key)
        return value
