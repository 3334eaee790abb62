"""Puts the gate together; imported with httpx and cryptography when somebody knocks."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cx_desktop.app.world import Transport
from cx_desktop.auth import lease as leases
from cx_desktop.auth.credentials import Credentials, KeyringCredentials
from cx_desktop.auth.gate import Gate
from cx_desktop.auth.profile import Profile, Profiles
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.models.session import Known
from cx_desktop.ports import Clock
from cx_desktop.settings import AppSettings

if TYPE_CHECKING:
    import httpx


def gate(
    *,
    profiles: Path,
    transport: Transport,
    credentials: Credentials,
    clock: Clock,
    settings: Callable[[], AppSettings],
) -> Gate:
    """The gate over one folder of profiles; each connection trusts what the settings say then."""

    def http_of(server: str) -> "httpx.Client":
        ca_file = settings().ca_file
        return build_http(
            server,
            loopback_only=transport.loopback_only,
            ca_file=Path(ca_file) if ca_file else None,
            transport=transport.base,
        )

    def connect(server: str) -> ServiceClient:
        return ServiceClient(http_of(server), elsewhere=http_of)

    return Gate(profiles=Profiles(profiles), credentials=credentials, clock=clock, connect=connect)


def keyring() -> Credentials:
    """This system's keyring."""
    return KeyringCredentials()


def known_in(folder: Path) -> tuple[Known, ...]:
    """Who has signed in on this computer, and until when their lease lets them in offline."""
    profiles = Profiles(folder)
    return tuple(
        Known(
            server=each.server,
            username=each.username,
            name=each.name,
            until=_until(profiles.for_user(each.server, each.username)),
        )
        for each in profiles.known()
    )


def _until(profile: Profile) -> datetime | None:
    with contextlib.suppress(CXError):
        card, signed = profile.card(), profile.signed_lease()
        if card is not None and signed is not None:
            return leases.verify(signed, card.signing_key).not_after
    return None
