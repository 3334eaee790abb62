"""Several flows of one file: where one leads to another, it finds it under its new id."""

import re
from collections import Counter
from collections.abc import Sequence

from cx_desktop.domain.flow.formats import Imported
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.references import renamed

#: A reference in a template: ``${Night}``, ``${Night.ContactFlowArn}``, ``${type.night.id}``.
_TEMPLATED = re.compile(r"\$\{([\w.\-]{1,200})\}")


def told_apart(flows: Sequence[Imported], ids: Sequence[str]) -> dict[str, str]:
    """The ids of flows by what other flows of their file may call them, where that is clear."""
    called = [
        (handle, each_id)
        for each, each_id in zip(flows, ids, strict=True)
        for handle in {*each.handles, each.name}
        if handle
    ]
    bearers = Counter(handle for handle, _ in called)
    return {handle: each_id for handle, each_id in called if bearers[handle] == 1}


def tied(flow: Flow, id_by_handle: dict[str, str]) -> tuple[Flow, dict[str, str]]:
    """A flow that leads to the flows of its file by their ids, and what it called them before."""
    before: dict[str, str] = {}

    def rename(kind: str, target: str) -> str:
        if kind != "flow":
            return target
        found = next((id_by_handle[each] for each in _meant(target) if each in id_by_handle), None)
        if found is None:
            return target
        before[found] = target
        return found

    return renamed(flow, rename), before


def untied(flow: Flow, before: dict[str, str]) -> Flow:
    """A flow that calls these flows what it called them before: they do not come with it."""
    return renamed(
        flow, lambda kind, target: before.get(target, target) if kind == "flow" else target
    )


def _meant(target: str) -> tuple[str, ...]:
    """What a reference may mean, likeliest first."""
    templated = _TEMPLATED.fullmatch(target)
    if templated is not None:
        inside = templated[1]
        return (inside, *inside.split(".")[:2])
    return (target, target.rpartition("/")[2])
