"""Which pixels of the canvas have to be painted anew when something in the flow looks different."""

from collections.abc import Iterable
from math import ceil, floor

from PySide6.QtCore import QRect

from cx_desktop.views.flow_editor.grid import Bounds
from cx_desktop.views.flow_editor.viewport import Viewport

#: Room for halos, badges and arrow heads around what is drawn, in units of the flow and in pixels.
BLEED, BLEED_PIXELS = 16.0, 4


def damage(viewport: Viewport, places: Iterable[Bounds]) -> list[QRect]:
    """The pixels these places cover, as far as they are seen.

    They are one box, unless that were more to paint than the places alone: painting clipped to a
    single box goes several times faster.
    """
    parts = [part for place in places if (part := _seen(viewport, place))]
    if not parts:
        return []
    left, top = min(part[0] for part in parts), min(part[1] for part in parts)
    right, bottom = max(part[2] for part in parts), max(part[3] for part in parts)
    whole = (right - left) * (bottom - top)
    if whole > sum((part[2] - part[0]) * (part[3] - part[1]) for part in parts):
        return [QRect(x0, y0, x1 - x0, y1 - y0) for x0, y0, x1, y1 in parts]
    return [QRect(left, top, right - left, bottom - top)]


def _seen(viewport: Viewport, place: Bounds) -> tuple[int, int, int, int] | None:
    """The box of pixels of a place, cut at the edges of the canvas."""
    scale, origin, size = viewport.scale, viewport.origin, viewport.size
    margin = BLEED * scale + BLEED_PIXELS
    x, y = origin.x() * scale, origin.y() * scale
    left = max(0, floor(place.left * scale - x - margin))
    top = max(0, floor(place.top * scale - y - margin))
    right = min(int(size.width()), ceil(place.right * scale - x + margin))
    bottom = min(int(size.height()), ceil(place.bottom * scale - y + margin))
    return (left, top, right, bottom) if left < right and top < bottom else None
