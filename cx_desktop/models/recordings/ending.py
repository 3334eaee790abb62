"""How many recordings end soon: what Home says of them."""

from collections.abc import Callable, Iterable

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.recordings import Filters
from cx_desktop.models.home import Card
from cx_desktop.models.language import Language
from cx_desktop.models.latest import Latest
from cx_desktop.models.recordings.desk import RecordingDesk

#: What is deleted within so many days is worth a word.
SOON_DAYS = 7
#: Recordings come in crowds: the count follows them so often at most.
_REST_MS = 2_000


class Ending(QObject):
    """The count for the project in view, kept in step with its list."""

    changed = Signal()

    def __init__(self, desk: RecordingDesk, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.count = 0
        self._counting: Latest[int] = Latest(
            desk.tasks, self._count, done=self._take, failed=_ignore
        )
        self._resting = QTimer(self, interval=_REST_MS, singleShot=True)
        self._resting.timeout.connect(self._counting.ask)
        desk.rows.whole.connect(self._resting.start)
        desk.project_changed.connect(self._on_project_changed)

    def close(self) -> None:
        """Count no more."""
        self._resting.stop()

    def _count(self) -> int:
        listing = self._desk.listing
        if listing is None:
            return 0
        soon = msgspec.structs.replace(listing, filters=Filters(due_within=SOON_DAYS))
        return self._desk.workspace.cache.recording_list.count(soon)

    def _take(self, count: int) -> None:
        if count != self.count:
            self.count = count
            self.changed.emit()

    def _on_project_changed(self) -> None:
        self._take(0)


class EndingCards:
    """« 14 enregistrements seront supprimés sous 7 jours »."""

    def __init__(self, language: Language, ending: Ending, show: Callable[[], object]) -> None:
        self._language = language
        self._ending = ending
        self._show = show

    def __call__(self) -> Iterable[Card]:
        """The card now."""
        count, language = self._ending.count, self._language
        if count:
            number = language.number(count)
            yield Card(
                id="recordings.ending",
                tone="info",
                icon="timer",
                title=language.plural("recordings.card.ending", count, number=number),
                text=language.text("recordings.card.ending-text"),
                action=language.text("recordings.card.show"),
                run=self._show,
            )


def _ignore(_error: CXError) -> None:
    """The list itself says what is wrong with the cache."""
