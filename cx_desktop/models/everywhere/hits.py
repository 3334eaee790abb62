"""Words in all flows of a project: found, replaced and taken back. Not for the GUI thread.

What is written goes to the cache as ordinary edits of drafts, all flows in one transaction; what
was found is looked at again just before, so that nothing is written over what came meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from cx_desktop.cache import Cache, Edit, Row
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.replace import Hit, Refusal, find, replace
from cx_desktop.domain.flow.seeking import Seeker
from cx_desktop.domain.patch import Change, based, inverse
from cx_desktop.models.flow_context import read_context
from cx_desktop.models.flow_entity import draft_of
from cx_desktop.models.undo import restorable
from cx_desktop.tasks import Task


class FlowHits(Struct, frozen=True):
    """What was found in one flow."""

    id: str
    name: str
    flow: Flow
    hits: tuple[Hit, ...]
    is_disputed: bool = False
    """Whether somebody has to decide on a conflict in it first: nothing is replaced there."""


class Found(Struct, frozen=True):
    """What was found in a project."""

    flows: tuple[FlowHits, ...] = ()
    searched: int = 0
    unreadable: tuple[str, ...] = ()
    """The names of flows that a newer program wrote."""

    @property
    def count(self) -> int:
        """How many places were found."""
        return sum(len(each.hits) for each in self.flows)


class Written(Struct, frozen=True):
    """What a replacement wrote, as changes of each flow's draft; undo takes it back."""

    changes: Mapping[str, tuple[Change, ...]]
    count: int
    """How many places were replaced."""
    left: int = 0
    """How many of those that were wanted stayed as they are."""


class TakenBack(Struct, frozen=True):
    """What undo of a replacement did."""

    flows: int
    left: int
    """How many places somebody wrote meanwhile: they stay."""


Refusals = Mapping[tuple[str, Hit], Refusal]
"""Why places stay as they are, by flow and hit."""


def search(cache: Cache, project_id: str, seeker: Seeker, task: Task) -> Found:
    """Look through the drafts of all flows that are in use, by their names."""
    context = read_context(cache, project_id)
    disputed = {each.id for each in cache.conflicts()}
    rows = [
        row for row in cache.rows("flow", project_id=project_id) if not row.data.get("archived")
    ]
    rows.sort(key=lambda row: _name(row).casefold())
    flows: list[FlowHits] = []
    unreadable: list[str] = []
    for at, row in enumerate(rows):
        task.check()
        task.tell(at / len(rows))
        try:
            flow = flow_of(draft_of(row.data))
        except msgspec.ValidationError:
            unreadable.append(_name(row))
            continue
        hits = find(flow, seeker, context)
        if hits:
            flows.append(FlowHits(row.id, _name(row), flow, hits, row.id in disputed))
    return Found(tuple(flows), len(rows), tuple(unreadable))


def refusals(found: Found, seeker: Seeker, by: str, task: Task) -> Refusals:
    """Which places would stay as they are, and why, if all of them were to be replaced."""
    refused: dict[tuple[str, Hit], Refusal] = {}
    for each in found.flows:
        task.check()
        if each.is_disputed:
            refused |= {(each.id, hit): Refusal("conflict") for hit in each.hits}
        else:
            would = replace(each.flow, seeker, by, each.hits).refused
            refused |= {(each.id, hit): refusal for hit, refusal in would.items()}
    return refused


def write(
    cache: Cache, seeker: Seeker, by: str, chosen: Mapping[str, tuple[Hit, ...]], task: Task
) -> Written:
    """Replace at the chosen places, in all flows or, where the disk is full, in none."""
    disputed = {each.id for each in cache.conflicts()}
    changes: dict[str, tuple[Change, ...]] = {}
    count = 0
    for at, (flow_id, hits) in enumerate(chosen.items()):
        task.check()
        task.tell(at / len(chosen))
        row = cache.row("flow", flow_id)
        if row is None or row.data.get("archived") or flow_id in disputed:
            continue
        document = draft_of(row.data)
        made = replace(flow_of(document), seeker, by, hits)
        if made.changes:
            changes[flow_id] = based(document, made.changes)
            count += len(made.done)
    _edit(cache, changes)
    return Written(changes, count, sum(map(len, chosen.values())) - count)


def take_back(cache: Cache, written: Written) -> TakenBack:
    """Put back what stood there, wherever what was written still stands."""
    changes: dict[str, tuple[Change, ...]] = {}
    left = 0
    for flow_id, made in written.changes.items():
        row = cache.row("flow", flow_id)
        if row is None:
            left += len(made)
            continue
        kept, refused = restorable(draft_of(row.data), inverse(made))
        left += len(refused)
        if kept:
            changes[flow_id] = kept
    _edit(cache, changes)
    return TakenBack(len(changes), left)


def _edit(cache: Cache, changes: Mapping[str, Iterable[Change]]) -> None:
    edits = tuple(
        Edit("flow", flow_id, tuple(_below_draft(made))) for flow_id, made in changes.items()
    )
    if edits:
        cache.edit(*edits, are_one=True)


def _below_draft(changes: Iterable[Change]) -> Iterator[Change]:
    for each in changes:
        yield Change(("draft", *each.path), each.value, each.was)


def _name(row: Row) -> str:
    return str(row.data.get("name", ""))
