"""Values are found with which an expression gives what a way out of a step needs."""

import pytest
from hypothesis import given

from cx_desktop.domain.flow.expressions import Expression, Value, as_text, evaluate, parse
from cx_desktop.domain.flow.expressions.operators import holds
from cx_desktop.domain.flow.expressions.solving import solution
from tests.domain.expressions.strategies import NOW, expressions


def is_true(value: Value) -> bool:
    return value is True


def is_false(value: Value) -> bool:
    return value is False


@pytest.mark.parametrize(
    "text",
    [
        "a = 3",
        'city = "Paris" and tries < 3',
        "len(order) = 8",
        'order matches "[0-9]{4}-[A-Z]"',
        'first(order, 2) = "42"',
        'lower(trim(city)) = "paris"',
        "days(today, delivery) > 5",
        "weekday(day) in [6, 7]",
        "not blank(a) and b + 1 = 4",
        'a in ["x", "y"] or b contains "z"',
        'caller starts "+336"',
        "if vip then a = 1 else a = 2",
    ],
)
def test_a_condition_is_made_true_and_false(text: str) -> None:
    expression = parse(text)
    for wanted in (is_true, is_false):
        found = solution(expression, wanted, now=NOW)
        assert found is not None
        assert wanted(evaluate(expression, found, now=NOW))


def test_what_is_known_stays_and_what_is_compared_with_is_a_hint() -> None:
    expression = parse("prefix & order")
    found = solution(
        expression,
        lambda value: holds("equals", value, "FR42"),
        now=NOW,
        known={"prefix": "FR"},
        hints=["42"],
    )
    assert found == {"order": "42"}


def test_what_cannot_be_is_not_found() -> None:
    assert solution(parse("a = 1 and a = 2"), is_true, now=NOW) is None
    assert solution(parse("1 = 1"), is_true, now=NOW) == {}
    assert solution(parse("1 = 2"), is_true, now=NOW) is None
    assert solution(parse("1 / 0"), is_true, now=NOW) is None


@given(expressions)
def test_each_solution_is_one(expression: Expression) -> None:
    found = solution(expression, lambda value: as_text(value) != "", now=NOW)
    if found is not None:
        assert as_text(evaluate(expression, found, now=NOW)) != ""
