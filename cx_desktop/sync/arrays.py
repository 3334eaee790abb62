"""Snapshots whose rows are arrays: read, and vouched for, by the ten thousand.

Failure policy: that of ``wire``; a row that came unharmed but cannot be read is *unfit*.
"""

import hashlib
from collections.abc import Iterator, Sequence

import msgspec

from cx_desktop.cache import Chunk, Unfit
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import RECORDING_COLUMNS, Mark, PageEnd, PageHead, RecordingRow, Seal

#: More rows than this without a mark are none of the service's.
MOST_ROWS = 100_000
_ROWS = msgspec.json.Decoder(RecordingRow)
_CLOSING: msgspec.json.Decoder[Mark | PageEnd] = msgspec.json.Decoder(Mark | PageEnd)


def read_arrays(
    lines: Iterator[bytes], line: bytes, head: PageHead, stream: str
) -> Iterator[Chunk]:
    """The parts of a snapshot after its head, each when it is known to be whole."""
    seal = Seal(line)
    since = head.since
    batch: list[bytes] = []
    for each in lines:
        if each.startswith(b"["):
            batch.append(each)
            if len(batch) > MOST_ROWS:
                raise damaged()
            continue
        closing = _closing(each)
        is_end = isinstance(closing, PageEnd)
        earned = closing.next if isinstance(closing, PageEnd) else closing.resume
        whole = b"\n".join([*batch, b""])
        seal.add_lines(whole, len(batch))
        if not earned or (closing.rows, closing.sha256) != (seal.rows, seal.closed_by(earned)):
            raise damaged()
        if is_end and next(lines, None) is not None:
            raise damaged()
        rows, unfit = _read(batch, whole, head.cols)
        yield Chunk(
            stream=stream,
            since=since,
            high_seq=head.high_seq,
            rows=(),
            recordings=rows,
            unfit=unfit,
            resume="" if is_end else earned,
            cursor=earned if is_end else "",
        )
        if is_end:
            return
        since, batch = earned, []
    raise damaged()


def damaged() -> CXError:
    """The answer is not whole, or not the answer to this question."""
    return CXError("problem.page-damaged", retryable=True)


def _closing(line: bytes) -> Mark | PageEnd:
    try:
        return _CLOSING.decode(line)
    except msgspec.DecodeError as error:
        raise damaged() from error


#: What a service tells by silence that knows fewer columns.
_UNTOLD: dict[str, object] = {
    field.name: field.default
    for field in msgspec.structs.fields(RecordingRow)
    if not field.required
}

_Read = tuple[tuple[RecordingRow, ...], tuple[Unfit, ...]]


def _read(batch: Sequence[bytes], whole: bytes, columns: tuple[str, ...]) -> _Read:
    if columns == RECORDING_COLUMNS:
        try:
            return tuple(_ROWS.decode_lines(whole)), ()
        except msgspec.DecodeError:  # one of them: the others are good
            pass
    rows: list[RecordingRow] = []
    unfit: list[Unfit] = []
    for line in batch:
        try:
            rows.append(_by_name(line, columns))
        except (msgspec.DecodeError, ValueError) as error:
            unfit.append(Unfit(hashlib.sha256(line).hexdigest()[:32], 0, line, str(error)))
    return tuple(rows), tuple(unfit)


def _by_name(line: bytes, columns: tuple[str, ...]) -> RecordingRow:
    """A row whose columns stand elsewhere than we know them."""
    told = zip(columns, msgspec.json.decode(line, type=list[object]), strict=True)
    named = _UNTOLD | dict(told)
    return msgspec.convert([named.get(name) for name in RECORDING_COLUMNS], RecordingRow)
