"""Where things go when they are aligned, distributed or nudged: from boxes to places."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from cx_desktop.domain.flow.layout.metrics import Box, Point

Key = TypeVar("Key")


class Align(Enum):
    """The edge or middle line that is made common."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


_SHARE = {
    Align.LEFT: 0.0,
    Align.CENTER: 0.5,
    Align.RIGHT: 1.0,
    Align.TOP: 0.0,
    Align.MIDDLE: 0.5,
    Align.BOTTOM: 1.0,
}
_ACROSS = frozenset({Align.LEFT, Align.CENTER, Align.RIGHT})


def aligned(boxes: Mapping[Key, Box], edge: Align) -> dict[Key, Point]:
    """New corners for the boxes, so that they share an edge or a middle line."""
    if not boxes:
        return {}
    share = _SHARE[edge]
    left, right = min(b.left for b in boxes.values()), max(b.right for b in boxes.values())
    top, bottom = min(b.top for b in boxes.values()), max(b.bottom for b in boxes.values())
    if edge in _ACROSS:
        return {
            key: Point(left + (right - left - (box.right - box.left)) * share, box.top)
            for key, box in boxes.items()
        }
    return {
        key: Point(box.left, top + (bottom - top - (box.bottom - box.top)) * share)
        for key, box in boxes.items()
    }


def distributed(boxes: Mapping[Key, Box], *, across: bool) -> dict[Key, Point]:
    """New corners for the boxes, with equal gaps; the outer two stay."""
    if len(boxes) < 3:
        return {}
    if across:
        ordered = sorted(boxes.items(), key=lambda item: item[1].left)
        sizes = [box.right - box.left for _, box in ordered]
        begin, end = ordered[0][1].left, max(box.right for _, box in ordered)
    else:
        ordered = sorted(boxes.items(), key=lambda item: item[1].top)
        sizes = [box.bottom - box.top for _, box in ordered]
        begin, end = ordered[0][1].top, max(box.bottom for _, box in ordered)
    gap = (end - begin - sum(sizes)) / (len(ordered) - 1)
    places, at = {}, begin
    for (key, box), size in zip(ordered, sizes, strict=True):
        places[key] = Point(at, box.top) if across else Point(box.left, at)
        at += size + gap
    return places
