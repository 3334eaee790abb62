"""The sounds of the demonstration's recordings are what their list says."""

import hashlib
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]  # the wheel carries no types

FOLDER = Path(__file__).parents[2] / "resources" / "demo" / "recordings"
INDEX = json.loads((FOLDER / "index.json").read_text("utf-8"))
_MOST_BYTES = 2 << 20


@pytest.mark.parametrize("sound", INDEX, ids=lambda each: each["file"])
def test_a_sound_is_the_one_that_the_list_names_and_its_speakers_are_apart(
    sound: dict[str, object],
) -> None:
    content = (FOLDER / str(sound["file"])).read_bytes()
    assert hashlib.sha256(content).hexdigest() == sound["sha256"]
    assert len(content) == sound["bytes"]
    samples, rate = soundfile.read(BytesIO(content), dtype="float32")
    assert len(samples) / rate == pytest.approx(sound["seconds"], abs=0.1)
    turns = sound["turns"]
    assert isinstance(turns, list)
    for turn in turns:
        part = samples[int(turn["start"] * rate) : int(turn["end"] * rate)]
        agent, caller = np.sqrt(np.mean(np.square(part), axis=0))
        loud, quiet = (caller, agent) if turn["speaker"] == "caller" else (agent, caller)
        assert loud > 0.02
        assert quiet < loud / 10


def test_all_of_them_are_small_and_each_dialogue_is_there_in_both_languages() -> None:
    assert sum(each["bytes"] for each in INDEX) < _MOST_BYTES
    french = {each["key"] for each in INDEX if each["language"] == "fr"}
    english = {each["key"] for each in INDEX if each["language"] == "en"}
    assert french == english
    assert len(french) == 10
