"""The service as the program sees it: typed verbs over one HTTP client."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
from msgspec import Struct

from cx_desktop.client.bearer import Bearer
from cx_desktop.client.blobs import BlobCalls
from cx_desktop.client.devices import DeviceCalls
from cx_desktop.client.exchange import Exchange
from cx_desktop.client.exports import ExportCalls
from cx_desktop.client.lookups import LookupCalls
from cx_desktop.client.objects import EmergencyCalls, NumberCalls, ObjectCalls, ProjectCalls
from cx_desktop.client.recordings import PolicyCalls, RecordingCalls, RightsCalls
from cx_desktop.client.sessions import SessionCalls
from cx_desktop.client.sync import SyncCalls
from cx_desktop.client.timed import TimedCalls
from cx_desktop.ports import Clock
from cx_desktop.protocol import ServerFacts


class ServiceClient:
    """One server, with a session or without.

    ``elsewhere`` gives a client of another server, for lookups of simulated calls. ``sessions``,
    ``sync``, ``lookups`` and one attribute per type of object hold the verbs. Every fault leaves
    them as a ``CXError``.
    """

    def __init__(
        self,
        http: httpx.Client,
        bearer: Bearer | None = None,
        *,
        elsewhere: Callable[[str], httpx.Client] | None = None,
    ) -> None:
        self._http = http
        self._elsewhere = elsewhere
        self.bearer = bearer
        open_door = Exchange(http)
        exchange = Exchange(http, bearer)
        self.sessions = SessionCalls(exchange, open_door)
        self.devices = DeviceCalls(open_door)
        self.flows = ObjectCalls(exchange, "flows")
        self.schedules = ObjectCalls(exchange, "schedules")
        self.prompts = ObjectCalls(exchange, "prompts")
        self.queues = ObjectCalls(exchange, "queues")
        self.forms = ObjectCalls(exchange, "forms")
        self.projects = ProjectCalls(exchange)
        self.blobs = BlobCalls(exchange)
        self.recordings = RecordingCalls(exchange)
        self.policies = PolicyCalls(exchange)
        self.rights = RightsCalls(exchange)
        self.exports = ExportCalls(exchange)
        self.numbers = NumberCalls(exchange)
        self.emergencies = EmergencyCalls(exchange)
        self.timed = TimedCalls(exchange)
        self.sync = SyncCalls(Exchange(http, bearer, needs_digest=True))
        self.lookups = LookupCalls(elsewhere)

    def __repr__(self) -> str:
        return f"ServiceClient({self.address})"

    @property
    def address(self) -> str:
        """The canonical address of the server."""
        return str(self._http.base_url).rstrip("/")

    def signed_in(self, bearer: Bearer) -> "ServiceClient":
        """The same server, in the name of a session."""
        return ServiceClient(self._http, bearer, elsewhere=self._elsewhere)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class Offset(Struct, frozen=True):
    """How far a server's clock is ahead of this computer's, give or take half a round trip."""

    ahead: timedelta
    give_or_take: timedelta
    facts: ServerFacts
    measured_at: datetime

    @property
    def is_certain(self) -> bool:
        """Whether the clocks differ by more than the measuring itself may explain."""
        return abs(self.ahead) > self.give_or_take


def clock_offset(client: ServiceClient, clock: Clock) -> Offset:
    """Ask the server what it is and what time it has."""
    start, before = clock.now(), clock.monotonic()
    facts = client.sessions.server_facts()
    half = timedelta(seconds=(clock.monotonic() - before) / 2)
    return Offset(
        ahead=facts.server_time - (start + half),
        give_or_take=half,
        facts=facts,
        measured_at=start + half,
    )
