"""Expressions are read with their places, and written so that they read back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.expressions import (
    Expression,
    ExpressionError,
    parse,
    parse_assigned,
    parse_number,
    render,
    variables_of,
)
from cx_desktop.domain.flow.expressions.tree import KEYWORDS, Text, Variable, parts_of
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.domain.expressions.strategies import expressions, nearly

FRENCH = Catalogue(resources() / "text", Language.FRENCH)


@given(expressions)
def test_what_is_written_reads_back_the_same(expression: Expression) -> None:
    assert parse(render(expression)) == expression
    assert hash(parse(render(expression))) == hash(expression)


@given(expressions)
def test_each_part_says_where_it_stands(expression: Expression) -> None:
    text = render(expression)
    waiting = [parse(text)]
    while waiting:
        part = waiting.pop()
        assert 0 <= part.at.start < part.at.end <= len(text)
        assert parse(text[part.at.start : part.at.end]) == part
        for inner in parts_of(part):
            assert part.at.start <= inner.at.start <= inner.at.end <= part.at.end
            waiting.append(inner)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a==1", "a = 1"),
        ("a ≤ 1", "a <= 1"),
        ("((a))", "a"),
        ("not(a in b)", "not a in b"),
        ("a not in b", "not a in b"),
        ("a + (b + c)", "a + (b + c)"),
        ("(a + b) + c", "a + b + c"),
        ("a & b + c", "a & b + c"),
        ("(a = b) = c", "(a = b) = c"),
        ("-(-a)", "--a"),
        ("- (a + b) * c", "-(a + b) * c"),
        ("(if a then b else c) & d", "(if a then b else c) & d"),
        ("if a then b else if c then d else e", "if a then b else if c then d else e"),
        ("a or (b or c)", "a or (b or c)"),
        ("(a or b) and c", "(a or b) and c"),
        ('"\\d+"', '"\\\\d+"'),
        ("in[0] = `in`", ""),
        ("x in[0]", "x in [0]"),
        ("`in` = `a-b`", "`in` = `a-b`"),
        ("in.x = `a`", "in.x = a"),
        ("date = date(date)", "date = date(date)"),
        ("$.Attributes.villes[0].nom", "$.Attributes.villes[0].nom"),
        ("numéro\u00a0+ 1", "numéro + 1"),
    ],
)
def test_there_is_one_way_to_write_it(text: str, canonical: str) -> None:
    if canonical:
        assert render(parse(text)) == canonical
    else:
        with pytest.raises(ExpressionError):
            parse(text)


@pytest.mark.parametrize(
    ("text", "key", "wrong"),
    [
        ("", "empty", ""),
        ("   ", "empty", "   "),
        ("a b", "unexpected", "b"),
        ("a +", "unfinished", ""),
        ("(a", "open-bracket", "("),
        ("[a, b", "missing", ""),
        ('"a', "open-text", '"a'),
        ("`a", "open-name", "`a"),
        ("a = “b”", "quotes", "“"),
        ("a = 'b'", "quotes", "'"),
        ("a § b", "unknown-sign", "§"),
        ("2fois", "unknown-sign", "2fois"),
        ("1 < 2 < 3", "chained", "<"),
        ("a = b != c", "chained", "!="),
        ("longueur(a)", "no-such-function", "longueur"),
        ("first(a)", "arguments", "first(a)"),
        ("1" * 29, "long-number", "1" * 29),
        ("if a then b", "missing", ""),
        ("a not b", "unexpected", "b"),
        ("a = }", "unexpected", "}"),
        ("(" * 30 + "a", "too-deep", "("),
        ("-" * 200 + "a", "too-deep", "-"),
        ("not " * 200 + "a", "too-deep", "not"),
        ("1" + " + 1" * 200, "too-deep", "1"),
        ("[" + "1, " * 1000, "too-many", "1"),
        ("a" * 10_001, "too-long", "a"),
    ],
)
def test_an_error_says_what_and_where(text: str, key: str, wrong: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.key == f"expression.{key}"
    assert text[caught.value.start : caught.value.end] == wrong
    assert "⟦" not in FRENCH.text(caught.value.key, value=caught.value.value)


@given(st.text() | nearly)
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        found = parse(text)
    except ExpressionError as error:
        wrong = error.problem
    else:
        assert parse(render(found)) == found
        return
    assert 0 <= wrong.start <= wrong.end <= len(text)
    assert wrong.is_fatal
    assert FRENCH.has(wrong.key)


@pytest.mark.parametrize("piece", ["(", "[", "not ", "-", "a and ", "if a then ", "len(", '"', "{"])
def test_no_length_or_depth_breaks_the_reader(piece: str) -> None:
    for text in (piece * 3000, piece * 3000 + "a", piece * 300 + "a" + ")" * 300):
        with pytest.raises(ExpressionError):
            parse(text)


@pytest.mark.parametrize("text", [" or ".join(["a = 1"] * 200), f"a in [{', '.join('1' * 400)}]"])
def test_what_is_long_but_flat_is_read(text: str) -> None:
    assert variables_of(parse(text)) == {"a"}


def test_the_variables_of_an_expression_are_all_it_may_read() -> None:
    found = variables_of(parse("if a then b & c.d else [len(`e-f`), -g, not h = i]"))
    assert found == {"a", "b", "c.d", "e-f", "g", "h", "i"}


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_a_variable_may_be_called_like_a_word_of_the_language(word: str) -> None:
    assert parse(render(Variable(word))) == Variable(word)


def test_a_number_to_call_is_a_number_a_text_or_a_formula() -> None:
    assert parse_number("+33199001234") == Text("+33199001234")
    assert parse_number("{caller}") == Variable("caller")
    assert variables_of(parse_number("+33{rest}")) == set()
    assert variables_of(parse_number("{prefix}{rest}")) == {"prefix", "rest"}
    assert parse_number('if vip then a else "+33199001234"') is not None


def test_a_variable_set_to_nothing_becomes_blank() -> None:
    assert parse_assigned("  ") == Text("")
    assert parse_assigned("a") == Variable("a")
