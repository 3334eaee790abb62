"""What can be done with the flows of a project, from anywhere: list, palette, editor.

Names and drafts change on this device at once and are sent later. Archiving, restoring and which
flow answers a number are guarded: the service decides, so they need it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache, Edit, Row
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.usage import Use, callers_of
from cx_desktop.domain.patch import Change, Document
from cx_desktop.models.flow_entity import NumberFacts, draft_of, number_facts
from cx_desktop.models.guarded import needs_service
from cx_desktop.models.later import Wish
from cx_desktop.models.objects.creating import New
from cx_desktop.models.objects.facts import object_facts
from cx_desktop.ports import Ids
from cx_desktop.protocol import Assignment
from cx_desktop.tasks import Tasks


class FlowCalls(Protocol):
    """The part of the client that does guarded things to flows."""

    def archive(self, flow_id: str, etag: str, /) -> Document:
        """Put a flow away."""

    def restore(self, flow_id: str, etag: str, /) -> Document:
        """Take a flow out again."""


class NumberCalls(Protocol):
    """The part of the client that does guarded things to numbers."""

    def assign(self, number_id: str, etag: str, assignment: Assignment, /) -> Document:
        """Say which flow answers a number."""


class Service(Protocol):
    """The service, as far as these verbs need it."""

    @property
    def flows(self) -> FlowCalls:
        """Its verbs on flows."""

    @property
    def numbers(self) -> NumberCalls:
        """Its verbs on numbers."""


class InUse(Struct, frozen=True):
    """Why a flow cannot be archived: who needs it."""

    flow_id: str
    name: str
    uses: tuple[Use, ...]


class Archived(Struct, frozen=True):
    """Flows that were just put away, so that it can be taken back."""

    ids: tuple[str, ...]
    names: tuple[str, ...]


class Assigned(Struct, frozen=True):
    """A number that another flow answers from now on, and which one did before."""

    number_id: str
    number: str
    flow_id: str | None
    before: str | None


class FlowVerbs(QObject):
    """The verbs of the flow pages; each answers by a signal on this thread."""

    created = Signal(str)  # the id of a new flow, saved on this device
    created_several = Signal(object)  # tuple[New, ...]: flows saved together
    archived = Signal(object)  # Archived
    restored = Signal(object)  # Archived: the same flows, back again
    assigned = Signal(object)  # Assigned
    could_wait = Signal(object)  # tuple[Wish, ...]: the service cannot be asked now
    in_use = Signal(object)  # InUse: archiving was refused, here or by the service
    failed = Signal(object)  # CXError

    def __init__(
        self,
        *,
        cache: Cache,
        service: Callable[[], Service],
        sync_now: Callable[[], object],
        tasks: Tasks,
        ids: Ids,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cache = cache
        self._service = service
        self._sync_now = sync_now
        self._tasks = tasks
        self._ids = ids

    def create(self, project_id: str, name: str, draft: Document, *, description: str = "") -> None:
        """A new flow of this project with this draft, on this device at once."""
        new = New("flow", self._ids.new(), name, draft, description)

        def work() -> str:
            self._cache.edit(new.edit(project_id))
            return new.id

        self._tasks.run(work, done=self.created.emit, failed=self.failed.emit)

    def create_several(
        self, project_id: str, flows: Iterable[New], *, used: Iterable[New] = ()
    ) -> None:
        """New flows of this project, and objects they use: all or none, on this device at once."""
        flows, used = tuple(flows), tuple(used)

        def work() -> tuple[New, ...]:
            made = (each.edit(project_id) for each in (*used, *flows))
            self._cache.edit(*made, are_one=True)
            return flows

        self._tasks.run(work, done=self.created_several.emit, failed=self.failed.emit)

    def duplicate(self, flow_id: str, name: str) -> None:
        """A copy of a flow's draft under another name; no number leads to it."""

        def read() -> tuple[str, Document]:
            row = self._row("flow", flow_id)
            return object_facts(row.data).project_id, draft_of(row.data)

        self._tasks.run(
            read,
            done=lambda found: self.create(found[0], name, found[1]),
            failed=self.failed.emit,
        )

    def rename(self, flow_id: str, name: str) -> None:
        """Give a flow another name, on this device at once."""

        def work() -> None:
            was = object_facts(self._row("flow", flow_id).data).name
            if was != name:
                change = Change(path=("name",), value=name, was=was)
                self._cache.edit(Edit(entity_type="flow", id=flow_id, changes=(change,)))

        self._tasks.run(work, failed=self.failed.emit)

    def archive(self, flow_ids: Iterable[str]) -> None:
        """Put flows away; all of them, or none when one is in use."""
        flow_ids = tuple(flow_ids)

        def work() -> Archived | InUse:
            for flow_id in flow_ids:
                uses = self.uses(flow_id)
                if uses:
                    name = object_facts(self._row("flow", flow_id).data).name
                    return InUse(flow_id=flow_id, name=name, uses=uses)
            return self._each(flow_ids, self._service().flows.archive)

        wishes = [Wish("flow", each, "archive") for each in flow_ids]
        self._tasks.run(
            work, done=self._on_archived, failed=lambda error: self._not_done(error, wishes)
        )

    def restore(self, flow_ids: Iterable[str]) -> None:
        """Take flows out again."""
        flow_ids = tuple(flow_ids)
        self._tasks.run(
            lambda: self._each(flow_ids, self._service().flows.restore),
            done=self.restored.emit,
            failed=lambda error: self._not_done(
                error, [Wish("flow", each, "restore") for each in flow_ids]
            ),
        )

    def assign(self, number_id: str, flow_id: str | None) -> None:
        """Let this flow answer a number; callers hear the difference at once."""

        def work() -> Assigned:
            self._sync_now()
            number = number_facts(self._row("number", number_id).data)
            self._service().numbers.assign(number_id, number.etag, Assignment(flow_id=flow_id))
            self._sync_now()
            return Assigned(
                number_id=number_id,
                number=number.name,
                flow_id=flow_id,
                before=number.flow_id,
            )

        wish = Wish("number", number_id, "assign", {"flow_id": flow_id})
        self._tasks.run(
            work, done=self.assigned.emit, failed=lambda error: self._not_done(error, [wish])
        )

    def uses(self, flow_id: str) -> tuple[Use, ...]:
        """Who needs a flow, as far as this device knows. Not for the GUI thread."""
        project_id = object_facts(self._row("flow", flow_id).data).project_id
        numbers = [
            number_facts(row.data) for row in self._cache.rows("number", project_id=project_id)
        ]
        flows = [
            (row.id, facts.name, flow_of(draft_of(row.data)))
            for row in self._cache.rows("flow", project_id=project_id)
            if not (facts := object_facts(row.data)).archived
        ]
        return (*_answered(flow_id, numbers), *callers_of(flow_id, flows))

    def _each(self, flow_ids: tuple[str, ...], act: Callable[[str, str], Document]) -> Archived:
        names = []
        self._sync_now()  # the service compares versions: only what it has said last is current
        for flow_id in flow_ids:
            facts = object_facts(self._row("flow", flow_id).data)
            act(flow_id, facts.etag)
            names.append(facts.name)
        self._sync_now()
        return Archived(ids=flow_ids, names=tuple(names))

    def _row(self, entity_type: str, entity_id: str) -> Row:
        row = self._cache.row(entity_type, entity_id)
        if row is None:
            raise CXError("problem.object-not-here")
        return row

    def _on_archived(self, outcome: Archived | InUse) -> None:
        if isinstance(outcome, InUse):
            self.in_use.emit(outcome)
        else:
            self.archived.emit(outcome)

    def _not_done(self, error: CXError, wishes: Sequence[Wish]) -> None:
        """Without the service: offer to wait for it, where that can be."""
        told = needs_service(error)
        if told.key == "problem.needs-service" and all(each.can_wait for each in wishes):
            self.could_wait.emit(tuple(wishes))
        else:
            self.failed.emit(told)


def _answered(flow_id: str, numbers: Iterable[NumberFacts]) -> tuple[Use, ...]:
    return tuple(
        Use(entity="number", id=number.id, name=number.name)
        for number in numbers
        if number.flow_id == flow_id
    )
