"""Asks before edits are dropped: how many, which ones, and what goes with them."""

from collections.abc import Iterable, Iterator

from PySide6.QtWidgets import QWidget

from cx_desktop.models.outbox.entries import Entry
from cx_desktop.models.outbox.outbox import Question
from cx_desktop.views.outbox import words
from cx_desktop.views.outbox.asking import CountedQuestion
from cx_desktop.views.widgets.look import Look


class DropDialog(CountedQuestion):
    """Names what goes, and what goes with it."""

    def __init__(self, look: Look, question: Question, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "outbox.drop", question.count, parent=parent)
        self.asked = self.name(self._names(question.asked), len(question.plan.asked))
        if also := len(question.plan.also):
            self.say(look.language.plural("outbox.drop.also", also), "strong")
            self.also = self.name(self._names(question.also), also)
        self.say(look.language.text("outbox.drop.text"), "muted")

    def _names(self, entries: Iterable[Entry]) -> Iterator[str]:
        language = self._look.language
        for each in entries:
            yield f"{words.object_words(language, each)} · {words.what_words(language, each)}"
