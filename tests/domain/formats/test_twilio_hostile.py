"""Studio files that mean harm, or were harmed: a clear refusal or a working import, never more."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.formats import Imported, Unreadable, twilio
from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.formats.incoming import MAX_STEPS
from cx_desktop.domain.flow.formats.twilio.liquid import body_of, formula_of, template_of
from cx_desktop.domain.flow.formats.twilio.speaking import (
    Unsayable,
    liquid_of_body,
    liquid_of_formula,
    liquid_of_template,
)
from cx_desktop.domain.flow.formats.twilio.terraform import values_in
from cx_desktop.domain.patch import Json
from tests.domain.formats.samples import DATA

OWN = DATA / "twilio"
GOOD = tuple(path.read_bytes() for path in sorted(OWN.iterdir()))


def works(imported: Imported) -> None:
    """An import can be checked, written, and read back the same."""
    tuple(findings(imported.flow))
    again = read_any(twilio.write(imported.flow))
    assert again.flow.links == imported.flow.links
    assert again.flow.nodes == imported.flow.nodes


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_file_with_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from(GOOD))
    at = data.draw(st.integers(0, len(good)))
    upto = data.draw(st.integers(at, min(len(good), at + 40)))
    with suppress(Unreadable):
        works(read_any(good[:at] + data.draw(st.binary(max_size=12)) + good[upto:]))


WORDS = st.sampled_from(
    (
        "name",
        "type",
        "states",
        "transitions",
        "event",
        "next",
        "conditions",
        "value",
        "properties",
        "offset",
        "x",
        "key",
        "variables",
        "say",
        "play",
        "loop",
        "timeout",
        "input",
        "to",
        "caller_id",
        "match",
        "definition",
        "incomingCall",
    )
)
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
    | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=20,
)
TYPES = st.sampled_from(
    (
        "trigger",
        "say-play",
        "gather-input-on-call",
        "split-based-on",
        "set-variables",
        "make-http-request",
        "run-function",
        "send-message",
        "send-to-flex",
        "connect-call-to",
        "record-voicemail",
        "run-subflow",
        "make-outgoing-call-v2",
        "enqueue-call",
        "hangup",
        "nothing-we-know",
    )
)


@settings(max_examples=100, deadline=None)
@given(ANY, TYPES)
def test_a_document_of_any_shape_is_read_or_refused(value: object, kind: str) -> None:
    one = {"name": "a", "type": kind, "transitions": value, "properties": value}
    names = ("say", "loop", "timeout", "variables", "to", "caller_id", "input", "url")
    properties = dict.fromkeys(names, value)
    two = {"name": "b", "type": kind, "transitions": [], "properties": properties}
    conditions = [{"event": "match", "conditions": value}, {"event": "x", "next": "b"}]
    three = {"name": "c", "type": kind, "transitions": conditions}
    for states in (value, [one], [two], [three, two, value]):
        document = {"states": states, "initial_state": "a"}
        for each in (document, {"definition": document}):
            with suppress(Unreadable):
                works(read_any(json.dumps(each).encode()))


def many(count: int) -> bytes:
    states = [
        {
            "name": f"s{at}",
            "type": "say-play",
            "transitions": [{"event": "audioComplete", "next": f"s{at + 1}"}],
        }
        for at in range(count)
    ]
    return json.dumps({"states": states, "initial_state": "s0"}).encode()


def test_too_many_widgets_are_refused_with_the_limit() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_any(many(MAX_STEPS + 1))
    assert refusal.value.key == "problem.import-too-many-steps"


def test_thousands_of_widgets_are_read() -> None:
    assert len(read_any(many(2000)).flow.nodes) == 2001


@pytest.mark.parametrize(
    "text",
    [
        "jsonencode(" * 50_000,
        'jsonencode({"a": "' + "${" * 100_000 + '"})',
        "jsonencode([" + "f(" * 50_000,
        "%{ if x }" * 20_000 + "{}",
        "{{" * 100_000,
        "<<A\n" * 20_000,
        'jsonencode({"a": ' + "b " * 100_000 + "})",
    ],
)
def test_texts_that_only_open_are_refused_or_read_in_a_short_time(text: str) -> None:
    with suppress(Unreadable):
        values_in(text)


LIQUID = st.lists(
    st.sampled_from(
        (
            "{{flow.variables.a}}",
            "{{ widgets.b-c.Digits }}",
            "{{trigger.call.From | upcase}}",
            "{{x | plus: 1 | minus: flow.variables.y}}",
            "{{ trigger | to_json }}",
            '{{a | default: "b"}}',
            "{% if a %}",
            "{% else %}",
            "{% endif %}",
            "{{",
            "}}",
            "{%",
            "`",
            '"',
            "\\",
            "1",
            "007",
            "text ",
            "${x}",
            "|",
        )
    ),
    max_size=8,
).map("".join)


@settings(max_examples=500, deadline=None)
@given(LIQUID | st.text(max_size=30))
def test_liquid_comes_back_with_the_same_meaning(text: str) -> None:
    """What is written back is read as the same text or formula of ours."""
    with suppress(Unsayable):
        assert template_of(liquid_of_template(template_of(text))) == template_of(text)
    with suppress(Unsayable):
        assert formula_of(liquid_of_formula(formula_of(text))) == formula_of(text)
    assert body_of(liquid_of_body(body_of(text))) == body_of(text)


@settings(max_examples=200, deadline=None)
@given(ANY, TYPES, st.data())
def test_what_people_make_of_an_imported_widget_is_written_or_refused(
    value: Json, kind: str, data: st.DataObject
) -> None:
    """Documents may hold any JSON: an edited node, and one whose origin was tampered with."""
    flow = read_any(GOOD[3]).flow
    node = data.draw(st.sampled_from(list(flow.nodes.values())))
    assert node.origin is not None
    props = dict.fromkeys((*node.props, "cases", "prompt"), value)
    changed = replace(node, props=props)
    twilio.write(replace(flow, nodes={**flow.nodes, node.id: changed}))
    raw = {"name": "a", "type": kind, "transitions": value, "properties": value}
    tampered = replace(node, origin=replace(node.origin, raw=raw))
    with suppress(CXError):
        twilio.write(replace(flow, nodes={**flow.nodes, node.id: tampered}))
