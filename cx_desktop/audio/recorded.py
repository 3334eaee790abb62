"""The sound of a recording, read piece by piece from wherever it lies; never all of it at once.

Recordings come from outside and are hostile: only what begins like a sound that we know is shown
to libsndfile at all, and what a file says of itself is believed within bounds. A file that cannot
be played gives its reason (``problem.recording-…``); one that ends early ends there.
"""

from collections.abc import Callable
from threading import Lock
from typing import NamedTuple, Protocol

import numpy as np
import soundfile  # type: ignore[import-untyped]  # the wheel carries no types

from cx_desktop.audio.sound import LINE_RATE, Samples
from cx_desktop.audio.tape import Bytes, Shifted, Tape
from cx_desktop.domain.errors import CXError

#: No call lasts longer; a file that says so is not believed.
MOST_HOURS = 48
_MOST_CHANNELS = 8
_RATES = range(4_000, 192_001)
#: Speaker by speaker, there are two.
_SIDES = 2
_GSM_FRAME, _GSM_NIBBLE, _GSM_SAMPLES = 33, 0xD, 160
#: A file of Microsoft's GSM keeps two frames together.
_WAV49_BLOCK, _WAV49_SAMPLES = 65, 320
#: A decoder that begins in the middle needs so many blocks, or samples, to sound as if it had not.
_WARM_UP, _MP3_WARM_UP = 12, 16 * 1152
_HEADS = (b"RIFF", b"RIFX", b"RF64", b"OggS", b"fLaC", b".snd", b"FORM", b"caff", b"ID3")


class Facts(NamedTuple):
    """What a file says of its sound."""

    rate: int
    channels: int
    frames: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.frames / self.rate


class _Reads(Protocol):
    """A sound that is opened: its facts, and its samples from one place on."""

    facts: Facts
    is_costly: bool
    may_be_no_number: bool
    """Whether samples are numbers of the file's own, which may say infinite, or nothing."""

    def read(self, start: int, count: int) -> Samples:
        """So many samples from a place on; fewer at the end."""


class Recorded:
    """The sound of a recording; threads that read it take turns."""

    def __init__(self, source: Bytes) -> None:
        self._turn = Lock()
        self._tape = Tape(source)
        self._sound = self._opened()
        self.facts = self._sound.facts

    def read(self, start: int, count: int) -> Samples:
        """So many samples from a place on, a column for each speaker; fewer at the end."""
        with self._turn:
            try:
                samples = self._sound.read(start, count)
            except (soundfile.SoundFileError, RuntimeError) as error:
                self._tape.check()
                raise CXError("problem.recording-damaged") from error
            self._tape.check()
        samples = samples[:, :_SIDES]
        if self._sound.may_be_no_number:
            np.nan_to_num(samples, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
        return samples

    @property
    def is_costly(self) -> bool:
        """Whether decoding takes its time, so that two may well share it."""
        return self._sound.is_costly

    def _opened(self) -> _Reads:
        tape = self._tape
        if not tape.size:
            raise CXError("problem.recording-empty")
        head = tape.read(_GSM_FRAME * 8)
        tape.check()
        try:
            sound = _by_head(tape, head)
        except (soundfile.SoundFileError, TypeError, ValueError, OverflowError) as error:
            tape.check()
            raise CXError("problem.recording-damaged") from error
        tape.check()
        return _believed(sound)


class Shared:
    """A source that several readers share: one at a time, each piece read whole.

    It is opened where that may take its time, and closed at any time by whoever wants no more.
    """

    def __init__(self, opens: Callable[[], Bytes]) -> None:
        self._opens = opens
        self._source: Bytes | None = None
        self._lock = Lock()
        self._is_closed = False

    @property
    def size(self) -> int:
        """How many bytes there are; 0 before it is opened."""
        return self._source.size if self._source is not None else 0

    def open(self) -> None:
        """Find the source; blocks. Nothing is opened after it was closed."""
        with self._lock:
            if not self._is_closed:
                self._source = self._opens()
            self._end()

    def read_at(self, offset: int, count: int) -> bytes:
        """So many bytes from a place on; none after it was closed."""
        with self._lock:
            source = self._source
            try:
                return b"" if source is None or self._is_closed else source.read_at(offset, count)
            finally:
                self._end()

    def close(self) -> None:
        """Let go of the source; never waits: whoever reads just now closes it afterwards."""
        self._is_closed = True
        if self._lock.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._lock.release()

    def _end(self) -> None:
        """Close the source if nobody wants it any more; by whoever holds the lock."""
        source = self._source
        if self._is_closed and source is not None:
            self._source = None
            source.close()


class _Steady(soundfile.SoundFile):  # type: ignore[misc]  # the wheel carries no types
    """A file that is read on and on.

    After each read soundfile seeks to where it stands if it can; a decoder then begins anew, and an
    MP3 falls silent for a tenth of a second.
    """

    def seekable(self) -> bool:
        """No: so it is left where it is."""
        return False

    @property
    def is_steered(self) -> bool:
        """Whether libsndfile finds any place in it."""
        return bool(super().seekable())


class _Seekable:
    """What libsndfile reads from any place."""

    def __init__(self, file: _Steady) -> None:
        self._file = file
        self._at = 0
        self._warm_up = _MP3_WARM_UP if file.format == "MP3" else 0
        self.is_costly = file.format == "OGG"
        self.may_be_no_number = file.subtype in {"FLOAT", "DOUBLE"}
        self.facts = _facts(file)

    def read(self, start: int, count: int) -> Samples:
        if start >= self.facts.frames:
            return np.zeros((0, min(self.facts.channels, _SIDES)), np.float32)
        if start != self._at:
            before = min(start, self._warm_up)
            self._file.seek(start - before)
            self._file.read(before, dtype="float32")
        most = self.facts.frames - start
        samples: Samples = self._file.read(min(count, most), dtype="float32", always_2d=True)
        self._at = start + len(samples)
        return samples


class _Blocks:
    """GSM: libsndfile reads it from its start only, so a start is put before each place."""

    def __init__(self, tape: Tape, head: int, *, is_wave: bool, facts: Facts) -> None:
        self.is_costly = self.may_be_no_number = False
        self._tape = tape
        self._head = head
        self._is_wave = is_wave
        self._block = _WAV49_BLOCK if is_wave else _GSM_FRAME
        self._samples = _WAV49_SAMPLES if is_wave else _GSM_SAMPLES
        blocks = max(0, tape.size - head) // self._block
        self.facts = facts._replace(frames=min(facts.frames, blocks * self._samples))
        self._file: _Steady | None = None
        self._at = 0

    def read(self, start: int, count: int) -> Samples:
        count = max(0, min(count, self.facts.frames - start))
        if self._file is None or start != self._at:
            first = max(0, start // self._samples - _WARM_UP)
            shifted = Shifted(self._tape, self._head, first * self._block)
            self._file = _gsm_wave(shifted) if self._is_wave else _gsm_raw(shifted)
            self._file.read(start - first * self._samples, dtype="float32")
        samples: Samples = self._file.read(count, dtype="float32", always_2d=True)
        self._at = start + len(samples)
        return samples


def _by_head(tape: Tape, head: bytes) -> _Reads:
    """The sound of a file by how it begins; its name says nothing."""
    if _is_bare_gsm(head):
        facts = Facts(LINE_RATE, 1, tape.size // _GSM_FRAME * _GSM_SAMPLES)
        return _Blocks(tape, 0, is_wave=False, facts=facts)
    if not (head.startswith(_HEADS) or _is_mpeg(head)):
        raise CXError("problem.recording-not-sound")
    tape.seek(0)
    file = _Steady(tape)
    if file.subtype == "GSM610" and not file.is_steered:
        start = _data_start(tape)
        return _Blocks(tape, start, is_wave=True, facts=_facts(file))
    return _Seekable(file)


def _believed(sound: _Reads) -> _Reads:
    rate, channels, frames = sound.facts
    if (
        rate not in _RATES
        or not 0 < channels <= _MOST_CHANNELS
        or frames > rate * 3600 * MOST_HOURS
    ):
        raise CXError("problem.recording-absurd")
    if frames <= 0:
        raise CXError("problem.recording-empty")
    return sound


def _facts(file: _Steady) -> Facts:
    return Facts(int(file.samplerate), int(file.channels), int(file.frames))


def _is_mpeg(head: bytes) -> bool:
    """Whether a frame of MPEG audio begins here (layer 3 of any version)."""
    return len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] >> 4 < 0xF


def _is_bare_gsm(head: bytes) -> bool:
    frames = [head[at] for at in range(0, len(head), _GSM_FRAME)]
    return len(head) >= _GSM_FRAME and all(each >> 4 == _GSM_NIBBLE for each in frames)


def _gsm_wave(file: Shifted) -> _Steady:
    return _Steady(file)


def _gsm_raw(file: Shifted) -> _Steady:
    return _Steady(file, samplerate=LINE_RATE, channels=1, format="RAW", subtype="GSM610")


def _data_start(tape: Tape) -> int:
    """Where the sound of a WAV file begins."""
    at, most = 12, 1 << 16
    while at < most:
        tape.seek(at)
        chunk = tape.read(8)
        if len(chunk) < 8:
            break
        if chunk[:4] == b"data":
            return at + 8
        size = int.from_bytes(chunk[4:], "little")
        at += 8 + size + size % 2
    raise CXError("problem.recording-damaged")
