"""What time alone makes superfluous: swept at start and every hour; heads of closed days signed.

Failure policy: a sweep is one transaction and may fail; the next one does what it left.
"""

from datetime import timedelta

from sqlalchemy import delete

from cx_desktop.service.audit.heads import sign_closed_days
from cx_desktop.service.keeper import again_and_again
from cx_desktop.service.recordings import notes, purging, rights
from cx_desktop.service.service import Service
from cx_desktop.service.store import Txn, blobs, entities, uploads
from cx_desktop.service.store.tables import (
    challenge,
    device,
    failure,
    idempotent_request,
    op_result,
    refresh_token,
    step_up,
    superseded,
)

EVERY_SECONDS = 3600.0
#: Longer than any device may work offline, with a month to spare.
TOMBSTONES = timedelta(days=120)
RESULTS = timedelta(days=90)
REQUESTS = timedelta(days=30)
FAILURES = timedelta(days=2)
#: Longer than it takes to send the prompt that refers to a file, or to think better of it.
UNUSED_FILES = timedelta(days=30)
#: Of files sent in parts, since the last part came: longer than a holiday.
UPLOADS = timedelta(days=21)


def sweep(service: Service) -> None:
    """Drop what nobody can ask for any more."""
    with service.store.write() as txn:
        sign_closed_days(txn, service.keys)
        entities.forget_tombstones(txn, before=txn.now - TOMBSTONES)
        _forget_results(txn)
        notes.forget_ended(txn)
        uploads.forget_stale(txn, before=txn.now - UPLOADS)
        for stray in service.uploads.all() - uploads.known(txn.connection):
            service.uploads.forget(stray)
        rights.forget_old(txn)
        purging.sweep_strays(service, txn)
        for unused in blobs.forget_unused(txn, before=txn.now - UNUSED_FILES):
            service.blobs.forget(unused)
        for stale in (
            delete(challenge).where(challenge.c.expires_at <= txn.now),
            delete(step_up).where(step_up.c.until <= txn.now),
            delete(refresh_token).where(refresh_token.c.expires_at <= txn.now),
            delete(failure).where(failure.c.last_at < txn.now - FAILURES),
            delete(superseded).where(superseded.c.at < txn.now - RESULTS),
            delete(idempotent_request).where(idempotent_request.c.at < txn.now - REQUESTS),
        ):
            txn.connection.execute(stale)


async def keep_house(service: Service) -> None:
    """Sweep now and then, until cancelled."""
    await again_and_again(service, sweep, seconds=EVERY_SECONDS)


def _forget_results(txn: Txn) -> None:
    """Drop results that are old and that their device has."""
    acked = (
        device.select()
        .with_only_columns(device.c.acked_upto)
        .where(device.c.id == op_result.c.device_id)
        .scalar_subquery()
    )
    txn.connection.execute(
        delete(op_result).where(op_result.c.at < txn.now - RESULTS, op_result.c.n <= acked)
    )
