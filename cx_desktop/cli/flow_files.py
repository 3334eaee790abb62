"""What the verbs of ``cx-desktop flow`` share: files, also those of a pipe, and exit codes."""

import sys
from pathlib import Path

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import Imported
from cx_desktop.domain.flow.formats.detect import read_all
from cx_desktop.domain.flow.formats.incoming import MAX_BYTES, check_size

FOUND, FAILED = 1, 2

#: In the place of a file: standard input, or standard output.
PIPE = Path("-")


def flows_in(file: Path) -> tuple[Imported, ...]:
    """Every flow of a file; no more of it is read than a flow may have."""
    return read_all(content_of(file), "" if file == PIPE else file.stem)


def content_of(file: Path) -> bytes:
    """What a file holds, or standard input."""
    try:
        if file == PIPE:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            check_size(file.stat().st_size)
            with file.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreachable("problem.flow-file-unreachable", file, error) from error
    check_size(len(data))
    return data


def save(target: Path, data: bytes) -> None:
    """Write a file whole or not at all; or to standard output."""
    if target == PIPE:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    beside = target.with_name(f".{target.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _unreachable("problem.flow-file-unwritable", target, error) from error


def _unreachable(key: str, file: Path, error: OSError) -> CXError:
    return CXError(key, file=str(file), reason=error.strerror or "")
