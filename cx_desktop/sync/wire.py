"""Reads pages and snapshots from their lines, and lets through only what is whole.

Failure policy: nothing of a page exists before its trailer is there and fits: the right request,
the right count, the right checksum. Of a snapshot, nothing before the mark that vouches for it.
A row that came unharmed but that this program cannot read is handed on as *unfit*.
"""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from cx_desktop.cache import Chunk, GoneRow, Page, PageRow, PutRow, Unfit, why_unfit
from cx_desktop.protocol import Mark, PageEnd, PageHead, Seal
from cx_desktop.sync.arrays import damaged, read_arrays

_LINE = msgspec.json.Decoder(PageHead | PutRow | GoneRow | Mark | PageEnd)


class EpochMoved(Exception):  # noqa: N818  (it says what happened)
    """The page belongs to another epoch than the one we follow: say hello again."""


class Question(Struct, frozen=True):
    """What was asked for; only its own answer counts."""

    stream: str
    since: str
    epoch: str


class _Trace(Struct, frozen=True):
    """What can be said of a row that cannot be read."""

    id: str = ""
    seq: int = 0


class _Rows:
    """Rows as they come in, with their running count and checksum."""

    def __init__(self, head: bytes) -> None:
        self.rows: list[PageRow] = []
        self.unfit: list[Unfit] = []
        self._seal = Seal(head)

    def take(self, line: bytes, row: PageRow | None, error: str) -> None:
        """One row line."""
        self._seal.add(line)
        if row is not None:
            error = why_unfit(row)
            if not error:
                self.rows.append(row)
                return
        self.unfit.append(_unfit(line, error))

    def check(self, frame: Mark | PageEnd, cursor: str) -> None:
        """What the service says it sent must be what came."""
        if frame.rows != self._seal.rows or frame.sha256 != self._seal.closed_by(cursor):
            raise damaged()

    def handed_over(self) -> tuple[tuple[PageRow, ...], tuple[Unfit, ...]]:
        """What came since the last time."""
        result = tuple(self.rows), tuple(self.unfit)
        self.rows, self.unfit = [], []
        return result


def read_page(lines: Iterable[bytes], question: Question) -> Page:
    """One page of changes."""
    frames = _frames(lines)
    line, head = _head(frames, question)
    rows = _Rows(line)
    for line, frame, error in frames:
        if isinstance(frame, PageEnd):
            _end(frames)
            rows.check(frame, frame.next)
            if not frame.next or (head.has_more and frame.next == question.since):
                raise damaged()
            taken, unfit = rows.handed_over()
            return Page(
                stream=question.stream,
                since=question.since,
                next=frame.next,
                high_seq=head.high_seq,
                has_more=head.has_more,
                rows=taken,
                unfit=unfit,
            )
        if isinstance(frame, PageHead | Mark):
            raise damaged()
        rows.take(line, frame, error)
    raise damaged()


def read_snapshot(lines: Iterable[bytes], question: Question) -> Iterator[Chunk]:
    """The parts of a snapshot, each when it is known to be whole."""
    lines = iter(lines)
    frames = _frames(lines)
    line, head = _head(frames, question)
    if head.cols:
        yield from read_arrays(lines, line, head, question.stream)
        return
    rows = _Rows(line)
    since = question.since
    for line, frame, error in frames:
        if isinstance(frame, PageHead):
            raise damaged()
        if not isinstance(frame, Mark | PageEnd):
            rows.take(line, frame, error)
            continue
        resume = frame.resume if isinstance(frame, Mark) else ""
        cursor = frame.next if isinstance(frame, PageEnd) else ""
        rows.check(frame, resume or cursor)
        taken, unfit = rows.handed_over()
        if not (resume or cursor):
            raise damaged()
        if cursor:
            _end(frames)
        yield Chunk(
            stream=question.stream,
            since=since,
            high_seq=head.high_seq,
            rows=taken,
            unfit=unfit,
            resume=resume,
            cursor=cursor,
        )
        if cursor:
            return
        since = resume
    raise damaged()


_Frame = tuple[bytes, PageHead | PutRow | GoneRow | Mark | PageEnd | None, str]


def _frames(lines: Iterable[bytes]) -> Iterator[_Frame]:
    for line in lines:
        try:
            yield line, _LINE.decode(line), ""
        except msgspec.DecodeError as error:
            yield line, None, str(error)


def _head(frames: Iterator[_Frame], question: Question) -> tuple[bytes, PageHead]:
    line, head, _ = next(frames, (b"", None, ""))
    if not isinstance(head, PageHead):
        raise damaged()
    if head.epoch != question.epoch:
        raise EpochMoved
    if head.stream != question.stream or head.since != question.since:
        raise damaged()
    return line, head


def _end(frames: Iterator[_Frame]) -> None:
    """After a trailer nothing may come."""
    if next(frames, None) is not None:
        raise damaged()


def _unfit(line: bytes, error: str) -> Unfit:
    try:
        trace = msgspec.json.decode(line, type=_Trace)
    except msgspec.DecodeError:
        trace = _Trace()
    name = trace.id or hashlib.sha256(line).hexdigest()[:32]
    return Unfit(id=name, seq=trace.seq, raw=line, error=error)
