"""What a page of objects shows of one of them: its draft, or an old version to look at."""

from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.patch import Document, Path
from cx_desktop.models.objects.facts import ObjectFacts
from cx_desktop.models.objects.uses import Use

Draft = TypeVar("Draft")


class Edited(NamedTuple):
    """One gesture in a form: a step of undo, and what it makes of places of the draft."""

    key: str
    """The step in words, by key: « Heures du lundi »."""
    places: tuple[tuple[Path, object], ...]
    """Each place with its new value; ``UNSET`` removes it."""
    merge: Hashable | None = None
    """Steps with an equal one that follow each other become one."""


class Showing(Struct, Generic[Draft], frozen=True):
    """What a form has to show."""

    facts: ObjectFacts
    draft: Draft
    document: Document
    """The draft verbatim."""
    is_read_only: bool
    uses: tuple[Use, ...] = ()


class ObjectForm(QWidget, Generic[Draft]):
    """The editor of one object. It keeps nothing: an edit goes out and comes back as ``show``.

    What is being typed must survive ``show_object`` of the same object.
    """

    edited = Signal(object)  # Edited
    use_wanted = Signal(object)  # Use: somebody wants to see who uses it

    def show_object(self, showing: Showing[Draft]) -> None:
        """Show an object, or what has become of it."""
        raise NotImplementedError

    def settle(self) -> None:
        """Hand out what was typed last: the object is about to be left or published."""
