"""What expressions give at a moment of a call; and that nothing else than their error is raised."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.expressions import (
    EvaluationError,
    Expression,
    Value,
    as_text,
    evaluate,
    is_true,
    parse,
    value_of,
)
from cx_desktop.domain.flow.expressions.tree import Not, Number
from cx_desktop.domain.flow.expressions.values import LONGEST_VALUE, equal, order
from cx_desktop.domain.patch import Json
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.domain.expressions.strategies import NOW, expressions, names, values

FRENCH = Catalogue(resources() / "text", Language.FRENCH)
PARIS = ZoneInfo("Europe/Paris")
HOLIDAY = datetime(2026, 11, 11, 9, 5, tzinfo=PARIS)
CALL: Mapping[str, Value] = {
    "order": "00420017",
    "seven": "007",
    "city": "Paris",
    "answers": ("1", "2"),
    "yes": True,
    "three": Decimal(3),
    "delivery": date(2026, 11, 13),
    "began": datetime(2026, 11, 11, 8, 52, tzinfo=PARIS),
    "spelled": "one",
}


def value(text: str) -> Value:
    return evaluate(parse(text), CALL, now=HOLIDAY)


@pytest.mark.parametrize(
    "text",
    [
        # Numbers typed as digits are numbers beside numbers and texts beside texts.
        "seven = 7",
        'seven != "7"',
        'seven = "007"',
        "seven in [1, 7]",
        'not seven in ["1", "7"]',
        "three = 3.0",
        'three = "3"',
        'three = "03"',
        '"9" < "10"',
        "seven < 10",
        "not spelled < 10 and not spelled > 10 and not spelled = 10",
        '"abc" < "abd"',
        "1.0 = 1",
        '"1.50" = 1.5',
        'not "1e3" = 1000',
        'not " 7" = 7',
        # Nothing is nothing, and neither less nor greater than anything.
        'nobody = ""',
        "blank(nobody)",
        "blank([])",
        "not nobody = 0",
        "not (nobody < 1 or nobody > -1 or nobody <= 0)",
        "nobody + 1 = 1",
        'nobody & "x" = "x"',
        "not nobody",
        "not city contains nobody and not city starts nobody and not city ends nobody",
        # Yes and no.
        "yes",
        'yes = "true"',
        "yes = true",
        "not yes = nobody",
        "not yes = 1",
        "true or 1 / 0 = 1",
        "not (false and 1 / 0 = 1)",
        # Texts and lists.
        'city contains "ari"',
        'city starts "Pa" and city ends "is"',
        'order starts "0042"',
        'order matches "[0-9]{8}"',
        'not order matches "[0-9]{4}"',
        'answers contains "2"',
        "answers contains 2",
        'not answers contains "3"',
        'city in "Lyon, Paris"',
        "city in city",
        'not city in ""',
        'lower(city) = "paris" and upper("é") = "É"',
        'trim("  a ") = "a"',
        'len(order) = 8 and len(answers) = 2 and len("") = 0 and len(three) = 1',
        'first(order, 2) = "00" and last(order, 2) = "17" and last(order, 99) = order',
        'first(order, -1) = "" and last(order, 0) = ""',
        'digits("06 12") = "0612"',
        # Numbers.
        "1 + 2 * 3 = 7",
        "-2 * -3 = 6",
        "7 % 3 = 1",
        "10 / 4 = 2.5",
        "0.1 + 0.2 = 0.3",
        "round(2.5) = 3 and round(-2.5) = -3 and round(1 / 3, 2) = 0.33",
        'number(" 7 ") = 7',
        'text(2 * 1.50) = "3"',
        # Dates and times.
        'date(now) = "2026-11-11"',
        "today = date(now)",
        'now > "2026-11-11" or today = "2026-11-11"',
        'time(now) >= "09:00" and now < "18:00"',
        'now = "2026-11-11T09:05"',
        'now < "2026-11-11T08:05:01+00:00"',
        "weekday(now) = 3",
        "year(now) = 2026 and month(now) = 11 and day(now) = 11",
        "hour(now) = 9 and minute(now) = 5",
        'days(today, delivery) = 2 and days(delivery, "2026-11-11") = -2',
        "minutes(began, now) = 13 and minutes(now, began) = -13",
        'minutes("17:30", "18:00") = 30',
        "today + 2 = delivery and delivery - today = 2 and delivery - 2 = today",
        'date("11112026") = today and date("2026-11-11T23:59") = today',
        'today > "2026-11-10" and today <= "2026-11-11"',
        "(if hour(now) < 12 then 1 else 2) = 1",
    ],
)
def test_it_holds(text: str) -> None:
    assert value(text) is True


@pytest.mark.parametrize(
    ("text", "key", "wrong"),
    [
        ("1 + city", "not-a-number", "1 + city"),
        ("number(nobody)", "not-a-number", "number(nobody)"),
        ("1 / 0", "division-by-zero", "1 / 0"),
        ("1 % nobody", "division-by-zero", "1 % nobody"),
        ("date(city)", "not-a-date", "date(city)"),
        ('date("2026-02-30")', "not-a-date", 'date("2026-02-30")'),
        ('date("31022026")', "not-a-date", 'date("31022026")'),
        ('1 + hour("25:00")', "not-a-time", 'hour("25:00")'),
        ("hour(today)", "not-a-time", "hour(today)"),
        ("not city", "not-yes-or-no", "not city"),
        ("yes and 3", "not-yes-or-no", "yes and 3"),
        ("if city then 1 else 2", "not-yes-or-no", "if city then 1 else 2"),
        ('city matches "("', "pattern", 'city matches "("'),
        ("today + 99999999", "too-large", "today + 99999999"),
        ("today + 9999999999999999999999", "too-large", "today + 9999999999999999999999"),
        (" * ".join(["9999999999999999999999999999"] * 3), "too-large", None),
        ("-answers", "not-a-number", "-answers"),
    ],
)
def test_what_has_no_value_says_why_and_where(text: str, key: str, wrong: str | None) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(text)
    assert caught.value.key == f"expression.{key}"
    assert wrong is None or text[caught.value.start : caught.value.end] == wrong
    assert "⟦" not in FRENCH.text(caught.value.key, value=caught.value.value)


def test_a_condition_must_be_true_or_false() -> None:
    assert is_true(parse("yes"), CALL, now=NOW)
    assert not is_true(parse("nobody"), CALL, now=NOW)
    with pytest.raises(EvaluationError):
        is_true(parse("city"), CALL, now=NOW)


def test_a_variable_of_the_flow_goes_before_one_of_the_call() -> None:
    assert evaluate(parse("today"), {"today": "x"}, now=NOW) == "x"


def test_a_text_that_doubles_ends() -> None:
    text: Value = "x" * LONGEST_VALUE
    with pytest.raises(EvaluationError):
        evaluate(parse("a & a"), {"a": text}, now=NOW)


def test_a_tree_deeper_than_any_text_is_refused() -> None:
    tree: Expression = Number(Decimal(1))
    for _ in range(5000):
        tree = Not(tree)
    with pytest.raises(EvaluationError):
        evaluate(tree, {}, now=NOW)


@given(expressions, st.dictionaries(names, values))
def test_nothing_but_its_own_error_is_raised(
    expression: Expression, given_values: dict[str, Value]
) -> None:
    try:
        found = evaluate(expression, given_values, now=NOW)
    except EvaluationError as error:
        problem = error.problem
    else:
        assert isinstance(as_text(found), str)
        return
    assert FRENCH.has(problem.key)


@given(values, values)
def test_comparing_is_the_same_both_ways(one: Value, other: Value) -> None:
    assert equal(one, other) is equal(other, one)
    forth, back = order(one, other), order(other, one)
    assert (forth is None) is (back is None)
    assert forth is None or back is None or forth == -back


@given(values)
def test_what_is_something_is_the_same_as_itself(one: Value) -> None:
    if not (isinstance(one, Decimal) and not one.is_finite()) and not isinstance(one, tuple):
        assert equal(one, one)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_answer_of_a_lookup_is_a_value(answer: Json) -> None:
    found = value_of(answer)
    assert isinstance(as_text(found), str)
    assert equal(found, found)


@pytest.mark.parametrize(
    ("given_value", "said"),
    [
        (Decimal(100), "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0"), "0"),
        (Decimal("2.50"), "2.5"),
        (True, "true"),
        (time(9, 5), "09:05"),
        (time(9, 5, 1), "09:05:01"),
        (HOLIDAY, "2026-11-11T09:05:00+01:00"),
        (("a", Decimal(1)), "a, 1"),
        ("007", "007"),
    ],
)
def test_a_value_as_it_is_said(given_value: Value, said: str) -> None:
    assert as_text(given_value) == said


def test_an_instant_without_a_zone_is_in_the_zone_it_is_compared_in() -> None:
    assert order(HOLIDAY, datetime(2026, 11, 11, 9, 5)) == 0  # noqa: DTZ001  (that is the case)
    assert order(HOLIDAY, datetime(2026, 11, 11, 8, 5, tzinfo=UTC)) == 0
