"""Finding one's way in Architect's tree: references, outputs, and what belongs to a step alone."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cx_desktop.domain.flow.formats.genesys.values import fields, items, name_of, single, text
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.patch import Document, Json

_REFERENCE = re.compile(r"(?:task|menu|state|bot)\[([^\]]*)\]")
_OUTCOME = re.compile(r"[^A-Za-z0-9_.-]+")


class Scope(NamedTuple):
    """What surrounds a step: what comes behind it, the loop and the menus it stands in."""

    after: NodeId | None = None
    loop: NodeId | None = None
    loop_after: NodeId | None = None
    menu: NodeId | None = None
    outer_menu: NodeId | None = None


class Call(NamedTuple):
    """What calling a task can lead to: its named outcomes, and the containers it jumps to."""

    handle: str
    outcomes: tuple[str, ...] = ()
    jumps: tuple[str, ...] = ()


class Container(NamedTuple):
    """A menu, task, state or bot of a flow, by the name that jumps call it."""

    reference: str
    kind: str
    body: Document


_CONTAINERS = ("menus", "tasks", "states", "bots")


def containers_of(body: Document) -> Iterator[Container]:
    """Every container of a flow, in the order of the file; of two with one name the first."""
    seen: set[str] = set()
    for section in _CONTAINERS:
        for entry in items(body.get(section)):
            kind, inside = single(entry)
            if "name" in fields(entry) or not kind:
                kind, inside = section[:-1], fields(entry)
            wanted = text(inside.get("refId")) or text(inside.get("name")) or kind
            reference, number = wanted, 1
            while reference in seen:
                number += 1
                reference = f"{wanted} ({number})"
            seen.add(reference)
            yield Container(reference, kind, inside)


def reference_of(value: Json) -> str:
    """The container that ``/inboundCall/tasks/task[Closed_12]`` names."""
    found = _REFERENCE.search(text(value) or name_of(value))
    return found[1] if found else ""


def target_of(body: Document) -> str:
    """The container that a jump leads to."""
    named = (reference_of(value) for key, value in body.items() if key.endswith("Ref"))
    return next(filter(None, named), "")


def bare(value: Json) -> Json:
    """What a file says of a step, without the steps below it: those are nodes of their own."""
    if isinstance(value, dict):
        return {
            key: bare(each)
            for key, each in value.items()
            if not (key == "actions" and isinstance(each, list))
        }
    return [bare(each) for each in value] if isinstance(value, list) else value


def outputs_of(body: Document) -> list[tuple[str, Document]]:
    """The named branches of an action; those of a list bear the names of its entries."""
    found: list[tuple[str, Document]] = []
    for label, value in fields(body.get("outputs")).items():
        if isinstance(value, list):
            found.extend(_listed(value, label))
        else:
            found.append((label.strip('"'), fields(value)))
    return found


def _listed(entries: list[Json], label: str) -> Iterator[tuple[str, Document]]:
    for entry in entries:
        kind, inside = single(entry)
        inside = fields(entry) if "actions" in fields(entry) else inside
        yield name_of(inside.get("name")) or kind or label, inside


def plainly(label: str) -> str:
    """A label as rules spell it."""
    return _OUTCOME.sub("", label).replace("_", "").lower()


def outcome_id(name: str) -> str:
    """The name of an outcome as an id."""
    return _OUTCOME.sub("_", name).strip("_")[:64]


def jump_id(reference: str) -> str:
    """The outcome by which a called task leaves for a container of the flow that called it."""
    return f"to.{outcome_id(reference)}"[:64]


def actions_in(value: Json) -> Iterator[tuple[str, Document]]:
    """Every action below a place of the tree, however deep."""
    waiting: list[Json] = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting.extend(here)
        elif isinstance(here, dict):
            for key, inside in here.items():
                if isinstance(inside, dict):
                    yield key, inside
                waiting.append(inside)
