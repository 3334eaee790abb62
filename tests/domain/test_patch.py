"""Edits as data: they apply, are taken back, are told apart and are put together."""

import copy

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from cx_desktop.domain import patch
from cx_desktop.domain.patch import Change, Document, Json

KEYS = st.sampled_from(["a", "b", "c", "x"])
LEAVES = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "s", "t"])
VALUES: st.SearchStrategy[Json] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS: st.SearchStrategy[Document] = st.dictionaries(KEYS, VALUES, max_size=4)
PATHS = st.lists(KEYS, min_size=1, max_size=4).map(tuple)
CHANGES = st.lists(st.builds(Change, PATHS, VALUES | st.just(UNSET)), max_size=6)


def bare(value: Json) -> Json:
    """A document without its empty objects: they are made on the way and may stay behind."""
    if not isinstance(value, dict):
        return value
    kept = {key: bare(inner) for key, inner in value.items()}
    return {key: inner for key, inner in kept.items() if inner != {}}


def has_no_leaf_on_the_way(document: Document, changes: list[Change]) -> bool:
    """Whether each change finds objects, or nothing, above its place."""
    for each in changes:
        for length in range(1, len(each.path)):
            above = patch.read(document, each.path[:length])
            if above is not UNSET and not isinstance(above, dict):
                return False
        document = patch.apply(document, [each])
    return True


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("nodes", "n1", "title"), "Menu"),
        (("nodes", "n1"), {"title": "Menu", "keys": ["1"]}),
        (("nodes", "n2"), UNSET),
        (("nodes", "n1", "keys", "0"), UNSET),
        (("nodes", "n1", "title", "M"), UNSET),
        (("none",), None),
    ],
)
def test_reading_walks_objects_and_never_into_lists_or_texts(path: patch.Path, found: Json) -> None:
    document: Document = {"nodes": {"n1": {"title": "Menu", "keys": ["1"]}}, "none": None}
    assert patch.read(document, path) == found


def test_applying_makes_the_objects_on_the_way_and_leaves_them_when_they_empty() -> None:
    document = patch.apply({}, [Change(("a", "b", "c"), 1)])
    assert document == {"a": {"b": {"c": 1}}}
    assert patch.apply(document, [Change(("a", "b", "c"), UNSET)]) == {"a": {"b": {}}}


def test_a_change_replaces_a_leaf_that_stands_in_its_way() -> None:
    assert patch.apply({"a": 1}, [Change(("a", "b"), 2)]) == {"a": {"b": 2}}


def test_null_is_a_value_and_not_an_absence() -> None:
    assert patch.apply({"a": 1}, [Change(("a",), None)]) == {"a": None}
    assert patch.change({"a": None}, ("a",), 1).was is None


def test_untouched_parts_are_shared_and_touched_ones_are_not() -> None:
    document: Document = {"a": {"b": 1}, "c": {"d": {"e": 2}, "f": {}}}
    after = patch.apply(document, [Change(("c", "f", "g"), 3)])
    assert after["a"] is document["a"]
    assert isinstance(after["c"], dict)
    assert isinstance(document["c"], dict)
    assert after["c"]["d"] is document["c"]["d"]
    assert document == {"a": {"b": 1}, "c": {"d": {"e": 2}, "f": {}}}


def test_a_value_given_to_one_change_is_not_written_into_by_the_next() -> None:
    value: Document = {"b": 1}
    after = patch.apply({}, [Change(("a",), value), Change(("a", "c"), 2)])
    assert after == {"a": {"b": 1, "c": 2}}
    assert value == {"b": 1}


@given(DOCUMENTS, CHANGES)
def test_applying_changes_neither_the_document_nor_the_changes(
    document: Document, changes: list[Change]
) -> None:
    before, said = copy.deepcopy(document), copy.deepcopy(changes)
    patch.apply(document, changes)
    assert document == before
    assert changes == said


@given(DOCUMENTS, CHANGES)
def test_after_the_last_change_its_place_holds_its_value(
    document: Document, changes: list[Change]
) -> None:
    for each in changes:
        is_lost = is_cosmetic_of_nothing(document, each)
        document = patch.apply(document, [each])
        assert is_lost or patch.same(patch.read(document, each.path), each.value)


def is_cosmetic_of_nothing(document: Document, each: Change) -> bool:
    """Whether a change moves an object that is not there."""
    return patch.is_cosmetic(each.path) and patch.read(document, each.path[:-1]) is UNSET


def test_moving_a_node_that_somebody_removed_does_not_bring_half_of_it_back() -> None:
    moved = Change(("nodes", "n1", "x"), 80, was=0)
    assert patch.apply({"nodes": {}}, [moved]) == {"nodes": {}}
    assert patch.disturbed({"nodes": {}}, [moved]) == ()


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        (1, True, False),
        ({"a": [0]}, {"a": [False]}, False),
        (1, 1.0, True),
        ({"a": 1, "b": [None]}, {"b": [None], "a": 1}, True),
        (UNSET, None, False),
        (UNSET, UNSET, True),
        ([1], [1, 2], False),
        ({"a": 1}, {"b": 1}, False),
    ],
)
def test_json_values_are_told_apart_as_json_does(one: Json, other: Json, are_same: bool) -> None:  # noqa: FBT001  (a parameter of the table)
    assert patch.same(one, other) is are_same
    assert (patch.coalesce([Change(("a",), one, was=other)]) == ()) is are_same


@given(DOCUMENTS, CHANGES, CHANGES)
def test_applying_in_one_go_or_in_two_is_the_same(
    document: Document, first: list[Change], then: list[Change]
) -> None:
    at_once = patch.apply(document, [*first, *then])
    assert at_once == patch.apply(patch.apply(document, first), then)


@given(DOCUMENTS, CHANGES)
def test_based_changes_know_what_stands_at_their_place_when_their_turn_comes(
    document: Document, changes: list[Change]
) -> None:
    for raw, known in zip(changes, patch.based(document, changes), strict=True):
        assert (known.path, known.value) == (raw.path, raw.value)
        assert known.was == patch.read(document, known.path)
        document = patch.apply(document, [known])


@given(DOCUMENTS, CHANGES)
def test_the_inverse_takes_everything_back(document: Document, changes: list[Change]) -> None:
    if not has_no_leaf_on_the_way(document, changes):
        return
    known = patch.based(document, changes)
    after = patch.apply(document, known)
    assert bare(patch.apply(after, patch.inverse(known))) == bare(document)
    assert patch.inverse(patch.inverse(known)) == known


@given(DOCUMENTS, CHANGES)
def test_coalesced_changes_do_the_same_and_are_not_disturbed(
    document: Document, changes: list[Change]
) -> None:
    if not has_no_leaf_on_the_way(document, changes):
        return
    known = patch.based(document, changes)
    fewer = patch.coalesce(known)
    assert bare(patch.apply(document, fewer)) == bare(patch.apply(document, known))
    assert len({each.path for each in fewer}) == len(fewer)
    assert all(each.value != each.was for each in fewer)


def test_two_changes_of_one_place_become_one_from_the_first_base_to_the_last_value() -> None:
    assert patch.coalesce(
        [Change(("a",), 2, was=1), Change(("b",), 5, was=4), Change(("a",), 3, was=2)]
    ) == (Change(("b",), 5, was=4), Change(("a",), 3, was=1))


def test_a_change_that_was_taken_back_disappears() -> None:
    assert patch.coalesce([Change(("a",), 2, was=1), Change(("a",), 1, was=2)]) == ()


def test_a_change_below_a_place_that_was_just_written_becomes_part_of_it() -> None:
    assert patch.coalesce(
        [
            Change(("nodes", "n1"), {"title": ""}, was=UNSET),
            Change(("nodes", "n1", "title"), "Menu", was=""),
        ]
    ) == (Change(("nodes", "n1"), {"title": "Menu"}, was=UNSET),)


def test_a_change_above_takes_the_ones_below_back_out_of_its_base() -> None:
    assert patch.coalesce(
        [
            Change(("nodes", "n1", "title"), "Menu", was="Old"),
            Change(("nodes", "n1"), UNSET, was={"title": "Menu", "x": 1}),
        ]
    ) == (Change(("nodes", "n1"), UNSET, was={"title": "Old", "x": 1}),)


def test_paths_that_only_begin_alike_are_different_places() -> None:
    changes = (Change(("a", "b"), 1, was=UNSET), Change(("a", "bc"), 2, was=UNSET))
    assert patch.coalesce(changes) == changes
    deeper = (Change(("a", "b", "c"), 1, was=UNSET), Change(("a", "d"), 2, was=UNSET))
    assert patch.coalesce(deeper) == deeper


@given(DOCUMENTS, CHANGES)
def test_nothing_is_disturbed_where_nobody_else_wrote(
    document: Document, changes: list[Change]
) -> None:
    for each in patch.based(document, changes):
        assert patch.disturbed(document, [each]) == ()
        document = patch.apply(document, [each])
        assert patch.disturbed(document, [each]) == ()


@pytest.mark.parametrize(
    ("now", "is_disturbed"),
    [
        pytest.param({"title": "old"}, False, id="what it expects"),
        pytest.param({"title": "mine"}, False, id="what it would write"),
        pytest.param({"title": "theirs"}, True, id="something else"),
        pytest.param({}, True, id="gone"),
        pytest.param({"title": None}, True, id="null"),
    ],
)
def test_a_change_is_disturbed_by_what_somebody_else_wrote(
    now: Document, *, is_disturbed: bool
) -> None:
    change = Change(("title",), "mine", was="old")
    assert patch.disturbed(now, [change]) == ((change,) if is_disturbed else ())


def test_an_addition_is_disturbed_by_another_addition_only() -> None:
    change = Change(("links", "n1", "key_1"), "sales", was=UNSET)
    assert patch.disturbed({}, [change]) == ()
    assert patch.disturbed({"links": {"n1": {"key_1": "sales"}}}, [change]) == ()
    assert patch.disturbed({"links": {"n1": {"key_1": "help"}}}, [change]) == (change,)


@pytest.mark.parametrize("axis", ["x", "y"])
def test_a_position_is_never_disturbed(axis: str) -> None:
    change = Change(("nodes", "n1", axis), 1.0, was=0.0)
    assert patch.disturbed({"nodes": {"n1": {axis: 9.0}}}, [change]) == ()
    inside = Change(("nodes", "n1", axis, "title"), 1.0, was=0.0)
    assert patch.disturbed({}, [inside]) == (inside,)


DEPTHS = st.dictionaries(KEYS, st.integers(1, 4))


@given(DOCUMENTS, DOCUMENTS, DEPTHS)
def test_differences_lead_from_one_document_to_the_other_and_back(
    old: Document, new: Document, depth: dict[str, int]
) -> None:
    found = patch.differences(old, new, depth=depth)
    assert patch.apply(old, found) == new
    assert bare(patch.apply(new, patch.inverse(found))) == bare(old)
    assert patch.based(old, found) == found
    assert all(len(each.path) <= depth.get(each.path[0], 1) for each in found)


@given(DOCUMENTS, DEPTHS)
def test_a_document_does_not_differ_from_itself(document: Document, depth: dict[str, int]) -> None:
    assert patch.differences(document, copy.deepcopy(document), depth=depth) == ()


def test_differences_go_as_deep_as_asked_and_no_deeper() -> None:
    old: Document = {"nodes": {"n1": {"props": {"a": {"b": 1}}}}, "meta": {"a": {"b": 1}}}
    new: Document = {"nodes": {"n1": {"props": {"a": {"b": 2}}}}, "meta": {"a": {"b": 2}}}
    assert [each.path for each in patch.differences(old, new, depth={"nodes": 4, "meta": 2})] == [
        ("nodes", "n1", "props", "a"),
        ("meta", "a"),
    ]


@given(DOCUMENTS)
def test_the_canonical_form_does_not_depend_on_the_order_of_keys(document: Document) -> None:
    reordered = dict(reversed(list(document.items())))
    assert patch.encode(reordered) == patch.encode(document)
    assert msgspec.json.decode(patch.encode(document)) == document


@given(CHANGES)
def test_changes_travel_as_json_with_absence_told_from_null(changes: list[Change]) -> None:
    assert msgspec.json.decode(msgspec.json.encode(changes), type=list[Change]) == changes
