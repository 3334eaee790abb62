"""Which pixels are painted anew, and how curves are drawn while they move."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, QRect, QSizeF

from cx_desktop.views.flow_editor import curves
from cx_desktop.views.flow_editor.damage import BLEED, BLEED_PIXELS, damage
from cx_desktop.views.flow_editor.grid import Bounds
from cx_desktop.views.flow_editor.viewport import Viewport


@pytest.fixture
def viewport() -> Viewport:
    viewport = Viewport()
    viewport.resize(QSizeF(800, 600))
    viewport.show(2.0, QPointF(100, 100))
    return viewport


def test_a_place_is_painted_with_room_for_its_halo(viewport: Viewport) -> None:
    margin = round(BLEED * 2 + BLEED_PIXELS)
    assert damage(viewport, [Bounds(200, 200, 250, 240)]) == [
        QRect(200, 200, 100, 80).adjusted(-margin, -margin, margin, margin)
    ]


def test_where_a_node_was_and_where_it_is_are_painted_as_one(viewport: Viewport) -> None:
    before, after = Bounds(200, 200, 300, 260), Bounds(208, 200, 308, 260)
    parts = damage(viewport, [before, after])
    assert parts == damage(viewport, [before.united(after)])


def test_what_lies_between_two_distant_places_is_not_painted(viewport: Viewport) -> None:
    places = [Bounds(120, 120, 130, 130), Bounds(400, 300, 410, 310)]
    assert damage(viewport, places) == [
        *damage(viewport, places[:1]),
        *damage(viewport, places[1:]),
    ]


def test_nothing_is_painted_out_of_sight(viewport: Viewport) -> None:
    assert damage(viewport, [Bounds(5000, 0, 5100, 50)]) == []
    assert damage(viewport, [Bounds(-9000, 0, 9000, 9000)]) == [QRect(0, 0, 800, 600)]


@pytest.mark.parametrize("end", [(400.0, 120.0), (-600.0, 300.0), (90.0, 0.0)])
def test_a_moving_curve_is_the_same_curve(end: tuple[float, float]) -> None:
    lines = curves.straights((0.0, 0.0), end)
    path = curves.curve((0.0, 0.0), end)
    assert (lines[0].p1(), lines[-1].p2()) == (QPointF(0, 0), QPointF(*end))
    assert all(one.p2() == other.p1() for one, other in pairwise(lines))
    for line in lines:
        nearest = min(
            (path.pointAtPercent(step / 400) - line.p2()).manhattanLength() for step in range(401)
        )
        assert nearest < 3.0
