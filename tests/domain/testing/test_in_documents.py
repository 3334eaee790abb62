"""Tests travel in the flow's document: merged by id, in our files, never heard."""

from cx_desktop.domain.flow.diff import changelog
from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.graph import TestId, document_of
from cx_desktop.domain.flow.merge import merge
from cx_desktop.domain.flow.references import Context, to_ids, to_names
from cx_desktop.domain.flow.summary import are_same, summary
from cx_desktop.domain.flow.testing import FlowTest, Given, ReachesQueue, suite_of, with_tests
from cx_desktop.domain.patch import Document
from tests.domain.testing.shop import MONDAY, shop

ONE = FlowTest(name="one", given=Given(at=MONDAY), expects=(ReachesQueue("q1"),))
TWO = FlowTest(name="two", given=Given(schedules={"s1": "closed"}))


def holding(**tests: FlowTest) -> Document:
    return document_of(with_tests(shop(), {TestId(key): test for key, test in tests.items()}))


def test_tests_that_two_people_added_come_together() -> None:
    merged = merge(holding(), holding(a=ONE), holding(b=TWO))
    assert merged.is_clean
    assert merged.document["tests"] == {**_tests(holding(a=ONE)), **_tests(holding(b=TWO))}


def test_two_fields_of_one_test_are_changed_by_two_people() -> None:
    base, mine, theirs = holding(a=ONE), holding(a=ONE), holding(a=ONE)
    _tests(mine)["a"]["name"] = "mine"
    _tests(theirs)["a"]["expects"] = []
    merged = merge(base, mine, theirs)
    assert merged.is_clean
    assert _tests(merged.document)["a"]["name"] == "mine"
    assert _tests(merged.document)["a"]["expects"] == []


def test_a_test_that_one_removed_and_the_other_changed_stays() -> None:
    theirs = holding(a=ONE)
    _tests(theirs)["a"]["name"] = "better"
    merged = merge(holding(a=ONE), holding(), theirs)
    assert [(each.section, each.id) for each in merged.kept] == [("tests", "a")]


def test_callers_hear_nothing_of_tests() -> None:
    old, new = holding(), holding(a=ONE)
    assert are_same(old, new)
    assert not summary(old, new).is_heard
    flow = with_tests(shop(), {TestId("a"): ONE})
    assert not changelog(shop(), flow).statements


def test_our_files_carry_tests_with_names_for_ids() -> None:
    context = Context(queues={"q1": "Ventes"}, schedules={"s1": "Boutique"})
    flow = with_tests(shop(), {TestId("a"): ONE, TestId("b"): TWO})
    text = cx.write(flow, context, name="Boutique")
    assert b"Ventes" in text
    read = cx.read(text)
    assert not read.notes
    assert suite_of(to_ids(read.flow, context)) == suite_of(flow)
    assert suite_of(to_names(flow, context)).tests[TestId("b")].given.schedules == {
        "Boutique": "closed"
    }


def _tests(document: Document) -> dict[str, Document]:
    tests = document.setdefault("tests", {})
    assert isinstance(tests, dict)
    return tests
