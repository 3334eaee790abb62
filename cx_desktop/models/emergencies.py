"""Emergencies of the project in view: what is closed now, and the acts that close and reopen."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple, Protocol

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from cx_desktop.cache import Cache, Changed
from cx_desktop.domain.access import Verb
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.numbers import spelled
from cx_desktop.domain.patch import Document
from cx_desktop.domain.schedules import Schedule
from cx_desktop.domain.schedules.emergency import Emergency, emergency_of
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.flow_entity import NumberFacts, number_facts
from cx_desktop.models.guarded import needs_service_and_code
from cx_desktop.models.home import Card
from cx_desktop.models.language import Language
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.protocol import EmergencyOrder

#: An emergency ends by the clock; so often it is looked whether one has.
LOOK_MS = 15_000


class Known(NamedTuple):
    """What this device knows of a project's emergencies, and of what can be closed."""

    emergencies: tuple[Emergency, ...]
    numbers: tuple[NumberFacts, ...]


#: What is asked of the service; views make it and know nothing of the wire.
Order = EmergencyOrder


class Choice(Struct, frozen=True):
    """Something that can be closed."""

    kind: str
    """``schedule`` or ``number``."""
    id: str
    name: str


class Emergencies(QObject):
    """Follows the cache and the clock."""

    changed = Signal()  # what is in force, or what can be closed

    def __init__(self, desk: ObjectDesk[Schedule], *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._known = Known((), ())
        self._shown: tuple[Emergency, ...] = ()
        self._news = CacheNews(desk.workspace.cache, parent=self)
        self._news.committed.connect(self._on_committed)
        self._clock = QTimer(self, interval=LOOK_MS)
        self._clock.timeout.connect(self._look_at_clock)
        self._clock.start()
        desk.workspace.project_changed.connect(self.load)
        desk.shelf.changed.connect(self.changed)
        self.load()

    @property
    def in_force(self) -> tuple[Emergency, ...]:
        """What callers meet now, the latest first."""
        now = self.desk.clock.now()
        found = (each for each in self._known.emergencies if each.is_in_force(now))
        return tuple(sorted(found, key=lambda each: str(each.began_at), reverse=True))

    @property
    def why_not(self) -> str:
        """The key of the reason why nothing can be closed by this user; "" when it can."""
        return self.desk.permissions.why_not(Verb.EMERGENCY_DECLARE)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Everything that can be closed: schedules, then numbers."""
        schedules = (
            Choice("schedule", row.id, row.name)
            for row in self.desk.shelf.rows
            if not row.is_archived
        )
        numbers = (Choice("number", each.id, _named(each)) for each in self._known.numbers)
        return (*schedules, *numbers)

    def names(self, emergency: Emergency) -> tuple[str, ...]:
        """What an emergency closes, by name."""
        closed = {*emergency.schedules, *emergency.numbers}
        return tuple(each.name for each in self.choices if each.id in closed)

    def closing(self, schedule_id: str) -> Emergency | None:
        """The emergency that closes a schedule now."""
        return next((each for each in self.in_force if schedule_id in each.schedules), None)

    def act(self) -> "EmergencyAct":
        """One act, from the first click to the service's answer."""
        return EmergencyAct(self.desk, parent=self)

    def load(self, _project: object = None) -> None:
        """Read them from the cache."""
        workspace = self.desk.workspace
        project_id = workspace.project.id if workspace.project is not None else ""
        workspace.tasks.run(
            lambda: _read(workspace.cache, project_id), done=self._show, failed=lambda _error: None
        )

    def close(self) -> None:
        """Stop following the cache."""
        self.desk.workspace.project_changed.disconnect(self.load)
        self._clock.stop()
        self._news.close()

    def _on_committed(self, changed: Changed) -> None:
        if changed.entity_type in {"emergency", "number"}:
            self.load()

    def _show(self, known: Known) -> None:
        self._known = known
        self._shown = self.in_force
        self.changed.emit()

    def _look_at_clock(self) -> None:
        if self.in_force != self._shown:
            self._shown = self.in_force
            self.changed.emit()


class EmergencyAct(QObject):
    """Closing or reopening, once: asks for a code when it must, never acts twice."""

    done = Signal(object)  # Emergency as the service made it
    failed = Signal(object)  # CXError

    def __init__(self, desk: ObjectDesk[Schedule], *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.guarded = desk.guarded()
        self.guarded.setParent(self)
        self.guarded.done.connect(self._on_done)
        self.guarded.failed.connect(self._on_failed)

    def close(self, order: EmergencyOrder) -> None:
        """Close what the order names."""
        workspace = self._desk.workspace
        project_id = workspace.project.id if workspace.project is not None else ""
        calls = workspace.client.emergencies
        self.guarded.start(order, lambda key: calls.declare(project_id, order, key))

    def reopen(self, emergency_id: str) -> None:
        """Reopen what an emergency closed."""
        calls = self._desk.workspace.client.emergencies
        self.guarded.start(emergency_id, lambda key: calls.end(emergency_id, key))

    def _on_done(self, made: Document) -> None:
        workspace = self._desk.workspace
        workspace.tasks.run(workspace.engine.sync_once, failed=lambda _error: None)
        self.done.emit(emergency_of(made))

    def _on_failed(self, error: CXError) -> None:
        self.failed.emit(needs_service_and_code(error))


class EmergencyCards:
    """What is closed now, on Home, with the way to reopen it."""

    def __init__(self, language: Language, emergencies: Emergencies, reopen: "Reopen") -> None:
        self._language = language
        self._emergencies = emergencies
        self._reopen = reopen

    def __call__(self) -> Iterable[Card]:
        """The cards now."""
        language = self._language
        for each in self._emergencies.in_force:
            yield Card(
                id=f"emergency.{each.id}",
                tone="block",
                icon="prohibit",
                title=title_of(language, each),
                text=text_of(language, each, self._emergencies.names(each)),
                action=language.text("emergency.reopen"),
                run=partial(self._reopen, each),
            )


class Reopen(Protocol):
    """Asks to reopen what an emergency closed."""

    def __call__(self, emergency: Emergency, /) -> object:
        """Ask."""


def title_of(language: Language, emergency: Emergency) -> str:
    """« Fermeture d’urgence jusqu’au 23 novembre 2026 à 18 h 00 »."""
    if emergency.until is None:
        return language.text("emergency.closed")
    return language.text("emergency.closed-until", when=language.day_and_time(emergency.until))


def text_of(language: Language, emergency: Emergency, names: tuple[str, ...]) -> str:
    """What is closed, who closed it, and what callers hear."""
    by = emergency.began_by.name if emergency.began_by is not None else ""
    parts = [language.text("emergency.what", names=", ".join(names), who=by)]
    if emergency.message:
        parts.append(language.text("emergency.heard", message=emergency.message))
    return " ".join(parts)


def _named(number: NumberFacts) -> str:
    """« Boutique · 01 99 00 12 34 »: a label may be that of a schedule too."""
    written = spelled(number.e164)
    return f"{number.label} · {written}" if number.label else written


def _read(cache: Cache, project_id: str) -> Known:
    if not project_id:
        return Known((), ())
    return Known(
        tuple(emergency_of(row.data) for row in cache.rows("emergency", project_id=project_id)),
        tuple(number_facts(row.data) for row in cache.rows("number", project_id=project_id)),
    )
