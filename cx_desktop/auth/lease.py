"""The service's signed leave to work offline, and when it ends.

Failure policy: a lease that is not signed by the pinned key, or names another user or device, is no
lease. Times are judged on the floor clock, which cannot be set back.
"""

from datetime import datetime

from cx_desktop.auth.signed import opened
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Lease


def verify(signed: str, signing_key: str) -> Lease:
    """The lease inside what the service signed, once the signature holds."""
    found = opened(signed, signing_key, Lease)
    if found is None:
        raise CXError("problem.lease-invalid")
    return found


def check(lease: Lease, *, now: datetime, device_id: str) -> None:
    """Raise ``problem.lease-over`` when the leave has ended, by a clock that cannot go back."""
    if lease.device_id != device_id:
        raise CXError("problem.lease-invalid")
    if now >= lease.not_after:
        end = lease.not_after.astimezone()
        raise CXError(
            "problem.lease-over",
            day=f"{end:%d}",
            month=f"{end:%m}",
            year=f"{end:%Y}",
            hour=f"{end:%H}",
            minute=f"{end:%M}",
        )
    if now < lease.not_before:
        raise CXError("problem.lease-invalid")
