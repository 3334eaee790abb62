"""Where the nodes of an imported flow stand."""

import msgspec

from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.layout import has_overlaps, tidy


def placed(flow: Flow, *, is_drawn: bool) -> Flow:
    """The flow with its nodes side by side: the vendor's drawing if it has room for ours."""
    if is_drawn and not has_overlaps(flow):
        return flow
    places = tidy(flow)
    return msgspec.structs.replace(
        flow,
        nodes={
            key: msgspec.structs.replace(node, x=places[key][0], y=places[key][1])
            for key, node in flow.nodes.items()
        },
    )
