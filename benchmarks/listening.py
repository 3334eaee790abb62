"""P13 and P15: the waveform of an hour, and how soon an hour begins to be heard.

The hour is a demo dialogue over and over, at 8 kHz in two channels. ffmpeg is the peer where it is
installed; it decodes on one core and draws nothing.
"""

import hashlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]  # the wheel carries no types
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtTest import QTest

from benchmarks.measure import Row, interleaved
from cx_desktop.audio import Recorded, Shared, Waveform, at_rate, pieces
from cx_desktop.audio.sound import Sound
from cx_desktop.audio.waveform import Levels
from cx_desktop.cache import sealing
from cx_desktop.models.recordings.player import Heard, Player, PlayerState
from cx_desktop.settings import resources
from cx_desktop.tasks import Tasks

HOUR, RATE = 3600, 8_000
RUNS = 5
_FORMATS = {"wav": ("WAV", "ALAW"), "mp3": ("MP3", "MPEG_LAYER_III"), "opus": ("OGG", "OPUS")}
_AT_ONCE = 10 * RATE
_STEP = RATE // 100


def run() -> list[Row]:
    """Every format both ways."""
    with tempfile.TemporaryDirectory(prefix="cx-bench-") as name:
        files = {suffix: _made(Path(name), suffix) for suffix in _FORMATS}
        rows = [_wave_row(files["wav"])]
        if not shutil.which("ffmpeg"):
            print("P13 and P15 need ffmpeg, which is not here")
            return rows
        rows += [_coded_row(files["mp3"], "≤ 1.1×", 1.1), _coded_row(files["opus"], "≤ 1.6×", 1.6)]
        return rows + [_first_row(path) for path in files.values()]


def _wave_row(path: Path) -> Row:
    if not np.array_equal(_peaks_of(_waveform(path)), _by_soundfile(path)):
        raise SystemExit("the waveforms differ")
    ours, theirs = interleaved(
        _timed(lambda: _waveform(path)), _timed(lambda: _by_soundfile(path)), runs=RUNS
    )
    return Row(
        bench="P13",
        what="waveform of 60 min of G.711",
        against="blocks by soundfile, highest and lowest of each by numpy",
        unit="s",
        ours=ours,
        theirs=theirs,
        goal="≤ 0.5×",
        met=ours <= 0.5 * theirs,
        runs=RUNS,
    )


def _coded_row(path: Path, goal: str, most: float) -> Row:
    ours, theirs = interleaved(
        _timed(lambda: _waveform(path)),
        _timed(lambda: _ffmpeg("-threads", "1", "-i", str(path))),
        runs=RUNS,
    )
    return Row(
        bench="P13",
        what=f"waveform of 60 min of {path.suffix[1:].upper()}",
        against="ffmpeg decodes it on one core",
        unit="s",
        ours=ours,
        theirs=theirs,
        goal=goal,
        met=ours <= most * theirs,
        runs=RUNS,
    )


def _first_row(path: Path) -> Row:
    sealed = path.with_suffix(".sealed")
    sealing.write(sealed, _cipher, b"", path.read_bytes())
    with closing(_Listening(sealed)) as listening:
        ours, theirs = interleaved(
            listening.first,
            _timed(lambda: _ffmpeg("-i", str(path), "-t", "0.25")),
            runs=9,
        )
    return Row(
        bench="P15",
        what=f"first sound of 60 min of {path.suffix[1:].upper()}, sealed on the disk",
        against="ffmpeg opens the bare file and decodes a quarter of a second",
        unit="ms",
        ours=1000 * ours,
        theirs=1000 * theirs,
        goal="≤ 2×",
        met=ours <= 2 * theirs,
        runs=9,
    )


def _made(folder: Path, suffix: str) -> Path:
    path = folder / f"hour.{suffix}"
    both, rate = soundfile.read(
        resources() / "demo" / "recordings" / "fr-order.opus", dtype="float32"
    )
    sides = [at_rate(Sound(both[:, side], rate), RATE).samples for side in range(2)]
    once = np.stack(sides, axis=1)
    container, coding = _FORMATS[suffix]
    with soundfile.SoundFile(
        path, "w", samplerate=RATE, channels=2, format=container, subtype=coding
    ) as file:
        left = HOUR * RATE
        while left > 0:
            file.write(once[:left])
            left -= len(once)
    return path


def _waveform(path: Path) -> Waveform:
    """As the program makes it: two at work where a decoder is slow."""
    source = Shared(lambda: _Bare(path))
    source.open()
    first = Recorded(source)
    facts, count = first.facts, 2 if first.is_costly else 1
    made = Waveform(facts)

    def dig(part: range) -> None:
        sound = Recorded(source)
        for start in range(part.start, part.stop, _AT_ONCE):
            made.fill(sound, start, min(_AT_ONCE, part.stop - start))

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(dig, pieces(facts, made.step, count)))
    if made.share < 1.0:
        raise SystemExit("the waveform has holes")
    return made


def _peaks_of(made: Waveform) -> Levels:
    peaks: Levels = made._peaks.T  # noqa: SLF001  (the very bytes are compared)
    return peaks


def _by_soundfile(path: Path) -> Levels:
    parts = []
    with soundfile.SoundFile(path) as file:
        for block in file.blocks(_AT_ONCE, dtype="float32", always_2d=True):
            steps = block.reshape(-1, _STEP, block.shape[1])
            highest = np.maximum(steps.max(axis=1), -steps.min(axis=1))
            parts.append(np.minimum(np.ceil(highest**0.5 * 255), 255).astype(np.uint8))
    both: Levels = np.concatenate(parts)
    return both


def _ffmpeg(*words: str) -> None:
    command = ["ffmpeg", "-loglevel", "error", *words, "-f", "null", "-"]
    subprocess.run(command, check=True)


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return measure


def _cipher(salt: bytes) -> AESGCM:
    return AESGCM(hashlib.sha256(salt).digest())


class _Bare:
    """A file as it lies on the disk."""

    def __init__(self, path: Path) -> None:
        self._content = path.read_bytes()
        self.size = len(self._content)

    def read_at(self, offset: int, count: int) -> bytes:
        return self._content[offset : offset + count]

    def close(self) -> None:
        self._content = b""


class _Sealed:
    """A file as recordings lie on the disk."""

    def __init__(self, path: Path) -> None:
        self._reader = sealing.Reader(path, _cipher, b"")
        self.size = self._reader.size

    def read_at(self, offset: int, count: int) -> bytes:
        return self._reader.read_at(offset, count)

    def close(self) -> None:
        """Nothing is held."""


class _Ear:
    """A loudspeaker that takes everything and tells when it first got something."""

    def __init__(self) -> None:
        self.first = 0.0

    def why_not(self) -> str:
        return ""

    def rate(self, wanted: int) -> int:
        return wanted

    def start(self, _rate: int, _lost: Callable[[], object]) -> None:
        self.first = 0.0

    def write(self, frames: bytes) -> int:
        self.first = self.first or time.perf_counter()
        return len(frames)

    def heard(self) -> float:
        return 0.0

    def stop(self) -> None:
        """Nothing is heard anyway."""


class _Listening:
    """The program's player over a sealed file; from the wish to hear to the first samples."""

    def __init__(self, path: Path) -> None:
        self._app = QCoreApplication.instance() or QCoreApplication([])
        self._path = path
        self._ear = _Ear()
        self._tasks = Tasks()
        self._player = Player(self._tasks, self._ear)

    def first(self) -> float:
        player, ear = self._player, self._ear
        ear.first = 0.0
        started = time.perf_counter()
        player.take(Heard("r", HOUR, lambda: _Sealed(self._path)))
        player.play()
        while not ear.first:  # as a window does: a busy loop would starve the pool
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if player.state is PlayerState.FAILED:
                raise SystemExit(str(player.problem))
        took = ear.first - started
        player.take(None)
        while not self._tasks.is_idle:
            QTest.qWait(5)
        return took

    def close(self) -> None:
        self._player.close()
        self._tasks.close()
