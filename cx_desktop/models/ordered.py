"""What the service orders of this device, as the window hears of it, and what it took away."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.home import Card
from cx_desktop.models.language import Language
from cx_desktop.models.session import Session, Step
from cx_desktop.models.workspace import Workspace
from cx_desktop.sync.heeding import Heeding

if TYPE_CHECKING:
    from cx_desktop.auth.orders import Order
    from cx_desktop.cache import Changed
    from cx_desktop.cache.leaving import Eviction


class Ordered(QObject):
    """Lets the engine ask for orders, tells of those to lock or to wipe, knows what was taken."""

    changed = Signal()
    _heard = Signal(object)  # Order | None: none where no order could be believed

    def __init__(
        self,
        workspace: Workspace,
        *,
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._session = session
        self.evictions: tuple[Eviction, ...] = ()
        self._heard.connect(self._obey, Qt.ConnectionType.QueuedConnection)
        opened = workspace.opened
        workspace.engine.heed(
            Heeding(
                workspace.cache,
                opened.orders,
                user=opened.user,
                clock=workspace.clock,
                told=self._hear,
            )
        )
        self._news = CacheNews(workspace.cache, parent=self)
        self._news.committed.connect(self._on_committed)
        self._read()

    def close(self) -> None:
        """Hear of nothing any more."""
        self._news.close()

    def seen(self, eviction: "Eviction") -> None:
        """The person has read that a project was taken away."""
        self._workspace.tasks.run(
            partial(self._workspace.cache.leaving.seen, eviction),
            done=lambda _none: self._read(),
            failed=_ignore,
        )

    def _hear(self, order: "Order | None") -> None:
        """Called on the engine's thread."""
        self._heard.emit(order)

    def _obey(self, order: "Order | None") -> None:
        """Leave the screen: it shows the door, or is locked, and says why."""
        step = Step.PASSWORD if order is not None and order.is_wipe else Step.LOCKED
        self._session.give_up(None, step, lambda gate, opened: gate.obey(opened, order))

    def _on_committed(self, changed: "Changed") -> None:
        if changed.entity_type == "project":
            self._read()

    def _read(self) -> None:
        leaving = self._workspace.cache.leaving
        self._workspace.tasks.run(leaving.evictions, done=self._settle, failed=_ignore)

    def _settle(self, evictions: "tuple[Eviction, ...]") -> None:
        if evictions != self.evictions:
            self.evictions = evictions
            self.changed.emit()


class EvictionCards:
    """« Vous n’avez plus accès au projet … », until somebody has read it."""

    def __init__(self, language: Language, ordered: Ordered) -> None:
        self._language = language
        self._ordered = ordered

    def __call__(self) -> Iterable[Card]:
        """The cards now."""
        text = self._language.text
        for each in self._ordered.evictions:
            yield Card(
                id=f"devices.evicted.{each.project_id}",
                tone="warn",
                icon="lock-simple",
                title=text("devices.evicted", name=each.name)
                if each.name
                else text("devices.evicted-nameless"),
                text=" ".join([text("devices.evicted-text"), *self._sealed(each)]),
                action=text("devices.evicted-seen"),
                run=partial(self._ordered.seen, each),
            )

    def _sealed(self, eviction: "Eviction") -> Iterable[str]:
        counts = {
            "devices.evicted-edits": eviction.edits,
            "devices.evicted-files": eviction.files,
        }
        told = [self._language.plural(key, count) for key, count in counts.items() if count]
        return told or [self._language.text("devices.evicted-nothing")]


def _ignore(_error: CXError) -> None:
    """It is read again with the next change."""
