"""A profile is given up: unsent edits are sealed, then everything of it is deleted.

In this order: the lease goes, so that only a full sign-in opens the profile; unsent edits are
sealed to the service's escrow key and lie beside it; its keys go; its files go; the service is told
and given the packages.

Failure policy: whatever fails before the sealed edits are on the disk leaves the profile locked and
nothing deleted; the order comes again with the next contact. From then on nothing needs a key any
more, so that a crash at any point is gone on from at the next start, before anything is opened.
What the network refuses stays sealed.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct

from cx_desktop.auth import orders
from cx_desktop.auth.credentials import Credentials
from cx_desktop.auth.device import DeviceKey
from cx_desktop.auth.handover import Handover, left_in, left_of
from cx_desktop.auth.orders import Order, Orders
from cx_desktop.auth.profile import Profile
from cx_desktop.auth.session_file import SessionFile
from cx_desktop.auth.vault import Vault
from cx_desktop.cache import Cache
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock, RandomIds
from cx_desktop.protocol.directives import Act
from cx_desktop.protocol.escrow import Source

#: Told of each step when it is on the disk.
OnStep = Callable[[str], object]


class Wiping(Struct, frozen=True):
    """What a profile is given up with."""

    profile: Profile
    credentials: tuple[Credentials, ...]
    clock: Clock
    on_step: OnStep = lambda _step: None

    def run(self, order: Order, cache_key: bytes, user_id: str, client: ServiceClient) -> CXError:
        """Do it all; the words that say what was done."""
        orders.lock(self.profile, order)
        self.on_step("locked")
        handover = self._sealed(order, cache_key, user_id)
        self.on_step("sealed")
        return self.go_on(handover, client)

    def at_the_door(self, asked: Orders, vault: Vault, password: str) -> None:
        """Somebody whose password is right stands before a device that was revoked.

        Raises the words for what was given up; where nothing was ordered that can be believed, the
        profile is only locked.
        """
        order = None
        with contextlib.suppress(CXError):
            order = asked.ask()
        if order is None or order.act is not Act.WIPE:
            orders.lock(self.profile, order)
            return
        cache_key = vault.unlock(password)
        session = SessionFile(self.profile.folder, cache_key).read()
        user_id = "" if session is None else session.user.id
        raise self.run(order, cache_key, user_id, asked.client)

    def go_on(self, handover: Handover, client: ServiceClient) -> CXError:
        """Everything after the sealing; may be done again from its start."""
        if not handover.matter.is_done:
            erase(self.profile, self.credentials, self.on_step)
            handover.done()
            self.on_step("erased")
        matter = handover.matter
        is_delivered = handover.deliver(client)
        self.on_step("told")
        return told_of(matter.edits, matter.files, is_delivered=is_delivered)

    def _sealed(self, order: Order, cache_key: bytes, user_id: str) -> Handover:
        profile = self.profile
        card = profile.card()
        source = Source(
            server=profile.server,
            user_id=user_id,
            username=profile.username,
            name=card.name if card is not None else "",
            device_id=order.directive.device_id,
            order_id=order.directive.id,
            at=self.clock.now(),
            projects={},
        )
        handover = Handover.of(profile.folder, order)
        with closing(_opened(profile.folder, cache_key, self.clock)) as cache:
            handover.pack(cache, cache.leaving.bundle(), source, order)
        return handover


def told_of(edits: int, files: int, *, is_delivered: bool) -> CXError:
    """What somebody is told whose data was taken from this computer."""
    if not edits and not files:
        return CXError("problem.device-wiped")
    kept = "handed-over" if is_delivered else "sealed"
    return CXError(f"problem.device-wiped-{kept}", edits=edits, files=files)


def erase(profile: Profile, credentials: tuple[Credentials, ...], on_step: OnStep) -> None:
    """Delete keys first, then every file of a profile, and what was put aside of it.

    Raises what the keyring says at the end: without the vault's file its entries open nothing.
    """
    if profile.folder.exists():
        profile.lock()
        for name in ("vault", "session", "lease"):
            _shred(profile.folder / name)
    on_step("keys")
    fault = _forgotten(profile.id, credentials)
    with _disk_errors(profile.folder):
        for path in _contents(profile.folder):
            _remove(path)
            on_step("file")
        profile.unlock()
        for path in (profile.folder, *_put_aside(profile.folder)):
            _remove(path)
    if fault is not None:
        raise fault


def _forgotten(profile_id: str, credentials: tuple[Credentials, ...]) -> CXError | None:
    """Delete a profile's entries in the keyring; what it says where it cannot."""
    try:
        for each in credentials:
            for name in (Vault.secret_name(profile_id), DeviceKey.name(profile_id)):
                each.delete(name)
    except CXError as error:
        return None if error.key == "problem.keyring-missing" else error
    return None


def finish(profile: Profile, credentials: tuple[Credentials, ...]) -> None:
    """Finish what a crash left of a profile that was to be given up, before anything is opened."""
    for handover in left_of(profile.folder):
        matter = handover.matter
        if matter.act is Act.WIPE and not matter.is_done:
            erase(profile, credentials, lambda _step: None)
            handover.done()


def go_on_in(
    root: Path,
    credentials: tuple[Credentials, ...],
    clock: Clock,
    connect: Callable[[str], ServiceClient],
) -> tuple[CXError, ...]:
    """Finish what a crash, or the network, left unfinished; what was done, in words.

    A profile that another process has open is left to it.
    """
    told = []
    for folder, handover in left_in(root):
        with contextlib.suppress(CXError):
            matter = handover.matter
            client = connect(matter.server)
            try:
                if matter.act is Act.WIPE:
                    profile = Profile(folder, matter.server, matter.username)
                    words = Wiping(profile, credentials, clock).go_on(handover, client)
                    told += [] if matter.is_done else [words]
                else:
                    handover.deliver(client)
            finally:
                client.close()
    return tuple(told)


def _opened(folder: Path, cache_key: bytes, clock: Clock) -> Cache:
    """The cache; of one that cannot be read, what could be saved of its unsent edits."""
    ids = RandomIds(clock)
    try:
        return Cache.open(folder, cache_key, clock=clock, ids=ids)
    except CXError as error:
        if error.key != "problem.cache-unreadable":
            raise
        return Cache.open(folder, cache_key, clock=clock, ids=ids)


def _contents(folder: Path) -> Iterator[Path]:
    """Everything in a profile's folder but its lock, which is held until the last moment."""
    if folder.exists():
        yield from (each for each in sorted(folder.iterdir()) if each.name != Profile.LOCK)


def _put_aside(folder: Path) -> list[Path]:
    """What a new beginning moved out of the way, and the old keys would still open."""
    return sorted(folder.parent.glob(f"{folder.name}.aside-*"))


def _shred(path: Path) -> None:
    """Overwrite a small file before it is deleted; a disk may keep the old blocks all the same."""
    with _disk_errors(path.parent), contextlib.suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CXError("problem.cannot-write", folder=str(folder)) from error
