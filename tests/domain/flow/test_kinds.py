"""The declarations of kinds: complete, consistent, named in both languages, drawn with an icon."""

import json
from collections.abc import Iterator
from importlib.resources import files
from itertools import product

import pytest
from hypothesis import given

from cx_desktop.domain.flow.behaviour.attempts import MAX_TRIES, Limits, before_leaving
from cx_desktop.domain.flow.checks import SAY_AS, faults
from cx_desktop.domain.flow.graph import ExitId, Node, NodeId, Origin
from cx_desktop.domain.flow.kind import FieldType, Kind, Property, Unlinked
from cx_desktop.domain.flow.kinds import (
    FOREIGN,
    KINDS,
    SETTINGS,
    default_props,
    exits_of,
    kind_of,
)
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.rules import RULES
from cx_desktop.domain.flow.templates import TEMPLATES
from cx_desktop.domain.patch import Document
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.domain.flow.strategies import nodes

#: Every kind of `flows.md` 4, and the names that people know from the sister product.
KNOWN_KINDS = """
    start answer play menu collect schedule caller repeat_caller switch set_var lookup
    transfer_number set_queue transfer_queue queue_status queue_treatment voicemail recording
    callback send_sms send_email subflow return goto_node goto_flow random loop wait voicebot
    foreign config log outbound_call hangup
"""
FRENCH_NAMES = {
    "send_sms": "SMS",
    "collect": "Saisie",
    "repeat_caller": "Redirection",
    "random": "Répartition",
    "voicemail": "Messagerie",
    "caller": "Filtrage",
    "menu": "Menu",
    "callback": "Callback",
    "config": "Réglages perso.",
    "lookup": "Requête",
    "set_var": "Variable",
    "voicebot": "Reconnaissance",
    "play": "Message",
    "schedule": "Horaires",
    "transfer_queue": "Groupe",
}

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
ALL_PROPERTIES = [
    *((kind.id, each) for kind in KINDS.values() for each in kind.properties),
    *(("", each) for each in SETTINGS),
]


def node(kind: str, **props: object) -> Node:
    return Node(NodeId("n"), kind, props=props)


def ways(kind: str, **props: object) -> list[str]:
    return [each.id for each in exits_of(node(kind, **props))]


def test_every_kind_of_the_unified_model_is_declared() -> None:
    assert set(KINDS) == set(KNOWN_KINDS.split())


@each_kind
def test_a_kind_has_an_icon_that_exists_and_words_to_find_it(kind: Kind) -> None:
    fonts = files("qtawesome").joinpath("fonts")
    charmap = next(each for each in fonts.iterdir() if each.name.startswith("phosphor-charmap"))
    assert kind.icon.removeprefix("ph.") in json.loads(charmap.read_text())
    assert kind.synonyms


def test_no_two_kinds_share_an_icon() -> None:
    assert len({kind.icon for kind in KINDS.values()}) == len(KINDS)


@each_kind
def test_a_fresh_node_has_the_exits_its_defaults_declare(kind: Kind) -> None:
    fresh = node(kind.id, **default_props(kind))
    assert exits_of(fresh) == exits_of(node(kind.id))
    assert len({each.id for each in exits_of(fresh)}) == len(exits_of(fresh))


@each_kind
def test_the_exit_that_stands_in_for_an_unlinked_one_is_required(kind: Kind) -> None:
    by_id = {each.id: each for each in kind.exits}
    for each in kind.exits:
        if each.unlinked is Unlinked.NEXT:
            assert by_id[each.instead or kind.main_exit or ExitId("")].is_required or not each.when
        else:
            assert not each.instead


@each_kind
def test_default_props_are_fresh_each_time(kind: Kind) -> None:
    assert default_props(kind) == default_props(kind)
    assert all(
        value is not default_props(kind)[name] for name, value in default_props(kind).items()
    )


@pytest.mark.parametrize(("owner", "declared"), ALL_PROPERTIES)
def test_a_default_is_what_its_type_promises(owner: str, declared: Property) -> None:
    assert not list(faults(declared, declared.default)), owner


@pytest.mark.parametrize(("owner", "declared"), ALL_PROPERTIES)
def test_a_property_says_what_its_type_needs(owner: str, declared: Property) -> None:
    choosing = {FieldType.CHOICE, FieldType.CHOICES, FieldType.KEYS, FieldType.CASES}
    tables = {
        FieldType.CASES,
        FieldType.WEIGHTS,
        FieldType.OUTCOMES,
        FieldType.ASSIGNMENTS,
        FieldType.MAPPING,
    }
    assert bool(declared.choices) == (declared.type in choosing), owner
    assert bool(declared.columns) == (declared.type in tables), owner
    assert bool(declared.refers_to) == (declared.type is FieldType.REFERENCE), owner
    assert declared.when is None or declared.when.__doc__, owner


def test_a_property_name_means_one_type_everywhere() -> None:
    types: dict[str, set[FieldType]] = {}
    for _owner, each in ALL_PROPERTIES:
        types.setdefault(each.name, set()).add(each.type)
    assert {name: found for name, found in types.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("kind", "props", "expected"),
    [
        ("menu", {"keys": ["2", "1", "*"]}, ["key_1", "key_2", "key_*"]),
        ("menu", {"keys": []}, []),
        ("menu", {"keys": "12"}, []),
        ("menu", {"keys": [1, None, "x", "3"]}, ["key_3"]),
    ],
)
def test_each_key_of_a_menu_is_an_exit(kind: str, props: Document, expected: list[str]) -> None:
    assert [way for way in ways(kind, **props) if way.startswith("key_")] == expected


def test_a_key_is_named_by_its_label() -> None:
    labels = [{"key": "1", "label": "Ventes"}, {"key": "2", "label": ""}, {"key": 3}, "x"]
    exits = exits_of(node("menu", keys=["1", "2"], key_labels=labels))
    assert [each.label for each in exits[:2]] == ["1 · Ventes", ""]


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("switch", "cases"),
        ("caller", "cases"),
        ("queue_status", "cases"),
        ("random", "shares"),
        ("voicebot", "outcomes"),
        ("subflow", "outcomes"),
    ],
)
def test_each_row_of_a_table_is_an_exit_with_a_stable_id(kind: str, table: str) -> None:
    rows = [{"id": "b", "label": "B"}, {"id": "a", "value": "75"}, {"id": "b"}, {"id": ""}, 3]
    exits = exits_of(node(kind, **{table: rows}))
    assert [(each.id, each.label) for each in exits[:2]] == [("case:b", "B"), ("case:a", "75")]
    assert sum(each.id.startswith("case:") for each in exits) == 2


@pytest.mark.parametrize(
    ("kind", "way", "with_it", "without"),
    [
        ("menu", "max_tries", {"max_tries": 1}, {"max_tries": 0}),
        ("menu", "speech", {"speech": True}, {"speech": "yes"}),
        ("collect", "no_input", {}, {"store_timeout": True}),
        ("collect", "invalid", {"validation": "luhn"}, {"validation": "none"}),
        ("collect", "invalid", {"min_digits": 2}, {"min_digits": 1}),
        ("collect", "invalid", {"confirm": True}, {"min_digits": "8"}),
        ("outbound_call", "machine", {}, {"detect_machine": False}),
        ("transfer_number", "answered", {"transfer_mode": "return"}, {}),
        ("transfer_number", "no_answer", {}, {"transfer_mode": "blind"}),
        ("transfer_queue", "timeout", {"max_wait": 0.5}, {"max_wait": 0}),
        ("transfer_queue", "overflow", {"overflow_key": "#"}, {"overflow_key": []}),
        ("callback", "refused", {}, {"offer": False}),
        ("callback", "invalid_number", {}, {"number_from": "earlier"}),
        ("queue_treatment", "interrupted", {}, {"period": 0}),
        ("subflow", "next", {"outcomes": [1]}, {"outcomes": [{"id": "done"}]}),
    ],
)
def test_an_exit_that_cannot_be_taken_does_not_exist(
    kind: str, way: str, with_it: Document, without: Document
) -> None:
    assert way in ways(kind, **with_it)
    assert way not in ways(kind, **without)


def test_a_property_that_does_not_matter_is_not_shown() -> None:
    shown = {
        source: {each.name for each in KINDS["lookup"].properties_of(node("lookup", source=source))}
        for source in ("http", "sql")
    }
    assert "url" in shown["http"]
    assert "query" not in shown["http"]
    assert "query" in shown["sql"]
    assert "url" not in shown["sql"]


def test_an_unknown_kind_is_foreign_and_keeps_the_exits_of_its_origin() -> None:
    foreign = Node(
        NodeId("n"), "teleport", origin=Origin("x", "Teleport", exits=(ExitId("b"), ExitId("a")))
    )
    assert kind_of(foreign) is FOREIGN
    assert [each.id for each in exits_of(foreign)] == ["b", "a"]
    assert not any(each.is_required for each in exits_of(foreign))
    assert exits_of(Node(NodeId("n"), "foreign")) == ()


@given(nodes("n"))
def test_exits_and_properties_are_told_of_any_node(any_node: Node) -> None:
    exits = exits_of(any_node)
    assert len({each.id for each in exits}) == len(exits)
    kind = kind_of(any_node)
    assert all(each in kind.properties for each in kind.properties_of(any_node))


def test_every_type_that_is_referred_to_can_be_known() -> None:
    types = {each.refers_to for _owner, each in ALL_PROPERTIES} - {"", "node"}
    context = Context(queues={}, schedules={}, prompts={}, flows={})
    assert all(context.names_of(each) is not None for each in types)
    assert context.names_of("node") is None


def catalogue_keys() -> Iterator[str]:
    for kind in KINDS.values():
        yield from (f"kind.{kind.id}", f"kind.{kind.id}.about", f"kind.{kind.id}.search")
        yield f"family.{kind.family}"
        yield f"feature.{kind.feature}"
        yield from (f"exit.{each.id}" for each in kind.exits)
    for _owner, declared in ALL_PROPERTIES:
        yield from (f"prop.{declared.name}", f"prop.{declared.name}.help")
        yield from (f"column.{name}" for name in declared.columns)
        if declared.group:
            yield f"group.{declared.group}"
        if declared.type is not FieldType.KEYS:
            yield from (f"choice.{declared.name}.{value}" for value in declared.choices)
    yield from (f"exit.key_{key}" for key in TELEPHONE_KEYS)
    yield from (f"choice.say_as.{value}" for value in SAY_AS)
    yield from (f"choice.prompt_type.{value}" for value in ("text", "ssml", "audio", "say_as"))
    yield from (f"unlinked.{what}" for what in (*Unlinked, "instead"))
    for rule in RULES:
        yield from (f"finding.{rule}", f"finding.{rule}.hint")
    for template in ("blank", *(each.id for each in TEMPLATES)):
        yield from (f"template.{template}", f"template.{template}.about")
    yield from (f"refusal.{what}" for what in ("no-such-node", "no-such-exit", "into-start"))


@pytest.mark.parametrize("language", Language)
def test_everything_declared_has_words(language: Language) -> None:
    catalogue = Catalogue(resources() / "text", language)
    assert sorted({key for key in catalogue_keys() if not catalogue.has(key)}) == []


def test_steps_are_called_in_french_what_their_users_call_them() -> None:
    french = Catalogue(resources() / "text", Language.FRENCH)
    assert {kind: french.text(f"kind.{kind}") for kind in FRENCH_NAMES} == FRENCH_NAMES


@pytest.mark.parametrize("language", Language)
def test_a_kind_is_found_by_its_name_in_either_language(language: Language) -> None:
    catalogue = Catalogue(resources() / "text", language)
    words = {"collect": ("saisie", "input"), "hangup": ("fin", "hang up"), "lookup": ("requête",)}
    for kind, expected in words.items():
        assert all(word in catalogue.text(f"kind.{kind}.search") for word in expected)


@pytest.mark.parametrize("can_be_silent", [False, True])
@pytest.mark.parametrize("can_be_invalid", [False, True])
def test_running_out_of_tries_must_be_linked_only_where_it_can_happen(
    *, can_be_silent: bool, can_be_invalid: bool
) -> None:
    validation = "luhn" if can_be_invalid else "none"
    asked: Document = {"store_timeout": not can_be_silent, "validation": validation}
    for silences, wrong, total in product(range(1, 5), range(1, 5), range(1, 8)):
        tries: Document = {"max_no_input": silences, "max_invalid": wrong, "max_tries": total}
        node = Node(NodeId("a"), "collect", props=asked | tries)
        (way,) = [each for each in exits_of(node) if each.id == "max_tries"]
        can_happen = before_leaving(
            Limits(
                silences, wrong, total, can_be_silent=can_be_silent, can_be_invalid=can_be_invalid
            ),
            MAX_TRIES,
        )
        assert way.is_required == (can_happen is not None)


def test_by_default_a_collect_that_is_not_checked_needs_no_exit_for_too_many_tries() -> None:
    assert not [
        each.id
        for each in exits_of(Node(NodeId("a"), "collect"))
        if each.is_required and each.id == "max_tries"
    ]
