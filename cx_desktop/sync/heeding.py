"""Hears when the service has an order for this device, asks for it, and does what can be done here.

Failure policy: the service's hint, or its word that the session or the device is over, only leads
to the question; what counts is the signed answer (``auth/orders.py``). A project is given up here,
its unsent edits sealed first. To lock or to wipe is for whoever opened the profile. Where a device
was revoked and no answer can be believed or had, it is locked; nothing is ever deleted for that.
"""

import itertools
from collections.abc import Callable, Sequence

from cx_desktop.auth import orders as known
from cx_desktop.auth.handover import Handover, left_of
from cx_desktop.auth.orders import Order, Orders
from cx_desktop.cache import Cache
from cx_desktop.cache.leaving import Bundle
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock
from cx_desktop.protocol import User, Welcome
from cx_desktop.protocol.directives import Act
from cx_desktop.protocol.escrow import Source

_REVOKED = "device-revoked"
#: ``forbidden`` is what somebody hears whose last role was taken away.
_OVER = frozenset({_REVOKED, "token-invalid", "token-reused", "forbidden"})
#: Whoever edits faster than this is tried again with the next contact.
_ATTEMPTS = 5
#: An order is followed by the next one; they are asked for one after the other.
_MOST_ORDERS = 100

Told = Callable[[Order | None], None]
"""Hears that the profile is to be locked or given up; without an order, that it is locked."""


class Heeding:
    """One device's ear."""

    def __init__(
        self, cache: Cache, orders: Orders, *, user: User, clock: Clock, told: Told
    ) -> None:
        self._cache = cache
        self._orders = orders
        self._user = user
        self._clock = clock
        self._told = told
        self._is_told = False

    def welcomed(self, welcome: Welcome) -> None:
        """The service answered hello; raises where the profile may not stay open."""
        if not welcome.directives:
            return
        try:
            order = self._orders.ask()
        except CXError as error:
            if error.key == "problem.directive-invalid":
                self._tell(None)
            raise
        if self._obey(order):
            raise CXError("problem.locked-by-service")

    def refused(self, error: CXError) -> None:
        """The service will not have us: it may say what is to become of what is here."""
        name = error.problem.name if isinstance(error, ServiceProblem) else ""
        if name not in _OVER:
            return
        try:
            self._obey(self._orders.ask())
        except CXError as fault:
            if name == _REVOKED or fault.key == "problem.directive-invalid":
                self._tell(None)

    def complete(self) -> None:
        """Everything was read: what is left of projects that are not here any more goes too.

        Complete, sealed pages said so. What is unsent of them waits for the signed order.
        """
        for project_id in self._cache.leaving.strays():
            bundle = self._cache.leaving.bundle(project_id)
            if not bundle.edits and not bundle.files:
                self._cache.leaving.evict({project_id: bundle}, self._clock.now())
        for each in left_of(self._orders.profile.folder):
            each.deliver(self._orders.client)

    def _obey(self, order: Order) -> bool:
        """Do it, and what comes after it; whether the profile may not stay open."""
        for _ in range(_MOST_ORDERS):
            if order.act in {Act.LOCK, Act.WIPE}:
                self._tell(order)
                return True
            if order.act is Act.NONE or not self._evict(order):
                return False
            order = self._orders.ask()
        return False

    def _tell(self, order: Order | None) -> None:
        if not self._is_told:
            self._is_told = True
            self._told(order)

    def _evict(self, order: Order) -> bool:
        """Seal what is unsent of a project, then take it away; whether the service knows it."""
        profile, leaving = self._orders.profile, self._cache.leaving
        handover = Handover.of(profile.folder, order)
        for _ in range(_ATTEMPTS):
            bundles = {each: leaving.bundle(each) for each in order.directive.project_ids}
            together, source = _together(list(bundles.values())), self._source(order)
            take_back = handover.pack(self._cache, together, source, order)
            if leaving.evict(bundles, self._clock.now()):
                handover.done()
                break
            take_back()
        else:
            return False
        is_locked = known.heard(profile.folder).is_locked
        known.remember(profile.folder, order.directive.n, is_locked=is_locked)
        return handover.deliver(self._orders.client)

    def _source(self, order: Order) -> Source:
        names = {each: self._cache.leaving.name_of(each) for each in order.directive.project_ids}
        return Source(
            server=self._orders.profile.server,
            user_id=self._user.id,
            username=self._user.username,
            name=self._user.name,
            device_id=self._orders.device_id,
            order_id=order.directive.id,
            at=self._clock.now(),
            projects=names,
        )


def _together(bundles: Sequence[Bundle]) -> Bundle:
    chained = itertools.chain.from_iterable
    return Bundle(
        tuple(chained(each.edits for each in bundles)),
        tuple(chained(each.files for each in bundles)),
    )
