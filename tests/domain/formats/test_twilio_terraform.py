"""Terraform templates of Studio flows: what they hold, and where one cannot be understood."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.formats.twilio.directives import has_directives
from cx_desktop.domain.flow.formats.twilio.terraform import MOST_CHARACTERS, values_in
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.patch import Json
from tests.domain.formats.samples import DATA

OWN = DATA / "twilio"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${jsonencode({a = 1})}", {"a": 1}),
        ('${jsonencode({"a": name})}', {"a": "${name}"}),
        ('jsonencode({"a": f(x, "}", [1])\n"b" = 2})', {"a": '${f(x, "}", [1])}', "b": 2}),
        ('jsonencode({a = x ? "1" : "2", b = [1,]})', {"a": '${x ? "1" : "2"}', "b": [1]}),
        ("jsonencode({a = concat([1], [2, 3], more)})", {"a": [1, 2, 3, "${more}"]}),
        ("jsonencode({a = merge({b = 1}, {c = 2})})", {"a": {"b": 1, "c": 2}}),
        ("jsonencode({a = [for x in xs : x]})", {"a": "${[for x in xs : x]}"}),
        ('{"a": "${v["x"]} \\"q\\" $${b} 100%"} // end', {"a": '${v["x"]} "q" $${b} 100%'}),
        ('{"a": "${v[\\"x\\"]}", /* or */ "b": -1.5e2, # c\n}', {"a": '${v["x"]}', "b": -150.0}),
        ('{"a": ${n}, "b": "\\u00e9\\ud83d\\ude00"}', {"a": "${n}", "b": "é😀"}),
        ('{"a": %{ if x }1%{ else }2%{ endif }}', {"a": 1}),
        ('["a", %{ for x in xs }"b",%{ endfor }]', ["a", "b"]),
        ('definition = <<-EOF\n  {"a": 1}\n  EOF\n', {"a": 1}),
    ],
)
def test_templates_hold_values(text: str, value: Json) -> None:
    assert values_in(text) == [value]


def test_branches_with_widgets_are_all_kept_and_of_others_the_first() -> None:
    flow = read_any((OWN / "directives.tftpl").read_bytes()).flow
    assert flow.nodes.keys() == {"Trigger", "hello", "closed"}
    assert flow.target(NodeId("Trigger"), ExitId("next")) == "hello"


def test_a_condition_inside_a_text_is_part_of_the_text() -> None:
    assert not has_directives('{"a": "%{ if x }y%{ endif }"}')
    flow = read_any((OWN / "template.tftpl").read_bytes()).flow
    assert flow.nodes[NodeId("hello")].props["prompt"] == [
        {
            "type": "text",
            "text": (
                'Bonjour "${{flow_vars["name"]}}", '
                "%{{ if is_open }}entrez%{{ else }}fermé%{{ endif }} !"
            ),
        }
    ]


def test_widgets_that_only_terraform_knows_are_kept_as_they_are_written() -> None:
    flow = read_any((OWN / "template.tftpl").read_bytes()).flow
    assert flow.nodes.keys() == {"Trigger", "hello", "flex"}
    origin = flow.meta["origin"]
    assert isinstance(origin, dict)
    assert origin["strays"] == ["${extra_states}"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('${jsonencode({\n "a" 1})}', 2, 6),
        ("${jsonencode({\n a = [1, 2\n", 3, 1),
        ('jsonencode({"a": "open\n"})', 1, 23),
        ('jsonencode({"a": {"b": 1} "c"})', 1, 26),
    ],
)
def test_a_template_that_is_wrong_is_refused_with_its_place(
    text: str, line: int, column: int
) -> None:
    with pytest.raises(Unreadable) as refusal:
        values_in(text)
    assert (refusal.value.line, refusal.value.column) == (line, column)


def test_deep_templates_are_refused() -> None:
    for levels in (60, 5000):
        with pytest.raises(Unreadable) as refusal:
            values_in("jsonencode(" + "[" * levels + "]" * levels + ")")
        assert refusal.value.key == "problem.import-too-deep"


def test_templates_longer_than_any_flow_are_refused_unread() -> None:
    with pytest.raises(Unreadable) as refusal:
        values_in("jsonencode([" + "1," * MOST_CHARACTERS)
    assert refusal.value.key == "problem.import-too-large"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(JSON, st.booleans())
def test_json_is_read_as_json(value: Json, is_ascii: bool) -> None:  # noqa: FBT001 - hypothesis
    text = json.dumps(value, ensure_ascii=is_ascii)
    if any(mark in text for mark in ("${", "%{")) or not isinstance(value, dict | list):
        return
    assert values_in(f"jsonencode({text})") == [value]
