"""Recordings as they come in, with their sounds.

Sounds are written within the transaction that says whose they are: in between, a sweep would take
them for nobody's.
"""

from collections.abc import Iterable, Mapping

from cx_desktop.protocol import Recording
from cx_desktop.service.service import Service
from cx_desktop.service.store import recordings


def take(
    service: Service, project_id: str, calls: Iterable[Recording], sounds: Mapping[str, bytes]
) -> int:
    """Take recordings of one project in, with the sounds that they name; how many there were."""
    with service.store.write() as txn:
        for sha256, content in sounds.items():
            service.sounds.keep(sha256, content)
        return recordings.add(txn, project_id, calls)
