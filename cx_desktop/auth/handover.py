"""Unsent edits on their way out: sealed packages beside a profile, until the service has them.

They lie in ``<profile>.sealed/<order>/``, which nobody on this computer can open any more, with one
small file that says what they belong to. They outlive the profile.

Failure policy: the packages are on the disk before that file, and that file before anything is
deleted. What the network or the service refuses stays, and is offered again at the next start.
"""

import contextlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from cx_desktop.auth.files import make_private_folder, read_small, remove, write_atomically
from cx_desktop.auth.orders import Order
from cx_desktop.cache import Cache
from cx_desktop.cache.leaving import Bundle
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol.directives import Act, Obeyed
from cx_desktop.protocol.escrow import (
    MOST_CONTENTS,
    Contents,
    SealedEdit,
    SealedFile,
    Source,
    seal,
)

#: How often a package is offered before it is left for the next start.
ATTEMPTS = 3
_MATTER, _PACKAGE, _BESIDE = "matter", ".package", ".sealed"


class Matter(Struct, frozen=True):
    """What packages belong to, and how far it is."""

    server: str
    username: str
    act: Act
    signed: str
    """The directive, which lets them in."""
    edits: int
    files: int
    is_done: bool = False
    """Nothing of what was to be given up can be read here any more."""
    is_told: bool = False


class Handover:
    """The packages of one order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, profile_folder: Path, order: Order) -> "Handover":
        """Where the packages of an order to a profile lie."""
        return cls(beside(profile_folder) / order.directive.id)

    @property
    def matter(self) -> Matter:
        """What it is about."""
        content = read_small(self.folder / _MATTER)
        try:
            return msgspec.json.decode(content or b"", type=Matter)
        except msgspec.MsgspecError:
            raise CXError("problem.unreadable-file", file=_MATTER) from None

    @property
    def is_delivered(self) -> bool:
        """Whether the service has every package."""
        return not self._packages()

    def pack(
        self, cache: Cache, bundle: Bundle, source: Source, order: Order
    ) -> Callable[[], None]:
        """Seal what is unsent; when this returns it is on the disk.

        It comes beside what an earlier attempt has sealed, whose edits may be gone by now. What is
        returned takes this attempt back: nothing was deleted for it.
        """
        make_private_folder(self.folder)
        before = self.matter if (self.folder / _MATTER).exists() else None
        prefix, paths = secrets.token_hex(4), []
        for number, contents in enumerate(_contents(cache, bundle, source)):
            try:
                package = seal(contents, order.directive.escrow_key)
            except ValueError:  # signed, and yet no key
                raise CXError("problem.directive-invalid") from None
            paths.append(self.folder / f"{prefix}-{number:04}{_PACKAGE}")
            write_atomically(paths[-1], package)
        self._keep(
            Matter(
                server=source.server,
                username=source.username,
                act=order.act,
                signed=order.signed,
                edits=len(bundle.edits) + (before.edits if before is not None else 0),
                files=len(bundle.files) + (before.files if before is not None else 0),
            )
        )

        def take_back() -> None:
            for path in paths:
                remove(path)
            if before is None:
                self._remove()
            else:
                self._keep(before)

        return take_back

    def done(self) -> None:
        """What was to be given up is gone."""
        self._keep(msgspec.structs.replace(self.matter, is_done=True))

    def deliver(self, client: ServiceClient) -> bool:
        """Hand the packages over and say what is done; whether nothing remains to be."""
        matter = self.matter
        try:
            if matter.is_done and not matter.is_told:
                done = Obeyed(matter.edits, matter.files)
                _tried(partial(client.devices.obeyed, matter.signed, done))
                matter = msgspec.structs.replace(matter, is_told=True)
                self._keep(matter)
            for path in self._packages():
                _tried(partial(client.devices.deposit, matter.signed, path.read_bytes()))
                path.unlink()
        except CXError:
            return False
        if not matter.is_done:
            return False
        self._remove()
        return True

    def _packages(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{_PACKAGE}"))

    def _keep(self, matter: Matter) -> None:
        write_atomically(self.folder / _MATTER, msgspec.json.encode(matter))

    def _remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.folder.parent.rmdir()


def beside(profile_folder: Path) -> Path:
    """Where a profile's packages lie."""
    return profile_folder.with_name(f"{profile_folder.name}{_BESIDE}")


def left_of(profile_folder: Path) -> tuple[Handover, ...]:
    """What is still to be handed over for a profile; unfinished attempts are swept away."""
    return tuple(_whole(beside(profile_folder)))


def left_in(root: Path) -> tuple[tuple[Path, Handover], ...]:
    """The same for every profile in a folder, with the profile's folder."""
    return tuple(
        (each.with_name(each.name.removesuffix(_BESIDE)), found)
        for each in sorted(root.glob(f"*{_BESIDE}"))
        for found in _whole(each)
    )


def _whole(folder: Path) -> Iterator[Handover]:
    for each in sorted(folder.glob("*")):
        if (each / _MATTER).exists():
            yield Handover(each)
        else:  # nothing was deleted for it: the order comes again
            shutil.rmtree(each, ignore_errors=True)


def _tried(call: Callable[[], object]) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            call()
        except CXError as error:
            if attempt == ATTEMPTS or not error.retryable:
                raise
        else:
            return


def _contents(cache: Cache, bundle: Bundle, source: Source) -> Iterator[Contents]:
    """Packages of a bounded size, edits first. Files are read one at a time."""
    filled = _Filled(source)
    for edit in bundle.edits:
        yield from filled.add(edit)
    for place in bundle.files:
        for piece in cache.leaving.pieces(place):
            yield from filled.add(piece)
    yield from filled.rest()


class _Filled:
    """The package that is being filled."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._part = self._size = 0
        self._edits: list[SealedEdit] = []
        self._files: list[SealedFile] = []

    def add(self, thing: SealedEdit | SealedFile) -> Iterator[Contents]:
        """Put something in, and give the package before it where it would not fit."""
        size = len(msgspec.msgpack.encode(thing))
        if self._size + size > MOST_CONTENTS:
            yield from self.rest()
        self._size += size
        if isinstance(thing, SealedEdit):
            self._edits.append(thing)
        else:
            self._files.append(thing)

    def rest(self) -> Iterator[Contents]:
        """The package, if there is something in it."""
        if self._edits or self._files:
            yield Contents(self._source, self._part, tuple(self._edits), tuple(self._files))
            self._part += 1
        self._edits, self._files, self._size = [], [], 0
