"""What is wrong with a queue, or worth knowing: each rule with a queue it says nothing of."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cx_desktop.domain.finding import Severity, in_words
from cx_desktop.domain.flow.findings import findings as flow_findings
from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.references import Context, QueueFacts, ScheduleFacts
from cx_desktop.domain.objects import Target, refers
from cx_desktop.domain.patch import Document
from cx_desktop.domain.queues import (
    NOTHING_DECIDED,
    RULES,
    Queue,
    Then,
    facts_of_queues,
    findings,
    queue_of,
)
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language

SOUND = Queue(label="VTE", schedule="hours", music="music", announce_position=True)
REFERRING: Document = {
    "schedule": "s",
    "music": "m",
    "comfort": "c",
    "goodbye": "g",
    "overflow": "q",
}
AROUND = Context(
    features=frozenset({"call_centre"}),
    queues={"own": "Ventes", "other": "Atelier", "third": "Service client"},
    schedules={"hours": "Magasin", "never": "Jamais"},
    prompts={"music": "Musique", "bye": "Au revoir"},
    schedule_facts={"hours": ScheduleFacts(), "never": ScheduleFacts(opens=False)},
    queue_facts={
        "own": QueueFacts(label="VTE"),
        "other": QueueFacts(label="ATL", passes_to="own"),
        "third": QueueFacts(label="SVC"),
    },
)


def rules(queue: Queue, around: Context = AROUND) -> list[str]:
    return [each.rule for each in findings(queue, around, own_id="own")]


def to(queue: str) -> Queue:
    return replace(SOUND, then=Then.QUEUE, overflow=queue)


DEFECTS = {
    "QUE-01": to(""),
    "QUE-02": to("other"),
    "QUE-03": replace(SOUND, then=Then.GOODBYE),
    "QUE-04": replace(SOUND, music="gone"),
    "QUE-06": replace(SOUND, longest_wait=0),
    "QUE-07": replace(SOUND, schedule="never"),
    "QUE-08": replace(SOUND, answer_within=900),
    "QUE-09": replace(SOUND, callback=True, callback_after=600),
    "QUE-10": replace(SOUND, longest_wait=40),
    "QUE-11": replace(SOUND, label="svc"),
    "QUE-12": replace(SOUND, announce_position=False),
    "QUE-13": replace(SOUND, music=""),
    "QUE-14": replace(SOUND, schedule=""),
}


def test_nothing_is_said_of_a_sound_queue() -> None:
    assert rules(SOUND) == []
    assert rules(to("third")) == []
    assert rules(replace(SOUND, then=Then.GOODBYE, goodbye="bye")) == []


@pytest.mark.parametrize("rule", DEFECTS)
def test_each_rule_finds_what_it_is_there_for(rule: str) -> None:
    assert rules(DEFECTS[rule]) == [rule]


def test_a_queue_needs_its_option() -> None:
    assert rules(SOUND, replace(AROUND, features=frozenset({"ivr"}))) == ["QUE-05"]


def test_a_circle_is_found_without_knowing_whose_queue_it_is() -> None:
    around = replace(
        AROUND, queue_facts={"a": QueueFacts(passes_to="b"), "b": QueueFacts("", "", "a")}
    )
    assert "QUE-02" in [each.rule for each in findings(to("a"), replace(around, queues=None))]


def test_of_what_is_not_known_nothing_is_said() -> None:
    assert findings(replace(SOUND, schedule="?", music="?"), Context()) == ()


def test_a_flow_is_told_of_a_queue_that_never_opens_or_was_never_published() -> None:
    node = Node(NodeId("q"), "transfer_queue", props={"queue": "own"})
    flow = Flow(nodes={NodeId("q"): node})
    facts = {"own": QueueFacts(schedule="never", is_live=False)}
    found = flow_findings(flow, replace(AROUND, queue_facts=facts))
    about = {each.rule: each.params for each in found if each.property == "queue"}
    assert about == {"FLW-54": {"value": "Ventes"}, "FLW-51": {"value": "Jamais"}}
    assert not [each for each in flow_findings(flow, AROUND) if each.property == "queue"]


def test_blocking_findings_come_first_and_each_names_its_field() -> None:
    found = findings(replace(to(""), schedule="", longest_wait=0))
    assert [each.severity for each in found] == [
        Severity.BLOCKING,
        Severity.WARNING,
        Severity.INFORMATION,
    ]
    assert {each.node for each in found} <= set(Queue.__struct_fields__)


@pytest.mark.parametrize("tongue", list(Language))
def test_every_rule_has_words_and_a_hint(tongue: Language) -> None:
    catalogue = Catalogue(resources() / "text", tongue)
    for rule in RULES:
        assert catalogue.has(f"finding.{rule}")
        assert catalogue.has(f"finding.{rule}.hint")
        assert catalogue.has(f"queues.short.{rule}")
    for queue in DEFECTS.values():
        for each in findings(queue, AROUND, own_id="own"):
            assert "{" not in in_words(each, catalogue.text)


def test_a_draft_of_yesterday_is_a_queue_of_today() -> None:
    assert queue_of({}) == Queue()
    assert queue_of(NOTHING_DECIDED) == Queue()
    old = {"music": "m", "most_calls": 3, "answer_within": 20}
    assert queue_of(old) == Queue(music="m", most_calls=3, answer_within=20)


def test_what_a_queue_refers_to() -> None:
    draft: Document = {
        "schedule": "s",
        "music": "m",
        "comfort": "c",
        "goodbye": "g",
        "overflow": "q",
    }
    assert set(refers("queue", draft)) == {
        Target("schedule", "s"),
        Target("prompt", "m"),
        Target("prompt", "c"),
        Target("prompt", "g"),
        Target("queue", "q"),
    }


def test_a_draft_that_is_none_has_no_facts() -> None:
    facts = facts_of_queues((("a", {"label": "A"}, True), ("b", {"most_calls": "x"}, True)))
    assert facts == {"a": QueueFacts(label="A")}


queues = st.builds(
    Queue,
    longest_wait=st.integers(0, 7_200),
    answer_within=st.integers(1, 3_600),
    announce_every=st.integers(10, 600),
    callback=st.booleans(),
    callback_after=st.integers(0, 7_200),
    then=st.sampled_from(Then),
    overflow=st.sampled_from(("", "own", "other", "third")),
)


@given(queues)
def test_any_queue_is_judged_and_travels_as_a_document(queue: Queue) -> None:
    assert queue_of(msgspec.to_builtins(queue)) == queue
    assert {each.rule for each in findings(queue, AROUND, own_id="own")} <= RULES.keys()
