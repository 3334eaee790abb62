"""Guarded verbs that the service cannot be asked for now: decided here, done when it is back.

Only what needs no fresh code can wait. The service does it once, on what was looked at and in time,
or never; nothing changes here before that.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Action, Cache
from cx_desktop.domain.access import LONGEST_WAIT, can_wait
from cx_desktop.domain.numbers import spelled
from cx_desktop.domain.patch import Document
from cx_desktop.ports import Clock
from cx_desktop.tasks import Tasks

#: What is still worth waiting for when it is decided.
SHORTEST_WAIT = timedelta(minutes=1)


class Wish(Struct, frozen=True):
    """One verb on one object."""

    type: str
    id: str
    verb: str
    value: Document = {}

    @property
    def can_wait(self) -> bool:
        """Whether it may be decided now and happen later."""
        return can_wait(self.type, self.verb)


class Offer(Struct, frozen=True):
    """What a person is asked: these verbs later, or not at all."""

    wishes: tuple[Wish, ...]
    names: tuple[str, ...]
    earliest: datetime
    latest: datetime
    target: str = ""
    """The flow that a number is given to."""

    @property
    def verb(self) -> str:
        """The verb; a person asks for one at a time."""
        return self.wishes[0].verb


class Decided(Struct, frozen=True):
    """What happens as soon as the service is there, until a moment."""

    offer: Offer
    until: datetime


class Later(QObject):
    """Offers to wait, and keeps what was decided."""

    offered = Signal(object)  # Offer
    decided = Signal(object)  # Decided
    failed = Signal(object)  # CXError

    def __init__(
        self, *, cache: Cache, tasks: Tasks, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._cache = cache
        self._tasks = tasks
        self._clock = clock

    def offer(self, wishes: Iterable[Wish]) -> None:
        """Ask whether these shall wait; ``offered`` follows, with their names."""
        wanted = tuple(wishes)
        self._tasks.run(
            lambda: self._offer(wanted), done=self.offered.emit, failed=self.failed.emit
        )

    def decide(self, offer: Offer, until: datetime) -> None:
        """Do them when the service is back, until then at the latest."""
        actions = [Action(w.type, w.id, w.verb, until, w.value) for w in offer.wishes]
        self._tasks.run(
            lambda: self._cache.act(*actions),
            done=lambda _ids: self.decided.emit(Decided(offer, until)),
            failed=self.failed.emit,
        )

    def _offer(self, wishes: tuple[Wish, ...]) -> Offer:
        flow = wishes[0].value.get("flow_id")
        now = self._clock.now()
        return Offer(
            wishes,
            names=tuple(self._name(each.type, each.id) for each in wishes),
            target=self._name("flow", flow) if isinstance(flow, str) else "",
            earliest=now + SHORTEST_WAIT,
            latest=now + LONGEST_WAIT,
        )

    def _name(self, kind: str, object_id: str) -> str:
        row = self._cache.row(kind, object_id)
        data = {} if row is None else row.data
        if kind == "number":
            return spelled(str(data.get("e164", "")))
        return str(data.get("name", ""))
