"""Two people write one form at once: what they wrote apart comes together, and nothing vanishes."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from cx_desktop.domain.merging import grounded, merged, severed
from cx_desktop.domain.patch import Change, Document, apply, disturbed, read
from cx_desktop.domain.recordings.forms import form_of

BASE: Document = {
    "type": "form",
    "id": "f",
    "name": "Qualité",
    "description": "",
    "archived": False,
    "draft": {
        "pass_mark": 80,
        "purpose": "",
        "sections": {
            "s1": {"title": "Accueil", "weight": 1, "rank": 1.0},
            "s2": {"title": "Fond", "weight": 2, "rank": 2.0},
        },
        "questions": {
            name: {"text": name, "section": section, "weight": 1, "rank": float(place)}
            for place, (name, section) in enumerate([("q1", "s1"), ("q2", "s1"), ("q3", "s2")])
        },
    },
}
QUESTIONS = st.sampled_from(["q1", "q2", "q3"])


@st.composite
def edits(draw: st.DrawFn, who: str) -> list[tuple[tuple[str, ...], object]]:
    """What one person does, each value their own."""
    found: list[tuple[tuple[str, ...], object]] = []
    for number in range(draw(st.integers(0, 5))):
        match draw(st.sampled_from(["mark", "word", "weigh", "move", "add", "remove", "title"])):
            case "mark":
                found.append((("draft", "pass_mark"), draw(st.integers(0, 100))))
            case "word":
                found.append((("draft", "questions", draw(QUESTIONS), "text"), f"{who}{number}"))
            case "weigh":
                found.append(
                    (("draft", "questions", draw(QUESTIONS), "weight"), draw(st.integers(0, 9)))
                )
            case "move":
                place = ("draft", "questions", draw(QUESTIONS), "section")
                found.append((place, draw(st.sampled_from(["s1", "s2"]))))
            case "add":
                new = {"text": f"{who}{number}", "section": "s1", "rank": 9.0}
                found.append((("draft", "questions", f"{who}{number}"), new))
            case "remove":
                found.append((("draft", "questions", draw(QUESTIONS)), UNSET))
            case _:
                place = ("draft", "sections", draw(st.sampled_from(["s1", "s2"])), "title")
                found.append((place, f"{who}{number}"))
    return found


def done(wanted: list[tuple[tuple[str, ...], object]]) -> Document:
    document = BASE
    for path, value in wanted:
        if len(path) > 3 and read(document, path[:3]) is UNSET:
            continue  # it is gone already
        document = apply(document, [Change(path, value)])
    return document


@given(edits("a"), edits("b"))
def test_a_merged_form_can_be_read_and_loses_nothing_without_a_word(
    mine: list[tuple[tuple[str, ...], object]], theirs: list[tuple[tuple[str, ...], object]]
) -> None:
    here, there = done(mine), done(theirs)
    found = merged("form", BASE, here, there)
    draft = found.document["draft"]
    assert isinstance(draft, dict)
    form_of(draft)
    told = {each.path for each in found.disputes} | {
        ("draft", each.section, each.id) for each in found.kept
    }
    for path in (*(path for path, _ in mine), *(path for path, _ in theirs)):
        base, one, other, now = (read(each, path) for each in (BASE, here, there, found.document))
        if any(path[: len(each)] == each or each[: len(path)] == path for each in told):
            continue
        if one != base and other == base:
            assert now == one
        if other != base and one == base:
            assert now == other


@given(edits("a"), edits("b"))
def test_the_way_to_a_merge_applies_on_what_the_service_has(
    mine: list[tuple[tuple[str, ...], object]], theirs: list[tuple[tuple[str, ...], object]]
) -> None:
    there = done(theirs)
    found = merged("form", BASE, done(mine), there)
    assert not disturbed(there, found.changes)
    assert not severed("form", there, found.changes)
    assert apply(there, found.changes) == found.document
    assert grounded("form", there, found.changes) == found.document


def test_a_question_that_one_removed_and_the_other_worded_is_kept_until_somebody_decides() -> None:
    here = done([(("draft", "questions", "q1"), UNSET)])
    there = done([(("draft", "questions", "q1", "text"), "Mieux")])
    found = merged("form", BASE, here, there)
    assert [(each.section, each.id) for each in found.kept] == [("questions", "q1")]
    assert read(found.document, ("draft", "questions", "q1", "text")) == "Mieux"
