"""The analysis as it is kept while somebody edits: always what a fresh look would say."""

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.analysis import analyse
from cx_desktop.domain.flow.analysis.scene import Scene
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import KINDS, exits_of
from cx_desktop.domain.flow.references import Context, PromptFacts, ScheduleFacts
from tests.domain.analysis.flows import facts, flow, found
from tests.domain.flow.playable import TRULY, flow_by, node_by
from tests.domain.flow.strategies import IDS, flows, nodes

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

AROUND = Context(
    frozenset({"ivr"}),
    {},
    {"a": "A"},
    {"b": "B"},
    {},
    prompt_facts={"b": PromptFacts({"fr-FR": "Tapez 1."})},
    schedule_facts={"a": ScheduleFacts(opens=False)},
    flow_facts=facts({"c": Flow()}),
)


@st.composite
def edited(draw: st.DrawFn, before: Flow) -> Flow:
    """The flow after some edits: nodes changed, added, removed, linked anew."""
    made, links = dict(before.nodes), dict(before.links)
    for name in draw(st.lists(st.sampled_from([*made, NodeId("new")]), max_size=2)):
        if draw(st.booleans()):
            made[name] = draw(nodes(name))
        else:
            made.pop(name, None)
    for name in draw(st.lists(st.sampled_from([*before.nodes, NodeId("new")]), max_size=2)):
        ways = draw(st.dictionaries(IDS.map(ExitId) | st.just(ExitId("next")), IDS.map(NodeId)))
        links[name] = links.get(name, {}) | ways
        if draw(st.booleans()):
            del links[name]
    meta = before.meta if draw(st.booleans()) else {"on_error": draw(IDS)}
    return replace(before, nodes=made, links=links, meta=meta)


@given(st.data())
def test_after_any_edits_it_says_what_a_fresh_look_says(data: st.DataObject) -> None:
    before = data.draw(flows())
    context = data.draw(st.sampled_from([Context(), AROUND]))
    kept = analyse(before, context)
    for _ in range(2):
        after = data.draw(edited(kept.flow))
        kept = kept.after(after)
        assert kept.findings == analyse(after, context).findings


def near(chance: Random, flow: Flow, node: NodeId) -> NodeId:
    """Mostly a node close by, as people link."""
    names = list(flow.nodes)
    if chance.randrange(3) == 0:
        return chance.choice([*names, NodeId("nowhere")])
    return names[min(max(names.index(node) + chance.randint(-3, 6), 0), len(names) - 1)]


def relinked(chance: Random, flow: Flow) -> Flow:
    links = dict(flow.links)
    for _ in range(chance.choice([1, 1, 2, 3])):
        node = chance.choice(list(flow.nodes))
        ways = dict(links.pop(node, {}))
        for each in exits_of(flow.nodes[node])[:1] if chance.randrange(2) else ():
            ways[each.id] = near(chance, flow, node)
        if ways and chance.randrange(3) == 0:
            del ways[chance.choice(list(ways))]
        elif ways:
            ways[chance.choice(list(ways))] = near(chance, flow, node)
        if ways:
            links[node] = ways
    return replace(flow, links=links)


def without_one(chance: Random, flow: Flow) -> Flow:
    gone = chance.choice(list(flow.nodes))
    rest = {name: node for name, node in flow.nodes.items() if name != gone}
    stays = chance.randrange(2)
    links = {name: ways for name, ways in flow.links.items() if stays or name != gone}
    return replace(flow, nodes=rest, links=links) if rest else flow


def with_one(chance: Random, flow: Flow) -> Flow:
    """A node more, or another one in its place."""
    name = chance.choice([*flow.nodes, NodeId(f"new{chance.randrange(4)}")])
    made = node_by(chance, name, chance.choice(list(KINDS)), list(flow.nodes))
    return relinked(chance, replace(flow, nodes=flow.nodes | {name: made}))


def with_settings(chance: Random, flow: Flow) -> Flow:
    names = chance.sample(list(HANDLERS), chance.randrange(3))
    meta: Document = {each: chance.choice(list(flow.nodes)) for each in names}
    return replace(flow, meta=meta)


EDITS = (relinked, relinked, relinked, without_one, with_one, with_one, with_settings)
HANDLERS = ("operator", "on_error", "on_hangup", "on_max_duration")


def assert_edits_are_followed(chance: Random) -> None:
    """Through a life of edits, findings and all that they follow from are those of a fresh look."""
    edited = flow_by(chance, chance.choice([3, 8, 20, 60]))
    if chance.randrange(3):
        links = {
            node: {way: near(chance, edited, node) for way in ways}
            for node, ways in edited.links.items()
        }
        edited = replace(edited, links=links)
    context = chance.choice([Context(), AROUND])
    kept = analyse(edited, context)
    for _ in range(8):
        edited = chance.choice(EDITS)(chance, edited)
        kept, fresh = kept.after(edited), analyse(edited, context)
        assert kept.findings == fresh.findings
        assert_same(kept.ways.scene, fresh.ways.scene)


def assert_same(kept: Scene, fresh: Scene) -> None:
    """That what is known of each node is the same, and the order one that calls can go in."""
    assert kept.ahead == fresh.ahead
    assert kept.coming == fresh.coming
    assert kept.gains == fresh.gains
    circles = [{frozenset(each) for each in one.order.circles.values()} for one in (kept, fresh)]
    assert circles[0] == circles[1]
    order = kept.order
    assert order.position == {node: at for at, node in enumerate(order.nodes)}
    for node, step in kept.steps.items():
        for target in step.onward:
            is_before = order.position[node] < order.position[target]
            assert is_before or target in order.circles.get(node, ())


@settings(max_examples=60)
@given(TRULY)
def test_after_a_life_of_edits_it_knows_what_a_fresh_look_knows(chance: Random) -> None:
    assert_edits_are_followed(chance)


@pytest.mark.nightly
@settings(max_examples=2000)
@given(TRULY)
def test_after_many_lives_of_edits_it_knows_what_a_fresh_look_knows(chance: Random) -> None:
    assert_edits_are_followed(chance)


def test_what_an_edit_did_not_touch_is_not_looked_at_again() -> None:
    before = analyse(flow("start -next→ play\nplay -next→ hangup"))
    play = before.flow.nodes[NodeId("play")]
    retitled = replace(play, title="Bonjour")
    after = before.after(replace(before.flow, nodes=before.flow.nodes | {play.id: retitled}))
    assert after.steps is before.steps
    assert after.ways is before.ways


def test_a_node_that_comes_back_mends_the_links_to_it() -> None:
    whole = flow("start -next→ log\nlog -next→ hangup")
    without = replace(
        whole, nodes={key: node for key, node in whole.nodes.items() if key != "hangup"}
    )
    before = analyse(whole)
    broken = before.after(without)
    assert [each.rule for each in broken.findings if each.node == "log"][-1] == "FLW-11"
    mended = broken.after(whole)
    assert mended.findings == before.findings


def test_a_new_context_is_a_new_look() -> None:
    asked = flow("start -next→ schedule", {"schedule": {"schedule": "s"}})
    before = analyse(asked)
    closed = Context(schedules={"s": "S"}, schedule_facts={"s": ScheduleFacts(opens=False)})
    after = before.after(asked, closed)
    assert [each for each in after.findings if each.rule == "FLW-51"]
    assert not found(asked, "FLW-51")


def test_a_long_chain_needs_no_deep_recursion() -> None:
    names = [NodeId(f"n{number}") for number in range(5000)]
    made = {NodeId("start"): Node(NodeId("start"), "start")} | {
        name: Node(name, "log", props={"label": "x"}) for name in names
    }
    links = {
        source: {ExitId("next"): target}
        for source, target in zip([NodeId("start"), *names], [*names, names[0]], strict=True)
    }
    rules = {each.rule for each in analyse(Flow(nodes=made, links=links)).findings}
    assert rules == {"FLW-27"}


def rules_at(findings: tuple[Finding, ...], node: str) -> list[str]:
    return [each.rule for each in findings if each.node == node]


def test_a_circle_that_is_cut_far_away_is_none_any_more() -> None:
    chain = "".join(f"\nlog_{number} -next→ log_{number + 1}" for number in range(2, 8))
    round_about = flow(
        "start -next→ menu\n"
        "menu -1→ hangup / -no_input→ log / -invalid→ hangup / -max_tries→ hangup\n"
        f"log -next→ log_2{chain}\nlog_8 -next→ menu"
    )
    before = analyse(round_about)
    assert "FLW-29" in rules_at(before.findings, "menu")
    cut = NodeId("log_4")
    links = round_about.links | {cut: {ExitId("next"): NodeId("hangup")}}
    after = before.after(replace(round_about, links=links))
    assert "FLW-29" not in rules_at(after.findings, "menu")


def test_an_end_that_says_nothing_any_more_is_told_where_something_fails() -> None:
    ended = flow(
        "start -next→ lookup\nlookup -ok→ hangup / -http_error→ log / -timeout→ hangup\n"
        "log -next→ log_2\nlog_2 -next→ hangup_2"
    )
    before = analyse(ended)
    assert "FLW-26" not in rules_at(before.findings, "lookup")
    mute = replace(ended.nodes[NodeId("hangup_2")], props={"prompt": []})
    after = before.after(replace(ended, nodes=ended.nodes | {mute.id: mute}))
    assert "FLW-26" in rules_at(after.findings, "lookup")
