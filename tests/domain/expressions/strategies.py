"""Expressions, texts and values as hypothesis makes them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from hypothesis import strategies as st

from cx_desktop.domain.flow.expressions import Expression, Value
from cx_desktop.domain.flow.expressions.signatures import SIGNATURES
from cx_desktop.domain.flow.expressions.tree import (
    KEYWORDS,
    AllOf,
    AnyOf,
    Call,
    Choice,
    Items,
    Negative,
    Not,
    Number,
    Operation,
    Operator,
    Text,
    Truth,
    Variable,
)

NOW = datetime(2026, 11, 11, 9, 5, tzinfo=UTC)

names = st.sampled_from(
    ["a", "order", "order-id", "in", "if", "date", "$.Attributes.x", "é l'a", "now"]
) | st.text(
    st.characters(exclude_characters="`", exclude_categories=["Cs"]), min_size=1, max_size=8
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["", "7", "007", "-3.5", "2026-11-11", "18:00", "2026-11-11T09:00", "true", 'a"b', "a\\", "a,b"]
)
numbers = st.decimals(
    min_value=0, max_value=Decimal(10**9), allow_nan=False, allow_infinity=False, places=3
) | st.integers(0, 10**20).map(Decimal)

leaves: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Text, texts),
    st.builds(Number, numbers),
    st.builds(Truth, st.booleans()),
    st.builds(Variable, names),
)


def _several(
    inner: st.SearchStrategy[Expression], least: int
) -> st.SearchStrategy[tuple[Expression, ...]]:
    return st.lists(inner, min_size=least, max_size=3).map(tuple)


def _calls(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.sampled_from(sorted(SIGNATURES)).flatmap(
        lambda name: st.lists(
            inner, min_size=SIGNATURES[name].least, max_size=SIGNATURES[name].most
        ).map(lambda arguments: Call(name, tuple(arguments)))
    )


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Items, _several(inner, 0)),
        _calls(inner),
        st.builds(Negative, inner),
        st.builds(Not, inner),
        st.builds(Operation, st.sampled_from(Operator), inner, inner),
        st.builds(AllOf, _several(inner, 2)),
        st.builds(AnyOf, _several(inner, 2)),
        st.builds(Choice, inner, inner, inner),
    )


expressions: st.SearchStrategy[Expression] = st.recursive(leaves, _larger, max_leaves=12)

_simple: st.SearchStrategy[Value] = st.one_of(
    texts,
    st.decimals(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from([date.min, date.max, time.max]),
)
values: st.SearchStrategy[Value] = st.recursive(
    _simple, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=5
)

_SIGNS = [*'()[]{},=<>+-*/%&"`a1é«§', "\x00", "!=", "<=", '"x"', "len("]
_WORDS = sorted(KEYWORDS)

#: Words and signs of the language in any order: nearly expressions.
nearly = st.lists(st.sampled_from(_SIGNS) | st.sampled_from(sorted(_WORDS)), max_size=40).map(
    " ".join
)
