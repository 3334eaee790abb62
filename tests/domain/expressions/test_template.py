"""Texts with ``{…}``: read, filled in, and written back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.expressions import (
    EvaluationError,
    Expression,
    ExpressionError,
    Template,
    Value,
    evaluate,
    parse,
)
from tests.domain.expressions.strategies import NOW, expressions, names, texts, values


def parts_that_alternate(parts: list[str | Expression]) -> tuple[str | Expression, ...]:
    """A template never has two literal parts side by side, nor an empty one."""
    joined: list[str | Expression] = []
    for each in parts:
        if isinstance(each, str) and joined and isinstance(joined[-1], str):
            joined[-1] += each
        elif each != "":
            joined.append(each)
    return tuple(joined)


templates = st.lists(texts | expressions, max_size=5).map(
    lambda parts: Template(parts_that_alternate(parts))
)


@given(templates)
def test_what_is_written_reads_back_the_same(template: Template) -> None:
    assert Template.parse(template.render()) == template


@given(templates, st.dictionaries(names, values))
def test_a_template_gives_what_its_expression_gives(
    template: Template, given_values: dict[str, Value]
) -> None:
    assert Template((template.as_expression(),)).variables == template.variables
    try:
        text = template.fill(given_values, NOW)
    except EvaluationError:
        return
    joined = Template((template.as_expression(),))
    assert joined.fill(given_values, NOW) == text


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Bonjour {name}.", "Bonjour Léa."),
        ("Bonjour { name } !", "Bonjour Léa !"),
        ("{name}{name}", "LéaLéa"),
        ("{{name}}", "{name}"),
        ("{{{name}}}", "{Léa}"),
        ("a } b }} c", "a } b } c"),
        ('{name & "}"}', "Léa}"),
        ("{nobody}", ""),
        ('{if n > 1 then n & " messages" else "1 message"}', "2 messages"),
        ("{`order-id`}", "7"),
        ("", ""),
    ],
)
def test_a_text_is_filled_in(text: str, filled: str) -> None:
    given_values = {"name": "Léa", "n": "2", "order-id": "7"}
    assert Template.parse(text).fill(given_values, NOW) == filled


@pytest.mark.parametrize(
    ("text", "key", "start", "end"),
    [
        ("Bonjour {name", "open-brace", 8, 13),
        ("Bonjour {", "open-brace", 8, 9),
        ("Bonjour {a +", "open-brace", 8, 12),
        ("Bonjour {}", "empty", 9, 10),
        ("Bonjour {first name}", "unexpected", 15, 19),
        ("{a} {b §}", "unknown-sign", 7, 8),
        ('{"a}', "open-text", 1, 4),
        ("x" * 10_001, "too-long", 10_000, 10_001),
    ],
)
def test_an_error_says_where_in_the_whole_text(text: str, key: str, start: int, end: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        Template.parse(text)
    error = caught.value
    assert (error.key, error.start, error.end) == (f"expression.{key}", start, end)


@given(st.text(alphabet='{}ab"` +') | st.text())
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        template = Template.parse(text)
    except ExpressionError as error:
        problem = error.problem
    else:
        assert Template.parse(template.render()) == template
        return
    assert 0 <= problem.start <= problem.end <= len(text)


@given(st.text(alphabet='{}ab"`:. ') | st.text())
def test_a_text_of_another_language_keeps_its_braces(text: str) -> None:
    template = Template.tolerant(text)
    named = {name: f"<{name}>" for name in template.variables}
    filled = template.fill(named, NOW)
    if not template.variables:
        assert filled == text
    for value in named.values():
        assert value in filled


def test_only_names_are_replaced_in_another_language() -> None:
    body = '{"client": "{caller}", "lines": [{"id": {order.id}}], "n": {2}, "x": { }}'
    template = Template.tolerant(body)
    assert template.variables == {"caller", "order.id"}
    assert template.fill({"caller": "+33", "order.id": "7"}, NOW) == (
        '{"client": "+33", "lines": [{"id": 7}], "n": {2}, "x": { }}'
    )


def test_what_cannot_be_filled_in_is_said_as_it_stands() -> None:
    template = Template.read("Bonjour {first name}, {caller}")
    assert template.fill({"caller": "Léa"}, NOW) == "Bonjour {first name}, Léa"
    assert Template.read("{len(a)}") == Template.parse("{len(a)}")


def test_the_places_in_a_template_are_those_of_the_text() -> None:
    text = "Bonjour {name}, vous avez {n + 1}"
    (name, total) = Template.parse(text).expressions
    assert text[name.at.start : name.at.end] == "name"
    assert text[total.at.start : total.at.end] == "n + 1"
    assert total == parse("n + 1")
    assert evaluate(total, {}, now=NOW) == 1
