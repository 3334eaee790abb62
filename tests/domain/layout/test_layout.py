"""The layout: nothing over anything, links around nodes, the same again, little moved by little."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.graph import ExitId, Flow, Link, Node, NodeId, Origin
from cx_desktop.domain.flow.layout import Polyline, has_overlaps, route, tidy
from cx_desktop.domain.flow.layout.metrics import (
    HEADER,
    ROW,
    WIDTH,
    Box,
    Point,
    entry_offset,
    exit_offsets,
    size_of,
)
from tests.fakes.flows import flow_of_size

Places = Mapping[NodeId, tuple[float, float]]


def placed(flow: Flow, places: Places) -> Flow:
    nodes = {
        key: msgspec.structs.replace(node, x=places[key][0], y=places[key][1])
        for key, node in flow.nodes.items()
    }
    return Flow(meta=flow.meta, nodes=nodes, links=flow.links)


def boxes_of(flow: Flow, places: Places) -> dict[NodeId, Box]:
    found = {}
    for key, node in flow.nodes.items():
        (x, y), (width, height) = places[key], size_of(node)
        found[key] = Box(x, y, x + width, y + height)
    return found


def pieces_of(way: Polyline) -> Iterable[Box]:
    """The bounding boxes of the pieces of a way: a curve may take any course within them."""
    for one, two in pairwise(way):
        yield Box(min(one.x, two.x), min(one.y, two.y), max(one.x, two.x), max(one.y, two.y))


def runs_through(piece: Box, box: Box) -> bool:
    return (
        piece.left < box.right
        and box.left < piece.right
        and piece.top < box.bottom
        and box.top < piece.bottom
    )


def drawn(picture: str) -> Flow:
    """A flow from lines like ``a -1→ b``."""
    nodes: dict[NodeId, Node] = {}
    links: dict[NodeId, dict[ExitId, NodeId]] = {}
    for line in picture.strip().splitlines():
        source, way, target = line.replace("→", "-").split("-")
        here, there = NodeId(source.strip()), NodeId(target.strip())
        links.setdefault(here, {})[ExitId(way.strip())] = there
        for key in (here, there):
            nodes.setdefault(key, Node(id=key, kind="start" if key == "start" else "foreign"))
    for key, ways in links.items():
        if key != "start":
            origin = Origin("test", "test", exits=tuple(ways))
            nodes[key] = msgspec.structs.replace(nodes[key], origin=origin)
    return Flow(nodes=nodes, links=links)


@st.composite
def flows(draw: st.DrawFn, most: int = 14) -> Flow:
    """Any graph: loops, links to itself, several parts, nodes without links."""
    count = draw(st.integers(1, most))
    keys = [NodeId(f"n{at}") for at in range(count)]
    nodes: dict[NodeId, Node] = {}
    links: dict[NodeId, dict[ExitId, NodeId]] = {}
    for at, key in enumerate(keys):
        ways = tuple(ExitId(f"w{way}") for way in range(draw(st.integers(0, 4))))
        kind = "start" if at == 0 else "foreign"
        nodes[key] = Node(id=key, kind=kind, origin=Origin("test", "test", exits=ways))
        chosen = {way: draw(st.none() | st.sampled_from(keys)) for way in ways}
        led = {way: target for way, target in chosen.items() if target is not None}
        if led:
            links[key] = led
    return Flow(nodes=nodes, links=links)


@settings(max_examples=120, deadline=None)
@given(flows())
def test_no_node_overlaps_another(flow: Flow) -> None:
    assert not has_overlaps(placed(flow, tidy(flow)))


@settings(max_examples=120, deadline=None)
@given(flows())
def test_no_link_runs_through_a_node_of_a_tidy_flow(flow: Flow) -> None:
    places = tidy(flow)
    boxes = boxes_of(flow, places)
    for way in route(flow, places).values():
        for piece in pieces_of(way):
            assert not [key for key, box in boxes.items() if runs_through(piece, box)]


@settings(max_examples=80, deadline=None)
@given(flows(8), st.data())
def test_no_link_runs_through_a_node_that_somebody_moved(flow: Flow, data: st.DataObject) -> None:
    spots = data.draw(
        st.lists(
            st.tuples(st.integers(0, 12), st.integers(0, 9)),
            min_size=len(flow.nodes),
            max_size=len(flow.nodes),
            unique=True,
        )
    )
    # On a raster that leaves room for the largest node, off by a little so that no edges align.
    places = {
        key: (across * 236.0 + at, down * 200.0 + at * 3)
        for at, (key, (across, down)) in enumerate(zip(flow.nodes, spots, strict=True))
    }
    boxes = boxes_of(flow, places)
    for way in route(flow, places).values():
        for piece in pieces_of(way):
            assert not [key for key, box in boxes.items() if runs_through(piece, box)]


@settings(max_examples=60, deadline=None)
@given(flows())
def test_a_link_begins_at_its_exit_and_ends_at_its_node(flow: Flow) -> None:
    places = tidy(flow)
    ways = route(flow, places)
    assert set(ways) == set(flow.each_link())
    for link, way in ways.items():
        offset = exit_offsets(flow.nodes[link.node])[link.exit]
        x, y = places[link.node]
        assert way[0] == Point(x + offset.x, y + offset.y)
        x, y = places[link.target]
        assert way[-1] == Point(x, y + entry_offset().y)


@settings(max_examples=60, deadline=None)
@given(flows())
def test_the_same_flow_is_laid_out_the_same(flow: Flow) -> None:
    assert tidy(flow) == tidy(flow)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("count", [20, 60, 100])
def test_a_tidy_flow_is_left_as_it_is(count: int, seed: int) -> None:
    flow = flow_of_size(count, seed)
    places = tidy(flow)
    assert tidy(placed(flow, places)) == places


def test_a_node_put_into_a_link_leaves_the_order_of_the_others() -> None:
    pairs = []
    for seed in range(12):
        flow = flow_of_size(50, seed)
        before = tidy(flow)
        link = [each for each in flow.each_link() if each.exit == "next"][-1]
        after = tidy(with_node_on(placed(flow, before), link))
        pairs += turned(before, after)
    assert sum(pairs) <= 0.05 * len(pairs)


def with_node_on(flow: Flow, link: Link) -> Flow:
    target = flow.nodes[link.target]
    new = Node(id=NodeId("new"), kind="play", x=target.x - 104, y=target.y)
    links = {
        **flow.links,
        link.node: {**flow.links[link.node], link.exit: new.id},
        new.id: {ExitId("next"): link.target},
    }
    return Flow(nodes={**flow.nodes, new.id: new}, links=links)


def turned(before: Places, after: Places) -> list[bool]:
    """For each pair that keeps to one column, whether it stands the other way round afterwards."""
    return [
        after[one][1] > after[two][1]
        for one in before
        for two in before
        if before[one][0] == before[two][0]
        and after[one][0] == after[two][0]
        and before[one][1] < before[two][1]
    ]


def test_what_follows_stands_to_the_right() -> None:
    places = tidy(drawn("start -next→ menu\nmenu -1→ sales\nmenu -2→ support"))
    assert places[NodeId("start")][0] < places[NodeId("menu")][0] < places[NodeId("sales")][0]
    assert places[NodeId("sales")][0] == places[NodeId("support")][0]


def test_branches_stand_in_the_order_of_the_exits() -> None:
    places = tidy(drawn("start -next→ menu\nmenu -1→ a\nmenu -2→ b\nmenu -3→ c"))
    assert places[NodeId("a")][1] < places[NodeId("b")][1] < places[NodeId("c")][1]


def test_a_straight_flow_is_drawn_on_one_line() -> None:
    places = tidy(drawn("start -next→ a\na -next→ b\nb -next→ c"))
    assert len({y for _, y in places.values()}) == 1


def test_a_retry_goes_back_around_the_nodes() -> None:
    flow = drawn("start -next→ ask\nask -again→ ask\nask -ok→ check\ncheck -bad→ ask")
    places = tidy(flow)
    assert places[NodeId("ask")][0] < places[NodeId("check")][0]
    way = route(flow, places)[Link(NodeId("check"), ExitId("bad"), NodeId("ask"))]
    assert len(way) >= 4


def test_links_to_one_node_join_on_their_way() -> None:
    flow = drawn(
        "start -next→ a\na -ok→ b\nb -ok→ c\nc -ok→ d\nd -ok→ end\n"
        "a -no→ end\nb -no→ end\nc -no→ end"
    )
    ways = route(flow, tidy(flow))
    long = [way for link, way in ways.items() if link.exit == "no"]
    assert len({way[-2] for way in long}) == 1


def test_kept_nodes_stay_and_the_others_make_room() -> None:
    flow = flow_of_size(30)
    places = placed(flow, tidy(flow))
    keep = frozenset(list(flow.nodes)[:10])
    again = tidy(places, keep=keep)
    assert all(again[key] == (places.nodes[key].x, places.nodes[key].y) for key in keep)
    assert not has_overlaps(placed(flow, again))


def test_parts_that_no_link_joins_stand_apart() -> None:
    places = tidy(drawn("start -next→ a\nx -next→ y"))
    assert places[NodeId("x")][1] > places[NodeId("start")][1] + HEADER


def test_a_node_is_as_high_as_its_exits() -> None:
    node = Node(id=NodeId("a"), kind="foreign", origin=Origin("t", "t", exits=(ExitId("x"),)))
    width, height = size_of(node)
    assert width == WIDTH
    assert height >= HEADER + ROW


def test_only_the_links_asked_for_are_led() -> None:
    flow = flow_of_size(30)
    link = next(flow.each_link())
    assert set(route(flow, tidy(flow), only=[link])) == {link}


def test_an_empty_flow_has_no_places() -> None:
    assert tidy(Flow()) == {}
    assert route(Flow()) == {}


def test_nodes_one_over_another_still_have_links() -> None:
    flow = drawn("start -next→ a\na -next→ b")
    assert set(route(flow, dict.fromkeys(flow.nodes, (0.0, 0.0)))) == set(flow.each_link())


@pytest.mark.parametrize("count", [100, 500])
def test_a_large_flow_is_readable(count: int) -> None:
    flow = flow_of_size(count, seed=3)
    places = tidy(flow)
    assert not has_overlaps(placed(flow, places))
    boxes = boxes_of(flow, places)
    columns: dict[float, list[Box]] = {}
    for box in boxes.values():
        columns.setdefault(box.left, []).append(box)
    for way in route(flow, places).values():
        for piece in pieces_of(way):
            near = [x for x in columns if x < piece.right and piece.left < x + WIDTH]
            assert not [box for x in near for box in columns[x] if runs_through(piece, box)]


def test_a_chain_of_thousands_and_a_fan_of_thousands_are_laid_out() -> None:
    steps = (f"n{at} -next→ n{at + 1}" for at in range(3000))
    chain = drawn("\n".join(["start -next→ n0", *steps]))
    assert len(tidy(chain)) == 3002
    fan = drawn("\n".join(["start -next→ m", *(f"m -w{at}→ n{at}" for at in range(3000))]))
    assert len(tidy(fan)) == 3002
