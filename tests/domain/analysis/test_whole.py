"""The analysis as it is kept while somebody edits: always what a fresh look would say."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cx_desktop.domain.flow.analysis import analyse
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.references import Context, PromptFacts, ScheduleFacts
from tests.domain.analysis.flows import facts, flow, found
from tests.domain.flow.strategies import IDS, flows, nodes

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
