"""What this device keeps for the service's sake: read, looked at, offered again, let go of.

Two things: what came to light when the service was restored from a backup and only this computer
still had; and edits that the service has, until they are known to be in a backup of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache, Edit, KeptEdit, Recovered, can_create
from cx_desktop.domain.patch import Change, Document
from cx_desktop.models.workspace import Workspace

#: So many edits are listed; the others are only counted.
MOST_LISTED = 2_000


class Standing(StrEnum):
    """How something that is kept stands; ``kept.standing.<value>``."""

    ONLY_HERE = "only-here"
    WAITING = "waiting"
    THERE = "there"
    SENT = "sent"
    """The service has it; it is not known whether a backup does."""


class KeptRow(Struct, frozen=True, kw_only=True):
    """One thing that is kept."""

    type: str
    object_id: str
    project_id: str
    project: str
    name: str
    at: datetime
    standing: Standing
    op_id: str = ""
    """Of an edit; empty for an object that was recovered."""
    kind: str = ""
    size: int = 0
    content: bytes = b""
    changes: tuple[Change, ...] = ()
    """Of an edit: what it changed, place by place."""

    fields: tuple[Change, ...] = ()
    """Of an object: what people call and describe it by."""
    nodes: int = 0
    """Of a flow: how many it has."""

    @property
    def is_recovered(self) -> bool:
        """Whether it is an object that only this computer had."""
        return not self.op_id

    @property
    def can_offer(self) -> bool:
        """Whether it may be made on the service once more."""
        return self.standing is Standing.ONLY_HERE and can_create(self.type)


class Kept(Struct, frozen=True):
    """All that is kept, the newest first; recovered objects before edits."""

    rows: tuple[KeptRow, ...] = ()
    edits: int = 0
    size: int = 0

    @property
    def recovered(self) -> int:
        """How many objects came to light."""
        return sum(each.is_recovered for each in self.rows)


class Keeping(QObject):
    """Reads and writes off the GUI thread."""

    changed = Signal()
    let_go_of = Signal(int)  # how many
    offered = Signal(int)
    failed = Signal(object)  # CXError

    def __init__(self, workspace: Workspace, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = workspace.cache
        self._tasks = workspace.tasks
        self._sync_now = workspace.sync_now
        self.kept: Kept | None = None

    def load(self) -> None:
        """Read what is kept."""
        self._tasks.run(lambda: read_kept(self._cache), done=self._show, failed=self.failed.emit)

    def let_go(self, rows: Iterable[KeptRow]) -> None:
        """Keep these no longer; ``let_go_of`` says how many they were."""
        rows = tuple(rows)

        def work() -> int:
            return self._cache.sync.safekeeping.let_go(
                recovered=[each.object_id for each in rows if each.is_recovered],
                op_ids=[each.op_id for each in rows if not each.is_recovered],
            )

        self._tasks.run(work, done=self._on_let_go, failed=self.failed.emit)

    def offer(self, rows: Sequence[KeptRow]) -> None:
        """Make on the service once more what it has not got."""
        wanted = [each for each in rows if each.can_offer]

        def work() -> int:
            return sum(_offer(self._cache, each) for each in wanted)

        self._tasks.run(work, done=self._on_offered, failed=self.failed.emit)

    def _on_let_go(self, count: int) -> None:
        self.let_go_of.emit(count)
        self.load()

    def _on_offered(self, count: int) -> None:
        self.offered.emit(count)
        self._sync_now()
        self.load()

    def _show(self, kept: Kept) -> None:
        if kept != self.kept:
            self.kept = kept
            self.changed.emit()


def read_kept(cache: Cache) -> Kept:
    """Look at what is kept. Not for the GUI thread."""
    safe = cache.sync.safekeeping
    projects = {row.id: str(row.data.get("name", "")) for row in cache.rows("project")}
    edits, size = safe.kept()
    recovered = [_recovered(each, projects) for each in safe.recovered()]
    sent = [_sent(each, projects) for each in safe.kept_edits(MOST_LISTED)]
    return Kept((*recovered, *sent), edits, size)


def _recovered(each: Recovered, projects: dict[str, str]) -> KeptRow:
    content = msgspec.json.format(msgspec.json.encode(each.data), indent=2)
    return KeptRow(
        type=each.entity_type,
        object_id=each.id,
        project_id=each.project_id or "",
        project=projects.get(each.project_id or "", ""),
        name=_name(each.data),
        at=each.found,
        standing=Standing(each.standing),
        size=len(content),
        content=content,
        fields=_fields(each.data),
        nodes=_nodes(each.data),
    )


def _fields(data: Document) -> tuple[Change, ...]:
    keys = ("name", "label", "description")
    return tuple(Change((key,), data[key]) for key in keys if data.get(key))


def _nodes(data: Document) -> int:
    draft = data.get("draft")
    nodes = draft.get("nodes") if isinstance(draft, dict) else None
    return len(nodes) if isinstance(nodes, dict) else 0


def _name(data: Document) -> str:
    """What people call it; of a version its number."""
    return next((str(data[key]) for key in ("name", "label", "number") if data.get(key)), "")


def _sent(each: KeptEdit, projects: dict[str, str]) -> KeptRow:
    op = each.op
    return KeptRow(
        type=op.entity,
        object_id=op.id,
        project_id=each.project_id,
        project=projects.get(each.project_id, ""),
        name=each.name,
        at=op.at,
        standing=Standing.SENT,
        op_id=op.op_id,
        kind=op.kind,
        size=each.size,
        content=msgspec.json.format(msgspec.json.encode(op.value), indent=2) if op.value else b"",
        changes=op.changes,
        fields=_fields(op.value or {}),
        nodes=_nodes(op.value or {}),
    )


def _offer(cache: Cache, row: KeptRow) -> bool:
    """Create an object again under its id, unless it has come back meanwhile."""
    if cache.row(row.type, row.object_id) is not None:
        return False
    value = msgspec.json.decode(row.content, type=dict[str, object])
    cache.edit(Edit(row.type, row.object_id, value=value | {"archived": False}))
    return True
