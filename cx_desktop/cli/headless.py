"""A profile's cache, open in a process without a window, with a session where there is one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from random import SystemRandom

from msgspec import Struct

from cx_desktop.auth.credentials import SessionCredentials
from cx_desktop.auth.gate import Gate
from cx_desktop.auth.headless import open_unattended
from cx_desktop.auth.opened import Opened
from cx_desktop.auth.orders import Order
from cx_desktop.auth.profile import OneProfile
from cx_desktop.cache import Cache
from cx_desktop.cli.signing_in import Who, asking_at, whole_account
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.protocol import Welcome
from cx_desktop.sync import Engine, SyncStatus
from cx_desktop.sync.heeding import Heeding
from cx_desktop.text import Catalogue


class OpenProfile(Struct, frozen=True):
    """What a process without a window works on."""

    opened: Opened
    cache: Cache
    ordered: list[Order | None] = []
    """To lock it or to give it up; None where no order could be believed."""

    @property
    def signed_out(self) -> CXError | None:
        """Why the session is over; nothing while it lives."""
        bearer = self.opened.client.bearer
        return None if bearer is None else bearer.signed_out

    def engine(self, on_status: Callable[[SyncStatus], None]) -> Engine:
        """An engine over it that keeps each fresh leave to work offline."""
        engine = Engine(
            cache=self.cache,
            client=self.opened.client,
            device_id=self.opened.device_id,
            clock=SystemClock(),
            random=SystemRandom(),
            on_status=on_status,
        )
        engine.judge_lateness_by(self.opened.floor.now)
        engine.each_welcome(self._welcomed)
        opened, clock = self.opened, SystemClock()
        engine.heed(
            Heeding(
                self.cache, opened.orders, user=opened.user, clock=clock, told=self.ordered.append
            )
        )
        return engine

    def _welcomed(self, welcome: Welcome) -> None:
        self.opened.heard(welcome.server_time, welcome.lease)


@contextmanager
def profile_of(folder: Path, who: Who, texts: Catalogue) -> Iterator[OpenProfile]:
    """Open the profile in ``folder``, or make it; given back whatever happens.

    Where the service has ordered meanwhile to lock it or to give it up, that is done in the end.
    """
    account, kept = whole_account(who, texts)
    clock = SystemClock()
    gate = Gate(
        profiles=OneProfile(folder.absolute()),
        credentials=kept or SessionCredentials(),
        clock=clock,
        connect=lambda address: ServiceClient(
            build_http(address, loopback_only=False, ca_file=who.ca_file)
        ),
    )
    opened = open_unattended(gate, account, asking=asking_at(texts), clock=clock)
    with ExitStack() as leaving:
        leaving.callback(gate.lock, opened)
        cache = Cache.open(folder, opened.cache_key, clock=clock, ids=RandomIds(clock))
        with closing(cache):
            cache.purging.begin(opened.floor.now)
            place = OpenProfile(opened, cache)
            try:
                yield place
            except CXError:
                if not place.ordered:  # else that is why, and there is more to say
                    raise
        if place.ordered:
            raise gate.obey(opened, place.ordered[-1])
