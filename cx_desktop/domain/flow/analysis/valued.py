"""What has surely happened before a node on every way to it: variables set, notices heard.

One pass over the flow keeps, for each node, the facts that may still be missing when a call comes.
Facts are bits of a number, so that many of them cost no more than one.
"""

from collections.abc import Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.graph import ExitId, NodeId


class Gain(NamedTuple):
    """The facts that hold after a node: at every exit of it, or at one."""

    always: int
    at: Mapping[ExitId, int]


NOTHING = Gain(0, {})


def missing(scene: Scene, gains: Mapping[NodeId, Gain], everything: int) -> dict[NodeId, int]:
    """For each node a call can come to, the facts that some way to it leaves out."""
    lacks: dict[NodeId, int] = dict.fromkeys(scene.entries, everything)
    waiting = list(lacks)
    steps = scene.steps
    while waiting:
        node = waiting.pop()
        gain = gains.get(node, NOTHING)
        left = lacks[node] & ~gain.always
        for way in steps[node].ways:
            target = way.target
            if target is None:
                continue
            after = left & ~gain.at.get(way.exit, 0) if gain.at else left
            before = lacks.get(target)
            if before is None or after & ~before:
                lacks[target] = after if before is None else before | after
                waiting.append(target)
    return lacks
