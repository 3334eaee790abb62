"""Any file of sound as one channel of numbers.

Files come from outside and are hostile: how long they are is known, or found out block by block,
before they are held in memory. The decoders are libsndfile's.
"""

from io import BytesIO
from pathlib import PurePath

import numpy as np
import soundfile  # type: ignore[import-untyped]  # the wheel carries no types

from cx_desktop.audio.sound import LINE_RATE, Samples, Sound
from cx_desktop.domain.errors import CXError

#: What the dialogue for files offers; what a file is, its content says.
SUFFIXES = (
    *("wav", "mp3", "opus", "ogg", "oga", "flac", "aiff", "aif", "aifc", "au", "snd", "caf"),
    *("w64", "rf64", "voc", "ulaw", "alaw", "ul", "al", "pcmu", "pcma", "g711"),
)

#: Sound without a head, as telephone systems keep it: its name alone says how to read it.
_HEADLESS = {
    **dict.fromkeys((".ulaw", ".ul", ".pcmu"), "ULAW"),
    **dict.fromkeys((".alaw", ".al", ".pcma", ".g711"), "ALAW"),
}

MOST_BYTES = 256 << 20
MOST_MINUTES = 15
_MOST_CHANNELS = 16
_RATES = range(4_000, 384_001)
_BLOCK = 1 << 18


def read(data: bytes, name: str = "") -> Sound:
    """The sound of a file, its channels mixed; raises ``CXError`` for what is none."""
    if not data:
        raise CXError("problem.audio-empty")
    if len(data) > MOST_BYTES:
        raise CXError("problem.audio-too-large", limit=MOST_BYTES >> 20)
    try:
        with _opened(data, PurePath(name).suffix.lower()) as file:
            return _mixed(file)
    except (soundfile.SoundFileError, TypeError, ValueError, OverflowError) as error:
        raise CXError("problem.audio-unreadable") from error


def _opened(data: bytes, suffix: str) -> soundfile.SoundFile:
    source = BytesIO(data)
    subtype = _HEADLESS.get(suffix)
    if subtype is None or data[:4] in {b"RIFF", b".snd", b"fLaC", b"OggS"}:
        return soundfile.SoundFile(source)
    return soundfile.SoundFile(
        source, samplerate=LINE_RATE, channels=1, format="RAW", subtype=subtype
    )


def _mixed(file: soundfile.SoundFile) -> Sound:
    rate, channels = int(file.samplerate), int(file.channels)
    if rate not in _RATES or not 0 < channels <= _MOST_CHANNELS:
        raise CXError("problem.audio-unreadable")
    most = rate * 60 * MOST_MINUTES
    parts: list[Samples] = []
    count = 0
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        count += len(block)
        if count > most:
            raise CXError("problem.audio-too-long", minutes=MOST_MINUTES)
        parts.append(block.mean(axis=1, dtype=np.float32))
    if not count:
        raise CXError("problem.audio-empty")
    samples = np.nan_to_num(np.concatenate(parts), nan=0.0, posinf=1.0, neginf=-1.0)
    return Sound(samples, rate)
