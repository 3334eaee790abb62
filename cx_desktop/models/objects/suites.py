"""The tests of a flow, run on this device as the service will run them before callers hear it."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from cx_desktop.cache import Cache, Row
from cx_desktop.domain.calls.world import Objects, world_of
from cx_desktop.domain.flow.analysis.witness import STARTED
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.simulate import World
from cx_desktop.domain.flow.testing import run_all, suite_of
from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts import prompt_of
from cx_desktop.domain.queues import queue_of
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.models.objects.reading import objects_of
from cx_desktop.models.objects.uses import live_document

Read = TypeVar("Read")


class Stage:
    """What calls meet when some drafts have gone live: those drafts, and all else as it is live.

    Not for the GUI thread.
    """

    def __init__(self, cache: Cache, project_id: str, coming: Mapping[str, Document]) -> None:
        self._cache = cache
        self._project_id = project_id
        self._coming = coming
        self._world: World | None = None

    @property
    def world(self) -> World:
        """All of it, read when it is first asked for."""
        if self._world is None:
            objects = Objects(
                flows=dict(self._met("flow", flow_of)),
                schedules=dict(self._met("schedule", schedule_of)),
                queues=dict(self._met("queue", queue_of)),
                prompts=dict(self._met("prompt", prompt_of)),
            )
            self._world = world_of(objects, STARTED)
        return self._world

    def failed(self, flow_id: str, flow: Flow) -> tuple[str, ...]:
        """The tests of a flow that do not pass, by name."""
        if not flow.tests:
            return ()
        tests = suite_of(flow).tests
        failed = run_all(flow, flow_id, self.world).failed
        return tuple((tests[each].name if each in tests else "") or each for each in failed)

    def _met(self, kind: str, read: Callable[[Document], Read]) -> Iterator[tuple[str, Read]]:
        """Objects as callers will meet them."""
        return objects_of(self._cache, kind, self._project_id, read, self._coming_or_live)

    def _coming_or_live(self, row: Row) -> Document | None:
        return self._coming.get(row.id) or live_document(self._cache, row)
