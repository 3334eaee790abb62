"""Files that mean harm, or were harmed: a clear refusal or a working import, never more.

Memory is measured; time is bounded by what the limits let through.
"""

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.formats.incoming import MAX_BYTES, MAX_STEPS, check_size
from tests.domain.formats.samples import OWN

GOOD = (OWN / "language.json").read_bytes()
LEGACY = (OWN / "legacy").read_bytes()
MEBIBYTE = 1024 * 1024


def refusal_of(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as refusal:
        read_any(data)
    return refusal.value


@contextmanager
def at_most(mebibytes: int) -> Iterator[None]:
    """Fails when more memory than this was in use at once."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < mebibytes * MEBIBYTE
    finally:
        tracemalloc.stop()


def test_malformed_json_is_refused_with_line_and_column() -> None:
    refusal = refusal_of(b'{\n "Actions": [\n  {"Identifier": "a",, }\n ]}')
    assert (refusal.key, refusal.line, refusal.column) == ("problem.import-syntax", 3, 22)


def test_a_file_that_was_cut_off_is_refused_with_its_end() -> None:
    refusal = refusal_of(GOOD[: len(GOOD) // 2])
    assert refusal.key == "problem.import-syntax"
    assert refusal.line == GOOD[: len(GOOD) // 2].count(b"\n") + 1


def test_a_file_of_200_megabytes_is_refused_before_anything_is_read() -> None:
    data = bytes(200 * MEBIBYTE)
    with at_most(1):
        assert refusal_of(data).key == "problem.import-too-large"


def test_the_size_alone_refuses_a_file() -> None:
    check_size(MAX_BYTES)
    with pytest.raises(Unreadable):
        check_size(MAX_BYTES + 1)


def many(count: int) -> bytes:
    steps = [
        {"Identifier": f"a{at}", "Type": "Wait", "Transitions": {"NextAction": f"a{at + 1}"}}
        for at in range(count)
    ]
    return json.dumps({"Version": "2019-10-30", "StartAction": "a0", "Actions": steps}).encode()


def test_100000_steps_are_refused_with_the_limit() -> None:
    refusal = refusal_of(many(100_000))
    assert refusal.key == "problem.import-too-many-steps"
    assert refusal.params["limit"] == MAX_STEPS


def test_thousands_of_steps_are_read_and_laid_out() -> None:
    assert len(read_any(many(2000)).flow.nodes) == 2001


@pytest.mark.parametrize("opening", ['{"Actions": ', "[", '{"a": [', '{"Actions": [{"x": '])
def test_deep_nesting_is_refused(opening: str) -> None:
    assert refusal_of((opening * 200_000).encode()).key in {
        "problem.import-too-deep",
        "problem.import-syntax",
    }


def test_deep_nesting_inside_a_template_is_refused() -> None:
    deep = "AWSTemplateFormatVersion: 1\na: " + "[" * 100_000
    assert refusal_of(deep.encode()).key == "problem.import-too-deep"


def test_a_flow_far_down_in_other_documents_is_found() -> None:
    deep = '{"Actions": []}'
    for _ in range(20):
        deep = '{"a": [' + deep + "]}"
    assert read_any(deep.encode()).flow.nodes.keys() == {"start"}


def test_well_formed_deep_nesting_is_refused() -> None:
    for levels in (60, 900, 5000):
        deep = '{"Actions": ' + "[" * levels + "]" * levels + "}"
        assert refusal_of(deep.encode()).key == "problem.import-too-deep"


def test_an_alias_bomb_is_refused_at_the_first_alias() -> None:
    bomb = ["AWSTemplateFormatVersion: '2010'", "a: &a [x, x, x, x, x, x, x, x, x]"]
    bomb += [
        f"{two}: &{two} [{', '.join([f'*{one}'] * 9)}]"
        for one, two in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    with at_most(20):
        refusal = refusal_of("\n".join(bomb).encode())
    assert (refusal.key, refusal.line) == ("problem.import-alias", 3)


def test_tags_of_yaml_are_texts_and_nothing_else() -> None:
    text = "AWSTemplateFormatVersion: !!python/object/apply:os.system ['true']\n"
    assert refusal_of(text.encode()).key == "problem.import-unknown-format"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "problem.import-empty"),
        (b"  \r\n\t", "problem.import-empty"),
        (b"\xef\xbb\xbf", "problem.import-empty"),
        (b'{"Actions": "\x00"}', "problem.import-not-text"),
        (b"\x00\x01\x02\x03\xff\xfe", "problem.import-not-text"),
        (b'{"Actions": "\x81\x8d"}', "problem.import-not-text"),
        (b"\xff\xfe{", "problem.import-not-text"),
        (b'{"Actions": [' + b"1" * 5000 + b"]}", "problem.import-number"),
        (b'{"Actions": ["\\ud800"]}', "problem.import-character"),
        (b'{"ContactFlow": {"Content": "{\\"Actions\\": [,]}"}}', "problem.import-inside"),
        (b"AWSTemplateFormatVersion: [\n", "problem.import-syntax"),
        (b"AWSTemplateFormatVersion: \x07\n", "problem.import-syntax"),
    ],
)
def test_harmed_files_are_refused_with_what_is_wrong(data: bytes, key: str) -> None:
    assert refusal_of(data).key == key


def test_a_byte_order_mark_and_other_line_ends_do_no_harm() -> None:
    assert read_any(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n")).flow == read_any(GOOD).flow


def test_flows_in_flows_without_end_are_found_only_so_far() -> None:
    one = {"Content": json.dumps({"Version": "", "Actions": []})}
    assert read_any(json.dumps([one] * 5000).encode()).flow.nodes.keys() == {"start"}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_file_with_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from([GOOD, LEGACY]))
    at = data.draw(st.integers(0, len(good)))
    upto = data.draw(st.integers(at, min(len(good), at + 40)))
    damaged = good[:at] + data.draw(st.binary(max_size=12)) + good[upto:]
    with suppress(Unreadable):
        read_any(damaged)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Actions",
                    "Identifier",
                    "Type",
                    "Parameters",
                    "Transitions",
                    "NextAction",
                    "Errors",
                    "Conditions",
                    "Condition",
                    "Operands",
                    "modules",
                    "branches",
                    "parameters",
                    "id",
                    "type",
                    "metadata",
                    "position",
                    "Metadata",
                    "ActionMetadata",
                    "Text",
                    "Messages",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(JSON, st.sampled_from(["GetParticipantInput", "Compare", "Loop", "Nothing we know"]))
def test_a_document_of_any_shape_is_read_or_refused(value: object, kind: str) -> None:
    step = {"Identifier": "a", "Type": kind, "Parameters": value, "Transitions": value}
    for document in (value, {"Actions": value}, {"Actions": [step]}, {"modules": [value, step]}):
        with suppress(Unreadable):
            read_any(json.dumps(document).encode())
