"""A colleague at another computer: the program without its window, on the same service."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self, cast

from cx_desktop.auth.gate import Gate
from cx_desktop.auth.profile import Profiles
from cx_desktop.auth.vault import Cost
from cx_desktop.cache import Cache, Edit, Row
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.patch import Change, Document
from cx_desktop.models.demo import Demo
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.sync import Engine
from tests.fakes.credentials import MemoryCredentials

CHEAP = Cost(memory_kib=8, passes=1)


class Neighbour:
    """Signs in for real at a running demo; use it with ``with``."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._clock = SystemClock()
        self._folder = TemporaryDirectory()
        self._http = build_http(demo.url, loopback_only=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.stop()
        self._cache.close()
        self._http.close()
        self._folder.cleanup()

    def sign_in(self, username: str) -> None:
        """Both factors, then everything pulled."""
        folder = Path(self._folder.name)
        gate = Gate(
            profiles=Profiles(folder),
            credentials=MemoryCredentials(),
            clock=self._clock,
            connect=lambda _server: ServiceClient(self._http),
            cost=CHEAP,
        )
        account = next(each for each in self._demo.accounts if each.username == username)
        gate.begin(self._demo.url, username, account.password)
        opened = gate.verify(code=self._demo.code(username))
        ids = RandomIds(self._clock)
        self._cache = Cache.open(folder / "cache", opened.cache_key, clock=self._clock, ids=ids)
        self._engine = Engine(
            cache=self._cache,
            client=opened.client,
            device_id=opened.device_id,
            clock=self._clock,
            random=Random(1),  # noqa: S311  (repeatable pauses, not secrets)
            on_status=lambda _status: None,
        )
        self._engine.sync_once()

    def flow(self, flow_id: str) -> Row:
        """A flow as this computer holds it."""
        row = self._cache.row("flow", flow_id)
        assert row is not None
        return row

    def step_titles(self, flow_id: str) -> list[str]:
        """The titles of a flow's steps, as this computer holds them."""
        return titles_of(self.flow(flow_id).data)

    def updated_by(self, flow_id: str) -> str:
        """Who changed a flow last."""
        person = self.flow(flow_id).data["updated_by"]
        assert isinstance(person, dict)
        return str(person["name"])

    def rename_step(self, flow_id: str, old: str, new: str) -> None:
        """Give a step another title, and send that."""
        for node_id, node in nodes_of(self.flow(flow_id).data).items():
            if node.get("title") == old:
                change = Change(("draft", "nodes", node_id, "title"), new, old)
                self._cache.edit(Edit("flow", flow_id, (change,)))
        self._engine.sync_once()


def nodes_of(flow: Document) -> dict[str, dict[str, object]]:
    """The nodes of a flow entity's draft."""
    draft = cast("dict[str, dict[str, dict[str, object]]]", flow["draft"])
    return draft["nodes"]


def titles_of(flow: Document) -> list[str]:
    """The titles of a flow entity's steps."""
    return [str(node.get("title", "")) for node in nodes_of(flow).values()]
