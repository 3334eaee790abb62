"""Two people's versions of one object brought together, whatever its type (``sync.md`` 2.4).

Names and other fields beside the draft are scalars; the draft comes apart by the shape of its type:
a flow by atoms, opening hours by day and by exception, a prompt by language and field, a form by
the fields of its questions, a queue by field. What is said of recordings has no draft: labels come
apart by tag, evaluations by answer. What neither the merge nor the service can decide is left as
theirs, and told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

import msgspec
from msgspec import UNSET, Struct

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.findings import analysis
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.merge import Dispute, Kept, Merged, Shape, Side, merge
from cx_desktop.domain.flow.merge.apart import apart
from cx_desktop.domain.flow.merge.atoms import FLOW, atoms_of, entries
from cx_desktop.domain.patch import Change, Document, Json, Path, apply, is_cosmetic, read, same
from cx_desktop.domain.queues import findings as queue_findings
from cx_desktop.domain.queues import queue_of
from cx_desktop.domain.recordings.form_rules import findings as form_findings
from cx_desktop.domain.recordings.forms import form_of
from cx_desktop.domain.recordings.notes import SAID_TYPES, SaidType
from cx_desktop.domain.schedules import schedule_of
from cx_desktop.domain.schedules.judging import faults as schedule_faults

__all__ = [
    "Dispute",
    "Kept",
    "Outcome",
    "Side",
    "arisen",
    "grounded",
    "merged",
    "removal",
    "severed",
    "side_of",
    "standing",
]

#: What clients write of an object beside its draft.
_FIELDS = ("name", "description", "archived")
_DRAFT = "draft"
_SHAPES: Mapping[str, Shape] = {
    "flow": FLOW,
    "schedule": Shape({"weekly": 2, "exceptions": 3}, ("exceptions",)),
    "prompt": Shape({"languages": 3}, ("languages",)),
    "form": Shape({"sections": 3, "questions": 3}, ("sections", "questions")),
}
_PLAIN = Shape()
#: Entries that are nothing without a certain field.
_NEEDED = {
    "nodes": "id",
    "notes": "id",
    "exceptions": "first",
    "sections": "title",
    "questions": "text",
}


class Outcome(Struct, frozen=True):
    """What a merge of two versions of an object came to; paths are those of the object."""

    document: Document
    """Theirs, with everything of mine that nobody has to decide."""
    changes: tuple[Change, ...] = ()
    """The way there from theirs."""
    disputes: tuple[Dispute, ...] = ()
    kept: tuple[Kept, ...] = ()
    """Parts of the draft that one removed and the other needs: they stay."""

    @property
    def is_clean(self) -> bool:
        """Whether nobody has to decide anything."""
        return not self.disputes and not self.kept


def side_of(base: Document, changes: Iterable[Change]) -> tuple[Document, Document]:
    """What edits were made on, as whoever made them saw it, and what they made of it."""
    changes = tuple(changes)
    seen = apply(base, [Change(each.path, each.was) for each in changes])
    return seen, apply(seen, changes)


def merged(kind: str, base: Document, mine: Document, theirs: Document) -> Outcome:
    """Bring two versions of an object together. No argument is changed."""
    if kind in SAID_TYPES:
        return _merged_apart(SAID_TYPES[kind], base, mine, theirs)
    shape = _SHAPES.get(kind, _PLAIN)
    document, fields, disputes = dict(theirs), list[Change](), list[Dispute]()
    for name in _FIELDS:
        values = Dispute((name,), *(each.get(name, UNSET) for each in (base, mine, theirs)))
        if same(values.mine, values.base) or same(values.mine, values.theirs):
            continue
        if same(values.theirs, values.base):
            fields.append(Change((name,), values.mine, values.theirs))
        else:
            disputes.append(values)
    here, there = _draft(mine), _draft(theirs)
    if kind == "flow":
        here = apart(_draft(base), here, there)
    sides = _excerpts(_draft(base), here, there, shape)
    drafts = _whole(merge(*sides, shape), here, there, shape)
    inside = tuple(_below(each) for each in _way(sides[2], drafts.document, shape))
    changes = (*fields, *inside)
    return Outcome(
        document=apply(document, changes),
        changes=changes,
        disputes=(*disputes, *(_dispute(each) for each in drafts.disputes)),
        kept=drafts.kept,
    )


def _merged_apart(kind: SaidType, base: Document, mine: Document, theirs: Document) -> Outcome:
    """What is said of a recording has no draft: each of its places is merged by itself."""
    shape = Shape(kind.depth)
    sides = [
        atoms_of({name: side[name] for name in sorted(kind.writable & side.keys())}, shape)
        for side in (base, mine, theirs)
    ]
    changes, disputes = list[Change](), list[Dispute]()
    for path in dict.fromkeys((*sides[0], *sides[1], *sides[2])):
        values = Dispute(path, *(side.get(path, UNSET) for side in sides))
        if same(values.mine, values.base) or same(values.mine, values.theirs):
            continue
        if same(values.theirs, values.base):
            changes.append(Change(path, values.mine, values.theirs))
        else:
            disputes.append(values)
    return Outcome(apply(theirs, changes), tuple(changes), tuple(disputes))


def _excerpts(
    base: Document, mine: Document, theirs: Document, shape: Shape
) -> tuple[Document, Document, Document]:
    """The drafts without what is the same in all three: of a large flow little is left to merge.

    Of a node that is the same only stays that it is there, and of exits those that lead to one
    that somebody removed.
    """
    sides = (base, mine, theirs)
    kept = [dict(each) for each in sides]
    nodes = [_part(each, "nodes").keys() for each in sides]
    shaky = {*nodes[0], *nodes[1], *nodes[2]} - (nodes[0] & nodes[1] & nodes[2])
    for section in (each for each, depth in shape.depth.items() if depth > 1):
        parts = [_part(each, section) for each in sides]
        alike = {
            key
            for key, entry in parts[0].items()
            if same(entry, parts[1].get(key, UNSET)) and same(entry, parts[2].get(key, UNSET))
        }
        for side, part in zip(kept, parts, strict=True):
            side[section] = {
                key: _stub(entry) if key in alike and section == "nodes" else entry
                for key, entry in part.items()
                if key not in alike or section == "nodes" or _leads_to(entry, shaky)
            }
    return kept[0], kept[1], kept[2]


def _stub(entry: Json) -> Json:
    return {"id": entry["id"]} if isinstance(entry, dict) and "id" in entry else entry


def _leads_to(entry: Json, nodes: set[str]) -> bool:
    """Whether an exit leads to one of these nodes; what is no table of exits stays."""
    if not isinstance(entry, dict):
        return True
    return any(isinstance(each, str) and each in nodes for each in entry.values())


def _whole(drafts: Merged, mine: Document, theirs: Document, shape: Shape) -> Merged:
    """Without what would be kept, but of which nobody has more than a part: that is told."""
    partial = {
        (each.section, each.id)
        for each in drafts.kept
        if _is_headless({_DRAFT: drafts.document}, (_DRAFT, each.section, each.id, ""))
    }
    if not partial:
        return drafts
    gone = [Change(place) for place in partial]
    lost = tuple(
        Dispute(path, UNSET, value, read(theirs, path))
        for path, value in atoms_of(mine, shape).items()
        if path[:2] in partial
    )
    return Merged(
        document=apply(drafts.document, gone),
        disputes=(*drafts.disputes, *lost),
        kept=tuple(each for each in drafts.kept if (each.section, each.id) not in partial),
    )


def arisen(kind: str, parents: Iterable[Document], child: Document) -> tuple[Finding, ...]:
    """What is wrong with a merged object that was wrong with neither of its versions."""
    judge = _JUDGES.get(kind)
    if judge is None:
        return ()
    try:
        judged = judge(_draft(each) for each in (child, *parents))
        found = {_place(each): each for each in next(judged) if _weighs(each)}
        for each in judged if found else ():
            for known in map(_place, each):
                found.pop(known, None)
    except msgspec.ValidationError:  # a newer program wrote it
        return ()
    return tuple(found.values())


def standing(kind: str, document: Document, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of some findings that an object still has."""
    judge = _JUDGES.get(kind)
    found = tuple(found)
    if judge is None or not found:
        return ()
    try:
        known = {_place(each) for each in next(judge([_draft(document)]))}
    except msgspec.ValidationError:  # a newer program wrote it
        return ()
    return tuple(each for each in found if _place(each) in known)


def severed(kind: str, document: Document, changes: Iterable[Change]) -> bool:
    """Whether changes build on what is not there any more, or take away what something leads to.

    Each place by itself may be undisturbed: only a merge that knows what both started from can
    bring such edits together.
    """
    changes = [
        each for each in changes if each.path[:1] == (_DRAFT,) and not is_cosmetic(each.path)
    ]
    if kind not in _SHAPES or not changes:
        return False
    after = apply(document, changes)
    if any(_is_headless(after, each.path) for each in changes):
        return True
    return kind == "flow" and bool(_loose(after) - _loose(document))


def removal(document: Document, path: Path) -> tuple[Change, ...]:
    """The changes that take an entry out of an object's draft, with the links to it and from it."""
    gone = path[2]
    links = _part(_draft(document), "links") if path[1] == "nodes" else {}
    ways = (
        Change((_DRAFT, "links", node, way), UNSET, target)
        for node, exits in links.items()
        if isinstance(exits, dict)
        for way, target in exits.items()
        if gone in {node, target}
    )
    return (*ways, Change(path, UNSET, read(document, path)))


def grounded(kind: str, document: Document, changes: Iterable[Change]) -> Document:
    """A document with those changes made that have something to stand on.

    What lies in an entry that somebody took away, or leads to one, waits for a merge: until then it
    is seen nowhere, since nothing could read such a document.
    """
    changes = tuple(changes)
    if kind not in _SHAPES:
        return apply(document, changes)
    after = apply(document, changes)
    adrift = [each for each in changes if _is_adrift(kind, after, each)]
    if not adrift:
        return after
    return apply(document, [each for each in changes if each not in adrift])


def _is_adrift(kind: str, after: Document, change: Change) -> bool:
    if _is_headless(after, change.path):
        return True
    if kind != "flow" or change.path[1:2] != ("links",) or not isinstance(change.value, str):
        return False
    ends = {change.path[2], change.value}
    return not ends <= _part(_draft(after), "nodes").keys()


def _is_headless(after: Document, path: Path) -> bool:
    """Whether a place lies in an entry that is no whole one."""
    needed = _NEEDED.get(path[1]) if len(path) > 3 else None
    entry = read(after, path[:3]) if needed is not None else UNSET
    return isinstance(entry, dict) and needed not in entry


def _loose(document: Document) -> frozenset[tuple[str, str, str]]:
    """The links of a flow that begin or end nowhere."""
    draft = _draft(document)
    nodes, links = _part(draft, "nodes"), _part(draft, "links")
    return frozenset(
        (node, way, target)
        for node, ways in links.items()
        if isinstance(ways, dict)
        for way, target in ways.items()
        if isinstance(target, str) and not {node, target} <= nodes.keys()
    )


def _way(old: Document, new: Document, shape: Shape) -> Iterator[Change]:
    """The changes from one draft to another: entries as a whole where they come or go."""
    before, after = atoms_of(old, shape), atoms_of(new, shape)
    moved: dict[tuple[str, str], None] = {}
    for section in shape.wholes:
        for key in entries(before, section) ^ entries(after, section):
            moved[section, key] = None
    for section, key in sorted(moved):
        place = (section, key)
        yield Change(place, read(new, place), read(old, place))
    for path in dict.fromkeys((*before, *after)):
        was, now = before.get(path, UNSET), after.get(path, UNSET)
        if path[:2] not in moved and not same(was, now):
            yield Change(path, now, was)


def _weighs(found: Finding) -> bool:
    return found.severity is not Severity.INFORMATION


def _place(found: Finding) -> tuple[str, str | None, str | None, str | None]:
    return found.rule, found.node, found.exit, found.property


def _below(change: Change) -> Change:
    return Change((_DRAFT, *change.path), change.value, change.was)


def _dispute(inside: Dispute) -> Dispute:
    return Dispute((_DRAFT, *inside.path), inside.base, inside.mine, inside.theirs)


def _draft(document: Document) -> Document:
    return _part(document, _DRAFT)


def _part(document: Document, key: str) -> Document:
    part = document.get(key)
    return cast("Document", part) if isinstance(part, dict) else {}


def _judge_flows(drafts: Iterable[Document]) -> Iterator[Iterable[Finding]]:
    """Flows that are much alike: of the second only what is not as in the first is looked at."""
    known = None
    for each in drafts:
        known = analysis(flow_of(each), earlier=known)
        yield known.findings


#: The findings of each of some drafts of one object, as they are asked for.
_JUDGES: Mapping[str, Callable[[Iterable[Document]], Iterator[Iterable[Finding]]]] = {
    "flow": _judge_flows,
    "schedule": lambda drafts: (schedule_faults(schedule_of(each)) for each in drafts),
    "queue": lambda drafts: (queue_findings(queue_of(each)) for each in drafts),
    "form": lambda drafts: (form_findings(form_of(each)) for each in drafts),
}
