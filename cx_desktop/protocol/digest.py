"""Order-free checksums over ids and versions, as both ends reckon them.

UUIDv7 ids that were made together begin alike, so it is their ends that spread them evenly: a
*range* is made of all entities whose ids end in the same ``depth`` signs.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

#: Signs of an id that make a range, from the whole stream down to a 65,536th of it.
DEPTHS = (0, 2, 4)
#: How many rows, and how many ranges, one question for them may bring.
RANGE_ROWS = 5_000
RANGES_AT_ONCE = 256

_MODULUS = 1 << 64


class Bucket(Struct, frozen=True):
    """The entities whose ids end alike, as one order-free checksum."""

    suffix: str
    rows: int
    sum: str
    """Hex of the sum, modulo 2^64, of the first 8 bytes of sha256(``<id>:<ver>``) of each."""


NOTHING = Bucket("", 0, f"{0:016x}")


class Digest(Struct, frozen=True):
    """``GET /v1/sync/digest``."""

    epoch: str
    stream: str
    depth: int
    high_seq: int
    buckets: tuple[Bucket, ...]


def buckets(versions: Iterable[tuple[str, int]], depth: int) -> tuple[Bucket, ...]:
    """The checksums of entities by the ends of their ids, in the order of these."""
    rows: defaultdict[str, int] = defaultdict(int)
    sums: defaultdict[str, int] = defaultdict(int)
    for entity_id, ver in versions:
        key = end_of(entity_id, depth)
        rows[key] += 1
        sums[key] = (sums[key] + _number(entity_id, ver)) % _MODULUS
    return tuple(Bucket(key, rows[key], f"{sums[key]:016x}") for key in sorted(rows))


def joined(parts: Iterable[Bucket], depth: int) -> tuple[Bucket, ...]:
    """The checksums of wider ranges, of those of narrower ones."""
    rows: defaultdict[str, int] = defaultdict(int)
    sums: defaultdict[str, int] = defaultdict(int)
    for part in parts:
        key = end_of(part.suffix, depth)
        rows[key] += part.rows
        sums[key] = (sums[key] + int(part.sum, 16)) % _MODULUS
    return tuple(Bucket(key, rows[key], f"{sums[key]:016x}") for key in sorted(rows) if rows[key])


def less(bucket: Bucket, gone: Bucket) -> Bucket:
    """The checksum of a range after some of its entities went."""
    left = (int(bucket.sum, 16) - int(gone.sum, 16)) % _MODULUS
    return Bucket(bucket.suffix, bucket.rows - gone.rows, f"{left:016x}")


def whole(parts: Iterable[Bucket]) -> Bucket:
    """The checksum of all of it."""
    return next(iter(joined(parts, 0)), NOTHING)


def end_of(entity_id: str, depth: int) -> str:
    """The range that an entity is in."""
    return entity_id[-depth:] if depth else ""


def range_name(depth: int, ends: Iterable[str]) -> str:
    """What a page of ranges says it is of, where a page of changes says its cursor."""
    return f"{depth}:{','.join(ends)}"


def _number(entity_id: str, ver: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{entity_id}:{ver}".encode()).digest()[:8])
