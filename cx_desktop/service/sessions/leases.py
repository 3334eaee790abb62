"""Leases: the signed leave to work offline for a while."""

from datetime import timedelta

from sqlalchemy import Connection

from cx_desktop.protocol import Lease
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.people import Account, grants_of

POLICY_VERSION = 1


def signed_lease(service: Service, connection: Connection, account: Account, device_id: str) -> str:
    """A fresh lease for one user on one device."""
    now = service.clock.now()
    return service.keys.signed(
        Lease(
            user_id=account.id,
            username=account.username,
            device_id=device_id,
            not_before=now,
            not_after=now + timedelta(days=service.config.lease_days),
            grants=grants_of(connection, account.id),
            policy_version=POLICY_VERSION,
        )
    )
