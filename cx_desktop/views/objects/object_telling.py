"""Tells above the list what became of a verb, with the way on: undo, or to whoever uses it."""

from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.models.objects.kinds import Shelved
from cx_desktop.models.objects.shelf import Shelf
from cx_desktop.models.objects.uses import Use
from cx_desktop.views.objects.words import use_words
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip, Way

Draft = TypeVar("Draft")
_MOST_WAYS = 2


class ObjectTelling(QObject, Generic[Draft]):
    """Answers of the verbs, in words."""

    use_wanted = Signal(object)  # Use: who stands in the way

    def __init__(self, look: Look, shelf: Shelf[Draft], strip: Strip) -> None:
        super().__init__(strip)
        self._look = look
        self._shelf = shelf
        self._strip = strip
        shelf.archived.connect(self._on_archived)
        shelf.restored.connect(self._on_restored)
        shelf.in_use.connect(self._on_in_use)
        shelf.failed.connect(self._on_failed)

    def _on_archived(self, object_id: str) -> None:
        undo = Way(key="flows.undo", run=lambda: self._shelf.restore(object_id))
        self._tell("objects.archived", object_id, undo)

    def _on_restored(self, object_id: str) -> None:
        self._tell("objects.restored", object_id)

    def _tell(self, key: str, object_id: str, *ways: Way) -> None:
        row = self._shelf.row(object_id)
        name = row.name if row is not None else ""
        self._strip.say("ok", lambda: self._look.language.text(key, name=name), ways)

    def _on_in_use(self, row: Shelved[Draft]) -> None:
        language = self._look.language
        self._strip.say(
            "warn",
            lambda: language.text(
                "flows.in-use", name=row.name, names=use_words(language, row.uses)
            ),
            [self._way_to(each) for each in row.uses[:_MOST_WAYS]],
        )

    def _way_to(self, use: Use) -> Way:
        return Way(
            key="flows.in-use.flow",
            run=lambda: self.use_wanted.emit(use),
            params={"name": use.name},
        )

    def _on_failed(self, error: CXError) -> None:
        self._strip.say("block", lambda: " ".join(self._look.language.explain(error)))
