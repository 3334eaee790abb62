"""Flows written for other products treat their callers as they do here."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.behaviour import Digits, Key, Silence, Stimulus
from cx_desktop.domain.flow.formats import Written, connect, twilio, voicexml
from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.simulate import advance, run
from cx_desktop.domain.patch import Document
from tests.domain.formats.test_twilio_traces import begun, flow_of, said, texts

WRITERS: dict[str, Callable[[Flow], Written]] = {
    "connect": connect.written,
    "twilio": twilio.written,
    "voicexml": voicexml.written,
}


def line(menu: Document, cases: list[str], loops: int) -> Flow:
    """What all three can say: messages, menus asked once, variables, comparisons, loops, ends."""
    return flow_of(
        {
            "start": ("start", {}, {"next": "hello"}),
            "hello": ("play", {"prompt": said("Hello")}, {"next": "note"}),
            "note": (
                "set_var",
                {"assignments": [{"variable": "city", "expression": '"Lyon"'}]},
                {"next": "menu"},
            ),
            "menu": (
                "menu",
                {
                    "prompt": said("Press 1, 2 or 3"),
                    "keys": ["1", "2", "3"],
                    "max_no_input": 1,
                    "max_invalid": 1,
                    "max_tries": 0,
                    **menu,
                },
                {
                    "key_1": "which",
                    "key_2": "again",
                    "key_3": "bye",
                    "no_input": "silent",
                    "invalid": "wrong",
                },
            ),
            "which": (
                "switch",
                {
                    "operand": "city",
                    "cases": [
                        {"id": f"c{at}", "label": "", "operator": "equals", "value": value}
                        for at, value in enumerate(cases)
                    ],
                },
                {**{f"case:c{at}": "found" for at in range(len(cases))}, "default": "menu"},
            ),
            "again": ("loop", {"loops": loops}, {"again": "menu", "done": "bye"}),
            "found": ("hangup", {"prompt": said("Found")}, {}),
            "silent": ("play", {"prompt": said("Are you there?")}, {"next": "menu"}),
            "wrong": ("play", {"prompt": said("No such choice")}, {"next": "menu"}),
            "bye": ("hangup", {"prompt": said("Goodbye")}, {}),
        }
    )


SCRIPTS = st.lists(st.just(Silence()) | st.sampled_from("1239").map(Key), max_size=8)


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries({"first_digit_timeout": st.integers(1, 20)}),
    st.lists(st.sampled_from(["Lyon", "Paris"]), min_size=1, max_size=2, unique=True),
    st.integers(1, 3),
    SCRIPTS,
)
def test_callers_hear_the_same(
    name: str, menu: Document, cases: list[str], loops: int, script: list[Stimulus]
) -> None:
    flow = line(menu, cases, loops)
    again = read_any(WRITERS[name](flow).data).flow
    assert all(node.kind != "foreign" for node in again.nodes.values())
    ours, theirs = begun(flow), begun(again)
    for stimulus in script:
        assert heard(texts(theirs)) == heard(texts(ours))
        assert (theirs.end is None) == (ours.end is None)
        if ours.end is not None:
            return
        ours, theirs = (run(advance(each, stimulus)) for each in (ours, theirs))
    assert heard(texts(theirs)) == heard(texts(ours))


def heard(said_: list[str]) -> list[str]:
    return [" ".join(each.split()) for each in said_ if each.strip()]


@pytest.mark.parametrize("name", ["connect", "voicexml"])
@settings(max_examples=30, deadline=None)
@given(
    st.integers(2, 8),
    st.lists(st.just(Silence()) | st.text("1239", min_size=1, max_size=8).map(Digits), max_size=4),
)
def test_what_is_typed_is_kept_the_same(name: str, most: int, script: list[Stimulus]) -> None:
    flow = flow_of(
        {
            "start": ("start", {}, {"next": "ask"}),
            "ask": (
                "collect",
                {
                    "prompt": said("Number?"),
                    "variable": "number",
                    "max_digits": most,
                    "barge_in": name == "voicexml",
                    "max_no_input": 1,
                    "max_invalid": 1,
                    "max_tries": 0,
                    "store_timeout": name == "connect",
                },
                {"ok": "told", "no_input": "none"} if name == "voicexml" else {"ok": "told"},
            ),
            "told": ("hangup", {"prompt": said("You typed {number}")}, {}),
            "none": ("hangup", {"prompt": said("Nothing")}, {}),
        }
    )
    again = read_any(WRITERS[name](flow).data).flow
    ours, theirs = begun(flow), begun(again)
    for stimulus in script:
        ours, theirs = (run(advance(each, stimulus)) for each in (ours, theirs))
    assert heard(texts(theirs)) == heard(texts(ours))
