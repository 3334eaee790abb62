"""What may be linked, and why not."""

import pytest

from cx_desktop.domain.flow.graph import ExitId, NodeId, Slot
from cx_desktop.domain.flow.linking import Refusal, can_link
from tests.fakes import drawing

FLOW = """
    start -next→ menu
    menu -1→ hangup
"""


@pytest.mark.parametrize(
    ("node", "way", "target"),
    [
        pytest.param("menu", "no_input", "menu", id="a menu that asks again"),
        pytest.param("menu", "key_1", "menu", id="an exit that is linked already"),
        pytest.param("start", "next", "hangup", id="another way from the start"),
        pytest.param("menu", "error", "hangup", id="an optional exit"),
    ],
)
def test_what_can_exist_may_be_linked(node: str, way: str, target: str) -> None:
    flow = drawing.flow_of(FLOW)
    assert can_link(flow, Slot(NodeId(node), ExitId(way)), NodeId(target)) is None


@pytest.mark.parametrize(
    ("node", "way", "target", "refusal"),
    [
        ("menu", "no_input", "start", Refusal("refusal.into-start", {"node": "start"})),
        ("menu", "no_input", "gone", Refusal("refusal.no-such-node", {"node": "gone"})),
        ("gone", "next", "menu", Refusal("refusal.no-such-node", {"node": "gone"})),
        (
            "hangup",
            "next",
            "menu",
            Refusal("refusal.no-such-exit", {"node": "hangup", "exit": "next"}),
        ),
        (
            "menu",
            "key_9",
            "menu",
            Refusal("refusal.no-such-exit", {"node": "menu", "exit": "key_9"}),
        ),
    ],
)
def test_what_cannot_exist_is_refused_with_a_reason(
    node: str, way: str, target: str, refusal: Refusal
) -> None:
    flow = drawing.flow_of(FLOW)
    assert can_link(flow, Slot(NodeId(node), ExitId(way)), NodeId(target)) == refusal
