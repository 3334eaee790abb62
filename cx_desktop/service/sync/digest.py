"""Order-free checksums over ids and versions, by the last signs of the id.

UUIDv7 ids that were made together begin alike, so it is their ends that spread them evenly.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from cx_desktop.service.shapes import Bucket

_MODULUS = 1 << 64


def buckets(versions: Iterable[tuple[str, int]], depth: int) -> tuple[Bucket, ...]:
    """The checksums of the entities whose ids end alike in ``depth`` signs."""
    rows: defaultdict[str, int] = defaultdict(int)
    sums: defaultdict[str, int] = defaultdict(int)
    for entity_id, ver in versions:
        key = entity_id[-depth:] if depth else ""
        rows[key] += 1
        sums[key] = (sums[key] + _number(entity_id, ver)) % _MODULUS
    return tuple(
        Bucket(suffix=key, rows=rows[key], sum=f"{sums[key]:016x}") for key in sorted(rows)
    )


def _number(entity_id: str, ver: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{entity_id}:{ver}".encode()).digest()[:8])
