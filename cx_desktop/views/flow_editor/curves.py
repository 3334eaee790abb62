"""The line of a link: a smooth curve between two nodes, or along a route around those between."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainterPath

from cx_desktop.views.flow_editor.grid import Bounds

Place = tuple[float, float]

#: How far a curve runs level at its ends, at least.
LEAST_REACH = 36.0
#: How round a corner of a route is.
RADIUS = 18.0
#: In how many straight pieces a curve is measured, and drawn while it moves.
PIECES, MOVING_PIECES = 12, 40


def _shares(t: float) -> tuple[float, float, float, float]:
    """How much each of a curve's four points weighs at a place on it, from 0 to 1."""
    u = 1.0 - t
    return u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t


_SHARES = [_shares(step / MOVING_PIECES) for step in range(1, MOVING_PIECES + 1)]


def handles(start: Place, end: Place) -> tuple[Place, Place]:
    """The two control points of the curve from an exit to an entry."""
    ahead = end[0] - start[0]
    reach = max(LEAST_REACH, min(ahead / 2, 180.0)) if ahead >= 0 else min(180.0, 60.0 - ahead / 4)
    return (start[0] + reach, start[1]), (end[0] - reach, end[1])


def curve(start: Place, end: Place) -> QPainterPath:
    """The curve of a link that meets no node on its way."""
    first, second = handles(start, end)
    path = QPainterPath(QPointF(*start))
    path.cubicTo(QPointF(*first), QPointF(*second), QPointF(*end))
    return path


def along(points: Sequence[Place]) -> QPainterPath:
    """A route, drawn smoothly; each piece stays within the box of its two points."""
    path = QPainterPath(QPointF(*points[0]))
    last = len(points) - 1
    for index in range(1, last + 1):
        (x0, y0), (x1, y1) = points[index - 1], points[index]
        if y0 == y1 or x0 == x1:
            _straight(path, points, index)
        else:
            middle = (x0 + x1) / 2
            path.cubicTo(QPointF(middle, y0), QPointF(middle, y1), QPointF(x1, y1))
    return path


def _straight(path: QPainterPath, points: Sequence[Place], index: int) -> None:
    """A level or upright piece, with a rounded corner where an upright one follows or ends."""
    here = points[index]
    if index + 1 < len(points) and _is_corner(points[index - 1], here, points[index + 1]):
        path.lineTo(_towards(here, points[index - 1]))
        path.quadTo(QPointF(*here), _towards(here, points[index + 1]))
    else:
        path.lineTo(QPointF(*here))


def _is_corner(before: Place, here: Place, after: Place) -> bool:
    return (before[0] == here[0] and here[1] == after[1]) or (
        before[1] == here[1] and here[0] == after[0]
    )


def _towards(corner: Place, other: Place) -> QPointF:
    """The place where a rounded corner begins, on the way to the next point."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = hypot(dx, dy) or 1.0
    share = min(RADIUS, length / 2) / length
    return QPointF(corner[0] + dx * share, corner[1] + dy * share)


def pieces(start: Place, end: Place, count: int = PIECES) -> list[Place]:
    """Points on the curve, evenly in its parameter."""
    (x1, y1), (x2, y2) = handles(start, end)
    (x0, y0), (x3, y3) = start, end
    points = []
    for step in range(count + 1):
        a, b, c, d = _shares(step / count)
        points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return points


def straights(start: Place, end: Place) -> list[QLineF]:
    """The curve in straight pieces, short enough to look like it while it moves.

    Qt fills the outline of a soft-edged curve, which takes longer the more level it runs; straight
    lines it draws directly, four to thirty times faster.
    """
    (x1, y1), (x2, y2) = handles(start, end)
    (x0, y0), (x3, y3) = start, end
    lines, here_x, here_y = [], x0, y0
    for a, b, c, d in _SHARES:
        x, y = a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3
        lines.append(QLineF(here_x, here_y, x, y))
        here_x, here_y = x, y
    return lines


def bounds(start: Place, end: Place) -> Bounds:
    """A box that holds the curve."""
    (x0, y0), (x3, y3) = start, end
    left, right = x0, x3
    if x3 - x0 < 2 * LEAST_REACH:
        (bulge, _), (dent, _) = handles(start, end)
        left, right = min(x0, dent), max(x3, bulge)
    return Bounds(left, y0, right, y3) if y0 <= y3 else Bounds(left, y3, right, y0)


def bounds_of(points: Sequence[Place]) -> Bounds:
    """A box that holds a route."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Bounds(min(xs), min(ys), max(xs), max(ys))


def distance(at: Place, points: Sequence[Place]) -> float:
    """How far a place lies from a line of straight pieces."""
    return min(
        (_to_piece(at, one, other) for one, other in pairwise(points)),
        default=float("inf"),
    )


def _to_piece(at: Place, one: Place, other: Place) -> float:
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    share = 0.0
    if length:
        share = min(1.0, max(0.0, ((at[0] - one[0]) * dx + (at[1] - one[1]) * dy) / length))
    return hypot(at[0] - one[0] - share * dx, at[1] - one[1] - share * dy)
