"""The rows of sounds that are wanted here, and their keys, wrapped by one made of the cache key."""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from msgspec import Struct
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from cx_desktop.cache import tables
from cx_desktop.cache.entities import id_of, key_of
from cx_desktop.cache.sealing import KEY, CipherOf, derived
from cx_desktop.cache.transaction import checkpoint, overwriting
from cx_desktop.cache.values import Changed
from cx_desktop.cache.writer import Writer
from cx_desktop.domain.errors import CXError

#: What listeners of the cache are told of: sounds that are wanted, came, or went.
CHANGED = "sound"
_S = tables.recording_sound
_Work = Callable[[Connection], object]


class Sound(Struct, frozen=True):
    """A sound that is wanted here."""

    id: str
    """The recording's."""
    project_id: str
    sha256: str
    size: int
    ends: datetime
    """From when it may not be here any more."""
    problem: str = ""
    """What keeps it from coming, where a person has to know."""


class _Stored(Struct):
    id: bytes
    project_id: bytes
    name: str
    sha256: str
    size: int
    ends: int
    problem: str


class SoundRows:
    """What the database holds of sounds; from any thread but the writer's."""

    def __init__(
        self,
        key: bytes,
        writer: Writer,
        read: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._wrapping = derived(key, b"", b"cx-desktop keys of sounds")
        self._writer = writer
        self._read = read

    def load(self) -> list[tuple[Sound, str]]:
        """All of them, each with the opaque name of its files."""
        with self._read() as connection:
            rows = connection.execute(select(_S)).all()
        return [_sound_of(msgspec.convert(row, _Stored, from_attributes=True)) for row in rows]

    def add(self, named: Iterable[tuple[Sound, str]]) -> None:
        """New ones, each with a key of its own."""
        values = [
            {
                "id": key_of(sound.id),
                "project_id": key_of(sound.project_id),
                "name": name,
                "key": aes_key_wrap(self._wrapping, secrets.token_bytes(KEY)),
                "sha256": sound.sha256,
                "size": sound.size,
                "ends": int(sound.ends.timestamp()),
                "problem": "",
            }
            for sound, name in named
        ]
        new = insert(_S).on_conflict_do_nothing()
        ids = [id_of(bytes(each["id"])) for each in values if isinstance(each["id"], bytes)]
        self._do(lambda connection: connection.execute(new, values), ids)

    def note(self, recording_id: str, problem: str) -> None:
        """What keeps one from coming."""
        said = update(_S).where(_S.c.id == key_of(recording_id)).values(problem=problem)
        self._do(lambda connection: connection.execute(said), [recording_id])

    def move(self, ends: Mapping[str, datetime]) -> None:
        """The time of some is over at another moment."""

        def work(connection: Connection) -> None:
            for each, end in ends.items():
                mine = _S.c.id == key_of(each)
                connection.execute(update(_S).where(mine).values(ends=int(end.timestamp())))

        self._do(work, ends)

    def forget(self, recording_ids: Collection[str]) -> None:
        """Delete their keys so that no page of the database holds them any more."""

        def work(connection: Connection) -> None:
            with overwriting(connection):
                forget_keys(connection, recording_ids)

        self._do(work, recording_ids, is_edit=True)

    def settle(self) -> None:
        """Let the write-ahead log forget what it held."""
        with self._read() as connection:
            checkpoint(connection)

    def cipher_of(self, recording_id: str) -> CipherOf:
        """What seals and opens the files of one; raises ``CXError`` once its key is gone."""
        with self._read() as connection:
            mine = _S.c.id == key_of(recording_id)
            wrapped = connection.execute(select(_S.c.key).where(mine)).scalar()
        if wrapped is None or not self._wrapping:
            raise CXError("problem.recording-gone")
        try:
            key = aes_key_unwrap(self._wrapping, wrapped)
        except (InvalidUnwrap, ValueError) as error:
            raise CXError("problem.recording-not-here") from error
        return lambda salt: AESGCM(derived(key, salt, b"cx-desktop sound of a recording"))

    def close(self) -> None:
        """Open nothing any more."""
        self._wrapping = b""

    def _do(self, work: _Work, ids: Iterable[str], *, is_edit: bool = False) -> None:
        told = (Changed(CHANGED, frozenset(ids), "remote"),)

        def whole(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            work(connection)
            return None, told

        self._writer.do(whole, is_edit=is_edit)


def forget_keys(connection: Connection, recording_ids: Collection[str]) -> None:
    """Delete keys; inside ``overwriting``, so that no page holds them any more."""
    for each in recording_ids:
        connection.execute(delete(_S).where(_S.c.id == key_of(each)))


def _sound_of(found: _Stored) -> tuple[Sound, str]:
    sound = Sound(
        id=id_of(found.id),
        project_id=id_of(found.project_id),
        sha256=found.sha256,
        size=found.size,
        ends=datetime.fromtimestamp(found.ends, UTC),
        problem=found.problem,
    )
    return sound, found.name
