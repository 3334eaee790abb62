"""Two people changed one object, of whatever type: what the client makes of it (invariant 16)."""

import copy
from collections.abc import Callable, Iterator
from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from cx_desktop.domain import merging
from cx_desktop.domain.flow.graph import ATOM_DEPTH, flow_of
from cx_desktop.domain.flow.merge import Dispute, Side, merge
from cx_desktop.domain.flow.merge.apart import apart
from cx_desktop.domain.flow.merge.atoms import atoms_of
from cx_desktop.domain.flow.merge.merging import Merging
from cx_desktop.domain.flow.summary import are_same
from cx_desktop.domain.merging import Outcome, arisen, merged, removal, severed, side_of
from cx_desktop.domain.patch import Change, Document, Json, apply, differences, disturbed, read
from tests.domain.merge.sessions import EDITS, Edit, bases, edited

WEEK: Document = {
    "type": "schedule",
    "name": "Magasin",
    "archived": False,
    "draft": {
        "time_zone": "Europe/Paris",
        "weekly": {"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]]},
        "public_holidays": "",
        "exceptions": {"e1": {"first": "2026-12-24", "hours": [["09:00", "12:00"]]}},
    },
}


def set_(document: Document, *places: tuple[str, Json]) -> Document:
    return apply(document, [Change(tuple(place.split("/")), value) for place, value in places])


def test_opening_hours_come_together_day_by_day() -> None:
    mine = set_(WEEK, ("draft/weekly/mon", [["08:00", "18:00"]]), ("name", "Boutique"))
    theirs = set_(WEEK, ("draft/weekly/tue", []), ("draft/weekly/sat", [["09:00", "12:00"]]))
    found = merged("schedule", WEEK, mine, theirs)
    assert found.is_clean
    assert {each.path for each in found.changes} == {("draft", "weekly", "mon"), ("name",)}
    assert read(found.document, ("draft", "weekly", "sat")) == [["09:00", "12:00"]]


def test_one_day_written_twice_is_one_dispute_and_the_rest_goes_on() -> None:
    mine = set_(WEEK, ("draft/weekly/mon", []), ("draft/weekly/tue", []))
    theirs = set_(WEEK, ("draft/weekly/mon", [["10:00", "12:00"]]))
    found = merged("schedule", WEEK, mine, theirs)
    assert [each.path for each in found.disputes] == [("draft", "weekly", "mon")]
    assert [each.path for each in found.changes] == [("draft", "weekly", "tue")]


def test_an_exception_comes_together_by_its_fields_though_it_is_saved_whole() -> None:
    whole: Document = {"first": "2026-12-24", "hours": [["09:00", "12:00"]], "label": "Noël"}
    mine = set_(WEEK, ("draft/exceptions/e1", whole))
    theirs = set_(WEEK, ("draft/exceptions/e1/hours", []))
    found = merged("schedule", WEEK, mine, theirs)
    assert found.is_clean
    assert read(found.document, ("draft", "exceptions", "e1")) == {**whole, "hours": []}


def test_an_exception_that_one_removed_and_the_other_changed_stays() -> None:
    mine = set_(WEEK, ("draft/exceptions/e1", UNSET))
    theirs = set_(WEEK, ("draft/exceptions/e1/hours", []))
    found = merged("schedule", WEEK, mine, theirs)
    assert [(each.id, each.removed_by) for each in found.kept] == [("e1", Side.MINE)]
    assert found.document == theirs


def test_a_prompt_comes_together_by_language_and_field() -> None:
    base: Document = {"name": "Bonjour", "draft": {"languages": {"fr": {"text": "Bonjour"}}}}
    mine = set_(base, ("draft/languages/en/text", "Hello"))
    theirs = set_(base, ("draft/languages/fr/text", "Bonsoir"))
    found = merged("prompt", base, mine, theirs)
    assert found.is_clean
    assert read(found.document, ("draft", "languages")) == {
        "fr": {"text": "Bonsoir"},
        "en": {"text": "Hello"},
    }


def test_a_queue_comes_together_by_field() -> None:
    base: Document = {"name": "Ventes", "draft": {"priority": 5, "wrap_up": 0}}
    found = merged(
        "queue", base, set_(base, ("draft/priority", 1)), set_(base, ("draft/wrap_up", 9))
    )
    assert found.document["draft"] == {"priority": 1, "wrap_up": 9}
    found = merged(
        "queue", base, set_(base, ("draft/priority", 1)), set_(base, ("draft/priority", 9))
    )
    assert [each.path for each in found.disputes] == [("draft", "priority")]


def test_fields_of_a_newer_program_and_those_of_the_service_stay() -> None:
    theirs = {**set_(WEEK, ("draft/mood", "calm")), "ver": 9, "updated_by": {"name": "Léo"}}
    found = merged("schedule", WEEK, set_(WEEK, ("name", "Boutique")), theirs)
    assert found.document == {**theirs, "name": "Boutique"}


def test_two_menus_added_under_one_id_are_both_there_with_their_links() -> None:
    base: Document = {"nodes": {"a": {"id": "a", "kind": "menu"}}, "links": {}}
    mine = set_(
        base,
        ("nodes/menu_2", {"id": "menu_2", "kind": "menu", "title": "À moi"}),
        ("links/a/key_1", "menu_2"),
        ("links/menu_2/key_1", "a"),
    )
    theirs = set_(base, ("nodes/menu_2", {"id": "menu_2", "kind": "menu", "title": "À lui"}))
    here = apart(base, mine, theirs)
    assert here["links"] == {"a": {"key_1": "menu"}, "menu": {"key_1": "a"}}
    assert read(here, ("nodes", "menu", "id")) == "menu"
    assert apart(base, mine, mine) is mine


def test_what_is_wrong_only_with_both_is_found_and_what_was_wrong_before_is_not() -> None:
    """Each took one of the two ways to the end away; nobody comes there any more."""
    start = {"id": "start", "kind": "start"}
    menu = {"id": "m", "kind": "menu", "props": {"keys": ["1", "2"]}}
    hang = {"id": "h", "kind": "hangup"}
    draft: Document = {
        "nodes": {"start": start, "m": menu, "h": hang},
        "links": {"start": {"next": "m"}, "m": {"key_1": "h", "key_2": "h"}},
    }
    base: Document = {"draft": draft}
    mine = set_(base, ("draft/links/m/key_1", "m"))
    theirs = set_(base, ("draft/links/m/key_2", "m"))
    child = merged("flow", base, mine, theirs).document
    found = arisen("flow", (mine, theirs), child)
    assert ("FLW-02", "h") in {(each.rule, each.node) for each in found}
    assert arisen("flow", (child, theirs), child) == ()


def test_an_edit_that_builds_on_what_is_gone_is_severed() -> None:
    base: Document = {
        "draft": {
            "nodes": {"a": {"id": "a"}, "b": {"id": "b"}},
            "links": {"a": {"1": "b"}},
        }
    }
    link = Change(("draft", "links", "b", "1"), "a")
    assert not severed("flow", base, [link])
    assert severed("flow", set_(base, ("draft/nodes/b", UNSET)), [link])
    assert severed("flow", base, [Change(("draft", "nodes", "b"))])
    assert not severed("flow", base, removal(base, ("draft", "nodes", "b")))
    assert severed("flow", base, [Change(("draft", "nodes", "z", "title"), "Z")])
    assert not severed("flow", base, [Change(("draft", "nodes", "z", "x"), 1.0)])
    assert severed("schedule", WEEK, [Change(("draft", "exceptions", "z", "label"), "Z")])


# --- What holds for any two people, of whom one may have seen some of the other's edits -----------

PARTS: Document = {"meta": {}, "nodes": {}, "links": {}, "notes": {}, "tests": {}}
Lives = tuple[Document, list[Edit], list[Edit], list[Edit]]
LIVES: st.SearchStrategy[Lives] = st.tuples(bases(), EDITS, EDITS, EDITS)


def lived(life: Lives) -> tuple[Document, tuple[Change, ...], Document, Document]:
    """What was last settled, my edits, what I saw when I made them, and what they have now."""
    settled, theirs, mine, then = life
    settled, seen = PARTS | settled, PARTS | edited(settled, theirs, "t")
    here = PARTS | edited(seen, mine, "m")
    there = PARTS | edited(seen, then, "t9")
    changes = tuple(
        Change(("draft", *each.path), each.value, each.was)
        for each in differences(seen, here, depth=ATOM_DEPTH)
    )
    return {"draft": settled}, changes, {"draft": seen}, {"draft": there}


def brought(
    life: Lives, way: Callable[..., Outcome] = merged
) -> tuple[Outcome, Document, Document]:
    """The merge as the cache asks for it: on an older base, with what I saw where I wrote."""
    settled, changes, _, theirs = lived(life)
    seen, mine = side_of(settled, changes)
    return way("flow", seen, mine, theirs), mine, theirs


@given(LIVES)
def test_what_is_offered_again_meets_no_conflict_where_they_have_not_moved(life: Lives) -> None:
    found, _, theirs = brought(life)
    assert disturbed(theirs, found.changes) == ()
    assert not severed("flow", theirs, found.changes)
    assert apply(theirs, found.changes) == found.document


@given(LIVES)
def test_every_link_leads_somewhere_whatever_was_seen_of_the_others(life: Lives) -> None:
    found, _, _ = brought(life)
    draft = found.document["draft"]
    assert isinstance(draft, dict)
    flow = flow_of(draft)
    assert all(link.target in flow.nodes and link.node in flow.nodes for link in flow.each_link())


@given(LIVES)
def test_no_edit_of_mine_is_lost_in_silence(life: Lives) -> None:
    assert missing(life) == []


@given(LIVES)
def test_the_same_again_after_a_lost_answer_changes_nothing(life: Lives) -> None:
    settled, changes, _, theirs = lived(life)
    seen, mine = side_of(settled, changes)
    first = merged("flow", seen, mine, theirs)
    if first.is_clean:
        again = merged("flow", seen, mine, first.document)
        assert again.is_clean
        assert again.changes == ()


@given(LIVES)
def test_leaving_aside_what_is_the_same_on_all_sides_changes_nothing(life: Lives) -> None:
    settled, changes, _, theirs = lived(life)
    seen, mine = side_of(settled, changes)
    found = merged("flow", seen, mine, theirs)
    drafts = (each["draft"] for each in (seen, mine, theirs))
    base, here, there = (each for each in drafts if isinstance(each, dict))
    plain = merge(base, apart(base, here, there), there)
    draft = found.document["draft"]
    assert isinstance(draft, dict)
    assert are_same(plain.document, draft)
    assert {("draft", *each.path) for each in plain.disputes} == {
        each.path for each in found.disputes
    }
    assert set(plain.kept) == set(found.kept)


@given(LIVES)
def test_it_is_pure_and_always_the_same(life: Lives) -> None:
    settled, changes, _, theirs = lived(life)
    sides = (*side_of(settled, changes), theirs)
    before = copy.deepcopy(sides)
    assert merged("flow", *sides) == merged("flow", *sides)
    assert sides == before


def missing(life: Lives, way: Callable[..., Outcome] = merged) -> list[object]:
    """The edits of mine that are neither in the result, nor told of, nor overtaken by theirs."""
    found, mine, _ = brought(life, way)
    _, changes, _, _ = lived(life)
    told = {each.path for each in found.disputes}
    kept = {each.id for each in found.kept}
    lost: list[object] = []
    for each in changes:
        at = each.path
        if at[1] == "nodes" and at[-1] in {"x", "y"} and len(at) == 4:
            continue
        same_there = read(found.document, at) == read(mine, at)
        is_told = any(at[: len(path)] == path or path[: len(at)] == at for path in told)
        is_about = len(at) > 2 and (at[2] in kept or str(each.was) in kept)
        is_cut = each.value is UNSET and at[1] == "links" and at in {p.path for p in changes}
        overtaken = is_cut and read(mine, ("draft", "nodes", str(each.was))) is UNSET
        whole = len(at) == 3 and each.value is not UNSET and _holds(found.document, at, each.value)
        if not (same_there or is_told or is_about or overtaken or whole):
            lost.append(each)
    return lost


def _holds(document: Document, path: tuple[str, ...], value: Json) -> bool:
    """Whether an entry is there, wherever it was moved about."""
    now = read(document, path)
    return isinstance(now, dict) and isinstance(value, dict) and now.get("id") == value.get("id")


# --- Mutants -------------------------------------------------------------------------------------


def base_is_theirs(kind: str, _base: Document, mine: Document, theirs: Document) -> Outcome:
    """Without what edits were made on: whatever theirs lacks looks added, or gone, by mine."""
    return merged(kind, theirs, mine, theirs)


def mine_wins(kind: str, base: Document, mine: Document, theirs: Document) -> Outcome:
    """Last writer wins, in silence."""
    found = merged(kind, base, mine, theirs)
    own = tuple(Change(each.path, each.mine, each.theirs) for each in found.disputes)
    return Outcome(apply(found.document, own), (*found.changes, *own))


def theirs_wins(kind: str, base: Document, mine: Document, theirs: Document) -> Outcome:
    """The default of other replicators: what is disputed is dropped."""
    found = merged(kind, base, mine, theirs)
    return Outcome(found.document, found.changes)


def keeps_quietly(kind: str, base: Document, mine: Document, theirs: Document) -> Outcome:
    """What one removed comes back, and nobody is told."""
    found = merged(kind, base, mine, theirs)
    return Outcome(found.document, found.changes, found.disputes)


def without_references(_kind: str, base: Document, mine: Document, theirs: Document) -> Outcome:
    """Every place by itself, as the service would: nothing is held together."""
    atoms = differences(base, mine, depth={"draft": 5})
    free = tuple(each for each in atoms if not disturbed(theirs, [each]))
    return Outcome(apply(theirs, free), free)


def is_wrong(life: Lives, way: Callable[..., Outcome]) -> bool:
    found, mine, theirs = brought(life, way)
    settled, changes, _, _ = lived(life)
    seen, _ = side_of(settled, changes)
    right = merged("flow", seen, mine, theirs)
    silent = {each.path for each in right.disputes} - {each.path for each in found.disputes}
    quiet = {each.id for each in right.kept} - {each.id for each in found.kept}
    return bool(
        silent
        or quiet
        or severed("flow", theirs, found.changes)
        or disturbed(theirs, found.changes)
        or missing(life, way)
    )


@pytest.mark.parametrize(
    "way", [base_is_theirs, mine_wins, theirs_wins, keeps_quietly, without_references]
)
def test_a_merge_that_breaks_a_rule_is_noticed(way: Callable[..., Outcome]) -> None:
    find(
        LIVES,
        lambda life: is_wrong(life, way),
        settings=settings(max_examples=5_000, database=None, phases=[Phase.generate]),
        random=Random(7),  # noqa: S311  (any draws do, if always the same)
    )


class LooseEnds(Merging):
    """Without the check of references: links may lead to what is in no version."""

    def _cut_loose(self, *_: object) -> Iterator[Dispute]:
        yield from ()


def test_a_merge_without_the_check_of_references_is_noticed() -> None:
    """They added a menu, I read it and led an exit there, they removed it: it is in no version."""
    base: Document = {"nodes": {"a": {"id": "a", "kind": "menu"}}, "links": {}}
    mine = set_(base, ("links/a/key_1", "menu"))
    broken, right = (
        kind(*(atoms_of(each) for each in (base, mine, base))).outcome()
        for kind in (LooseEnds, Merging)
    )
    assert read(broken.document, ("links", "a", "key_1")) == "menu"
    assert read(right.document, ("links", "a", "key_1")) is UNSET
    assert right.disputes == (Dispute(("links", "a", "key_1"), mine="menu"),)


def test_without_keeping_things_apart_a_menu_of_mine_would_be_lost() -> None:
    """The mutant that gives both one id leaves a dispute about each field, and one menu."""
    base: Document = {"draft": {"nodes": {}, "links": {}}}
    one, other = (
        set_(base, ("draft/nodes/menu", {"id": "menu", "kind": "menu", "title": title}))
        for title in ("À moi", "À lui")
    )
    found = merging.merged("flow", base, one, other)
    assert found.is_clean
    nodes = read(found.document, ("draft", "nodes"))
    assert isinstance(nodes, dict)
    assert set(nodes) == {"menu", "menu_2"}
