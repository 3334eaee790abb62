"""Finding words in a flow, in the order in which people read it."""

from collections.abc import Callable

from msgspec.structs import replace

from cx_desktop.domain.flow import search
from cx_desktop.domain.flow.graph import Flow, Node
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.search import Match as Place
from cx_desktop.models.flow_walk import reading_order

__all__ = ["Place", "find"]


def find(
    flow: Flow, needle: str, title: Callable[[Node], str], context: Context | None = None
) -> list[Place]:
    """Every place that holds ``needle``; ``context`` lets objects be found by their names."""
    ordered = replace(flow, nodes={key: flow.nodes[key] for key in reading_order(flow)})
    return list(search.find(ordered, needle, context, title=title))
