"""A flow under work: the open flow of the cache, tied to the graph model that its editor shows."""

from collections.abc import Callable

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.graph import ATOM_DEPTH, UNHEARD
from cx_desktop.domain.flow.summary import are_same
from cx_desktop.domain.patch import Document, differences
from cx_desktop.models.flow_entity import draft_of, whole
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.objects.facts import ObjectFacts, ObjectState, object_facts
from cx_desktop.models.objects.store import Arrival, ObjectStore, OpenObject, Shape

#: How flows keep their drafts.
FLOW_SHAPE = Shape(type="flow", draft=draft_of, depth=ATOM_DEPTH)


class Others(Struct, frozen=True):
    """What somebody else just changed in the flow under work."""

    arrival: Arrival

    @property
    def node(self) -> str | None:
        """A step that was changed and is still there, to be shown."""
        nodes = self.arrival.document.get("nodes")
        for change in self.arrival.changes:
            if change.path[0] in {"nodes", "links"} and len(change.path) > 1:
                node = change.path[1]
                if isinstance(nodes, dict) and node in nodes:
                    return node
        return None


class FlowWork(QObject):
    """One flow in the editor. What the editor does is saved; what others do is shown at once."""

    others_changed = Signal(object)  # Others
    facts_changed = Signal()  # name, state, versions, sent or unsent
    gone = Signal()  # the flow is no longer visible to this user

    def __init__(
        self,
        flow: OpenObject,
        store: ObjectStore,
        *,
        is_read_only: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.flow = flow
        self._store = store
        self._live_number: int | None = None
        self._live: Document = {}
        self.graph = FlowGraphModel(
            document=flow.document, save=flow.save, is_read_only=is_read_only, parent=self
        )
        flow.draft_arrived.connect(self._on_draft_arrived)
        flow.entity_changed.connect(self.facts_changed)
        flow.gone.connect(self.gone)

    @property
    def facts(self) -> ObjectFacts:
        """The flow without its draft."""
        return object_facts(self.flow.entity)

    @property
    def state(self) -> ObjectState:
        """Where the flow stands between its draft and what callers hear."""
        facts, is_unsent = self.facts, self.flow.is_unsent
        return facts.state(
            is_draft_unsent=is_unsent,
            is_like_live=facts.may_be_ahead(is_draft_unsent=is_unsent)
            and self.live_number == facts.live_revision
            and are_same(self.flow.document, self._live),
        )

    @property
    def live_number(self) -> int | None:
        """Which live revision the draft is compared with, if any is known yet."""
        return self._live_number

    def know_live(self, number: int, document: Document) -> None:
        """What callers hear: the draft is compared with it from now on."""
        self._live_number, self._live = number, document
        self.facts_changed.emit()

    def take_over(self, document: Document, key: str) -> bool:
        """Make callers hear a document by the draft, as one step that undo takes back.

        Parts that callers never hear, such as tests, stay as they are.
        """
        now = whole(self.graph.document)
        wanted = whole(document) | {part: now[part] for part in UNHEARD}
        changes = differences(now, wanted, depth=ATOM_DEPTH)
        return self.graph.do(key, changes)

    def close(self) -> None:
        """Save what was typed last, and let go of the flow."""
        self.graph.flush()
        self._store.release(self.flow)

    def _on_draft_arrived(self, arrival: Arrival) -> None:
        self.graph.rebase(arrival.document, arrival.who)
        if arrival.changes and not arrival.is_here:
            self.others_changed.emit(Others(arrival))


def open_work(
    store: ObjectStore,
    flow_id: str,
    *,
    done: Callable[[FlowWork], object],
    failed: Callable[[CXError], object],
    is_read_only: Callable[[ObjectFacts], bool] = lambda _facts: False,
) -> None:
    """Open a flow for work, or only to look at it.

    ``failed`` also gets a draft that this program cannot read.
    """

    def tie(flow: OpenObject) -> None:
        try:
            is_only_looked_at = is_read_only(object_facts(flow.entity))
            work = FlowWork(flow, store, is_read_only=is_only_looked_at)
        except msgspec.ValidationError as error:
            store.release(flow)
            failed(CXError("problem.flow-unreadable", reason=str(error)))
            return
        done(work)

    store.open(flow_id, done=tie, failed=failed)
