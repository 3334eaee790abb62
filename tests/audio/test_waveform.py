"""How loud each speaker is, learned piece by piece in any order, and who speaks when."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.audio.recorded import Facts, Recorded
from cx_desktop.audio.waveform import BODY, NOTHING, PEAK, Waveform, pieces
from cx_desktop.settings import resources
from tests.fakes.recorded import RATE, Held, as_file, dialogue, tones

TURNS = [(0, 0.5, 2.0), (1, 2.5, 4.0), (0, 5.0, 6.0), (1, 5.5, 7.0)]


def waveform(content: bytes) -> Waveform:
    sound = Recorded(Held(content))
    made = Waveform(sound.facts)
    made.fill(sound, 0, sound.facts.frames)
    return made


def test_speakers_are_told_apart_with_what_they_say_together() -> None:
    made = waveform(as_file(dialogue(TURNS, 8.0)))
    assert made.share == 1.0
    found = [(turn.side, turn.start, turn.end) for turn in made.turns()]
    assert [side for side, *_ in found] == [side for side, *_ in TURNS]
    for there, told in zip(found, TURNS, strict=True):
        assert there[1:] == pytest.approx(told[1:], abs=0.05)
    talk = made.talk()
    assert talk.sides == pytest.approx((2.5 / 8, 3.0 / 8), abs=0.02)
    assert talk.together == pytest.approx(0.5 / 8, abs=0.02)
    assert talk.silence == pytest.approx(3.0 / 8, abs=0.02)


def test_music_on_hold_is_nobodys_speech() -> None:
    samples = dialogue([(0, 0.5, 2.0), (0, 10.0, 30.0), (1, 32.0, 34.0)], 36.0)
    made = waveform(as_file(samples))
    assert [turn.side for turn in made.turns()] == [0, 1]
    talk = made.talk()
    assert talk.hold == pytest.approx(20 / 36, abs=0.01)
    assert talk.sides == pytest.approx((1.5 / 36, 2 / 36), abs=0.01)
    assert sum(talk.sides) - talk.together + talk.hold + talk.silence == pytest.approx(1.0)


def test_a_line_that_hums_is_not_somebody_who_speaks() -> None:
    hum = np.random.default_rng(1).normal(0, 0.02, (30 * RATE, 2)).astype(np.float32)
    samples = dialogue([(0, 1.0, 3.0), (1, 10.0, 12.0)], 30.0) + hum
    made = waveform(as_file(samples))
    assert [(turn.side, round(turn.start)) for turn in made.turns()] == [(0, 1), (1, 10)]
    assert made.talk().hold == 0.0


def test_the_demos_music_is_told_from_its_speakers() -> None:
    folder = resources() / "demo" / "recordings"
    told = next(
        each
        for each in json.loads((folder / "index.json").read_text("utf-8"))
        if each["file"] == "fr-trade.opus"
    )
    made = waveform((folder / "fr-trade.opus").read_bytes())
    music = sum(t["end"] - t["start"] for t in told["turns"] if t["speaker"] == "music")
    assert made.talk().hold * made.seconds == pytest.approx(music, abs=1.0)


def test_a_picture_is_as_high_as_the_sound_is_loud() -> None:
    made = waveform(as_file(dialogue(TURNS, 8.0)))
    dots = np.frombuffer(made.picture(0, (0.0, 8.0), (80, 40)), np.uint8).reshape(40, 80)
    assert set(np.unique(dots)) <= {NOTHING, PEAK, BODY}
    assert not dots[:, :4].any()
    assert dots[20, 8] == BODY
    assert dots[:, 8].astype(bool).sum() == pytest.approx(40 * 0.3**0.5, abs=3)
    assert dots[0].max() == NOTHING


@given(first=st.floats(-2, 12), length=st.floats(0.001, 20), width=st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_any_window_has_a_picture(first: float, length: float, width: int) -> None:
    dots = SHORT.picture(1, (first, first + length), (width, 9))
    assert len(dots) == width * 9


@given(st.permutations(range(5)))
@settings(max_examples=20, deadline=None)
def test_pieces_in_any_order_make_the_whole(order: list[int]) -> None:
    sound = Recorded(Held(CONTENT))
    made = Waveform(sound.facts)
    parts = pieces(sound.facts, made.step, 5)
    assert sum(map(len, parts)) == sound.facts.frames
    for place in order:
        part = parts[place]
        made.fill(sound, part.start, len(part))
    assert made.share == 1.0
    assert made.turns() == SHORT.turns()


def test_a_sound_that_ends_before_its_file_says_ends_there() -> None:
    content = as_file(tones(10.0), "mp3")
    made = waveform(content)
    assert made.seconds == pytest.approx(10.0, abs=0.2)
    told = Waveform(Facts(RATE, 2, RATE * 20))
    told.fill(Recorded(Held(content)), 0, RATE * 20)
    assert told.seconds == pytest.approx(10.0, abs=0.2)
    assert told.share == 1.0


def test_what_lies_behind_an_early_end_is_not_drawn() -> None:
    content = as_file(tones(10.0))
    made = Waveform(Facts(RATE, 2, RATE * 40))
    made.fill(Recorded(Held(content)), 0, RATE * 20)
    late = Recorded(Held(as_file(tones(40.0))))
    assert made.fill(late, RATE * 30, RATE * 5) == RATE * 5
    assert made.seconds == 10.0
    assert made.share == 1.0


def test_twelve_hours_are_held_in_a_few_bytes_a_second() -> None:
    made = Waveform(Facts(RATE, 2, RATE * 12 * 3600))
    assert len(made.picture(0, (0, 12 * 3600), (1200, 48))) == 1200 * 48
    assert made.share == 0.0
    assert made.turns() == ()


CONTENT = as_file(dialogue(TURNS, 8.0))
SHORT = waveform(CONTENT)
