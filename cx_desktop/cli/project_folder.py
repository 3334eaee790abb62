"""A project folder on the disk: read without ever leaving it, written whole or not at all.

Failure policy: what is no plain file, leads out of the folder, or is larger than any sound is
refused by name before it is opened. Files are replaced one by one, each in one step; a write that
breaks off leaves a folder that can be read or written again.
"""

import contextlib
import hashlib
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import to_builtins

from cx_desktop.audio.facts import kept_as
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.project import KINDS, Found, Key, Measured, is_object_file, project_in
from cx_desktop.domain.project.paths import CARD, NUMBERS

MOST_FILES = 50_000
MOST_BYTES = 1 << 30
_MOST_OF_TEXT = 16 << 20
_MOST_OF_SOUND = 256 << 20
_TEXTS = {".yaml", ".yml"}


def is_project_folder(folder: Path) -> bool:
    """Whether a folder holds a project."""
    return (folder / CARD).is_file()


def known_in(folder: Path, name: str) -> dict[Key, str]:
    """Where the objects of a project stand in its folder; another project's is not written over."""
    if not is_project_folder(folder):
        return {}
    there = project_from(folder).project
    if there.name != name:
        raise CXError("problem.project-other", file=str(folder), name=there.name)
    return there.files


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a project folder by their paths in it; others are not opened."""
    root = _real(folder)
    files: dict[str, bytes] = {}
    size = 0
    for path in _wanted(root):
        content = _content(path, root)
        size += len(content)
        if len(files) >= MOST_FILES or size > MOST_BYTES:
            limit = MOST_BYTES >> 20
            raise CXError(
                "problem.project-folder-too-large",
                file=str(folder),
                megabytes=limit,
                files=MOST_FILES,
            )
        files[path.relative_to(root).as_posix()] = content
    return files


def project_from(folder: Path) -> Found:
    """The project in a folder."""
    return project_in(read_folder(folder), measure)


def measure(content: bytes, name: str, text: str) -> Measured:
    """A file of sound as it is kept, with what was measured of it."""
    try:
        kept, audio = kept_as(content, name, text)
    except CXError as error:
        error.params.setdefault("file", name)
        raise
    return Measured(kept, to_builtins(audio))


def write_folder(folder: Path, files: Mapping[str, bytes]) -> tuple[int, int]:
    """Make a folder say exactly this; how many files were written, and how many removed.

    Removed are files of objects that are no more, and the sounds that only they named.
    """
    is_new = not is_project_folder(folder)
    if is_new:
        _refuse_strangers(folder, files)
    before = {} if is_new else read_folder(folder)
    with _disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        root = folder.resolve()
        gone = sorted(path for path in before if path not in files and _is_ours(path, before))
        changed = [path for path, content in files.items() if before.get(path) != content]
        for path in changed:
            _write(root, path, files[path])
        for path in gone:
            (root / path).unlink(missing_ok=True)
    return len(changed), len(gone)


def _is_ours(path: str, before: Mapping[str, bytes]) -> bool:
    """Whether this program wrote a file: an object's, the numbers, or a sound that one names."""
    if is_object_file(path) or path == NUMBERS:
        return True
    told = hashlib.sha256(before[path]).hexdigest().encode()
    return any(told in content for each, content in before.items() if is_object_file(each))


def _wanted(root: Path) -> Iterator[Path]:
    with _disk_errors(root):
        for name in (CARD, NUMBERS):
            if _is_there(root / name):
                yield root / name
        for kind in KINDS.values():
            folder = root / kind.plural
            if not _is_there(folder):
                continue
            _refuse_outside(folder, root)
            if not folder.is_dir():
                raise CXError("problem.project-no-folder", file=kind.plural)
            yield from sorted(each for each in folder.iterdir() if not _is_left_alone(each))


def _is_left_alone(path: Path) -> bool:
    """Hidden files are other programs' own."""
    return path.name.startswith(".") or path.name.endswith("~")


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _content(path: Path, root: Path) -> bytes:
    name = path.relative_to(root).as_posix()
    _refuse_outside(path, root)
    with _disk_errors(path):
        if not stat.S_ISREG(path.stat().st_mode):
            raise CXError("problem.project-no-file", file=name)
        limit = _MOST_OF_TEXT if path.suffix.lower() in _TEXTS else _MOST_OF_SOUND
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    if len(content) > limit:
        raise CXError("problem.project-file-too-large", file=name, megabytes=limit >> 20)
    return content


def _refuse_outside(path: Path, root: Path) -> None:
    """Refuse what a link leads out of the folder, in circles or nowhere."""
    name = path.relative_to(root).as_posix()
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise CXError("problem.project-link", file=name) from error
    if not real.is_relative_to(root):
        raise CXError("problem.project-link", file=name)


def _refuse_strangers(folder: Path, files: Mapping[str, bytes]) -> None:
    """Refuse to write over files in a folder that is no project."""
    there = next((path for path in sorted(files) if _is_there(folder / path)), None)
    if there is not None:
        raise CXError("problem.project-not-empty", file=str(folder), name=there)


def _real(folder: Path) -> Path:
    with _disk_errors(folder):
        root = folder.resolve(strict=True)
        if not root.is_dir():
            raise CXError("problem.project-no-folder", file=str(folder))
    return root


def _write(root: Path, name: str, content: bytes) -> None:
    path = root / name
    path.parent.mkdir(exist_ok=True)
    _refuse_outside(path.parent, root)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextlib.contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = str(error.filename or path)
        raise CXError("problem.project-disk", file=place, reason=error.strerror or "") from error
