"""Recordings of a running service with a sound: the demo's calls, and bytes to be heard of them."""

import hashlib
from collections.abc import Sequence
from datetime import date

from cx_desktop.domain.patch import Document
from cx_desktop.protocol import Recording
from cx_desktop.service.store import recordings
from tests.fakes.service import RunningService


def give_sounds(
    service: RunningService, calls: Sequence[Recording], contents: Sequence[bytes]
) -> None:
    """These calls have these sounds on the service."""
    assert service.service is not None
    digests = [hashlib.sha256(each).hexdigest() for each in contents]
    for digest, content in zip(digests, contents, strict=True):
        service.service.sounds.keep(digest, content)
    told = zip(calls, digests, contents, strict=True)
    _rewrite(service, calls, [{"blob": blob, "size": len(sound)} for _, blob, sound in told])


def lower(service: RunningService, calls: Sequence[Recording], day: date) -> None:
    """These calls have to be gone on another day."""
    _rewrite(service, calls, [{"delete_by": day.isoformat()} for _ in calls])


def move_away(service: RunningService, calls: Sequence[Recording]) -> None:
    """The sounds of these are not on the service any more."""
    _rewrite(service, calls, [{"blob": None} for _ in calls])


def bury(service: RunningService, calls: Sequence[Recording]) -> None:
    """The service has deleted these."""
    assert service.service is not None
    with service.service.store.write() as txn:
        ids = [each.id for each in calls]
        assert recordings.bury(txn, calls[0].project_id, ids, "retention") == len(calls)


def _rewrite(
    service: RunningService, calls: Sequence[Recording], changes: Sequence[Document]
) -> None:
    assert service.service is not None
    with service.service.store.write() as txn:
        wanted = {each.id: change for each, change in zip(calls, changes, strict=True)}
        assert recordings.rewrite(txn, calls[0].project_id, wanted) == len(calls)
