"""The rows of the flow list, read from the cache off the GUI thread; only what moved is re-read."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from cx_desktop.cache import Cache, Row
from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.findings import Context, findings
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.summary import are_same
from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.flow_entity import NumberFacts, draft_of, number_facts
from cx_desktop.models.objects.facts import ObjectFacts, ObjectState, object_facts
from cx_desktop.models.objects.reading import is_disputed
from cx_desktop.models.objects.uses import live_document


class FlowRow(Struct, frozen=True):
    """One flow in the list."""

    id: str
    name: str
    description: str
    etag: str
    state: ObjectState
    live_revision: int | None
    steps: int
    blocking: int
    warnings: int
    numbers: tuple[NumberFacts, ...]
    updated_at: datetime | None
    updated_by: str
    is_by_me: bool
    is_unsent: bool
    is_disputed: bool = False
    """Whether somebody wrote at the same places, and nobody has chosen yet."""

    @property
    def is_archived(self) -> bool:
        """Whether the flow is put away."""
        return self.state is ObjectState.ARCHIVED

    @property
    def is_on_service(self) -> bool:
        """Whether the service knows the flow already."""
        return bool(self.etag)


class FlowRows:
    """Reads the flows of one project and remembers what did not change. Used by one task at a time.

    Looking for findings is the dear part: it is done again only for drafts that moved.
    """

    def __init__(self, *, cache: Cache, project_id: str, user_id: str) -> None:
        self._cache = cache
        self._project_id = project_id
        self._user_id = user_id
        self.context = Context()
        self._rows: dict[str, FlowRow] = {}

    def read(self) -> tuple[FlowRow, ...]:
        """All of them, from the start; none while no project is in view."""
        if not self._project_id:
            return ()
        self.context = read_context(self._cache, self._project_id)
        numbers = self._numbers()
        self._rows = {
            row.id: self._row(row, numbers)
            for row in self._cache.rows("flow", project_id=self._project_id)
        }
        return self._sorted()

    def refresh(self, ids: Iterable[str]) -> tuple[FlowRow, ...]:
        """All of them, of which only these are read again.

        A flow that the others may refer to now, or not any more, changes what is found in them:
        then all are read again. It may have come while the names were being read.
        """
        if not self._project_id:
            return ()
        numbers = self._numbers()
        for flow_id in ids:
            row = self._cache.row("flow", flow_id)
            ours = row if row is not None and row.project_id == self._project_id else None
            is_usable = ours is not None and not ours.data.get("archived")
            is_known = flow_id in (self.context.flows or {})
            if is_usable != is_known or (ours is None) != (flow_id not in self._rows):
                return self.read()
            if ours is not None:
                self._rows[flow_id] = self._row(ours, numbers)
        self._rows = {
            row.id: msgspec.structs.replace(row, numbers=tuple(numbers.get(row.id, ())))
            for row in self._rows.values()
        }
        return self._sorted()

    def _numbers(self) -> Mapping[str, list[NumberFacts]]:
        """The numbers of the project by the flow that answers them."""
        by_flow: dict[str, list[NumberFacts]] = {}
        for row in self._cache.rows("number", project_id=self._project_id):
            number = number_facts(row.data)
            if number.flow_id:
                by_flow.setdefault(number.flow_id, []).append(number)
        return by_flow

    def _row(self, row: Row, numbers: Mapping[str, list[NumberFacts]]) -> FlowRow:
        facts = object_facts(row.data)
        draft = draft_of(row.data)
        steps, found = self._looked_at(draft)
        return FlowRow(
            id=row.id,
            name=facts.name,
            description=facts.description,
            etag=facts.etag,
            state=facts.state(
                is_draft_unsent=row.is_dirty, is_like_live=self._is_like_live(row, facts)
            ),
            live_revision=facts.live_revision,
            steps=steps,
            blocking=sum(each.severity is Severity.BLOCKING for each in found),
            warnings=sum(each.severity is Severity.WARNING for each in found),
            numbers=tuple(numbers.get(row.id, ())),
            updated_at=facts.updated_at,
            updated_by=facts.updated_by.name if facts.updated_by else "",
            is_by_me=facts.updated_by is None or facts.updated_by.id == self._user_id,
            is_unsent=row.is_dirty,
            is_disputed=is_disputed(self._cache, row),
        )

    def _is_like_live(self, row: Row, facts: ObjectFacts) -> bool:
        """Whether a draft that may be ahead is equal to what is live all the same."""
        if not facts.may_be_ahead(is_draft_unsent=row.is_dirty):
            return False
        live = live_document(self._cache, row)
        return live is not None and are_same(draft_of(row.data), live)

    def _looked_at(self, draft: Document) -> tuple[int, tuple[Finding, ...]]:
        try:
            flow = flow_of(draft)
            return len(flow.nodes), findings(flow, self.context)
        except msgspec.ValidationError:  # a newer program wrote it: list it, the editor explains
            return 0, ()

    def _sorted(self) -> tuple[FlowRow, ...]:
        return tuple(sorted(self._rows.values(), key=lambda row: (row.name.casefold(), row.id)))
