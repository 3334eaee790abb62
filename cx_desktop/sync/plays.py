"""Tells the service which recordings were heard from this computer.

Failure policy: what was not written down there stays here and is told again at the next rest; what
the service does not take of one project keeps nothing back of another.
"""

from collections.abc import Callable
from contextlib import suppress

from cx_desktop.cache import Cache
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError


def tell_plays(cache: Cache, client: ServiceClient, goes_on: Callable[[], bool]) -> None:
    """Tell all of them, as long as ``goes_on``."""
    with suppress(CXError):
        for batch in cache.plays.batches():
            if not goes_on():
                return
            with suppress(ServiceProblem):
                client.recordings.played(batch.project_id, batch.plays, batch.key)
                cache.plays.told(batch.key)
