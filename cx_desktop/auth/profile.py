"""One folder per server and user: vault, lease, floor, sealed session, and the cache beside them.

What may be seen before unlocking lies in ``profile``: server, user name, shown name, the pinned
signing key and the device's id. No secret is among it.
"""

import contextlib
import hashlib
import re
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from cx_desktop.auth import lease as leases
from cx_desktop.auth.files import (
    make_private_folder,
    read_small,
    remove,
    sweep,
    write_atomically,
)
from cx_desktop.auth.lock import ProfileLock
from cx_desktop.domain.errors import CXError
from cx_desktop.overrides import override

_FORMAT = 1
_CARD, _LEASE = "profile", "lease"


class KnownAccount(Struct, frozen=True):
    """An account that has signed in on this computer; ``until`` is its offline access's end."""

    server: str
    username: str
    name: str
    until: datetime | None = None


class Card(Struct, frozen=True, omit_defaults=True):
    """What a profile remembers in the clear."""

    server: str
    username: str
    name: str
    signing_key: str
    device_id: str = ""
    format: int = _FORMAT


class Profile:
    """The folder of one user on one server."""

    LOCK = "lock"

    def __init__(self, folder: Path, server: str, username: str) -> None:
        self.folder = folder
        self.server = server
        self.username = username
        self._held: ProfileLock | None = None

    def __repr__(self) -> str:
        return f"Profile({self.folder.name})"

    @property
    def id(self) -> str:
        """The folder's name, which also names the profile's entries in the keyring."""
        return self.folder.name

    def lock(self) -> None:
        """Take the profile for this process; raises ``problem.profile-in-use``."""
        if self._held is None:
            make_private_folder(self.folder)
            self._held = ProfileLock(self.folder / self.LOCK)
            sweep(self.folder)

    def unlock(self) -> None:
        """Let the profile go."""
        if self._held is not None:
            self._held.release()
            self._held = None

    def card(self) -> Card | None:
        """What the profile remembers, or None when it is new or its card is damaged."""
        with contextlib.suppress(msgspec.MsgspecError):
            content = read_small(self.folder / _CARD)
            if content is not None:
                card = msgspec.json.decode(content, type=Card)
                return card if card.format == _FORMAT else None
        return None

    def remember(self, card: Card) -> None:
        """Keep the card."""
        write_atomically(self.folder / _CARD, msgspec.json.encode(card))

    def signed_lease(self) -> str | None:
        """The lease as the service signed it."""
        content = read_small(self.folder / _LEASE)
        return None if content is None else content.decode("utf-8", "replace")

    def keep_lease(self, signed: str) -> None:
        """Keep a lease; it comes anew with every sign-in and every hello."""
        write_atomically(self.folder / _LEASE, signed.encode())

    def drop_lease(self) -> None:
        """Forget the lease: from now on only a full sign-in opens the profile."""
        remove(self.folder / _LEASE)

    def set_aside(self, now: datetime) -> Path:
        """Move everything the profile holds to a folder beside it, and start empty.

        Nothing is deleted: what cannot be opened today may be opened by somebody else tomorrow.
        """
        self.unlock()
        aside = self.folder.with_name(f"{self.folder.name}.aside-{now:%Y%m%dT%H%M%S}")
        try:
            self.folder.rename(aside)
        except OSError as error:
            raise CXError("problem.cannot-write", folder=str(self.folder.parent)) from error
        return aside


class Profiles:
    """All profiles of this user of this computer, under one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def for_user(self, server: str, username: str) -> Profile:
        """The profile of a user on a server; its folder may not exist yet."""
        name = username.strip().casefold()
        digest = hashlib.sha256(f"{server}\n{name}".encode()).hexdigest()[:16]
        readable = re.sub(r"[^a-z0-9]+", "-", name)[:24].strip("-")
        folder = f"{readable}-{digest}" if readable else digest
        return Profile(self._root / folder, server, name)

    def known(self) -> tuple[KnownAccount, ...]:
        """The accounts that have signed in here, by name."""
        folders = self._root.iterdir() if self._root.is_dir() else ()
        profiles = (Profile(each, "", "") for each in folders if ".aside-" not in each.name)
        accounts = [account for each in profiles if (account := _account(each)) is not None]
        return tuple(
            sorted(accounts, key=lambda account: (account.name.casefold(), account.server))
        )


class OneProfile(Profiles):
    """A folder that is one account's profile, wherever it lies; refused to any other account."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder.parent)
        self._folder = folder

    @override
    def for_user(self, server: str, username: str) -> Profile:
        profile = Profile(self._folder, server, username.strip().casefold())
        card = profile.card()
        if card is not None and (card.server, card.username) != (server, profile.username):
            raise CXError("problem.profile-of-another", username=card.username, server=card.server)
        return profile

    @override
    def known(self) -> tuple[KnownAccount, ...]:
        account = _account(Profile(self._folder, "", ""))
        return () if account is None else (account,)


def _account(profile: Profile) -> KnownAccount | None:
    card = profile.card()
    if card is None:
        return None
    until = None
    with contextlib.suppress(CXError):
        until = leases.verify(profile.signed_lease() or "", card.signing_key).not_after
    return KnownAccount(card.server, card.username, card.name, until)
