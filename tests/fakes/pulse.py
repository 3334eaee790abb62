"""A server of sound of its own (PulseAudio) whose sinks swallow what they play, but for a copy."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import numpy as np

from cx_desktop.audio.sound import Samples

RATE = 48_000
PROGRAMS = ("pulseaudio", "pactl", "parec")
#: Why nothing can be heard here; "" where it can.
WHY_NOT = (
    "" if all(map(shutil.which, PROGRAMS)) else "needs the packages pulseaudio, pulseaudio-utils"
)


def until(true: Callable[[], bool], *, patience: float = 20.0) -> None:
    """Come back as soon as it is true; fail when it does not come about. Needs no window."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it did not come about"
        Event().wait(0.05)


class Pulse:
    """A server with sinks; the first one is what programs play on."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "native"
        self.environment = os.environ | {
            "PULSE_SERVER": f"unix:{self._socket}",
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
            "QT_QPA_PLATFORM": "offscreen",
        }
        modules = [
            f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            "module-rescue-streams",
        ]
        words = ["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]
        for module in modules:
            words += ["-L", module]
        self._server = subprocess.Popen(  # noqa: S603  (a program of the system)
            ["pulseaudio", *words],  # noqa: S607  (wherever the system has it)
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._modules: dict[str, str] = {}
        try:
            until(lambda: "Server Name" in self._ask("info"))
        except AssertionError:
            self.close()
            raise

    def add(self, sink: str) -> None:
        """A loudspeaker more. It takes sound as it comes (norewinds), as real ones do."""
        words = ("module-null-sink", f"sink_name={sink}", f"rate={RATE}", "norewinds=1")
        self._modules[sink] = self._ask("load-module", *words).strip()

    def remove(self, sink: str) -> None:
        """Pull a loudspeaker out."""
        self._ask("unload-module", self._modules.pop(sink))

    def is_played_on(self, sink: str) -> bool:
        """Whether something plays there just now."""
        lines = [line.split() for line in self._ask("list", "short", "sinks").splitlines()]
        return any(line[1] == sink and line[-1] == "RUNNING" for line in lines)

    @contextlib.contextmanager
    def captured(self, sink: str) -> Iterator[Path]:
        """All that a sink plays meanwhile, as 16-bit samples for two ears."""
        words = [f"--device={sink}.monitor", "--format=s16le", f"--rate={RATE}", "--channels=2"]
        path = self._socket.with_name(f"{sink}.raw")
        with path.open("wb") as out:
            recorder = subprocess.Popen(  # noqa: S603  (a program of the system)
                ["parec", "--latency-msec=20", *words],  # noqa: S607  (as above)
                env=self.environment,
                stdout=out,
                stderr=subprocess.DEVNULL,
            )
            try:
                until(lambda: path.stat().st_size > 0)
                yield path
            finally:
                recorder.send_signal(signal.SIGINT)
                recorder.wait(10)

    def close(self) -> None:
        self._server.terminate()
        self._server.wait(10)

    def _ask(self, *words: str) -> str:
        done = subprocess.run(  # noqa: S603  (a program of the system)
            ["pactl", *words],  # noqa: S607  (as above)
            env=self.environment | {"LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout


@contextlib.contextmanager
def pulse() -> Iterator[Pulse]:
    """A server without sinks yet; its socket's path is short, as sockets want it."""
    with tempfile.TemporaryDirectory(prefix="cx-pulse-") as folder:
        made = Pulse(Path(folder))
        try:
            yield made
        finally:
            made.close()


def samples_of(path: Path) -> Samples:
    """What was captured, a column for each ear."""
    content = path.read_bytes()
    whole = np.frombuffer(content[: len(content) // 4 * 4], "<i2").reshape(-1, 2)
    return (whole / 32_768).astype(np.float32)


def heard_parts(samples: Samples, *, gap: float = 0.25) -> list[Samples]:
    """What was heard, apart wherever it was silent for longer than a gap."""
    loud = np.flatnonzero(np.abs(samples).max(axis=1) > 0.01)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > gap * RATE)
    firsts = np.concatenate(([loud[0]], loud[breaks + 1]))
    lasts = np.concatenate((loud[breaks], [loud[-1]]))
    return [samples[first : last + 1] for first, last in zip(firsts, lasts, strict=True)]
