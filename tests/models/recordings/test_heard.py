"""Recordings are really heard: what the device plays is captured, and listened to.

The pitch and the length of each sound are checked, so nothing here passes by silence or by noise.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cx_desktop.audio.sound import Samples
from tests.fakes.pulse import RATE, WHY_NOT, Pulse, heard_parts, pulse, samples_of, until
from tests.fakes.recorded import AGENT_HERTZ, CALLER_HERTZ, FORMATS, as_file, dialogue, tones

pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)

SECONDS = 1.0
SPEEDS = (2.0, 0.5, 3.0)


@pytest.fixture(scope="module")
def server() -> Iterator[Pulse]:
    with pulse() as made:
        made.add("ear")
        yield made


@pytest.fixture(scope="module")
def heard(server: Pulse, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Samples]:
    """What was heard of each file, by what was wished."""
    folder = tmp_path_factory.mktemp("sounds")

    def file(name: str, content: bytes) -> str:
        path = folder / f"{name}.bin"  # the name of a file says nothing
        path.write_bytes(content)
        return str(path)

    wishes: dict[str, dict[str, object]] = {
        name: {"file": file(name, as_file(tones(SECONDS), name)), "voices": "agent"}
        for name in FORMATS
    }
    for speed in SPEEDS:
        content = as_file(tones(SECONDS * speed), "opus")
        wish = {"file": file(f"at {speed}", content), "speed": speed, "voices": "agent"}
        wishes[f"at {speed}"] = wish
    wishes["apart"] = {"file": file("apart", as_file(tones(SECONDS))), "voices": "apart"}
    content = as_file(dialogue([(0, 0.5, 1.0), (1, 3.0, 3.5)], 4.0))
    wishes["silence"] = {"file": file("silence", content), "skips_silence": True}
    with server.captured("ear") as path:
        listen(server, list(wishes.values()))
    parts = heard_parts(samples_of(path), gap=0.4)
    assert len(parts) == len(wishes)
    return dict(zip(wishes, parts, strict=True))


def listen(server: Pulse, wishes: list[dict[str, object]]) -> None:
    done = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-m", "tests.fakes.listener", json.dumps(wishes)],
        env=server.environment,
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("ended") == len(wishes)


def dominant(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * RATE / len(samples))


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_heard_at_its_pitch_and_for_its_time(
    heard: dict[str, Samples], name: str
) -> None:
    sound = heard[name]
    assert dominant(sound[:, 0]) == pytest.approx(AGENT_HERTZ, abs=4)
    assert dominant(sound[:, 1]) == pytest.approx(AGENT_HERTZ, abs=4)
    assert len(sound) / RATE == pytest.approx(SECONDS, abs=0.12)


@pytest.mark.parametrize("speed", SPEEDS)
def test_at_another_speed_the_pitch_stays_and_the_time_does_not(
    heard: dict[str, Samples], speed: float
) -> None:
    sound = heard[f"at {speed}"]
    assert dominant(sound[:, 0]) == pytest.approx(AGENT_HERTZ, abs=4)
    assert len(sound) / RATE == pytest.approx(SECONDS, abs=0.12)


def test_each_speaker_has_an_ear(heard: dict[str, Samples]) -> None:
    assert dominant(heard["apart"][:, 0]) == pytest.approx(AGENT_HERTZ, abs=4)
    assert dominant(heard["apart"][:, 1]) == pytest.approx(CALLER_HERTZ, abs=4)


def test_a_pause_of_two_seconds_is_heard_as_a_breath(heard: dict[str, Samples]) -> None:
    assert len(heard["silence"]) / RATE == pytest.approx(0.5 + 0.3 + 0.5, abs=0.1)


def test_a_headset_that_is_pulled_out_does_not_let_the_room_hear_the_call(
    tmp_path: Path,
) -> None:
    path = tmp_path / "long.bin"
    path.write_bytes(as_file(tones(20.0)))
    wish = json.dumps([{"file": str(path)}])
    with pulse() as server:
        server.add("headset")
        server.add("room")
        with server.captured("room") as room:
            program = subprocess.Popen(  # noqa: S603  (our own program)
                [sys.executable, "-m", "tests.fakes.listener", wish],
                env=server.environment,
                cwd=Path(__file__).parents[3],
                stdout=subprocess.PIPE,
                text=True,
            )
            try:
                until(lambda: server.is_played_on("headset"))
                server.remove("headset")
                told, _ = program.communicate(timeout=30)
            finally:
                program.kill()
        assert "paused" in told
        leaked = sum(len(part) for part in heard_parts(samples_of(room)))
    assert leaked / RATE < 1.0
