"""How cases compare, and the values that are found for them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.expressions import Value
from cx_desktop.domain.flow.expressions.examples import counter_example, example, example_of
from cx_desktop.domain.flow.expressions.operators import (
    OPERATORS,
    dialled,
    holds,
    holds_of_caller,
)
from cx_desktop.domain.flow.expressions.specimens import specimens
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.domain.patterns import compiles, matches
from tests.domain.expressions.strategies import texts, values

DECLARED = {
    operator
    for kind in KINDS.values()
    for each in kind.properties
    if each.type is FieldType.CASES
    for operator in each.choices
}
MOBILE, LANDLINE, ABROAD = "+33612345678", "+33142345678", "+442079460000"


def test_every_operator_of_a_kind_compares() -> None:
    assert set(OPERATORS) == DECLARED


@pytest.mark.parametrize(
    ("value", "operator", "operand"),
    [
        ("Paris", "equals", "Paris"),
        ("007", "not_equals", "7"),
        (Decimal(7), "equals", "007"),
        ("Paris", "contains", "ari"),
        ("Paris", "starts", "Par"),
        ("b", "in", "a, b,c"),
        (Decimal(2), "in", "1,2"),
        ("9", "less", "10"),
        ("10", "at_most", "10"),
        ("10", "greater", "9"),
        ("2026-11-12", "at_least", "2026-11-11"),
        ("", "blank", ""),
        ("x", "not_blank", ""),
        ("1234", "matches", r"\d{4}"),
        (MOBILE, "in_list", ("+33 6 12 34 56 78",)),
        (MOBILE, "country", "FR, BE"),
        (MOBILE, "country", "+33"),
        (MOBILE, "mobile", ""),
        ("+33639981234", "mobile", ""),
        (LANDLINE, "landline", ""),
        (ABROAD, "foreign", ""),
        (ABROAD, "country", "GB"),
    ],
)
def test_it_holds(value: Value, operator: str, operand: Value) -> None:
    assert holds(operator, value, operand)


@pytest.mark.parametrize(
    ("value", "operator", "operand"),
    [
        ("", "less", "10"),
        ("", "greater", "-1"),
        ("abc", "less", "10"),
        ("", "contains", ""),
        ("a", "in", ""),
        ("1234", "matches", "("),
        ("12345", "matches", r"\d{4}"),
        (MOBILE, "landline", ""),
        (MOBILE, "foreign", ""),
        ("+262692123456", "foreign", ""),
        ("", "foreign", ""),
        ("anonymous", "mobile", ""),
        ("", "in_list", ""),
        ("x", "unheard_of", "x"),
    ],
)
def test_it_does_not_hold(value: Value, operator: str, operand: Value) -> None:
    assert not holds(operator, value, operand)


@pytest.mark.parametrize(
    ("operator", "operand", "takes"),
    [
        ("starts", "06", True),
        ("starts", "06, 07", True),
        ("starts", "0033 6", True),
        ("starts", "+336", True),
        ("starts", "01", False),
        ("equals", "06 12 34 56 78", True),
        ("in_list", ("0612345678", "0700000000"), True),
        ("mobile", "", True),
    ],
)
def test_a_callers_number_is_compared_as_people_write_numbers(
    operator: str, operand: Value, *, takes: bool
) -> None:
    assert holds_of_caller(operator, MOBILE, operand) is takes
    assert not holds_of_caller(operator, "", operand)


def test_a_number_as_the_network_has_it() -> None:
    assert [dialled(each) for each in ("06.12", "0033612", "+44 20", "3615", "vip")] == [
        "+33612",
        "+33612",
        "+4420",
        "3615",
        "vip",
    ]


@given(st.sampled_from(sorted(OPERATORS)), values, values)
def test_comparing_is_never_wrong(operator: str, value: Value, operand: Value) -> None:
    assert holds(operator, value, operand) in (True, False)
    assert holds_of_caller(operator, value, operand) in (True, False)


cases = st.lists(st.tuples(st.sampled_from(sorted(OPERATORS)), texts), min_size=1, max_size=4)


@given(found_cases=cases, of_caller=st.booleans())
def test_what_is_found_for_a_case_is_taken_by_it_and_by_none_before(
    *, found_cases: list[tuple[str, Value]], of_caller: bool
) -> None:
    takes = holds_of_caller if of_caller else holds
    for index, (operator, operand) in enumerate(found_cases):
        found = example_of(found_cases, index, of_caller=of_caller)
        if found is not None:
            assert takes(operator, found, operand)
            assert not any(takes(each, found, its) for each, its in found_cases[:index])
    other = counter_example(found_cases, of_caller=of_caller)
    assert other is None or not any(takes(each, other, its) for each, its in found_cases)


@pytest.mark.parametrize(
    ("operator", "operand"),
    [
        ("equals", "3"),
        ("not_equals", "3"),
        ("contains", "abc"),
        ("starts", "+336"),
        ("in", "a, b"),
        *((each, "5") for each in ("less", "at_most", "greater", "at_least")),
        *((each, "2026-11-11") for each in ("less", "greater")),
        ("less", "0"),
        ("greater", "-2.5"),
        ("blank", ""),
        ("not_blank", ""),
        ("matches", r"\d{4}"),
        ("in_list", "+33199001234"),
        ("country", "DE"),
        ("country", "US"),
        *((each, "") for each in ("mobile", "landline", "foreign")),
    ],
)
def test_a_value_is_found_for_and_against_each_operator(operator: str, operand: str) -> None:
    assert example(operator, operand) is not None
    assert counter_example([(operator, operand)]) is not None
    if operator in {"starts", "in_list", "country", "mobile", "landline", "foreign"}:
        assert example_of([(operator, operand)], 0, of_caller=True) is not None
        assert counter_example([(operator, operand)], of_caller=True) is not None


def test_where_no_value_is_left_none_is_found() -> None:
    everything: list[tuple[str, Value]] = [("blank", ""), ("not_blank", ""), ("equals", "3")]
    assert example_of(everything, 2) is None
    assert counter_example(everything) is None


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d{4}",
        "[A-Z]{2}-[0-9]+",
        "(oui|yes)",
        "^06.*$",
        "(?:a|b)?c",
        r"\+33[67]\d{8}",
        "[^0-9]+",
        "(?i)oui",
        ".+@.+",
        "[[:digit:]]{3}",
        r"\p{L}+",
        r"(?P<year>20\d\d)-(0[1-9]|1[0-2])",
        "[]a-]",
        r"[\d-]+",
        "a{2,}",
        "a{2,3}?",
        "",
    ],
)
def test_a_text_is_made_that_a_pattern_describes(pattern: str) -> None:
    found = specimens(pattern)
    assert found
    assert all(matches(pattern, each) for each in found)


@given(st.text(alphabet=r"ab1()[]{}^$.*+?|\-,:d", max_size=30) | st.text())
def test_any_pattern_is_walked_without_harm(pattern: str) -> None:
    found = specimens(pattern)
    assert all(matches(pattern, each) for each in found)
    assert compiles(pattern) or not found


@pytest.mark.parametrize(
    "pattern",
    [
        "(" * 5000,
        "(" * 400 + ")" * 400,
        "a{1000}" * 100,
        "[" * 999,
        "((a{999}){999}){999}",
        "a+" * 400,
    ],
)
def test_no_pattern_takes_long_or_much(pattern: str) -> None:
    found = specimens(pattern)
    assert all(matches(pattern, each) for each in found)
    assert sum(map(len, found)) < 1_000_000
