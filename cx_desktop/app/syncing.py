"""The sync engine of a window."""

from collections.abc import Callable
from random import SystemRandom

from cx_desktop.models.workspace import Opening
from cx_desktop.ports import Clock
from cx_desktop.sync import Engine, SyncStatus


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
