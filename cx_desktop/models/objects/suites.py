"""The tests of a flow, run on this device as the service will run them before callers hear it."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from cx_desktop.cache import Cache
from cx_desktop.domain.calls.world import Objects, world_of
from cx_desktop.domain.flow.analysis.witness import STARTED
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.simulate import World
from cx_desktop.domain.flow.testing import run_all, suite_of
from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts import prompt_of
from cx_desktop.domain.queues import queue_of
from cx_desktop.domain.schedules import schedule_of
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
                flows=self._met("flow", flow_of),
                schedules=self._met("schedule", schedule_of),
                queues=self._met("queue", queue_of),
                prompts=self._met("prompt", prompt_of),
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

    def _met(self, kind: str, read: Callable[[Document], Read]) -> dict[str, Read]:
        """Objects as callers will meet them; what this program cannot read is left out."""
        met: dict[str, Read] = {}
        for row in self._cache.rows(kind, project_id=self._project_id):
            document = self._coming.get(row.id) or live_document(self._cache, row)
            if document is None or row.data.get("archived"):
                continue
            try:
                met[row.id] = read(document)
            except msgspec.ValidationError:  # a newer program wrote it
                continue
        return met
