"""Our YAML: read with suspicion, written so that any program reads the same."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.formats import Unreadable, plain_yaml
from cx_desktop.domain.patch import Document, Json
from tests.domain.flow.strategies import JSON, TEXTS


def read(text: str | bytes) -> Document:
    return plain_yaml.read(text if isinstance(text, bytes) else text.encode()).value


def refusal(text: str | bytes) -> tuple[str, int, int]:
    with pytest.raises(Unreadable) as caught:
        read(text)
    return (
        caught.value.key.removeprefix("problem.flow-file-"),
        caught.value.line,
        caught.value.column,
    )


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("0123", "0123"),
        ("+33199001410", "+33199001410"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("1.0e+20", 1e20),
        (".5", ".5"),
        ("5.", "5."),
        (".inf", ".inf"),
        ("2026-11-22", "2026-11-22"),
        ("12345678901234567890", "12345678901234567890"),
        ("true", True),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ("", None),
        ("'12'", "12"),
        ('"12"', "12"),
        ("'null'", "null"),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">\n  a\n  b\n", "a b\n"),
        ("<<", "<<"),
        ("[1, 'a', [], {}]", [1, "a", [], {}]),
        ("{a: {b: c}}", {"a": {"b": "c"}}),
        ("! 12", 12),
    ],
)
def test_only_what_json_knows_is_not_text(written: str, value: Json) -> None:
    found = read(f"key: {written}")["key"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_texts_whatever_they_look_like() -> None:
    assert read("1: a\nno: b\nnull: c\n<<: {d: e}") == {
        "1": "a", "no": "b", "null": "c", "<<": {"d": "e"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: 1\nb: &x 2", ("alias", 2, 4), id="anchor"),
        pytest.param("a: 1\nb: *x", ("alias", 2, 4), id="alias"),
        pytest.param("&x a: 1", ("alias", 1, 1), id="anchored key"),
        pytest.param("a: &x [1]", ("alias", 1, 4), id="anchored list"),
        pytest.param("a: !!python/name:os.system x", ("tag", 1, 4), id="tag"),
        pytest.param("a: !ref {}", ("tag", 1, 4), id="tagged mapping"),
        pytest.param("a: 1\nb: 2\na: 3", ("twice", 3, 1), id="a key twice"),
        pytest.param("a:\n  1: x\n  '1': y", ("twice", 3, 3), id="a key twice, quoted"),
        pytest.param("? [a]\n: 1", ("key", 1, 3), id="a list as key"),
        pytest.param("a:\n\tb: 1", ("tab", 2, 1), id="tab"),
        pytest.param("a:\n  b: 1\n\tc: 2", ("tab", 3, 1), id="tab further down"),
        pytest.param("a: 'x", ("syntax", 1, 6), id="open quote"),
        pytest.param("a: b: c", ("syntax", 1, 5), id="two colons"),
        pytest.param("a: 1\n b: 2", ("syntax", 2, 3), id="indentation"),
        pytest.param("{a: [1, 2}", ("syntax", 1, 10), id="brackets"),
        pytest.param("a: 1\n---\nb: 2", ("several-documents", 2, 1), id="two documents"),
        pytest.param("", ("empty", 1, 1), id="nothing"),
        pytest.param("# only a comment\n", ("empty", 1, 1), id="comment"),
        pytest.param("- 1", ("empty", 1, 1), id="a list"),
        pytest.param("flow", ("empty", 1, 1), id="a word"),
        pytest.param(b"a: \xe9t\xe9", ("not-utf8", 1, 4), id="cp1252"),
        pytest.param(b"a: 1\nb: caf\xc3", ("not-utf8", 2, 7), id="cut in a letter"),
        pytest.param("a: é\nb: x".encode("utf-16"), ("encoding", 1, 1), id="utf-16"),
        pytest.param("a: é".encode("utf-32-be"), ("not-utf8", 1, 16), id="utf-32, no mark"),
        pytest.param("a: \x00", ("character", 1, 4), id="zero"),
        pytest.param("a: 1\nb: x\x07", ("character", 2, 5), id="bell"),
        pytest.param("a: " + "[" * 5000, ("too-deep", 1, 132), id="deep brackets"),
        pytest.param("- " * 5000, ("too-deep", 1, 259), id="deep dashes"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_wrong_and_where(
    text: str | bytes, expected: tuple[str, int, int]
) -> None:
    assert refusal(text) == expected


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    assert read(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\n") == {"a": 1, "b": "x\ny\n"}


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(BOMB.encode(), "alias", id="alias bomb"),
        pytest.param(b"a: " + b"x" * 16 * 1024 * 1024, "too-large", id="17 MB"),
        pytest.param(b"a: [" + b"1," * 1_100_000 + b"]", "too-many", id="a million values"),
        pytest.param(b"[" * 1_000_000, "too-deep", id="a million brackets"),
        pytest.param(b"? " * 100_000, "key", id="keys of keys"),
    ],
)
def test_a_hostile_file_is_refused_before_it_grows(data: bytes, expected: str) -> None:
    assert refusal(data)[0] == expected


def test_places_are_known_down_to_the_fields_of_a_step() -> None:
    found = plain_yaml.read(b"nodes:\n  menu:\n    props:\n      keys:\n        a: 1\n")
    assert found.place(("nodes", "menu", "props", "keys")) == (4, 7)
    assert found.place(("nodes", "menu", "props", "keys", "a")) == (4, 7)
    assert found.place(("elsewhere",)) == (1, 1)


DOCUMENTS = st.dictionaries(TEXTS, JSON, min_size=1, max_size=4)


@given(DOCUMENTS)
def test_what_is_written_is_read_back(document: Document) -> None:
    written = plain_yaml.write(document)
    assert read(written) == document
    assert plain_yaml.write(read(written)) == written
    assert written.endswith(b"\n")


def shape(value: Json) -> Json:
    """A value with numbers told from texts, so that 1 and "1" differ and 1 and 1.0 do not."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else value


@given(DOCUMENTS)
def test_another_program_reads_the_same(document: Document) -> None:
    assert shape(yaml.load(plain_yaml.write(document), Loader=yaml.CSafeLoader)) == shape(document)


@given(st.binary(max_size=60) | st.text("a:- \n\t'\"[]{}&*!|>#?,%é", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused_at_a_place(data: bytes) -> None:
    place = (1, 1)
    try:
        assert isinstance(read(data), dict)
    except Unreadable as refused:
        place = (refused.line, refused.column)
    assert min(place) >= 1


def test_texts_are_written_the_way_people_like_to_read_them() -> None:
    document: Document = {
        "long": "mot " * 40 + "fin",
        "lines": "Bonjour,\nà bientôt.",
        "indented": "a\n  b",
        "number": "0199001410",
        "position": plain_yaml.Inline([1, 2.5]),
        "list": [{"id": "a", "label": "l’été"}],
        "nothing": None,
    }
    assert plain_yaml.write(document).decode() == (
        f"long: {'mot ' * 40}fin\n"
        "lines: |-\n  Bonjour,\n  à bientôt.\n"
        'indented: "a\\n  b"\n'
        "number: '0199001410'\n"
        "position: [1, 2.5]\n"
        "list:\n- id: a\n  label: l’été\n"
        "nothing: null\n"
    )
