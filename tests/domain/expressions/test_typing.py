"""What cannot work in an expression is said before any call, and never of what could."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.expressions import (
    EvaluationError,
    Expression,
    Form,
    Type,
    Value,
    check,
    evaluate,
    parse,
    problems,
    type_of,
)
from tests.domain.expressions.strategies import NOW, expressions, names, values

TYPES = {
    "n": Type.NUMBER,
    "t": Type.TEXT,
    "now": Type.INSTANT,
    "today": Type.DATE,
    "yes": Type.TRUTH,
    "list": Type.LIST,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n + t", Type.NUMBER),
        ("any + 1", Type.ANY),
        ("any * 2", Type.NUMBER),
        ("today + any", Type.DATE),
        ("now - 1", Type.INSTANT),
        ("now - today", Type.NUMBER),
        ("today - any", Type.ANY),
        ("n & n", Type.TEXT),
        ("n < 3", Type.TRUTH),
        ("[1]", Type.LIST),
        ("if yes then 1 else 2", Type.NUMBER),
        ("if yes then 1 else t", Type.ANY),
        ("date(any)", Type.DATE),
        ("-any", Type.NUMBER),
    ],
)
def test_the_type_of_what_it_gives(text: str, expected: Type) -> None:
    assert type_of(parse(text), TYPES) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a" + 1', 'needs-number "a"'),
        ("now * 2", "needs-number now"),
        ("not 3", "needs-truth 3"),
        ("n and yes", "needs-truth n"),
        ("yes or (n = 1 and 2)", "needs-truth 2"),
        ("if n then 1 else 2", "needs-truth n"),
        ('date("demain") = today', 'needs-date "demain"'),
        ("weekday(list)", "needs-date list"),
        ("hour(today)", "needs-time today"),
        ('t matches "("', 'pattern "("'),
        ("n / 0", "division-by-zero 0"),
        ('n = "abc"', 'never-equal "abc"'),
        ("n = today", "never-equal today"),
        ("today < time(now)", "never-equal time(now)"),
        ("yes < 3", "no-order 3"),
        ("list >= 3", "no-order 3"),
    ],
)
def test_what_never_works_is_told_with_its_place(text: str, expected: str) -> None:
    found = [f"{each.key} {text[each.start : each.end]}" for each in check(parse(text), TYPES)]
    assert found == [f"expression.{expected}"]


@pytest.mark.parametrize(
    "text",
    [
        'n = ""',
        'n = "7"',
        "t + 1 = n",
        "any and any",
        'today = "2026-11-11"',
        'now >= "18:00"',
        'now < "2026-11-11"',
        "today = now",
        "time(now) < t",
        "today - 1 < now",
        "if any then t else n",
        'yes = "true"',
        "n in 3",
        "hour(any) = minute(now)",
        "t & n & today",
        'days("2026-01-01", today)',
    ],
)
def test_what_can_work_is_left_alone(text: str) -> None:
    assert check(parse(text), TYPES) == ()


def test_what_is_wanted_of_the_whole_is_checked_too() -> None:
    (found,) = check(parse("n"), TYPES, wanted=Type.TRUTH)
    assert found.key == "expression.needs-truth"
    assert check(parse("any"), TYPES, wanted=Type.TRUTH) == ()


@given(expressions)
def test_any_expression_can_be_checked(expression: Expression) -> None:
    assert type_of(expression, TYPES) in Type
    for each in check(expression, TYPES):
        assert not each.is_fatal


@given(expressions, st.dictionaries(names, values))
def test_what_is_of_a_type_is_of_that_type_in_the_call(
    expression: Expression, given_values: dict[str, Value]
) -> None:
    told = type_of(expression, {})
    try:
        found = evaluate(expression, given_values, now=NOW)
    except EvaluationError:
        return
    assert told in (Type.ANY, _type(found))


def _type(value: Value) -> Type:
    names_of_types = {
        "str": Type.TEXT,
        "bool": Type.TRUTH,
        "Decimal": Type.NUMBER,
        "int": Type.NUMBER,
        "date": Type.DATE,
        "time": Type.TIME,
        "datetime": Type.INSTANT,
        "tuple": Type.LIST,
    }
    return names_of_types[type(value).__name__]


def test_a_field_is_judged_as_the_findings_judge_it() -> None:
    (unreadable,) = problems("a +", Form.FORMULA)
    assert unreadable.is_fatal
    (impossible,) = problems("hour(today)", Form.FORMULA)
    assert not impossible.is_fatal
    assert problems("", Form.FORMULA) == ()
    assert problems("+33199001234", Form.NUMBER) == ()
    assert problems("Bonjour {name}", Form.TEMPLATE) == ()
    (wrong,) = problems("Bonjour {first name}", Form.TEMPLATE)
    assert (wrong.start, wrong.end) == (15, 19)
