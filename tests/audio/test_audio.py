"""Reading, measuring and converting sound, on files made here with the real encoders."""

from io import BytesIO

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]  # the wheel carries no types
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.audio import (
    LINE_RATE,
    Sound,
    Wishes,
    as_heard,
    from_wave,
    made_from,
    measured,
    read,
    to_wave,
)
from cx_desktop.audio.measure import loudness
from cx_desktop.audio.phone import at_line_rate
from cx_desktop.domain.errors import CXError


def tone(
    hertz: float = 997.0, *, rate: int = 48_000, seconds: float = 2.0, level: float = -20.0
) -> Sound:
    at = np.arange(int(rate * seconds)) / rate
    return Sound((10 ** (level / 20) * np.sin(2 * np.pi * hertz * at)).astype(np.float32), rate)


def silence(seconds: float, rate: int = 48_000) -> Sound:
    return Sound(np.zeros(int(rate * seconds), np.float32), rate)


def after(*sounds: Sound) -> Sound:
    return Sound(np.concatenate([each.samples for each in sounds]), sounds[0].rate)


def file_of(sound: Sound, kind: str, subtype: str | None = None, *, channels: int = 1) -> bytes:
    out = BytesIO()
    data = np.repeat(sound.samples[:, None], channels, axis=1)
    soundfile.write(out, data, sound.rate, format=kind, subtype=subtype)
    return out.getvalue()


def strength(sound: Sound, hertz: float) -> float:
    """How loud a frequency is in the middle of a sound, in decibels of full scale."""
    middle = sound.samples[len(sound.samples) // 4 : -len(sound.samples) // 4]
    at = np.arange(len(middle)) / sound.rate
    return 20 * float(np.log10(2 * abs(np.mean(middle * np.exp(-2j * np.pi * hertz * at))) + 1e-9))


@pytest.mark.parametrize(
    ("kind", "subtype", "rate"),
    [
        ("WAV", "PCM_16", 44_100),
        ("WAV", "PCM_24", 96_000),
        ("WAV", "FLOAT", 48_000),
        ("WAV", "ALAW", 8_000),
        ("WAV", "ULAW", 8_000),
        ("FLAC", None, 22_050),
        ("OGG", "OPUS", 48_000),
        ("OGG", "VORBIS", 32_000),
        ("MP3", None, 44_100),
        ("AIFF", "PCM_16", 11_025),
        ("AU", "ULAW", 8_000),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_any_file_becomes_a_second_of_telephone(
    kind: str, subtype: str | None, rate: int, channels: int
) -> None:
    data = file_of(tone(rate=rate, seconds=1.0), kind, subtype, channels=channels)
    made = made_from(read(data, "annonce.bin"))
    assert made.source.rate == rate
    assert made.sound.rate == LINE_RATE
    assert made.sound.seconds == pytest.approx(1.0, abs=0.06)  # MP3 pads its blocks
    assert strength(made.sound, 997.0) == pytest.approx(-20.0, abs=1.0)
    assert from_wave(made.wave).samples == pytest.approx(made.sound.samples, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "subtype"), [("a.ulaw", "ULAW"), ("a.alaw", "ALAW"), ("A.AL", "ALAW")]
)
def test_sound_without_a_head_is_read_by_its_name(name: str, subtype: str) -> None:
    out = BytesIO()
    heard = tone(rate=8_000, seconds=0.5)
    soundfile.write(out, heard.samples, 8_000, format="RAW", subtype=subtype)
    assert strength(read(out.getvalue(), name), 997.0) == pytest.approx(-20.0, abs=0.5)
    with pytest.raises(CXError, match="audio-unreadable"):
        read(out.getvalue(), "a.wav")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "audio-empty"),
        (b"no sound at all", "audio-unreadable"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "audio-unreadable"),
        (to_wave(silence(0.0, 8_000)), "audio-empty"),
    ],
)
def test_what_is_no_sound_is_said_to_be_none(data: bytes, problem: str) -> None:
    with pytest.raises(CXError, match=problem):
        read(data, "x.wav")


def test_a_small_file_that_unfolds_to_hours_is_refused_before_it_fills_memory() -> None:
    data = file_of(silence(16 * 60, 8_000), "FLAC")
    assert len(data) < 200_000
    with pytest.raises(CXError, match="audio-too-long"):
        read(data)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["WAV", "FLAC", "OGG", "MP3"]), st.data())
def test_damaged_files_are_read_or_refused_and_nothing_else(kind: str, data: st.DataObject) -> None:
    whole = bytearray(_SMALL[kind])
    for _ in range(data.draw(st.integers(0, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        sound = read(cut, "x.bin")
    except CXError:
        return
    assert np.isfinite(sound.samples).all()
    assert np.isfinite(made_from(sound).measures.peak)


_SMALL = {
    kind: file_of(tone(seconds=0.1), kind, subtype)
    for kind, subtype in (("WAV", "PCM_16"), ("FLAC", None), ("OGG", "OPUS"), ("MP3", None))
}


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
@pytest.mark.parametrize("level", [-23.0, -40.0])
def test_loudness_is_that_of_the_recommendation(rate: int, level: float) -> None:
    """A tone of 997 Hz at 0 dBFS in one channel is -3.01 LUFS (BS.1770-4, note 1)."""
    assert loudness(tone(rate=rate, seconds=5.0, level=level)) == pytest.approx(
        level - 3.01, abs=0.1
    )


def test_pauses_do_not_make_a_message_quieter() -> None:
    with_pause = after(tone(seconds=3.0), silence(10.0), tone(seconds=3.0))
    assert loudness(with_pause) == pytest.approx(-23.0, abs=0.4)


def test_silence_is_measured_at_both_ends() -> None:
    told = measured(after(silence(2.0), tone(seconds=1.0), silence(3.0)))
    assert told.silent_start == pytest.approx(2.0, abs=0.03)
    assert told.silent_end == pytest.approx(3.0, abs=0.03)
    assert not told.is_silent
    assert measured(silence(1.0)).is_silent
    assert measured(tone(level=-60.0)).is_silent


def test_sound_cut_off_at_full_scale_is_counted_also_after_converting() -> None:
    cut = Sound(np.clip(tone(440.0, level=12.0, seconds=0.5).samples, -1.0, 1.0), 48_000)
    assert measured(cut).clipped == pytest.approx(440, abs=2)
    assert made_from(cut).measures.clipped == measured(cut).clipped
    assert measured(tone(440.0, level=-0.5)).clipped == 0


@pytest.mark.parametrize("rate", [11_025, 16_000, 44_100, 48_000])
def test_converting_keeps_speech_and_folds_nothing_back(rate: int) -> None:
    kept = at_line_rate(tone(1_000.0, rate=rate))
    assert strength(kept, 1_000.0) == pytest.approx(-20.0, abs=0.05)
    lost = at_line_rate(tone(5_000.0, rate=rate))
    assert strength(lost, 3_000.0) < -90.0
    assert np.abs(lost.samples[800:-800]).max() < 1e-3


def test_the_line_lets_speech_pass_and_neither_hum_nor_hiss() -> None:
    for hertz, passes in (
        (50.0, False),
        (150.0, False),
        (400.0, True),
        (3_000.0, True),
        (3_900.0, False),
    ):
        heard = strength(as_heard(tone(hertz, rate=8_000)), hertz)
        assert (heard > -22.0) if passes else (heard < -50.0), hertz


def test_eight_bits_leave_the_noise_of_a_telephone() -> None:
    heard = as_heard(tone(1_000.0, rate=8_000))
    noise = heard.samples[4_000:12_000] - tone(1_000.0, rate=8_000).samples[4_000:12_000]
    ratio = -20.0 - 3.0 - 20 * float(np.log10(np.sqrt(np.mean(noise**2))))
    assert 30.0 < ratio < 45.0  # G.712 asks for 33 dB and more at this level


def test_a_quiet_message_is_made_as_loud_as_its_peaks_allow() -> None:
    made = made_from(tone(level=-40.0, seconds=3.0), Wishes(is_levelled=True))
    assert made.measures.loudness == pytest.approx(-19.0, abs=0.2)
    spiky = after(tone(level=-40.0, seconds=3.0), tone(level=-6.0, seconds=0.05))
    made = made_from(spiky, Wishes(is_levelled=True))
    assert made.measures.peak == pytest.approx(-1.5, abs=0.1)


def test_the_ends_are_cut_and_a_breath_is_left() -> None:
    made = made_from(after(silence(2.0), tone(seconds=1.0), silence(3.0)), Wishes(is_trimmed=True))
    assert made.measures.seconds == pytest.approx(1.3, abs=0.06)
    assert made.measures.silent_start == pytest.approx(0.15, abs=0.03)
    assert made_from(silence(1.0), Wishes(is_trimmed=True, is_levelled=True)).measures.is_silent


def test_the_same_sound_is_the_same_file() -> None:
    assert made_from(tone()).wave == made_from(tone()).wave


def test_another_file_is_not_taken_for_one_of_ours() -> None:
    with pytest.raises(CXError, match="audio-unreadable"):
        from_wave(file_of(tone(seconds=0.1), "WAV", "PCM_16", channels=2))
    with pytest.raises(CXError, match="audio-unreadable"):
        from_wave(b"RIFF")
