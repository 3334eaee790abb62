"""Acts that callers hear: looked at, tried with the tests of flows, then done, once.

The look is a short transaction that refuses what would be refused anyhow, so that no tests are run
for it. The tests are run outside of every transaction. The act checks all of it again.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from litestar import Response

from cx_desktop.service.call import Call
from cx_desktop.service.idempotency import answered, once
from cx_desktop.service.objects import suites
from cx_desktop.service.objects.suites import Tried
from cx_desktop.service.problems import Refusal
from cx_desktop.service.service import Service
from cx_desktop.service.store import Txn

#: So often it is tried again when something moved between the tests and the act.
MOST_TRIES = 4


def once_tried(
    call: Call,
    look: Callable[[Txn], Sequence[suites.Coming]],
    act: Callable[[Txn, Tried], bytes],
) -> Response[bytes]:
    """Do something once per ``Idempotency-Key``, after the tests of the flows that hear it."""
    for _ in range(MOST_TRIES):
        with suppress(suites.Moved):
            return answered(call) or _attempt(call, look, act)
    raise Refusal("unavailable")


def _attempt(
    call: Call,
    look: Callable[[Txn], Sequence[suites.Coming]],
    act: Callable[[Txn, Tried], bytes],
) -> Response[bytes]:
    with call.service.store.write() as txn:
        coming = look(txn)
    tried = tried_out(call.service, coming)
    return once(call, lambda txn: act(txn, tried))


def tried_out(service: Service, coming: Sequence[suites.Coming]) -> Tried:
    """Run the tests of the flows that hear what is coming; outside of every transaction."""
    if not coming:
        return Tried()
    since = service.clock.monotonic()
    with service.store.read() as connection:
        staged = suites.stage(connection, coming)
    return suites.try_out(staged, service.config.suite_limits, service.clock.monotonic, since)
