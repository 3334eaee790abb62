"""A real cache fed by hand with what a service would send, for tests that need no service."""

from pathlib import Path

import msgspec

from cx_desktop.cache import Cache, Chunk, GoneRow, Page, PutRow
from cx_desktop.domain.patch import Document, encode
from cx_desktop.ports import Clock, RandomIds

KEY = bytes(range(32))
STREAMS = {
    "project": "projects",
    "flow": "flows",
    "revision": "revisions",
    "queue": "config",
    "schedule": "config",
    "prompt": "config",
    "number": "config",
}


class Mirror:
    """A cache, and the service's next pages for it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.ids = RandomIds(clock)
        self.cache = Cache.open(folder, KEY, clock=clock, ids=self.ids)
        self._seq = 0
        self._vers: dict[str, int] = {}
        for stream in dict.fromkeys(STREAMS.values()):
            chunk = Chunk(stream=stream, since="", high_seq=0, rows=(), cursor=f"{stream}-0")
            self.cache.sync.apply_chunk(chunk)

    def send(self, *entities: Document) -> None:
        """The service's state of these entities arrives, each in a page of its own."""
        for entity in entities:
            entity_id = str(entity["id"])
            ver = self._vers[entity_id] = self._vers.get(entity_id, 0) + 1
            data = {**entity, "ver": ver, "etag": f'"e1-{ver}"'}
            self._seq += 1
            row = PutRow(id=entity_id, ver=ver, seq=self._seq, data=msgspec.Raw(encode(data)))
            self._page(STREAMS[str(entity["type"])], row)

    def withdraw(self, entity_type: str, entity_id: str) -> None:
        """The service takes an entity out of this user's sight."""
        self._seq += 1
        row = GoneRow(id=entity_id, seq=self._seq, reason="access")
        self._page(STREAMS[entity_type], row)

    def close(self) -> None:
        """Close the cache."""
        self.cache.close()

    def _page(self, stream: str, row: PutRow | GoneRow) -> None:
        since = self.cache.sync.stream(stream).cursor
        self.cache.sync.apply_page(
            Page(
                stream=stream,
                since=since,
                next=f"{stream}-{self._seq}",
                high_seq=self._seq,
                has_more=False,
                rows=(row,),
            )
        )
