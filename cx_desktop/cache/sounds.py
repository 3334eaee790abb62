"""Sounds of recordings on this computer: each sealed under a random key of its own.

A row of ``recording_sound`` says that a sound is wanted here, and holds its key, wrapped by one
derived from the cache key. The file lies under a name that tells nothing but when its time is over:
``<opaque>.<second of the end>.<part>``. So the folder itself is the list by which what is over goes
also before anybody has unlocked the profile (``overdue.py``).

Failure policy: a sound can be read when it is whole and has its digest. To destroy one is to delete
its key, then what its file begins with, then the file; a crash in between leaves a file that
nothing opens, which the next start deletes.
"""

import secrets
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

from cx_desktop.cache import sealing
from cx_desktop.cache.overdue import FOLDER, name_of
from cx_desktop.cache.sealing import Arriving, Damaged, Reader
from cx_desktop.cache.sound_rows import Sound, SoundRows
from cx_desktop.domain.errors import CXError

_SOUND, _COMING = "sound", "coming"
_NAME_BYTES = 16


class SoundState(StrEnum):
    """How much of a sound is here."""

    ABSENT = "absent"
    WANTED = "wanted"
    """It is to come, or on its way."""
    HERE = "here"


class Tally(Struct, frozen=True):
    """All that is wanted here, counted."""

    count: int = 0
    here: int = 0
    size: int = 0
    """Bytes, of all of it."""
    size_here: int = 0
    problems: dict[str, int] = {}
    """What keeps some from coming: how many of each kind."""
    first_end: datetime | None = None
    """From when the first of it may not be here any more."""


class _Entry(Struct):
    sound: Sound
    name: str
    is_whole: bool = False

    def file(self, folder: Path, part: str) -> Path:
        return folder / name_of(self.name, self.sound.ends, part)


class SealedSound:
    """A sound that is here whole, read at any place, decrypted in memory only."""

    def __init__(self, reader: Reader, let_go: Callable[["SealedSound"], None]) -> None:
        self._reader: Reader | None = reader
        self._let_go = let_go
        self._lock = threading.Lock()
        self.size = reader.size

    def read_at(self, offset: int, count: int) -> bytes:
        """What stands at a place; raises ``CXError`` once its time is over."""
        with self._lock:
            if self._reader is None:
                raise CXError("problem.recording-gone")
            try:
                return self._reader.read_at(offset, count)
            except Damaged as error:
                raise CXError("problem.recording-not-here") from error

    def forget(self) -> None:
        """Read nothing more, and hold no key."""
        with self._lock:
            self._reader = None

    def close(self) -> None:
        """Whoever played it is done."""
        self.forget()
        self._let_go(self)


class Sounds:
    """The sealed sounds of one cache. Every call may be made on any thread but the writer's."""

    def __init__(self, folder: Path, rows: SoundRows) -> None:
        self._folder = folder / FOLDER
        self._rows = rows
        self._lock = threading.Lock()
        self._open: list[tuple[str, SealedSound]] = []
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        """What time it is at the earliest; nothing is opened whose time is over."""
        self._entries = self._load()
        self._sweep()

    def want(self, sounds: Iterable[Sound]) -> None:
        """These are to be here; each gets a key. One that is here as another file goes first."""
        fresh = list(sounds)
        changed = [each.id for each in fresh if self._is_other(each)]
        if changed:
            self.destroy(changed)
        entries = [
            _Entry(each, secrets.token_hex(_NAME_BYTES))
            for each in fresh
            if self.state(each.id) is SoundState.ABSENT
        ]
        if not entries:
            return
        with self._lock:  # before whoever is told of them asks
            self._entries.update({each.sound.id: each for each in entries})
        try:
            self._rows.add((each.sound, each.name) for each in entries)
        except CXError:
            with self._lock:
                for each in entries:
                    self._entries.pop(each.sound.id, None)
            raise

    def all(self) -> tuple[Sound, ...]:
        """What is wanted here, the first that goes first."""
        with self._lock:
            found = [each.sound for each in self._entries.values()]
        return tuple(sorted(found, key=lambda each: (each.ends, each.id)))

    def of(self, recording_id: str) -> Sound | None:
        """What is known of one that is wanted here."""
        entry = self._entries.get(recording_id)
        return None if entry is None else entry.sound

    def state(self, recording_id: str) -> SoundState:
        """How much of a sound is here; costs nothing."""
        entry = self._entries.get(recording_id)
        if entry is None:
            return SoundState.ABSENT
        return SoundState.HERE if entry.is_whole else SoundState.WANTED

    def has(self, recording_id: str) -> bool:
        """Whether a sound is here, whole; costs nothing."""
        return self.state(recording_id) is SoundState.HERE

    def bytes_used(self) -> int:
        """How much of the disk they take."""
        used = 0
        for each in self._files():
            with suppress(FileNotFoundError):  # it went just now
                used += each.stat().st_size
        return used

    def tally(self) -> Tally:
        """What is wanted here, and how much of it is here; costs nothing."""
        entries = tuple(self._entries.values())  # one step: it needs no lock, and waits for none
        here = [each.sound for each in entries if each.is_whole]
        return Tally(
            count=len(entries),
            here=len(here),
            size=sum(each.sound.size for each in entries),
            size_here=sum(each.size for each in here),
            problems=Counter(each.sound.problem for each in entries if each.sound.problem),
            first_end=min((each.sound.ends for each in entries), default=None),
        )

    def free(self) -> int:
        """How much room the disk has left."""
        with sealing.disk_errors():
            return shutil.disk_usage(self._folder.parent).free

    def open(self, recording_id: str) -> SealedSound:
        """A sound to be played; raises ``CXError`` where it is not here."""
        entry = self._entries.get(recording_id)
        if entry is None or not entry.is_whole or entry.sound.ends <= self.now():
            raise CXError("problem.recording-not-here")
        path = entry.file(self._folder, _SOUND)
        try:
            reader = Reader(path, self._rows.cipher_of(recording_id), _label(recording_id, _SOUND))
        except (Damaged, OSError) as error:
            entry.is_whole = False  # it comes again
            raise CXError("problem.recording-not-here") from error
        sound = SealedSound(reader, self._let_go)
        with self._lock:
            self._open.append((recording_id, sound))
            is_gone = recording_id not in self._entries
        if is_gone:
            sound.close()
        return sound

    def begin(self, recording_id: str) -> Arriving:
        """A sound on its way here, with what has come of it before."""
        entry = self._entries.get(recording_id)
        if entry is None:
            raise CXError("problem.recording-not-here")
        return Arriving(
            entry.file(self._folder, _COMING),
            entry.file(self._folder, _SOUND),
            cipher_of=self._rows.cipher_of(recording_id),
            label=_label(recording_id, _SOUND),
            sha256=entry.sound.sha256,
        )

    def finish(self, recording_id: str, arriving: Arriving) -> bool:
        """All of it has come: whether it is the file that was wanted."""
        if not arriving.finish():
            return False
        with self._lock:
            entry = self._entries.get(recording_id)
            if entry is not None:
                entry.is_whole = True
        self.note(recording_id, "")
        return True

    def note(self, recording_id: str, problem: str) -> None:
        """What keeps a sound from coming, or nothing any more."""
        with self._lock:
            entry = self._entries.get(recording_id)
            if entry is None:
                return
            entry.sound = msgspec.structs.replace(entry.sound, problem=problem)
        self._rows.note(recording_id, problem)

    def keep_beside(self, recording_id: str, part: str, content: bytes) -> None:
        """Seal what was made of a sound (its waveform): it goes when the sound does."""
        entry = self._entries.get(recording_id)
        if entry is not None and entry.is_whole:
            path = entry.file(self._folder, part)
            cipher_of = self._rows.cipher_of(recording_id)
            sealing.write(path, cipher_of, _label(recording_id, part), content)

    def beside(self, recording_id: str, part: str) -> bytes | None:
        """What was kept beside a sound; nothing where there is none."""
        entry = self._entries.get(recording_id)
        if entry is None:
            return None
        path = entry.file(self._folder, part)
        try:
            label, content = sealing.opened(path, self._rows.cipher_of(recording_id))
        except (Damaged, CXError):
            return None
        return content if label == _label(recording_id, part) else None

    def set_ends(self, ends: Mapping[str, datetime]) -> None:
        """The time of some is over at another moment than was known."""
        moved = {
            each: end
            for each, end in ends.items()
            if (entry := self._entries.get(each)) is not None and entry.sound.ends != end
        }
        if not moved:
            return
        self._rows.move(moved)
        with self._lock:
            entries = [entry for each in moved if (entry := self._entries.get(each)) is not None]
            for entry in entries:
                end = moved[entry.sound.id]
                entry.sound = msgspec.structs.replace(entry.sound, ends=end)
            self._settle_names(entries)

    def destroy(self, recording_ids: Collection[str]) -> None:
        """Take sounds away for good: their keys first, then what is left of them."""
        wanted = [each for each in recording_ids if each in self._entries]
        if wanted:
            self._rows.forget(wanted)
            self.gone(wanted)
            self._rows.settle()

    def gone(self, recording_ids: Collection[str]) -> None:
        """The keys of these are deleted: nothing plays them on, and their files go."""
        with self._lock:
            entries = [self._entries.pop(each, None) for each in recording_ids]
            names = {each.name for each in entries if each is not None}
            playing = [sound for each, sound in self._open if each in recording_ids]
        for each in playing:
            each.close()
        # Again: one that came just then had another name a moment ago.
        while doomed := [each for each in self._files() if _opaque(each) in names]:
            sealing.shred(doomed)

    def _sweep(self) -> None:
        """Delete what no row says anything of, and half-written files."""
        with self._lock:
            names = {each.name for each in self._entries.values()}
        with suppress(CXError):  # nothing opens what does not go now; the next start tries again
            sealing.forget_parts(self._folder)
            sealing.shred([each for each in self._files() if _opaque(each) not in names])

    def reload(self) -> None:
        """Rows went by themselves (a project left this computer): what they spoke of goes, too."""
        here = self._load()
        self.gone([each for each in self._entries if each not in here])
        self._sweep()

    def close(self) -> None:
        """Forget every key."""
        with self._lock:
            playing = [sound for _, sound in self._open]
        self._rows.close()
        for each in playing:
            each.close()

    def _load(self) -> dict[str, _Entry]:
        entries = {sound.id: _Entry(sound, name) for sound, name in self._rows.load()}
        self._settle_names(entries.values())
        return entries

    def _settle_names(self, entries: Iterable[_Entry]) -> None:
        """Find their files, also where a crash came between a row's new end and theirs."""
        found: dict[str, list[Path]] = {}
        for path in self._files():
            found.setdefault(_opaque(path), []).append(path)
        for entry in entries:
            for path in found.get(entry.name, ()):
                wanted = entry.file(self._folder, path.name.rpartition(".")[2])
                with suppress(OSError):  # it keeps its name, by which it goes too late or too soon
                    if path != wanted:
                        path.replace(wanted)
            entry.is_whole = entry.file(self._folder, _SOUND).exists()

    def _is_other(self, sound: Sound) -> bool:
        known = self.of(sound.id)
        return known is not None and known.sha256 != sound.sha256

    def _let_go(self, sound: SealedSound) -> None:
        with self._lock:
            self._open = [each for each in self._open if each[1] is not sound]

    def _files(self) -> tuple[Path, ...]:
        with sealing.disk_errors():
            return tuple(self._folder.iterdir()) if self._folder.is_dir() else ()


def _opaque(path: Path) -> str:
    return path.name.partition(".")[0]


def _label(recording_id: str, part: str) -> bytes:
    return f"{recording_id}:{part}".encode()
