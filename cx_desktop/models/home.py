"""What needs me: each capability hands in its cards, Home shows them, the heaviest first."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

_WEIGHT = {"block": 0, "warn": 1, "info": 2, "ok": 3, "": 4}


class Card(NamedTuple):
    """One thing that needs me, or is good to know; words are already in the user's language."""

    id: str
    tone: str
    icon: str
    title: str
    text: str
    action: str = ""
    run: Callable[[], object] | None = None

    @property
    def needs_me(self) -> bool:
        """Whether something is to be done; else it is good to know."""
        return bool(self.tone)


class Cards(QObject):
    """The registry of what Home collects.

    A source is asked on the GUI thread and answers at once from what it knows; when it knows
    better, it calls ``refresh``.
    """

    changed = Signal()

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sources: list[Callable[[], Iterable[Card]]] = []

    def add(self, source: Callable[[], Iterable[Card]]) -> Callable[[], None]:
        """Collect this source's cards too; what is returned takes it away again."""
        self._sources.append(source)
        self.refresh()
        return lambda: self._sources.remove(source)

    def refresh(self) -> None:
        """Something changed: Home asks again."""
        self.changed.emit()

    def collect(self) -> tuple[Card, ...]:
        """All cards, the heaviest first."""
        cards = [card for source in self._sources for card in source()]
        return tuple(sorted(cards, key=lambda card: _WEIGHT.get(card.tone, 4)))
