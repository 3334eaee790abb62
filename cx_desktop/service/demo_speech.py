"""What is heard in the demo's recordings: dialogues, some with music while the caller waits.

The files of ``resources/demo/recordings`` are one call each. Calls of other lengths are made here,
packet by packet: music goes in where nobody speaks (Ogg of RFC 3533, Opus of RFC 7845).
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cx_desktop.settings import resources

#: How often the music is played, in some of the calls of each dialogue.
WAITS = (0, 1, 3, 7)
MUSIC = "music"

_FOLDER = resources() / "demo" / "recordings"
_PAGE = struct.Struct("<4sBBqIIIB")
_FIRST, _LAST = 2, 4
_PACKETS_A_PAGE = 50
_TICKS = 48_000
#: Samples of a packet by the configuration in its first byte (RFC 6716, 3.1), at 48 kHz.
_SILK, _HYBRID, _CELT = (480, 960, 1920, 2880), (480, 960), (120, 240, 480, 960)
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class Turn(Struct, frozen=True):
    """When somebody speaks."""

    start: float
    end: float


class Dialogue(Struct, frozen=True):
    """A call as the list of sounds names it."""

    file: str
    language: str | None
    key: str
    queue: int | None
    direction: str
    turns: Annotated[tuple[Turn, ...], Meta(min_length=1)]


class Heard(Struct, frozen=True):
    """The sound of a recording."""

    content: bytes
    sha256: str
    seconds: int
    queue: int | None
    direction: str


def dialogues(language: str) -> tuple[tuple[Heard, ...], ...]:
    """For each dialogue of a language the calls that are made of it, by ``WAITS``."""
    index = msgspec.json.decode((_FOLDER / "index.json").read_bytes(), type=list[Dialogue])
    music = _packets(next(each for each in index if each.key == MUSIC).file)[2:]
    spoken = [each for each in index if each.language == language]
    return tuple(tuple(_heard(each, music, wait) for wait in WAITS) for each in spoken)


def nothing() -> Heard:
    """A file without a byte: a call that was over before it was recorded."""
    return Heard(b"", hashlib.sha256(b"").hexdigest(), 0, None, "in")


def _heard(dialogue: Dialogue, music: list[bytes], wait: int) -> Heard:
    packets = _packets(dialogue.file)
    head, speech = packets[:2], packets[2:]
    turns = dialogue.turns
    pause = turns[len(turns) // 2].start - 0.2
    place = min(len(speech), int(pause * _TICKS / _samples(speech[0])))
    speech = [*speech[:place], *music * wait, *speech[place:]]
    content = b"".join(_pages(head, speech))
    seconds = sum(map(_samples, speech)) // _TICKS
    digest = hashlib.sha256(content).hexdigest()
    return Heard(content, digest, seconds, dialogue.queue, dialogue.direction)


@lru_cache(maxsize=32)
def _read(path: Path) -> bytes:
    return path.read_bytes()


def _packets(name: str) -> list[bytes]:
    """The packets of a file of ours, those of its head first."""
    data, at = _read(_FOLDER / name), 0
    packets: list[bytes] = []
    open_packet = b""
    while at < len(data):
        *_, segments = _PAGE.unpack_from(data, at)
        sizes = data[at + _PAGE.size : at + _PAGE.size + segments]
        at += _PAGE.size + segments
        for size in sizes:
            open_packet += data[at : at + size]
            at += size
            if size < 255:
                packets.append(open_packet)
                open_packet = b""
    return packets


def _samples(packet: bytes) -> int:
    """How long a packet sounds."""
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        size = _SILK[config & 3]
    elif config < 16:
        size = _HYBRID[config & 1]
    else:
        size = _CELT[config & 3]
    frames = (1, 2, 2, packet[1] & 63 if code == 3 else 0)[code]
    return size * frames


def _pages(head: list[bytes], speech: list[bytes]) -> Iterator[bytes]:
    """A file of these packets."""
    yield _page(head[:1], 0, 0, _FIRST)
    yield _page(head[1:], 1, 0, 0)
    place = 0
    for number, start in enumerate(range(0, len(speech), _PACKETS_A_PAGE), start=2):
        part = speech[start : start + _PACKETS_A_PAGE]
        place += sum(map(_samples, part))
        yield _page(part, number, place, _LAST if start + len(part) == len(speech) else 0)


def _page(packets: Iterable[bytes], number: int, place: int, flags: int) -> bytes:
    sizes = bytearray()
    for packet in packets:
        sizes += b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
    body = bytes([len(sizes)]) + bytes(sizes) + b"".join(packets)
    front = struct.pack("<4sBBqII", b"OggS", 0, flags, place, 1, number)
    return front + struct.pack("<I", _checksum(front + bytes(4) + body)) + body


def _checksum(page: bytes) -> int:
    """Ogg's CRC is zlib's with the bits the other way round, and without its two complements."""
    crc = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)
