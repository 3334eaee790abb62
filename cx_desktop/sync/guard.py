"""Before a stream read anew takes very much away, the service is asked whether that is so.

A snapshot that came whole may still be wrong: a service with half its data mounted, an account that
sees less by mistake. So what would remain here is held against the service's own checksum, with
what has moved since the snapshot began. Not confirmed means that nothing is deleted.
"""

from collections.abc import Callable
from contextlib import closing

from cx_desktop.cache import Cache, Chunk, Page
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol.digest import whole
from cx_desktop.sync import wire
from cx_desktop.sync.wire import Question

#: Less than both of these is swept unasked.
FEW_ROWS = 100
FEW_OF_ALL = 0.2
#: How often the service may move while it is asked, before the question is put off.
_ROUNDS = 3
_MOST_PAGES, _PAGE = 20, 1_000


class Doubtful(Exception):  # noqa: N818  (it says what the snapshot is)
    """The service does not confirm that so much has gone; ``told`` says it to a person."""

    def __init__(self, stream: str, *, goes: int, rows: int) -> None:
        super().__init__(stream)
        self.stream = stream
        self.told = CXError("problem.sync-doubtful", stream=stream, count=goes, rows=rows)


class Guard:
    """Looks at the last part of each snapshot before it is written."""

    def __init__(self, cache: Cache, client: ServiceClient, schema: Callable[[], int]) -> None:
        self._cache = cache
        self._client = client
        self._schema = schema

    def check(self, chunk: Chunk) -> None:
        """Let a last part pass; raises ``Doubtful`` where it would take too much away."""
        sweep = self._cache.sync.sweep_of(chunk)
        if sweep.goes <= FEW_ROWS or sweep.goes <= FEW_OF_ALL * sweep.rows:
            return
        if not self._is_confirmed(chunk):
            raise Doubtful(chunk.stream, goes=sweep.goes, rows=sweep.rows)

    def _is_confirmed(self, chunk: Chunk) -> bool:
        left, cursor = self._cache.sync.remainder_of(chunk), chunk.cursor
        for _ in range(_ROUNDS):
            for _ in range(_MOST_PAGES):  # what has moved since, read without being written
                page = self._page(chunk.stream, cursor)
                left.move(page)
                cursor = page.next
                if not page.has_more:
                    break
            told = self._client.sync.digest(chunk.stream, 0)
            if told.epoch != self._cache.sync.epoch or told.stream != chunk.stream:
                return False
            if left.equals(whole(told.buckets)):
                return True
        return False

    def _page(self, stream: str, cursor: str) -> Page:
        asked = self._client.sync.changes(stream, cursor, _PAGE, schema=self._schema())
        with closing(asked) as lines:
            return wire.read_page(lines, Question(stream, cursor, self._cache.sync.epoch))
