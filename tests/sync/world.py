"""People at their computers: each with a device, a cache and an engine, on one real service."""

import base64
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cx_desktop.cache import Cache, Edit
from cx_desktop.client.bearer import Bearer
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import LoopbackTransport, build_http
from cx_desktop.domain.patch import Document, change, read
from cx_desktop.ports import Clock, RandomIds
from cx_desktop.protocol import SCHEMA, DeviceFacts, Schema, SignedIn, SignInRequest, Verification
from cx_desktop.sync import Engine, SyncStatus
from tests.fakes.faults import Faults
from tests.fakes.service import RunningService

KEY = bytes(range(32))


class Session:
    """A signed-in device. It may sit down at more than one desk, one after the other."""

    def __init__(self, service: RunningService, role: str = "administrator") -> None:
        self.service = service
        self.faults = Faults(LoopbackTransport(None))
        http = build_http(service.url, loopback_only=True, transport=self.faults)
        door = ServiceClient(http)
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.account = service.account(role)
        service.clock.advance(timedelta(seconds=30))  # each code counts once
        challenge = door.sessions.sign_in(
            SignInRequest(
                self.account.username,
                self.account.password,
                DeviceFacts("test", base64.b64encode(public).decode()),
            )
        )
        code = service.code(self.account.username)
        self.signed_in: SignedIn = door.sessions.verify(challenge.id, Verification(code))
        self.device_id = self.signed_in.device_id
        bearer = Bearer(
            device_id=self.device_id,
            refresh_token=self.signed_in.tokens.refresh_token,
            access_token=self.signed_in.tokens.access_token,
            sign=key.sign,
            persist=lambda _tokens: None,
        )
        self.client = door.signed_in(bearer)

    def close(self) -> None:
        self.client.close()


class Desk:
    """One cache and its engine, at a signed-in device."""

    def __init__(
        self,
        session: Session,
        folder: Path,
        *,
        seed: int = 0,
        clock: Clock | None = None,
        on_status: Callable[[SyncStatus], None] = lambda _status: None,
        schema: Schema = SCHEMA,
    ) -> None:
        self.schema = schema
        self.session = session
        self.folder = folder
        self.faults = session.faults
        self._seed = seed
        self._on_status = on_status
        self._clock = clock or session.service.clock
        self.ids = RandomIds(self._clock)
        self._open()

    def _open(self) -> None:
        self.cache = Cache.open(
            self.folder, KEY, clock=self._clock, ids=self.ids, schema=self.schema
        )
        self.engine = Engine(
            cache=self.cache,
            client=self.session.client,
            device_id=self.session.device_id,
            clock=self._clock,
            random=Random(self._seed),  # noqa: S311  (repeatable pauses, not secrets)
            on_status=self._on_status,
        )

    def reopen(self) -> None:
        """The program ends and starts again."""
        self.close()
        self._open()

    def close(self) -> None:
        self.cache.close()

    def sync(self) -> SyncStatus:
        return self.engine.sync_once()

    @property
    def project(self) -> str:
        """The demo project that everybody may see: the one with the flows."""
        return (
            Counter(row.project_id for row in self.cache.rows("number")).most_common(1)[0][0] or ""
        )

    def flows(self) -> dict[str, Document]:
        return {row.id: row.data for row in self.cache.rows("flow")}

    def create(self, name: str = "Nouveau") -> str:
        """A new flow; its id."""
        flow = self.ids.new()
        draft: Document = {
            "meta": {},
            "nodes": {"start": {"id": "start", "kind": "start", "title": "Entrée"}},
            "links": {},
            "notes": {},
        }
        value: Document = {
            "type": "flow",
            "id": flow,
            "project_id": self.project,
            "name": name,
            "description": "",
            "draft": draft,
        }
        self.cache.edit(Edit("flow", flow, value=value))
        return flow

    def edit(self, flow: str, *path: str, to: object) -> None:
        row = self.cache.row("flow", flow)
        assert row is not None
        if read(row.data, path) != to:
            self.cache.edit(Edit("flow", flow, changes=(change(row.data, path, to),)))

    def read(self, flow: str, *path: str) -> object:
        row = self.cache.row("flow", flow)
        assert row is not None
        return read(row.data, path)

    def resolve_all(self, keep: str = "theirs") -> None:
        for conflict in self.cache.conflicts():
            self.cache.resolve(conflict.op_id, "mine" if keep == "mine" else "theirs")

    def has(self) -> dict[str, object]:
        """Everything in the cache that the service has too, in one comparable value."""
        kinds = ("project", "queue", "schedule", "prompt", "number", "flow", "revision")
        return {row.id: row.data for kind in kinds for row in self.cache.rows(kind)}
