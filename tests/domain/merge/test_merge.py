"""Two people changed one flow: nothing that either did is lost, and nothing dangles."""

import copy
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import Phase, example, find, given, settings
from hypothesis import strategies as st
from msgspec import UNSET, ValidationError

from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.merge import Dispute, Kept, Merged, Side, merge
from cx_desktop.domain.flow.merge.atoms import Atoms, atoms_of, entries, owner
from cx_desktop.domain.flow.merge.merging import Merging
from cx_desktop.domain.flow.summary import are_same
from cx_desktop.domain.patch import Document, Json, Path, is_cosmetic, same
from tests.domain.merge.sessions import EDITS, Edit, bases, edited

BASE: Document = {
    "meta": {},
    "nodes": {
        name: {"id": name, "kind": "menu", "title": name, "props": {"keys": ["1", "2"]}}
        for name in ("a", "b", "c")
    },
    "links": {"a": {"key_1": "b", "key_2": "c"}, "b": {"key_1": "c"}},
    "notes": {"t": {"id": "t", "text": "hello"}},
}


#: Two menus, both of which lead to the first.
LED_TO_A: Document = {
    "nodes": {
        name: {"id": name, "kind": "menu", "title": name, "props": {"keys": ["1", "2"]}}
        for name in ("n0", "n1")
    },
    "links": {"n0": {"key_1": "n0"}, "n1": {"key_1": "n0"}},
}


def with_(*places: tuple[str, object], base: Document = BASE) -> Document:
    """The base with other values at dotted places; ``UNSET`` removes."""
    document = copy.deepcopy(base)
    for place, value in places:
        *path, last = place.split("/")
        here = document
        for key in path:
            below = here.setdefault(key, {})
            assert isinstance(below, dict)
            here = below
        if value is UNSET:
            here.pop(last)
        else:
            here[last] = value
    return document


def without(node: str) -> Document:
    """The base after one removed a node in the editor."""
    document = with_((f"nodes/{node}", UNSET))
    links = document["links"]
    assert isinstance(links, dict)
    links.pop(node, None)
    for ways in links.values():
        for way in [way for way, target in ways.items() if target == node]:
            del ways[way]
    return document


def test_edits_at_different_places_come_together() -> None:
    merged = merge(
        BASE,
        with_(("nodes/a/title", "Accueil"), ("links/b/key_2", "a")),
        with_(("nodes/a/props/keys", ["1", "2", "3"]), ("meta/on_error", "c")),
    )
    assert merged.is_clean
    assert are_same(
        merged.document,
        with_(
            ("nodes/a/title", "Accueil"),
            ("links/b/key_2", "a"),
            ("nodes/a/props/keys", ["1", "2", "3"]),
            ("meta/on_error", "c"),
        ),
    )


def test_one_exit_led_to_two_places_is_one_dispute_and_theirs_stands() -> None:
    merged = merge(BASE, with_(("links/a/key_1", "c")), with_(("links/a/key_1", "a")))
    assert merged.disputes == (Dispute(("links", "a", "key_1"), "b", "c", "a"),)
    assert merged.document["links"]["a"]["key_1"] == "a"  # type: ignore[index]


def test_where_a_node_is_drawn_is_never_a_dispute() -> None:
    one, other = with_(("nodes/a/x", 10.0)), with_(("nodes/a/x", 20.0))
    assert merge(BASE, one, other).is_clean
    assert merge(BASE, one, other).document == merge(BASE, other, one).document


def test_what_one_removed_and_the_other_only_moved_is_gone() -> None:
    merged = merge(BASE, without("c"), with_(("nodes/c/x", 10.0)))
    assert merged.is_clean
    assert are_same(merged.document, without("c"))


def test_what_one_removed_and_the_other_changed_stays_with_its_links() -> None:
    theirs = with_(("nodes/b/title", "Ventes"))
    merged = merge(BASE, without("b"), theirs)
    assert merged.kept == (Kept("nodes", "b", Side.MINE),)
    assert are_same(merged.document, theirs)  # the link into it (P9) and its own (P8) are back


def test_what_one_removed_and_the_other_came_to_lead_to_stays() -> None:
    theirs = with_(("links/b/key_2", "c"))
    merged = merge(BASE, without("c"), theirs)
    assert merged.kept == (Kept("nodes", "c", Side.MINE),)
    assert are_same(merged.document, theirs)


def test_what_is_kept_keeps_what_it_leads_to() -> None:
    base = with_(("links/a", {"key_1": "b"}), ("links/b", {"key_1": "c"}))
    mine = with_(("links", {}), ("nodes/b", UNSET), ("nodes/c", UNSET), base=base)
    theirs = with_(("nodes/b/title", "Ventes"), base=base)
    merged = merge(base, mine, theirs)
    assert {each.id for each in merged.kept} == {"b", "c"}
    assert are_same(merged.document, theirs)


def test_a_link_lost_with_its_end_is_no_edit_against_a_link_led_elsewhere() -> None:
    merged = merge(BASE, without("b"), with_(("links/a/key_1", "c"), ("links/b", {})))
    assert not merged.disputes
    assert merged.document["links"]["a"]["key_1"] == "c"  # type: ignore[index]


def test_a_note_that_one_rewrote_is_kept() -> None:
    merged = merge(BASE, with_(("notes", {})), with_(("notes/t/text", "Bonjour")))
    assert merged.kept == (Kept("notes", "t", Side.MINE),)
    assert merged.document["notes"] == {"t": {"id": "t", "text": "Bonjour"}}


# --- What holds for any two people -------------------------------------------------------------


def three(base: Document, mine: list[Edit], theirs: list[Edit]) -> tuple[Document, Document]:
    return edited(base, mine, "m"), edited(base, theirs, "t")


@given(bases(), EDITS, EDITS)
def test_with_one_side_untouched_the_other_is_the_result(
    base: Document, mine: list[Edit], theirs: list[Edit]
) -> None:
    one, other = three(base, mine, theirs)
    assert are_same(merge(base, one, base).document, one)
    assert are_same(merge(base, base, other).document, other)
    assert are_same(merge(base, one, one).document, one)
    assert merge(base, one, base).is_clean
    assert merge(base, one, one).is_clean


@given(bases(), EDITS, EDITS)
def test_nothing_given_is_changed(base: Document, mine: list[Edit], theirs: list[Edit]) -> None:
    given_ = (base, *three(base, mine, theirs))
    before = copy.deepcopy(given_)
    merge(*given_)
    assert given_ == before


@given(bases(), EDITS, EDITS)
def test_it_does_not_matter_who_is_called_mine(
    base: Document, mine: list[Edit], theirs: list[Edit]
) -> None:
    one, other = three(base, mine, theirs)
    there, back = merge(base, one, other), merge(base, other, one)
    assert {each.path for each in there.disputes} == {each.path for each in back.disputes}
    assert {(each.id, each.removed_by) for each in there.kept} == {
        (each.id, each.removed_by.other) for each in back.kept
    }
    if not there.disputes:
        assert are_same(there.document, back.document)


@given(bases(), EDITS, EDITS)
def test_no_edit_is_lost_in_silence(base: Document, mine: list[Edit], theirs: list[Edit]) -> None:
    one, other = three(base, mine, theirs)
    for lost in losses(base, one, other, merge(base, one, other)):
        raise AssertionError(lost)


@given(bases(), EDITS, EDITS)
def test_every_link_leads_somewhere(base: Document, mine: list[Edit], theirs: list[Edit]) -> None:
    flow = flow_of(merge(base, *three(base, mine, theirs)).document)
    for link in flow.each_link():
        assert link.node in flow.nodes
        assert link.target in flow.nodes
    assert flow.meta.get("on_error") in {None, *flow.nodes}


@example(LED_TO_A, [("remove", 0, 0, "a")], [("remove", 1, 0, "a")])
@given(bases(), EDITS, EDITS)
def test_merging_again_after_a_lost_answer_changes_nothing(
    base: Document, mine: list[Edit], theirs: list[Edit]
) -> None:
    one, other = three(base, mine, theirs)
    merged = merge(base, one, other)
    if merged.is_clean:
        assert are_same(merge(base, one, merged.document).document, merged.document)


@given(bases(), EDITS, EDITS)
def test_what_is_kept_is_whole_and_can_be_reached_as_before(
    base: Document, mine: list[Edit], theirs: list[Edit]
) -> None:
    one, other = three(base, mine, theirs)
    assert gaps(one, other, merge(base, one, other)) == []


# --- Mutants: each breaks one rule, and the properties above notice ------------------------------


class DeleteWins(Merging):
    def _rescued(self) -> Iterator[tuple[tuple[str, str], Side]]:
        yield from ()


class OneRound(Merging):
    def _ends_of(self, *_: object) -> Iterator[tuple[str, str]]:
        yield from ()


class NoWaysIn(Merging):
    def _restore(self, atoms: dict[Path, Json], whole: tuple[str, str], keeper: Side) -> None:
        own = {each: at for each, at in self._sides[keeper].items() if owner(each) == whole}
        atoms.update(own)


class NoWaysOut(Merging):
    def _restore(self, atoms: dict[Path, Json], whole: tuple[str, str], keeper: Side) -> None:
        super()._restore(atoms, whole, keeper)
        for path in [path for path in atoms if path[0] == "links" and path[1] == whole[1]]:
            del atoms[path]


class QuietDisputes(Merging):
    def _scalars(self) -> tuple[dict[Path, Json], list[Dispute]]:
        return super()._scalars()[0], []


class RemainsStay(Merging):
    def _drop_remains(self, atoms: dict[Path, Json]) -> None:
        """Leave what the other side moved about."""


def is_wrong(kind: type[Merging], base: Document, one: Document, other: Document) -> bool:
    merged = kind(atoms_of(base), atoms_of(one), atoms_of(other)).outcome()
    try:
        flow = flow_of(merged.document)
    except ValidationError:
        return True
    dangling = any(each.target not in flow.nodes for each in flow.each_link())
    return bool(dangling or losses(base, one, other, merged) or gaps(one, other, merged))


@pytest.mark.parametrize(
    "kind", [DeleteWins, OneRound, NoWaysIn, NoWaysOut, QuietDisputes, RemainsStay]
)
def test_a_merge_that_breaks_a_rule_is_noticed(kind: type[Merging]) -> None:
    triples = st.tuples(bases(), EDITS, EDITS)
    find(
        triples,
        lambda each: is_wrong(kind, each[0], *three(*each)),
        settings=settings(max_examples=5_000, database=None, phases=[Phase.generate]),
        random=Random(7),  # noqa: S311  (any draws do, if always the same)
    )


# --- What the properties are made of -------------------------------------------------------------


def losses(base: Document, one: Document, other: Document, merged: Merged) -> list[object]:
    """The semantic edits of either side that are neither in the result nor told of."""
    atoms, result = atoms_of(base), atoms_of(merged.document)
    told = {each.path for each in merged.disputes}
    kept = {(each.section, each.id) for each in merged.kept}
    found: list[object] = []
    for side in (atoms_of(one), atoms_of(other)):
        for path in dict.fromkeys((*atoms, *side)):
            was, now = atoms.get(path, UNSET), side.get(path, UNSET)
            if is_cosmetic(path) or same(was, now) or path in told or owner(path) in kept:
                continue
            is_restored = now is UNSET and ("nodes", str(was)) in kept
            is_cut_off = now is UNSET and str(was) in removed_in(atoms, side)
            if not same(result.get(path, UNSET), now) and not (is_restored or is_cut_off):
                found.append((path, was, now))
    return found


def removed_in(base: Atoms, side: Atoms) -> set[str]:
    """The nodes that one side removed."""
    return set(entries(base, "nodes") - entries(side, "nodes"))


def gaps(one: Document, other: Document, merged: Merged) -> list[object]:
    """What kept nodes lack of the side that had them: fields, exits, and links into them."""
    result = atoms_of(merged.document)
    sides = {Side.MINE: atoms_of(one), Side.THEIRS: atoms_of(other)}
    found: list[object] = []
    for each in merged.kept:
        keeper = sides[each.removed_by.other]
        gone = sides[each.removed_by]
        for path, value in keeper.items():
            is_own = owner(path) == (each.section, each.id)
            is_way_in = path[0] == "links" and value == each.id and path not in gone
            is_there = path[1] in entries(result, "nodes")
            if (is_own and not same(result.get(path, UNSET), value)) or (
                is_way_in and is_there and path not in result
            ):
                found.append((each, path))
    return found
