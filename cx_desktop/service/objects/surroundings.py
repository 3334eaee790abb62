"""What calls into a flow will meet of its project once something goes live."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Protocol

from sqlalchemy import Connection

from cx_desktop.domain.calls.pinned import Pinned, pinned
from cx_desktop.domain.calls.pinned import Version as Published
from cx_desktop.domain.calls.world import Objects, world_of
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.references import references
from cx_desktop.domain.flow.simulate import World
from cx_desktop.domain.objects import Target, refers
from cx_desktop.domain.patch import Document
from cx_desktop.domain.queues import queue_of
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.service.objects import revisions
from cx_desktop.service.store import Entity, entities


class Version(Protocol):
    """A version that callers are about to hear."""

    @property
    def document(self) -> Document:
        """What they will hear of it."""

    @property
    def pins(self) -> Mapping[str, int]:
        """The versions of other objects that it uses."""


class Surroundings:
    """The objects of a project as they will be live. For one look at the database."""

    def __init__(
        self, connection: Connection, project_id: str, coming: Mapping[str, Version]
    ) -> None:
        self._connection = connection
        self._project_id = project_id
        self._coming = coming

    def world(self, flow_id: str, flow: Flow, pins: Mapping[str, int], started: datetime) -> World:
        """The world around a flow with its pinned sub-flows and prompts."""
        played = self._pinned(flow_id, flow, pins)
        objects = Objects(
            flows=played.flows,
            pinned=played.prompts,
            schedules={key: schedule_of(each) for key, each in self._live["schedule"].items()},
            queues={key: queue_of(each) for key, each in self._live["queue"].items()},
        )
        return world_of(objects, started)

    def live_flows(self) -> Iterator[tuple[str, Flow, Mapping[str, int]]]:
        """The flows that callers hear and go on hearing, with their newest tests and their pins."""
        for found in self._each("flow"):
            live = None if found.id in self._coming else revisions.live(self._connection, found)
            if live is None:
                continue
            document, pins = revisions.content(live)
            draft = found.data.get("draft")
            is_same = found.data.get("live_draft_ver") == found.data.get("draft_ver")
            if is_same and isinstance(draft, dict):
                document = document | {"tests": draft.get("tests") or {}}
            yield found.id, flow_of(document), pins

    def queues_of(self, moved: set[Target]) -> set[Target]:
        """The queues that keep hours which move, or pass calls on to a queue that does."""
        used = {
            Target("queue", key): set(refers("queue", each))
            for key, each in self._live["queue"].items()
        }
        found: set[Target] = set()
        while more := {key for key, each in used.items() if each & (moved | found)} - found:
            found |= more
        return found

    def used_by(self, flow_id: str, flow: Flow, pins: Mapping[str, int]) -> set[Target]:
        """What a flow uses, also by its sub-flows."""
        flows = self._pinned(flow_id, flow, pins).flows
        return {target for each in flows.values() for target in _targets(each)}

    def _pinned(self, flow_id: str, flow: Flow, pins: Mapping[str, int]) -> Pinned:
        """A flow and its sub-flows in their versions, and the prompts they play in theirs."""
        return pinned(flow_id, flow, pins, self._version)

    def _version(self, object_id: str, number: int | None) -> Published | None:
        """The version of an object that is pinned; the coming one where that has its number."""
        found = number and revisions.numbered(self._connection, object_id, number)
        if found:
            return Published(*revisions.content(found))
        coming = self._coming.get(object_id)
        return None if coming is None else Published(coming.document, coming.pins)

    @cached_property
    def _live(self) -> Mapping[str, Mapping[str, Document]]:
        """Hours and queues by id, as callers will meet them."""
        return {kind: dict(self._met(kind)) for kind in ("schedule", "queue")}

    def _met(self, kind: str) -> Iterator[tuple[str, Document]]:
        for found in self._each(kind):
            coming = self._coming.get(found.id)
            live = coming.document if coming else revisions.live_document(self._connection, found)
            if live is not None:
                yield found.id, live

    def _each(self, kind: str) -> Iterator[Entity]:
        for found in entities.each(self._connection, kind, project_ids=[self._project_id]):
            if not found.data.get("archived"):
                yield found


def _targets(flow: Flow) -> Iterator[Target]:
    for each in references(flow):
        if each.refers_to != "node":
            yield Target(each.refers_to, each.target)
