"""Files beside the database, sealed: sounds that prompts refer to, by project and digest.

Each file is sealed in chunks with AES-256-GCM under a key of its own, derived from the cache key
and a salt; what comes from another place of a file, from another file, or with its end cut off
does not open. Names are keyed digests: they tell nobody which sound lies here.

Failure policy: a file has its name when it is whole and on the disk. One that does not open is as
good as missing, since the service has it too; one that was never sent stays, whatever happens, so
that a later start with the right key can send it.
"""

import hashlib
import hmac
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from cx_desktop.cache import sealing
from cx_desktop.cache.sealing import Arriving, Damaged, derived, disk_errors
from cx_desktop.domain.errors import CXError

_HELD, _UNSENT = ".held", ".unsent"
#: What has come of a file so far: its first chunks, sealed.
_COMING = ".coming"


class Place(Struct, frozen=True):
    """Which file of which project."""

    project_id: str
    sha256: str


class BlobStore:
    """The sealed files of one cache. Every call may be made on any thread."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        self._naming = derived(key, b"", b"cx-desktop names of blobs")
        sealing.forget_parts(folder)

    def keep(self, project_id: str, content: bytes, *, is_sent: bool) -> str:
        """Seal a file, and give its digest; with ``is_sent`` the service has it already."""
        place = Place(project_id, hashlib.sha256(content).hexdigest())
        if not self.has(place):
            path = self._path(place, _HELD if is_sent else _UNSENT)
            sealing.write(path, self.cipher, msgspec.json.encode(place), content)
        return place.sha256

    def has(self, place: Place) -> bool:
        """Whether the file is here."""
        return self._found(place) is not None

    def read(self, place: Place) -> bytes:
        """The content of a file; raises ``CXError`` where it is not here, or damaged."""
        path = self._found(place)
        if path is not None:
            try:
                label, content = sealing.opened(path, self.cipher)
                known = msgspec.json.decode(label, type=Place)
            except Damaged:
                known, content = None, b""
            if known == place and hashlib.sha256(content).hexdigest() == place.sha256:
                return content
            if path.suffix == _HELD:
                path.unlink(missing_ok=True)  # the service has it: it is fetched again
        raise CXError("problem.sound-not-here")

    def unsent(self) -> tuple[Place, ...]:
        """The files that the service has not got yet."""
        with disk_errors():
            paths = sorted(self._folder.glob(f"*{_UNSENT}"))
        return tuple(place for path in paths if (place := self._known(path)) is not None)

    def size(self, place: Place) -> int:
        """How many bytes a file has, without reading it; 0 where it is not here."""
        return sealing.size_of(self._found(place))

    def discard(self, place: Place) -> None:
        """Let go of a file that was never sent: whoever made it wants it no more."""
        with disk_errors():
            self._path(place, _UNSENT).unlink(missing_ok=True)

    def sent(self, place: Place) -> None:
        """The service has a file now; one that was discarded meanwhile stays away."""
        with disk_errors(), suppress(FileNotFoundError):
            self._path(place, _UNSENT).replace(self._path(place, _HELD))

    def send_again(self, place: Place) -> None:
        """The service may have lost a file: it counts as never sent, if it is here."""
        held = self._path(place, _HELD)
        with disk_errors():
            if held.exists():
                held.replace(self._path(place, _UNSENT))

    def close(self) -> None:
        """Forget the key: nothing is read or written here any more."""
        self._key = self._naming = b""

    def forget_all_but(self, wanted: frozenset[Place]) -> None:
        """Delete what the service has and nothing here refers to any more."""
        self._refuse_closed()
        names = {self._path(place, _HELD).name for place in wanted}
        with disk_errors():
            for path in self._folder.glob(f"*{_HELD}"):
                if path.name not in names:
                    path.unlink(missing_ok=True)
            for path in self._folder.glob(f"*{_COMING}"):
                if path.with_suffix(_HELD).name not in names:
                    path.unlink(missing_ok=True)

    def forget_project(self, project_id: str, *, sealed: Collection[Place]) -> None:
        """Delete every file of a project that the service has, or that was sealed for it."""
        with disk_errors():
            for path in self._folder.glob("*.*"):
                place = self._known(path)
                is_safe = path.suffix != _UNSENT or place in sealed
                if place is not None and place.project_id == project_id and is_safe:
                    path.unlink(missing_ok=True)

    def arriving(self, place: Place) -> "Arriving":
        """A file on its way here, with what has come of it before."""
        return Arriving(
            self._path(place, _COMING),
            self._path(place, _HELD),
            cipher_of=self.cipher,
            label=msgspec.json.encode(place),
            sha256=place.sha256,
        )

    def cipher(self, salt: bytes) -> AESGCM:
        """The cipher of one file."""
        self._refuse_closed()
        return AESGCM(derived(self._key, salt, b"cx-desktop blob"))

    def _found(self, place: Place) -> Path | None:
        paths = (self._path(place, suffix) for suffix in (_UNSENT, _HELD))
        return next((path for path in paths if path.exists()), None)

    def _refuse_closed(self) -> None:
        if not self._key:
            raise CXError("problem.signed-out")  # a thread was late: the profile is being closed

    def _path(self, place: Place, suffix: str) -> Path:
        self._refuse_closed()
        said = f"{place.project_id}:{place.sha256}".encode()
        return self._folder / f"{hmac.new(self._naming, said, 'sha256').hexdigest()[:40]}{suffix}"

    def _known(self, path: Path) -> Place | None:
        """What a file is, without reading it to its end; none for one that does not open."""
        try:
            return msgspec.json.decode(sealing.label_of(path, self.cipher), type=Place)
        except Damaged:
            return None
