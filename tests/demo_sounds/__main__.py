"""Speaks the dialogues of the demonstration: ``python -m tests.demo_sounds``.

Needs espeak-ng and ffmpeg (with libopus) on the machine of whoever makes them anew; the program
and its tests need neither. ``index.json`` says of each sound what it is and who speaks when.
"""

import hashlib
import json
import subprocess
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TypedDict

import numpy as np
import soundfile  # type: ignore[import-untyped]  # the wheel carries no types
import yaml

from cx_desktop.audio.phone import at_rate
from cx_desktop.audio.sound import Sound
from tests.demo_sounds.music import Samples, music

FOLDER = Path(__file__).parents[2] / "resources" / "demo" / "recordings"
LANGUAGES = ("fr", "en")
_RATE = 16_000
_PAUSE = 0.45
_WORDS_A_MINUTE = {"fr": 158, "en": 162}
_MUSIC_SECONDS = 30
_SPEAKERS = {"a": "agent", "c": "caller", "hold": "music"}


class Dialogue(TypedDict):
    """One call as the file of texts holds it."""

    key: str
    queue: int | None
    direction: str
    voices: dict[str, tuple[str, str]]
    fr: list[dict[str, str | int]]
    en: list[dict[str, str | int]]


class Turn(NamedTuple):
    """Who is heard, and what."""

    speaker: str
    samples: Samples
    text: str


def main() -> None:
    """Make every sound, and the list of them."""
    dialogues: list[Dialogue] = yaml.safe_load((FOLDER / "dialogues.yaml").read_text("utf-8"))
    index = []
    for dialogue in dialogues:
        for language in LANGUAGES:
            turns = [
                _turn(dialogue, language, each)
                for each in (dialogue["fr"] if language == "fr" else dialogue["en"])
            ]
            name = f"{language}-{dialogue['key']}.opus"
            index.append(
                {"file": name, "language": language, "key": dialogue["key"]}
                | {"queue": dialogue["queue"], "direction": dialogue["direction"]}
                | _made(name, turns)
            )
    hold = {"file": "music.opus", "language": None, "key": "music", "queue": None}
    waiting = Turn("music", music(_MUSIC_SECONDS, _RATE), "")
    index.append(hold | {"direction": "in"} | _made("music.opus", [waiting]))
    text = json.dumps(index, indent=1, ensure_ascii=False)
    (FOLDER / "index.json").write_text(text + "\n", "utf-8")
    total = sum((FOLDER / str(each["file"])).stat().st_size for each in index)
    print(f"{len(index)} sounds, {total / 1024:.0f} KiB")


def _turn(dialogue: Dialogue, language: str, said: dict[str, str | int]) -> Turn:
    [(who, what)] = said.items()
    if who == "hold":
        return Turn("music", music(float(what), _RATE), "")
    voice = dialogue["voices"][language]["ac".index(who)]
    return Turn(_SPEAKERS[who], _spoken(str(what), voice, _WORDS_A_MINUTE[language]), str(what))


def _spoken(text: str, voice: str, speed: int) -> Samples:
    plain = text.replace("’", "'").replace("\N{NO-BREAK SPACE}", " ")
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout"]
    wave = _run(command, plain.encode())
    samples, rate = soundfile.read(BytesIO(wave), dtype="float32")
    made = at_rate(Sound(samples, rate), _RATE).samples
    heard = np.flatnonzero(np.abs(made) > 0.003)
    made = made[: heard[-1] + _RATE // 20] if len(heard) else made
    return (made / max(1e-9, float(np.abs(made).max())) * 0.5).astype(np.float32)


def _made(name: str, turns: list[Turn]) -> dict[str, object]:
    """Write a sound; how long it is, what it weighs, and who is heard when."""
    at = _PAUSE
    placed = []
    for turn in turns:
        placed.append((at, turn))
        at += len(turn.samples) / _RATE + _PAUSE
    both = np.zeros((int(at * _RATE), 2), np.float32)
    for start, turn in placed:
        channel, first = int(turn.speaker == "caller"), int(start * _RATE)
        both[first : first + len(turn.samples), channel] = turn.samples
    content = _as_opus(both)
    (FOLDER / name).write_bytes(content)
    return {
        "seconds": round(len(both) / _RATE, 2),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "turns": [
            {
                "speaker": turn.speaker,
                "start": round(start, 2),
                "end": round(start + len(turn.samples) / _RATE, 2),
                "text": turn.text,
            }
            for start, turn in placed
        ],
    }


def _as_opus(samples: Samples) -> bytes:
    source = ["-f", "f32le", "-ar", str(_RATE), "-ac", "2", "-i", "pipe:0"]
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    coder = ["-c:a", "libopus", "-application", "voip", "-b:a", "20k", "-frame_duration", "60"]
    apart = ["-mapping_family", "255"]  # else a speaker is heard softly on the other's side
    return _run(
        ["ffmpeg", "-loglevel", "error", *source, *plain, *coder, *apart, "-f", "opus", "pipe:1"],
        samples.tobytes(),
    )


def _run(command: list[str], given: bytes) -> bytes:
    done = subprocess.run(  # noqa: S603  (our own words)
        command, input=given, stdout=subprocess.PIPE, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
