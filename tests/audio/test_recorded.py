"""Recordings are read from anywhere in them, in every format, and bad ones give their reason."""

import io
import struct
import zipfile

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]  # the wheel carries no types
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.audio.recorded import Recorded, Shared
from cx_desktop.audio.sound import Samples
from cx_desktop.domain.errors import CXError
from tests.fakes.long_sound import LongSound
from tests.fakes.recorded import AGENT_HERTZ, CALLER_HERTZ, FORMATS, RATE, Held, as_file, tones


def hertz(samples: Samples, rate: int = RATE) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * rate / len(samples))


REASONS = {
    "",
    "problem.recording-absurd",
    "problem.recording-damaged",
    "problem.recording-empty",
    "problem.recording-not-sound",
}


def reason(content: bytes) -> str:
    """Why a file cannot be played; "" where it can."""
    try:
        Recorded(Held(content)).read(0, RATE)
    except CXError as error:
        return error.key
    return ""


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_its_length_and_keeps_the_speakers_apart(name: str) -> None:
    sound = Recorded(Held(as_file(tones(5.0), name)))
    assert sound.facts.rate == RATE
    assert sound.facts.seconds == pytest.approx(5.0, abs=0.1)
    samples = sound.read(RATE, RATE)
    assert hertz(samples[:, 0]) == pytest.approx(AGENT_HERTZ, abs=3)
    if sound.facts.channels > 1:
        assert hertz(samples[:, 1]) == pytest.approx(CALLER_HERTZ, abs=3)


@pytest.mark.parametrize("name", FORMATS)
def test_a_piece_sounds_the_same_wherever_reading_began(name: str) -> None:
    content = as_file(tones(6.0), name)
    whole = Recorded(Held(content)).read(0, 6 * RATE)
    there = Recorded(Held(content)).read(3 * RATE + 77, RATE)
    assert there == pytest.approx(whole[3 * RATE + 77 :][:RATE], abs=0.03)


@pytest.mark.parametrize("name", FORMATS)
def test_pieces_read_one_after_the_other_are_the_whole(name: str) -> None:
    content = as_file(tones(3.0), name)
    whole = Recorded(Held(content)).read(0, 3 * RATE)
    sound = Recorded(Held(content))
    parts = [sound.read(at, 700) for at in range(0, 3 * RATE, 700)]
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-4)


@pytest.mark.parametrize("name", FORMATS)
def test_reading_goes_back_and_past_the_end(name: str) -> None:
    sound = Recorded(Held(as_file(tones(3.0), name)))
    first = sound.read(0, RATE)
    frames = sound.facts.frames
    assert len(sound.read(frames - 100, RATE)) <= 1_300  # a coder's last block may be longer
    assert len(sound.read(frames + RATE, RATE)) == 0
    assert sound.read(0, RATE) == pytest.approx(first, abs=0.01)


@pytest.mark.parametrize("name", ["pcm", "a-law", "gsm"])
def test_a_place_in_a_long_file_is_read_without_what_lies_before_it(name: str) -> None:
    content = as_file(np.tile(tones(10.0), (60, 1)), name)
    source = Held(content)
    Recorded(source).read(300 * RATE, RATE)
    assert source.bytes_read <= max(0.3 * len(content), 6 << 16)


def test_what_is_no_sound_says_so() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("call.wav", bytes(1 << 20))
    assert reason(b"") == "problem.recording-empty"
    assert reason(packed.getvalue()) == "problem.recording-not-sound"
    assert reason(b"<!doctype html><title>502</title>") == "problem.recording-not-sound"
    assert reason(bytes(100_000)) == "problem.recording-not-sound"


def test_a_sound_without_a_sample_is_empty() -> None:
    assert reason(as_file(tones(0.0))) == "problem.recording-empty"


@pytest.mark.parametrize("name", ["pcm", "opus"])
def test_a_head_with_nothing_behind_it_is_damaged_or_empty(name: str) -> None:
    assert reason(as_file(tones(1.0), name)[:30]) in {
        "problem.recording-damaged",
        "problem.recording-empty",
    }


def test_a_file_that_is_cut_off_plays_as_far_as_it_goes() -> None:
    content = as_file(tones(10.0))
    sound = Recorded(Held(content[: len(content) // 2]))
    assert sound.facts.seconds == pytest.approx(5.0, abs=0.1)
    assert hertz(sound.read(4 * RATE, RATE // 2)[:, 0]) == pytest.approx(AGENT_HERTZ, abs=3)


def wave_head(*, channels: int = 2, rate: int = RATE, bits: int = 16, data: int = 64) -> bytes:
    block = channels * bits // 8 & 0xFFFF
    shape = struct.pack("<HHIIHH", 1, channels, rate, rate * block & 0xFFFFFFFF, block, bits)
    parts = b"fmt " + struct.pack("<I", len(shape)) + shape + b"data" + struct.pack("<I", data)
    return b"RIFF" + struct.pack("<I", 4 + len(parts) + 64) + b"WAVE" + parts + bytes(64)


@pytest.mark.parametrize(
    "head",
    [
        wave_head(rate=0),
        wave_head(rate=0xFFFFFFFF),
        wave_head(rate=1),
        wave_head(channels=0),
        wave_head(channels=999),
    ],
)
def test_absurd_facts_are_not_believed(head: bytes) -> None:
    assert reason(head) in {"problem.recording-absurd", "problem.recording-damaged"}


def test_a_length_beyond_the_file_is_not_believed() -> None:
    sound = Recorded(Held(wave_head(data=0xFFFFFFF0)))
    assert sound.facts.frames <= 16


def test_names_with_ways_out_of_a_folder_mean_nothing_to_a_player() -> None:
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", RATE, 2, format="WAV", subtype="PCM_16") as file:
        file.title = "../../../etc/passwd\x01" * 50
        file.write(tones(1.0))
    assert Recorded(Held(out.getvalue())).facts.seconds == pytest.approx(1.0)


def test_what_the_source_says_is_told_and_not_lost_in_the_decoder() -> None:
    content = as_file(tones(60.0))
    sound = Recorded(Held(content, fails=lambda offset: offset > 500_000))
    sound.read(0, RATE)
    with pytest.raises(CXError) as told:
        sound.read(50 * RATE, RATE)
    assert told.value.key == "problem.unreachable"


def test_nothing_is_read_after_a_shared_source_was_closed() -> None:
    held = Held(as_file(tones(1.0)))
    shared = Shared(lambda: held)
    assert shared.size == 0
    shared.open()
    assert shared.read_at(0, 4) == b"RIFF"
    shared.close()
    shared.close()
    assert held.is_closed
    assert shared.read_at(0, 10) == b""


def test_a_shared_source_that_is_closed_while_it_opens_is_closed_afterwards() -> None:
    held = Held(as_file(tones(1.0)))
    shared = Shared(lambda: shared.close() or held)  # type: ignore[func-returns-value]
    shared.open()
    assert held.is_closed


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"RIFF", b"OggS", b"ID3\x04", b"\xff\xfb"]))
def test_any_bytes_are_a_sound_or_have_a_reason(rest: bytes, head: bytes) -> None:
    assert reason(head + rest) in REASONS


@settings(deadline=None)
@given(st.integers(0, 3_000), st.binary(min_size=1, max_size=40), st.sampled_from(list(FORMATS)))
def test_a_damaged_place_is_skipped_or_has_a_reason(at: int, noise: bytes, name: str) -> None:
    content = bytearray(SHORT[name])
    content[at : at + len(noise)] = noise
    assert reason(bytes(content)) in REASONS


SHORT = {name: as_file(tones(1.0), name) for name in FORMATS}


def test_twelve_hours_are_entered_anywhere_at_once() -> None:
    source = LongSound(12)
    sound = Recorded(source)
    assert sound.facts.seconds == 12 * 3600
    assert hertz(sound.read(11 * 3600 * RATE, RATE)[:, 0]) == pytest.approx(AGENT_HERTZ, abs=3)
    assert source.bytes_read < 1 << 20


def test_numbers_that_are_none_are_silence() -> None:
    out = io.BytesIO()
    wild = np.array([[np.nan, np.inf], [0.5, -np.inf]], np.float32)
    soundfile.write(out, wild, RATE, format="WAV", subtype="FLOAT")
    assert Recorded(Held(out.getvalue())).read(0, 2).tolist() == [[0.0, 1.0], [0.5, -1.0]]
