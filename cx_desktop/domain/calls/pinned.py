"""The versions that a published flow goes on playing: sub-flows and prompts as it pinned them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import Struct

from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.references import references
from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts import Prompt, prompt_of


class Version(NamedTuple):
    """A document as it was published, and the numbers of the versions that it uses."""

    document: Document
    pins: Mapping[str, int]


#: Finds the version of an object by its id and number; the number is ``None`` where none is pinned.
Find = Callable[[str, int | None], Version | None]


class Pinned(Struct, frozen=True):
    """Everything that calls into a published flow go through."""

    flows: Mapping[str, Flow]
    prompts: Mapping[str, Mapping[str, Prompt]]
    """By the flow that pins them, then by their ids: two flows may play two versions of one."""


def pinned(flow_id: str, flow: Flow, pins: Mapping[str, int], find: Find) -> Pinned:
    """A flow and those it leads into, with their prompts; what is not found is left out.

    A flow that two others pin in two versions is there in the one that comes first.
    """
    flows = {flow_id: flow}
    prompts: dict[str, dict[str, Prompt]] = {}
    ahead = [(flow_id, flow, pins)]
    while ahead:
        key, each, pins = ahead.pop()
        own = prompts.setdefault(key, {})
        for used in references(each):
            is_new = used.target not in (flows if used.refers_to == "flow" else own)
            if used.refers_to not in ("flow", "prompt") or not is_new:
                continue
            version = find(used.target, pins.get(used.target))
            if version is None:
                continue
            if used.refers_to == "prompt":
                own[used.target] = prompt_of(version.document)
            else:
                flows[used.target] = flow_of(version.document)
                ahead.append((used.target, flows[used.target], version.pins))
    return Pinned(flows, prompts)
