"""Answers that arrive over time: lines that are whole, hints that can be stopped."""

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.client.service import ServiceClient
from cx_desktop.client.streams import HintStream, lines
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Hint


@given(st.lists(st.binary(max_size=9).map(lambda raw: raw.replace(b"\n", b""))), st.data())
def test_lines_are_whole_wherever_the_bytes_are_cut(rows: list[bytes], data: st.DataObject) -> None:
    body = b"".join(row + b"\n" for row in rows)
    places = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=5)))
    edges = [0, *places, len(body)]
    chunks = [body[a:b] for a, b in itertools.pairwise(edges)]
    assert list(lines(chunks, host="h")) == rows


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_body_cut_inside_a_line_gives_its_whole_lines_and_a_fault(cut: int) -> None:
    body = b"one\ntwo\nthree\n"[:cut]
    *whole, rest = body.split(b"\n")
    reading = lines([body], host="h")
    assert list(itertools.islice(reading, len(whole))) == whole
    if rest:
        with pytest.raises(CXError) as raised:
            next(reading)
        assert raised.value.key == "problem.interrupted"
    else:
        assert list(reading) == []


def test_a_line_over_the_limit_is_refused_before_it_is_whole() -> None:
    with pytest.raises(CXError) as raised:
        list(lines(iter([b"aaaa"] * 100), host="h", limit=10))
    assert raised.value.key == "problem.answer-too-large"


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"


@contextmanager
def speaking(talk: Callable[[socket.socket], None]) -> Iterator[ServiceClient]:
    """A client of a server that takes one request and then talks freely."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(HEAD)
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with build_http(url, loopback_only=True) as http:
            yield ServiceClient(http)
        thread.join()


def test_hints_come_one_by_one_and_heartbeats_are_silent() -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b': beat\n\nevent: hint\ndata: {"epoch":"e","streams":{"flows":4}}\n\n')
        connection.sendall(b"event: other\ndata: nonsense\n\n")
        connection.sendall(b'event: hint\ndata: {"epoch":"e","streams":{"flows":5}}\n\n')

    with speaking(talk) as client, client.sync.events() as hints:
        assert list(hints) == [Hint("e", {"flows": 4}), Hint("e", {"flows": 5})]


def test_stopping_wakes_a_reader_that_waits() -> None:
    """The engine's thread sits in recv(); the program must still end at once."""
    release = threading.Event()

    def talk(_: socket.socket) -> None:
        release.wait(10)

    with speaking(talk) as client, client.sync.events() as hints:
        ended = threading.Event()

        def read() -> None:
            assert list(hints) == []
            ended.set()

        reader = threading.Thread(target=read)
        reader.start()
        assert not ended.wait(0.05)
        hints.stop()
        assert ended.wait(5)
        reader.join()
        release.set()


def test_a_hint_of_another_shape_is_an_unreadable_answer() -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"event: hint\ndata: {}\n\n")

    with (
        speaking(talk) as client,
        client.sync.events() as hints,
        pytest.raises(CXError) as raised,
    ):
        list(hints)
    assert raised.value.key == "problem.unexpected-answer"
    assert isinstance(hints, HintStream)
