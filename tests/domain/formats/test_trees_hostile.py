"""Trees of other products that were harmed, or never made sense: read, or refused."""

from contextlib import suppress
from xml.sax.saxutils import quoteattr

import msgspec
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.formats import Imported, Unreadable
from cx_desktop.domain.flow.formats.detect import read_all
from cx_desktop.domain.flow.formats.formulas import term_of
from cx_desktop.domain.flow.formats.genesys.rules import ACTIONS
from cx_desktop.domain.flow.formats.genesys.values import LANGUAGE as GENESYS
from cx_desktop.domain.flow.formats.genesys.values import spoken
from cx_desktop.domain.flow.formats.threecx.rules import COMPONENTS
from cx_desktop.domain.flow.formats.threecx.values import LANGUAGE as THREECX
from cx_desktop.domain.flow.graph import document_of, flow_of
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.patch import Json
from tests.domain.formats.samples import DATA

GOOD = [path.read_bytes() for name in ("genesys", "threecx") for path in (DATA / name).iterdir()]


def check(flows: tuple[Imported, ...]) -> None:
    """Whatever was read is a flow: links lead from exits to nodes, and it can be written down."""
    assert flows
    for each in flows:
        for link in each.flow.each_link():
            assert link.target in each.flow.nodes
            assert link.exit in {way.id for way in exits_of(each.flow.nodes[link.node])}
        assert (
            flow_of(msgspec.json.decode(msgspec.json.encode(document_of(each.flow)))) == each.flow
        )


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_file_with_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from(GOOD))
    at = data.draw(st.integers(0, len(good)))
    upto = data.draw(st.integers(at, min(len(good), at + 60)))
    damaged = good[:at] + data.draw(st.binary(max_size=12)) + good[upto:]
    with suppress(Unreadable):
        check(read_all(damaged))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_file_that_was_cut_off_is_read_or_refused(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from(GOOD))
    with suppress(Unreadable):
        check(read_all(good[: data.draw(st.integers(0, len(good)))]))


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_lines_in_another_order_are_read_or_refused(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(GOOD)).splitlines(keepends=True)
    one = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.integers(0, len(lines) - 1))
    lines[one], lines[other] = lines[other], lines[one]
    with suppress(Unreadable):
        check(read_all(b"".join(lines)))


WORDS = st.text(alphabet="abcé{}\"'()=.,$1 9", max_size=8)
REFERENCES = st.sampled_from(["./tasks/task[a]", "./menus/menu[m]", "/x/states/state[s]", "", "[]"])
VALUES = st.recursive(
    st.none()
    | WORDS
    | st.sampled_from(["true", "3", "digit_1", "digit_#", "Flow.a", 'Append("a", Flow.b)']),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["lit", "exp", "var", "name", "seconds", "noValue", "case", "value", "cases", "tts"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
PARTS = (
    "name",
    "condition",
    "audio",
    "targetQueue",
    "statements",
    "evaluate",
    "category",
    "digits",
    "loopCount",
    "attributes",
    "destination",
    "variables",
    "initialValue",
    "dtmf",
    "commonModule",
)
KINDS = (
    *ACTIONS,
    "decision",
    "switch",
    "loop",
    "loopNext",
    "loopExit",
    "callTask",
    "jumpToTask",
    "jumpToMenu",
    "changeState",
    "menu",
    "menuTask",
    "menuRepeat",
    "strange",
)


def bodies(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """The body of an action, with anything where something is wanted."""
    return st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(PARTS, VALUES),
            "targetTaskRef": REFERENCES,
            "targetMenuRef": REFERENCES,
            "outputs": st.dictionaries(
                st.sampled_from(["success", "failure", "yes", "no", "loop", "paths", "default"]),
                st.builds(lambda actions: {"actions": actions}, inner) | VALUES | inner,
                max_size=3,
            ),
            "choices": inner,
            "task": st.builds(lambda actions: {"actions": actions}, inner),
        },
    )


STEPS: st.SearchStrategy[Json] = st.recursive(
    st.just([]),
    lambda inner: st.lists(
        st.dictionaries(st.sampled_from(KINDS), bodies(inner), min_size=1, max_size=1) | VALUES,
        max_size=3,
    ),
    max_leaves=12,
)
CONTAINERS = st.lists(
    st.builds(
        lambda kind, reference, actions, choices: {
            kind: {"refId": reference, "actions": actions, "choices": choices}
        },
        st.sampled_from(["task", "menu", "state"]),
        st.sampled_from(["a", "m", "s", "b"]),
        STEPS,
        STEPS,
    )
    | VALUES,
    max_size=4,
)
FLOWS = st.fixed_dictionaries(
    {"name": WORDS},
    optional={
        "startUpRef": REFERENCES,
        "tasks": CONTAINERS,
        "menus": CONTAINERS | VALUES,
        "states": CONTAINERS,
        "startUpTaskActions": STEPS | VALUES,
        "variables": VALUES,
        "settingsErrorHandling": VALUES,
        "initialGreeting": VALUES,
        "settingsMenu": VALUES,
        "defaultLanguage": VALUES,
    },
)


@settings(max_examples=80, deadline=None)
@given(FLOWS, st.sampled_from(["inboundCall", "inqueueCall", "workflow"]))
def test_any_tree_of_actions_becomes_flows(body: Json, kind: str) -> None:
    with suppress(Unreadable):
        check(read_all(yaml.safe_dump({kind: body}, allow_unicode=True).encode()))


ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            "Name",
            "Condition",
            "Enabled",
            "Option",
            "PromptList",
            "InitialPromptList",
            "Expression",
            "VariableName",
            "Destination",
            "RelativeFilePath",
            "DateTimeConditionList",
            "MinDigits",
            "MaxRetryCount",
            "TransferToVoicemail",
            "IsPinRequired",
            "IsValidOption_1",
        ]
    ),
    WORDS | st.sampled_from(["True", "False", "Option1", "3", "<a><b/></a>", 'EQUAL(a,"1")', ""]),
    max_size=4,
)


@st.composite
def elements(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """A component or a branch with anything in it."""
    name = draw(
        st.sampled_from(
            [
                *COMPONENTS,
                "MenuComponent",
                "LoopComponent",
                "ConditionalComponent",
                "DateTimeConditionalComponent",
                "AuthenticationComponent",
                "CreditCardComponent",
                "SurveyComponent",
                "ComponentBranch",
                "MenuComponentBranch",
                "ConditionalComponentBranch",
                "DateTimeConditionalComponentBranch",
                "AuthenticationComponent.RequestID",
                "Variable",
            ]
        )
    )
    said = " ".join(f"{key}={quoteattr(value)}" for key, value in draw(ATTRIBUTES).items())
    return f"<{name} {said}>{''.join(draw(st.lists(inner, max_size=3)))}</{name}>"


MARKUP = st.recursive(st.just("<LoggerComponent/>"), elements, max_leaves=12)


@settings(max_examples=80, deadline=None)
@given(MARKUP, MARKUP)
def test_any_tree_of_components_becomes_a_flow(main: str, handler: str) -> None:
    text = (
        f"<File><Flows><MainFlow><MainFlow Name='Main'>{main}</MainFlow></MainFlow>"
        f"<ErrorHandlerFlow>{handler}</ErrorHandlerFlow></Flows></File>"
    )
    with suppress(Unreadable):
        check(read_all(text.encode()))


FORMULAS = st.text(alphabet='aF.$(),"\\ &|!=<>+-*/and or not 12[]', max_size=80)


@settings(max_examples=300, deadline=None)
@given(FORMULAS)
def test_any_formula_is_said_or_left_alone(formula: str) -> None:
    term_of(formula)
    for dialect in (GENESYS, THREECX):
        dialect.said(formula)
        dialect.template(formula)
    spoken({"exp": formula})


def test_long_and_deep_formulas_are_left_alone() -> None:
    for formula in (
        "a + " * 2000 + "a",
        "not " * 500 + "a",
        "f(" * 500,
        "-" * 500 + "1",
        "a" * 10**5,
    ):
        assert GENESYS.said(formula) in {None, formula}
