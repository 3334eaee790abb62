"""Server-sent events are read as the standard says, however the bytes are cut."""

import json
from itertools import pairwise

import httpx
import httpx_sse
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.client.sse import ServerEvent, SseParser
from cx_desktop.domain.errors import CXError


def read(*chunks: bytes) -> list[ServerEvent]:
    parser = SseParser()
    return [event for chunk in chunks for event in parser.feed(chunk)]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_an_event_is_its_lines(end: bytes) -> None:
    asked = b": hello|event: hint|id: 7|data: a|data:b|data:  c||"
    raw = asked.replace(b"|", end)
    assert read(raw + b"x") == [ServerEvent("hint", "a\nb\n c", "7")]


def test_an_event_without_data_is_none_and_its_name_is_forgotten() -> None:
    assert read(b"event: hint\n\ndata: x\n\n") == [ServerEvent("message", "x", "")]


def test_an_id_stays_until_the_next_one() -> None:
    assert [event.id for event in read(b"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n")] == [
        "1", "1", "",
    ]  # fmt: skip


def test_an_unfinished_event_is_not_told() -> None:
    assert read(b"data: a\n\ndata: b\n") == [ServerEvent("message", "a", "")]


def test_a_byte_order_mark_is_skipped_once() -> None:
    mark = b"\xef\xbb\xbf"
    assert read(mark[:1], mark[1:], b"data: a\n\n") == [ServerEvent("message", "a", "")]
    assert read(b"data: " + mark + b"\n\n") == [ServerEvent("message", "\ufeff", "")]


def test_a_line_without_end_is_refused() -> None:
    parser = SseParser(limit=100)
    for _ in range(10):
        parser.feed(b"data: aaaa")
    with pytest.raises(CXError) as refused:
        parser.feed(b"a")
    assert refused.value.key == "problem.answer-too-large"


LINES = st.sampled_from(
    b"||data: x|data:|data|event: hint|id: 4|id: a\0b|:c|retry: 5|other: y|data: \xff".split(b"|")
) | st.sampled_from(["data: é", "data: \u2028 a"]).map(str.encode)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0\ufeff"), max_size=20)
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
STREAMS = st.lists(st.tuples(LINES, ENDS), max_size=12).map(
    lambda pairs: b"".join(line + end for line, end in pairs)
)


@given(STREAMS, st.lists(st.integers(0, 200), max_size=6))
def test_where_the_bytes_are_cut_does_not_matter(stream: bytes, cuts: list[int]) -> None:
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    chunks = [stream[a:b] for a, b in pairwise(places)]
    assert read(*chunks) == read(stream)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_what_was_sent_is_what_is_read(texts: list[str]) -> None:
    sent = [json.dumps({"text": text}) for text in texts]
    stream = "".join(f": beat\n\nevent: hint\ndata: {data}\n\n" for data in sent).encode()
    assert [event.data for event in read(stream)] == sent


@given(
    STREAMS.filter(
        lambda raw: b"\r" not in raw and b"\xff" not in raw and "\u2028".encode() not in raw
    )
)
def test_httpx_sse_reads_the_same(stream: bytes) -> None:
    """An independent reader as the judge (where its own line splitting follows the standard)."""
    response = httpx.Response(
        200, headers={"content-type": "text/event-stream"}, content=stream + b"\n"
    )
    events = httpx_sse.EventSource(response).iter_sse()
    theirs = [(e.event, e.data, e.id) for e in events if e.data]  # it tells empty ones too
    assert [(e.name, e.data, e.id) for e in read(stream + b"\n") if e.data] == theirs
