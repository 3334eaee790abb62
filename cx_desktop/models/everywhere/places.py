"""Everything of a project that can be used, and every place that uses it. Not for the GUI thread.

A place tells the draft and what callers hear apart: it may be in the one, in the other, or in both.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
from msgspec import Struct

from cx_desktop.cache import Cache, Row
from cx_desktop.domain.flow.graph import Flow, Node, NodeId, flow_of
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.usage import How, mentions
from cx_desktop.domain.flow.variables import is_predefined
from cx_desktop.domain.numbers import spelled
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Document
from cx_desktop.domain.queues import queue_of
from cx_desktop.models.flow_entity import NumberFacts, number_facts
from cx_desktop.models.objects.facts import object_facts
from cx_desktop.models.objects.uses import live_document


class Place(Struct, frozen=True):
    """One place that uses something."""

    type: str
    """flow, queue or number."""
    id: str
    name: str
    how: How
    node: str = ""
    """The node of a flow, "" where it is the flow or the object as a whole."""
    title: str = ""
    """What somebody called the node."""
    kind: str = ""
    property: str = ""
    is_drafted: bool = True
    is_live: bool = False
    """Whether callers meet it: what a draft alone uses, nobody meets yet."""


class Subject(Struct, frozen=True):
    """Something that is used, or could be."""

    target: Target
    name: str
    places: tuple[Place, ...] = ()


class _Where(NamedTuple):
    """A place without what tells draft and live apart."""

    target: Target
    how: How
    node: str = ""
    title: str = ""
    kind: str = ""
    property: str = ""


_LISTED = ("flow", "prompt", "schedule", "queue")


def read_subjects(cache: Cache, project_id: str) -> tuple[Subject, ...]:
    """Everything of a project that can be used, by type and name, with its places.

    Objects that are archived neither use anything nor are listed; of variables, those that flows
    set or read.
    """
    rows = {kind: cache.rows(kind, project_id=project_id) for kind in _LISTED}
    numbers = [number_facts(row.data) for row in cache.rows("number", project_id=project_id)]
    found: dict[Target, list[Place]] = {}
    for row in (*rows["flow"], *rows["queue"]):
        for target, place in _places(cache, row):
            found.setdefault(target, []).append(place)
    flow_names = {row.id: str(row.data.get("name", "")) for row in rows["flow"]}
    for each in numbers:
        for target, place in _answered(each, flow_names):
            found.setdefault(target, []).append(place)
    names = dict(_names(rows, numbers))
    for target in found:
        if target.type in {"variable", "number"}:
            names.setdefault(target, spelled(target.id))
    return tuple(
        Subject(target, name, tuple(found.get(target, ())))
        for target, name in sorted(
            names.items(), key=lambda each: (_ORDER.index(each[0].type), each[1].casefold())
        )
    )


_ORDER = ("flow", "prompt", "schedule", "queue", "number", "variable")


def _names(
    rows: Mapping[str, Iterable[Row]], numbers: Iterable[NumberFacts]
) -> Iterator[tuple[Target, str]]:
    for kind, each_row in rows.items():
        for row in each_row:
            if not row.data.get("archived"):
                yield Target(kind, row.id), str(row.data.get("name", ""))
    for each in numbers:
        number = spelled(each.e164)
        name = f"{each.label} · {number}" if each.label else number
        yield Target("number", each.e164), name


def _answered(number: NumberFacts, names: Mapping[str, str]) -> Iterator[tuple[Target, Place]]:
    """A number and the flow that answers it, each from the side of the other one."""
    flow = number.flow_id
    if flow is None:
        return
    by = Place("number", number.id, number.name, How.ANSWERS, is_live=True)
    yield Target("flow", flow), by
    answers = Place("flow", flow, names.get(flow, ""), How.ANSWERS, is_live=True)
    yield Target("number", number.e164), answers


def _places(cache: Cache, row: Row) -> Iterator[tuple[Target, Place]]:
    facts = object_facts(row.data)
    if facts.archived:
        return
    draft = row.data.get("draft")
    drafted = _where(row.type, draft if isinstance(draft, dict) else None)
    live = _where(row.type, live_document(cache, row))
    # The words of a node may differ between the two: those of the draft are shown.
    places = {_key(each): each for each in (*live, *drafted)}
    in_draft, in_live = set(map(_key, drafted)), set(map(_key, live))
    for key, where in places.items():
        place = Place(
            type=row.type,
            id=row.id,
            name=facts.name,
            how=where.how,
            node=where.node,
            title=where.title,
            kind=where.kind,
            property=where.property,
            is_drafted=key in in_draft,
            is_live=key in in_live,
        )
        yield where.target, place


def _key(where: _Where) -> tuple[Target, How, str, str]:
    return where.target, where.how, where.node, where.property


def _where(kind: str, document: Document | None) -> tuple[_Where, ...]:
    if document is None:
        return ()
    try:
        return tuple(_of_flow(flow_of(document)) if kind == "flow" else _of_queue(document))
    except msgspec.ValidationError:  # a newer program wrote it: its own page explains
        return ()


def _of_flow(flow: Flow) -> Iterator[_Where]:
    for each in mentions(flow):
        if each.type == "variable" and is_predefined(each.target):
            continue
        node = flow.nodes.get(each.node) if each.node is not None else None
        yield _Where(
            Target(each.type, each.target),
            each.how,
            node=each.node or "",
            title=node.title if node is not None else "",
            kind=kind_of(node).id if node is not None else "",
            property=each.property,
        )


def _of_queue(document: Document) -> Iterator[_Where]:
    queue = queue_of(document)
    for field, kind, target in (
        ("schedule", "schedule", queue.schedule),
        ("music", "prompt", queue.music),
        ("comfort", "prompt", queue.comfort),
        ("goodbye", "prompt", queue.goodbye),
        ("overflow", "queue", queue.overflow),
    ):
        if target:
            yield _Where(Target(kind, target), How.USES, property=field)


def used_at(node: Node) -> tuple[Target, ...]:
    """What one node uses, objects before numbers and variables."""
    flow = Flow(nodes={NodeId(node.id): node})
    found = dict.fromkeys(Target(each.type, each.target) for each in mentions(flow))
    return tuple(sorted(found, key=lambda each: each.type in {"number", "variable"}))
