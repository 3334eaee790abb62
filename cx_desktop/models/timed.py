"""Timed publications of the project in view, and the acts that move, cancel or hasten them."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache, Changed
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document
from cx_desktop.domain.timed import Timed, TimedState, met_by, span_of, timed_of
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.guarded import Guarded, needs_service_and_code
from cx_desktop.models.home import Card
from cx_desktop.models.language import Language
from cx_desktop.models.timed_reading import is_overtaken, timed_in
from cx_desktop.models.timed_words import TimedWords
from cx_desktop.models.timing import Timing
from cx_desktop.models.workspace import Workspace
from cx_desktop.protocol import TimedMove

_NAMED = ("flow", "schedule", "prompt", "queue")


class Known(NamedTuple):
    """What this device knows of a project's timed publications."""

    timed: tuple[Timed, ...] = ()
    names: Mapping[str, str] = {}
    overtaken: frozenset[str] = frozenset()
    """What would not be carried out, as callers hear something else by now."""


class TimedPublications(QObject):
    """Follows the cache."""

    changed = Signal()  # what is planned, or what failed

    def __init__(
        self,
        workspace: Workspace,
        guarded: Callable[[], Guarded],
        *,
        why_not: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        """``why_not`` tells by key why this user may not publish; "" when they may."""
        super().__init__(parent)
        self.workspace = workspace
        self._guarded = guarded
        self._why_not = why_not
        self._known = Known()
        self._news = CacheNews(workspace.cache, parent=self)
        self._news.committed.connect(self._on_committed)
        workspace.project_changed.connect(self.load)
        self.load()

    @property
    def open(self) -> tuple[Timed, ...]:
        """What is planned, the next one first, then what failed and nobody has taken note of."""
        pending = [each for each in self._known.timed if each.is_pending]
        failed = [each for each in self._known.timed if each.needs_note]
        return (
            *sorted(failed, key=lambda each: str(each.failed_at)),
            *sorted(pending, key=lambda each: str(each.next_at)),
        )

    @property
    def why_not(self) -> str:
        """The key of the reason why this user may not change them; "" when they may."""
        return self._why_not()

    def of(self, object_id: str) -> tuple[Timed, ...]:
        """What is planned, or failed, for an object."""
        return tuple(each for each in self.open if each.concerns(object_id))

    def is_overtaken(self, timed: Timed) -> bool:
        """Whether callers hear something else by now, so that it would not be carried out."""
        return timed.id in self._known.overtaken

    def find(self, timed_id: str) -> Timed | None:
        """One by its id."""
        return next((each for each in self._known.timed if each.id == timed_id), None)

    def met_by(self, timed: Timed, timing: Timing) -> Timed | None:
        """What else decides over the same objects, were it given these times."""
        at = timing.at if not timed.is_return else timed.at
        state = TimedState.LIVE if timed.went_live_at is not None else TimedState.WAITING
        moved = span_of(replace(timed, at=at, returns_at=timing.returns_at, state=state))
        others = (each for each in self._known.timed if each.id != timed.id)
        return met_by(moved, others) if moved is not None else None

    def learn(self, made: Timed) -> None:
        """One is as the service says; sync will say the same."""
        others = tuple(each for each in self._known.timed if each.id != made.id)
        known = self._known
        self._show(Known((*others, made), known.names, known.overtaken - {made.id}))

    def words(self, language: Language) -> TimedWords:
        """How they are said."""
        return TimedWords(
            language,
            names=self._known.names,
            zone=self.workspace.zone,
            now=self.workspace.clock.now(),
        )

    def act(self) -> "TimedAct":
        """One act, from the first click to the service's answer."""
        return TimedAct(self.workspace, self._guarded(), parent=self)

    def load(self, _project: object = None) -> None:
        """Read them from the cache."""
        workspace = self.workspace
        project_id = workspace.project.id if workspace.project is not None else ""
        workspace.tasks.run(
            lambda: _read(workspace.cache, project_id), done=self._show, failed=lambda _error: None
        )

    def close(self) -> None:
        """Stop following the cache."""
        self.workspace.project_changed.disconnect(self.load)
        self._news.close()

    def _on_committed(self, changed: Changed) -> None:
        if changed.entity_type == "timed_publication" or (
            self.open and changed.entity_type in _NAMED
        ):
            self.load()

    def _show(self, known: Known) -> None:
        if known != self._known:
            self._known = known
            self.changed.emit()


class TimedAct(QObject):
    """Moving, cancelling or carrying out, once: asks for a code when it must."""

    done = Signal(object)  # Timed as the service made it
    failed = Signal(object)  # CXError

    def __init__(
        self, workspace: Workspace, guarded: Guarded, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.guarded = guarded
        guarded.setParent(self)
        guarded.done.connect(self._on_done)
        guarded.failed.connect(self._on_failed)

    def move(self, timed_id: str, timing: Timing, *, accepts_live: bool = False) -> None:
        """Give it other times; ``accepts_live`` goes on from what is live now."""
        calls = self._workspace.client.timed
        times = TimedMove(at=timing.at, returns_at=timing.returns_at, accepts_live=accepts_live)
        self.guarded.start((timed_id, times), lambda key: calls.move(timed_id, times, key))

    def cancel(self, timed_id: str) -> None:
        """Let it not happen; of one that failed, take note."""
        calls = self._workspace.client.timed
        self.guarded.start(("cancel", timed_id), lambda key: calls.cancel(timed_id, key))

    def carry_out(self, timed_id: str) -> None:
        """Do now what comes next of it."""
        calls = self._workspace.client.timed
        self.guarded.start(("now", timed_id), lambda key: calls.carry_out(timed_id, key))

    def _on_done(self, made: Document) -> None:
        workspace = self._workspace
        workspace.tasks.run(workspace.engine.sync_once, failed=lambda _error: None)
        self.done.emit(timed_of(made))

    def _on_failed(self, error: CXError) -> None:
        self.failed.emit(needs_service_and_code(error))


class TimedCards:
    """What is planned, and what could not be carried out, on Home."""

    def __init__(
        self, language: Language, timed: TimedPublications, show: Callable[[Timed], object]
    ) -> None:
        self._language = language
        self._timed = timed
        self._show = show

    def __call__(self) -> Iterable[Card]:
        """The cards now."""
        words = self._timed.words(self._language)
        for each in self._timed.open:
            is_failed, is_overtaken = each.needs_note, self._timed.is_overtaken(each)
            yield Card(
                id=f"timed.{each.id}",
                tone="block" if is_failed else "warn" if is_overtaken else "info",
                icon="calendar-x" if is_failed else "calendar-check",
                title=words.title(each),
                text=words.overtaken() if is_overtaken else words.text(each),
                action=self._language.text("timed.card.failed" if is_failed else "timed.card.open"),
                run=partial(self._show, each),
            )


def _read(cache: Cache, project_id: str) -> Known:
    if not project_id:
        return Known()
    found = tuple(timed_in(cache, project_id))
    wanted = {(named.entity, named.id) for each in found if each.is_open for named in each.objects}
    rows = {object_id: cache.row(kind, object_id) for kind, object_id in wanted}
    names = {key: str(row.data.get("name", "")) for key, row in rows.items() if row is not None}
    overtaken = frozenset(each.id for each in found if is_overtaken(cache, each))
    return Known(found, names, overtaken)
