"""A cache and the words of a service, spoken by hand: pages, results, epochs."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from cx_desktop.cache import Cache, Chunk, Edit, GoneRow, Page, PageRow, PutRow
from cx_desktop.domain.patch import Change, Document, change
from cx_desktop.ports import Clock, RandomIds
from cx_desktop.protocol import Op, OpResult, OpStatus, Stream

KEY = bytes(range(32))


def put(document: Document, *, ver: int, seq: int) -> PutRow:
    """A row of a page."""
    data = msgspec.json.encode({**document, "ver": ver})
    return PutRow(id=str(document["id"]), ver=ver, seq=seq, data=msgspec.Raw(data))


def gone(entity_id: str, *, seq: int) -> GoneRow:
    return GoneRow(id=entity_id, seq=seq, reason="deleted")


class World:
    """One cache, with a flow stream that stands at cursor ``c0``."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.clock = clock
        self.ids = RandomIds(clock)
        self.project = self.ids.new()
        self.cache = Cache.open(folder, KEY, clock=clock, ids=self.ids)
        self._pages = 0
        if not self.cache.sync.epoch:
            self.cache.sync.adopt("e1")
            for stream in Stream:
                self.snapshot(stream, [])

    def reopened(self) -> Cache:
        """The program ends and starts again."""
        self.cache.close()
        self.cache = Cache.open(self.folder, KEY, clock=self.clock, ids=self.ids)
        return self.cache

    def flow(self, name: str = "Accueil", **more: object) -> Document:
        """A flow as the service has it."""
        draft: Document = {
            "meta": {"language": "fr"},
            "nodes": {
                "start": {"id": "start", "kind": "start", "title": "Entrée", "x": 0.0, "y": 0.0},
                "menu": {"id": "menu", "kind": "menu", "title": "Menu", "x": 300.0, "y": 0.0},
            },
            "links": {"start": {"next": "menu"}},
            "notes": {},
        }
        fresh: Document = {
            "type": "flow",
            "id": self.ids.new(),
            "project_id": self.project,
            "name": name,
            "draft": draft,
        }
        return {**fresh, **more}

    def snapshot(self, stream: str, rows: Iterable[PageRow], *, high_seq: int = 0) -> None:
        """The whole of a stream arrives; its changes begin at ``c0``."""
        self.cache.sync.apply_chunk(
            Chunk(stream=stream, since="", high_seq=high_seq, rows=tuple(rows), cursor="c0")
        )

    def serve_project(self, project: Document) -> None:
        """The one project that there is."""
        self.cache.sync.expire("projects")
        self.snapshot("projects", [put(project, ver=1, seq=1)])

    def page(self, *rows: PageRow, stream: str = "flows") -> Page:
        """The next page of a stream, not yet applied."""
        since = self.cache.sync.stream(stream).cursor
        high = max([self.cache.sync.stream(stream).high_seq, *(row.seq for row in rows)])
        return Page(
            stream=stream,
            since=since,
            next=f"c{int(since[1:]) + 1}",
            high_seq=high,
            has_more=False,
            rows=rows,
        )

    def receive(self, *rows: PageRow) -> None:
        """The next page of flows arrives."""
        self.cache.sync.apply_page(self.page(*rows))

    def received(self, name: str = "Accueil", *, seq: int = 1) -> str:
        """A flow of the service is in the cache."""
        flow = self.flow(name)
        self.receive(put(flow, ver=1, seq=seq))
        return str(flow["id"])

    def data(self, flow_id: str) -> Document:
        """What a flow looks like here."""
        row = self.cache.row("flow", flow_id)
        assert row is not None
        return row.data

    def edit(self, flow_id: str, *path: str, to: object) -> str:
        """Somebody edits one place of a flow; the op's id."""
        return self.cache.edit(
            Edit("flow", flow_id, changes=(change(self.data(flow_id), path, to),))
        )[0]

    def send(self) -> tuple[Op, ...]:
        """What the engine would push now."""
        return self.cache.sync.claim(limit=100, max_bytes=1_000_000).ops

    def answer(self, op: Op, status: OpStatus = OpStatus.APPLIED, **more: object) -> None:
        """The service's result for an op."""
        result = msgspec.structs.replace(OpResult(op.op_id, status), **more)
        self.cache.sync.settle([result])


def set_to(path: tuple[str, ...], was: object, value: object) -> Change:
    return Change(path=path, value=value, was=was)
