"""What a window syncs with: the open cache, and the engine over it."""

from collections.abc import Callable
from random import SystemRandom

from cx_desktop.auth.opened import Opened
from cx_desktop.cache import Cache
from cx_desktop.models.workspace import Opening
from cx_desktop.ports import Clock, RandomIds
from cx_desktop.sync import Engine, SyncStatus


def open_cache(opened: Opened, *, clock: Clock) -> Opening:
    """Open the user's cache; takes its time."""
    ids = RandomIds(clock)
    cache = Cache.open(opened.profile.folder, opened.cache_key, clock=clock, ids=ids)
    cache.purging.begin(opened.floor.now)
    return Opening(opened, cache, ids)


def engine_of(opening: Opening, clock: Clock, hear: Callable[[SyncStatus], None]) -> Engine:
    """An engine over an open cache; what is too late is judged by a clock that only goes on."""
    engine = Engine(
        cache=opening.cache,
        client=opening.opened.client,
        device_id=opening.opened.device_id,
        clock=clock,
        random=SystemRandom(),
        on_status=hear,
    )
    engine.judge_lateness_by(opening.opened.floor.now)
    return engine
