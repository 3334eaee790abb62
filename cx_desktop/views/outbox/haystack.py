"""What the search looks through: the words of each edit, made while nobody waits for them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from cx_desktop.models.commands import fold
from cx_desktop.models.outbox.entries import Entry
from cx_desktop.views.outbox import words
from cx_desktop.views.widgets.look import Look

#: So many are put into words at once.
_SLICE = 100
_SAYS = (words.place_words, words.what_words, words.state_words)


class Haystack(QObject):
    """Thousands of edits put into words would be felt at the first key of a search."""

    def __init__(self, look: Look, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._left: list[Entry] = []
        self._said: dict[str, str] = {}
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._go_on)

    def hold(self, entries: Sequence[Entry]) -> None:
        """Be ready to look through these; what was said of others is forgotten."""
        self._said.clear()
        self._left = list(reversed(entries))
        if self._left:
            self._rest.start()

    def has(self, entry: Entry, wanted: str) -> bool:
        """Whether an edit's words hold these, folded as in every search."""
        return wanted in self._words(entry)

    def _go_on(self) -> None:
        for each in self._left[-_SLICE:]:
            self._words(each)
        del self._left[-_SLICE:]
        if self._left:
            self._rest.start()

    def _words(self, entry: Entry) -> str:
        said = self._said.get(entry.op_id)
        if said is None:
            said = fold(" ".join(say(self._look.language, entry) for say in _SAYS))
            self._said[entry.op_id] = said
        return said
