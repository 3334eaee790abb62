"""What is played: faster without another pitch, without silence, in a loop, for one speaker."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.audio.recorded import Recorded
from cx_desktop.audio.rendering import Chunk, Manner, Rendering, Voices
from cx_desktop.audio.resample import Resample
from cx_desktop.audio.sound import Samples
from cx_desktop.audio.stretch import Stretch
from tests.audio.test_recorded import hertz
from tests.fakes.recorded import (
    AGENT_HERTZ,
    CALLER_HERTZ,
    RATE,
    Held,
    as_file,
    dialogue,
    tones,
)


def chunks(
    samples: Samples, manner: Manner, *, at: float = 0.0, rate: int = RATE, most: int = 10_000
) -> list[Chunk]:
    rendering = Rendering(Recorded(Held(as_file(samples))), manner, at, rate)
    made: list[Chunk] = []
    while len(made) < most and (chunk := rendering.next()) is not None:
        made.append(chunk)
    return made


def heard(made: list[Chunk]) -> Samples:
    frames = b"".join(each.frames for each in made)
    return (np.frombuffer(frames, "<i2").reshape(-1, 2) / 32_767).astype(np.float32)


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_speed_changes_how_long_it_takes_and_not_the_pitch(speed: float, rate: int) -> None:
    sound = heard(chunks(tones(6.0), Manner(speed=speed, voices=Voices.AGENT), rate=rate))
    assert len(sound) / rate == pytest.approx(6.0 / speed, abs=0.05)
    assert hertz(sound[:, 0], rate) == pytest.approx(AGENT_HERTZ, abs=2)
    spectrum = np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound)))) ** 2
    peak = int(spectrum.argmax())
    assert spectrum[peak - 20 : peak + 20].sum() > 0.99 * spectrum.sum()


@pytest.mark.parametrize(
    ("voices", "left", "right"),
    [
        (Voices.AGENT, AGENT_HERTZ, AGENT_HERTZ),
        (Voices.CALLER, CALLER_HERTZ, CALLER_HERTZ),
        (Voices.APART, AGENT_HERTZ, CALLER_HERTZ),
    ],
)
def test_one_speaker_is_heard_in_both_ears_or_each_in_one(
    voices: Voices, left: float, right: float
) -> None:
    sound = heard(chunks(tones(2.0), Manner(voices=voices)))
    assert hertz(sound[:, 0]) == pytest.approx(left, abs=2)
    assert hertz(sound[:, 1]) == pytest.approx(right, abs=2)


def test_silence_is_skipped_but_for_a_breath_and_places_stay_true() -> None:
    samples = dialogue([(0, 0.5, 1.5), (1, 6.0, 7.0)], 10.0)
    made = chunks(samples, Manner(skips_silence=True))
    assert len(heard(made)) / RATE == pytest.approx(2.0 + 3 * 0.3, abs=0.2)
    loud = [each.at for each in made if np.abs(np.frombuffer(each.frames, "<i2")).max() > 3_000]
    assert all(0.2 <= at < 1.6 or 5.7 <= at < 7.1 for at in loud)
    sound = heard(made)
    begins = np.flatnonzero(np.abs(sound).max(axis=1) > 0.1)
    gap = np.diff(begins).max() / RATE
    assert gap == pytest.approx(0.31, abs=0.03)
    assert any(at >= 5.7 for at in loud)


def test_a_breath_before_a_word_is_heard_whole() -> None:
    samples = dialogue([(0, 0.0, 1.0), (0, 5.0, 6.0)], 6.0)
    samples[int(4.96 * RATE) : 5 * RATE, 0] = 0.004  # softer than silence
    sound = heard(chunks(samples, Manner(skips_silence=True, voices=Voices.AGENT)))[:, 0]
    assert (np.abs(sound - 0.004) < 5e-4).sum() >= 0.04 * RATE


def test_a_loop_goes_round_between_its_ends() -> None:
    made = chunks(tones(10.0), Manner(loop=(2.0, 3.0)), at=2.5, most=20)
    assert len(made) == 20
    assert all(2.0 <= each.at < 3.0 for each in made)
    assert [each.at for each in made[:4]] == [2.5, 2.75, 2.0, 2.25]


def test_a_loop_whose_end_lies_behind_the_sounds_goes_round_too() -> None:
    made = chunks(tones(2.0), Manner(loop=(1.0, 30.0)), most=20)
    assert len(made) == 20
    assert max(each.at for each in made) < 2.0


def test_an_empty_loop_at_the_end_is_the_end() -> None:
    assert len(chunks(tones(2.0), Manner(loop=(5.0, 30.0)), at=5.0, most=20)) < 20


@given(
    speed=st.floats(0.5, 3.0),
    sizes=st.lists(st.integers(0, 3_000), min_size=1, max_size=20),
    channels=st.integers(1, 2),
)
@settings(max_examples=60, deadline=None)
def test_however_sound_is_cut_its_length_is_that_of_its_speed(
    speed: float, sizes: list[int], channels: int
) -> None:
    stretch = Stretch(RATE, channels, speed)
    parts = [np.full((size, channels), 0.1, np.float32) for size in sizes]
    out = sum(
        len(stretch.feed(part, is_last=place == len(parts) - 1)) for place, part in enumerate(parts)
    )
    assert out == pytest.approx(sum(sizes) / speed, abs=RATE * 0.017)


@given(
    target=st.sampled_from([8_000, 16_000, 22_050, 44_100, 48_000]),
    sizes=st.lists(st.integers(0, 2_000), min_size=1, max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_however_sound_is_cut_another_rate_gives_the_same_samples(
    target: int, sizes: list[int]
) -> None:
    samples = tones(sum(sizes) / 11_025 + 0.01, rate=11_025)
    whole = Resample(11_025, target).feed(samples, is_last=True)
    cut, at, parts = Resample(11_025, target), 0, []
    for size in sizes:
        parts.append(cut.feed(samples[at : at + size]))
        at += size
    parts.append(cut.feed(samples[at:], is_last=True))
    made = np.concatenate(parts)
    assert abs(len(made) - len(whole)) <= 1
    both = min(len(made), len(whole))
    assert made[:both] == pytest.approx(whole[:both], abs=1e-3)
