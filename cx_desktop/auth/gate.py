"""The way in: two factors over the network, or password and lease without it; and the way out.

Failure policy: every fault is a ``CXError`` and leaves the gate as it was, so that the user can
correct what they typed and try again. The profile's lock is taken before anything is written and
let go when the attempt ends. Nothing is created over what cannot be read. The password is kept
from the first factor to the second, and wiped after.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import structs

from cx_desktop.auth import lease as leases
from cx_desktop.auth.credentials import Credentials, SessionCredentials
from cx_desktop.auth.device import DeviceKey
from cx_desktop.auth.floor import ClockFloor
from cx_desktop.auth.opened import Leave, Opened
from cx_desktop.auth.orders import Order, heard, lock, orders_of, remember
from cx_desktop.auth.profile import Card, KnownAccount, Profile, Profiles
from cx_desktop.auth.retention import purge_before_unlock
from cx_desktop.auth.session_file import Session, SessionFile, session_of
from cx_desktop.auth.vault import Cost, Vault, service_key, wipe
from cx_desktop.auth.wiping import Wiping, finish, go_on_in
from cx_desktop.client.bearer import Bearer
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.client.service import Offset, ServiceClient, clock_offset
from cx_desktop.client.transport import service_address
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.redacted import Redacted
from cx_desktop.ports import Clock
from cx_desktop.protocol import (
    Challenge,
    Invitation,
    ServerFacts,
    SignedIn,
    SignInRequest,
    Tokens,
    Verification,
)
from cx_desktop.protocol.directives import Act

__all__ = ["Gate", "Opened"]


class _Pending(Redacted, frozen=True):
    """A sign-in between its two factors."""

    profile: Profile
    client: ServiceClient
    device: DeviceKey
    facts: ServerFacts
    challenge: Challenge
    password: bytearray


class Gate:
    """Signs in, unlocks, locks and signs out; used from one thread at a time."""

    def __init__(
        self,
        *,
        profiles: Profiles,
        credentials: Credentials,
        clock: Clock,
        connect: Callable[[str], ServiceClient],
        cost: Cost | None = None,
    ) -> None:
        self._profiles = profiles
        self._keyring = self._credentials = credentials
        self._clock = clock
        self._connect = connect
        self._cost = cost
        self._pending: _Pending | None = None
        self._unheard = ""

    def known(self) -> tuple[KnownAccount, ...]:
        """The accounts that have signed in on this computer."""
        return self._profiles.known()

    def facts(self, server: str) -> ServerFacts:
        """What a server tells anyone."""
        return self.offset(server).facts

    def offset(self, server: str) -> Offset:
        """How far the server's clock is from this computer's, with what it says of itself."""
        client = self._connect(service_address(server))
        try:
            return clock_offset(client, self._clock)
        finally:
            client.close()

    def this_time_only(self) -> None:
        """The user chose to go on without the keyring: nothing of the device is kept.

        This time ends when the session that begins next is left; then the keyring is asked again.
        """
        self._credentials = SessionCredentials()

    def accept(self, server: str, invitation: Invitation) -> None:
        """A one-time invitation becomes an account; sign in with it next.

        Whoever lost the answer and asks again has accepted it already.
        """
        self.cancel()
        client = self._connect(service_address(server))
        try:
            client.sessions.server_facts()  # nobody but the service is sent a password
            client.sessions.accept_invitation(invitation)
        except CXError as error:
            was_unheard, self._unheard = self._unheard, ""
            if error.key == "problem.invitation-used" and invitation.token == was_unheard:
                return
            if error.retryable and not isinstance(error, ServiceProblem):
                self._unheard = invitation.token
            raise
        finally:
            client.close()

    def begin(self, server: str, username: str, password: str) -> Challenge:
        """The first factor; a second ``begin`` replaces the first."""
        self.cancel()
        address = service_address(server)
        profile = self._profiles.for_user(address, username)
        with self._attempt(profile) as client:
            facts = client.sessions.server_facts()
            card = profile.card()
            if card is not None and card.signing_key != facts.signing_key:
                raise CXError("problem.server-changed", server=address)
            device = DeviceKey.of(self._credentials, profile.id)
            known_device = card.device_id if card and self._credentials.is_lasting else ""
            request = SignInRequest(
                username=username.strip(), password=password, device=device.facts(known_device)
            )
            try:
                challenge = client.sessions.sign_in(request)
            except ServiceProblem as error:
                if error.problem.name == "device-revoked" and card is not None:
                    asked = orders_of(profile, card, device, client)
                    self._wiping(profile).at_the_door(asked, self._vault(profile), password)
                raise
        self._pending = _Pending(
            profile=profile,
            client=client,
            device=device,
            facts=facts,
            challenge=challenge,
            password=bytearray(password.encode()),
        )
        return challenge

    def verify(self, code: str = "", *, recovery_code: str = "") -> Opened:
        """The second factor: six digits, or one recovery code. May be tried again."""
        pending = self._pending
        if pending is None:
            raise CXError("problem.challenge-expired")
        try:
            signed_in = pending.client.sessions.verify(
                pending.challenge.id, Verification(code=code, recovery_code=recovery_code)
            )
        except CXError as error:
            if error.key == "problem.challenge-expired":
                self.cancel()
            raise
        with ExitStack() as attempt:
            attempt.callback(self.cancel)
            opened = self._opened(pending, signed_in)
            attempt.pop_all()
        wipe(pending.password)
        self._pending = None
        return opened

    def cancel(self) -> None:
        """Give up the sign-in under way, if there is one."""
        if self._pending is not None:
            wipe(self._pending.password)
            self._pending.client.close()
            self._pending.profile.unlock()
            self._pending = None

    @property
    def awaits_code(self) -> bool:
        """Whether the first factor is held, and the second may be tried."""
        return self._pending is not None

    def unlock_offline(self, server: str, username: str, password: str) -> Opened:
        """Open the profile by password, device secret and lease; the network is not asked.

        Once the network is back, the sealed session goes on by itself.
        """
        self.cancel()
        profile = self._profiles.for_user(service_address(server), username)
        with self._attempt(profile) as client:
            card = profile.card()
            if card is None:
                raise CXError("problem.never-signed-in")
            if heard(profile.folder).is_locked:
                raise CXError("problem.locked-by-service")
            leave = self._leave(profile, card)
            leases.check(leave.lease, now=leave.floor.now(), device_id=card.device_id)
            device = DeviceKey.known(self._credentials, profile.id)
            if device is None:
                raise CXError("problem.device-secret-missing")
            cache_key = self._vault(profile).unlock(password)
            session_file = SessionFile(profile.folder, cache_key)
            session = session_file.read() or session_of(leave.lease, card.name)
            bearer = self._bearer(session, device, session_file)
            if not session.refresh_token:
                bearer.forget()
            return Opened(
                profile=profile,
                user=session.user,
                device_id=card.device_id,
                cache_key=cache_key,
                leave=leave,
                client=client.signed_in(bearer),
                device=device,
                session_file=session_file,
            )

    def sign_out(self, opened: Opened) -> None:
        """End the session here and, if it can be reached, on the service.

        The cache stays, encrypted; the lease still opens it offline until it ends.
        """
        with ExitStack() as leaving:
            leaving.callback(self.lock, opened)
            with contextlib.suppress(CXError):
                opened.client.sessions.sign_out()
            if opened.client.bearer is not None:
                opened.client.bearer.forget()
            if opened.is_lasting:
                opened.session_file.keep(
                    Session(user=opened.user, device_id=opened.device_id, refresh_token="")
                )

    def lock(self, opened: Opened) -> None:
        """Close the profile; the session goes on with the next unlock."""
        with contextlib.suppress(CXError):  # a full disk keeps nobody inside
            opened.floor.save()
        opened.client.close()
        opened.profile.unlock()
        self._credentials = self._keyring

    def obey(self, opened: Opened, order: Order | None) -> CXError:
        """Give an open profile up, or lock it where nothing else is ordered; the words for it."""
        with ExitStack() as leaving:
            leaving.callback(self.lock, opened)
            if order is None or order.act is not Act.WIPE:
                lock(opened.profile, order)
                why = "by-service" if order is not None else "to-be-safe"
                return CXError(f"problem.locked-{why}")
            return self._wiping(opened.profile).run(
                order, opened.cache_key, opened.user.id, opened.client
            )

    def go_on(self, root: Path) -> tuple[CXError, ...]:
        """Finish what a crash or the network left of earlier orders; what was done, in words."""
        return go_on_in(root, self._every_credential, self._clock, self._connect)

    def start_afresh(self, server: str, username: str) -> str:
        """Move a profile that cannot be opened aside; returns the folder's name."""
        self.cancel()
        profile = self._profiles.for_user(service_address(server), username)
        profile.lock()
        return profile.set_aside(self._clock.now()).name

    def _wiping(self, profile: Profile) -> Wiping:
        return Wiping(profile, self._every_credential, self._clock)

    @property
    def _every_credential(self) -> tuple[Credentials, ...]:
        """The keyring, and what is held for this time only."""
        return tuple(dict.fromkeys((self._keyring, self._credentials)))

    @contextmanager
    def _attempt(self, profile: Profile) -> Iterator[ServiceClient]:
        """The profile's lock and a client, both let go if the attempt fails."""
        finish(profile, self._every_credential)
        with ExitStack() as attempt:
            profile.lock()
            attempt.callback(profile.unlock)
            purge_before_unlock(profile.folder, self._clock)
            client = self._connect(profile.server)
            attempt.callback(client.close)
            yield client
            attempt.pop_all()

    def _opened(self, pending: _Pending, signed_in: SignedIn) -> Opened:
        profile = pending.profile
        lease = leases.verify(signed_in.lease, pending.facts.signing_key)
        cache_key = self._cache_key(pending, service_key(signed_in.vault_key))
        floor = ClockFloor(profile.folder, self._clock, at_least=lease.not_before)
        floor.set_by_service(lease.not_before)
        session_file = SessionFile(profile.folder, cache_key)
        session = Session(
            user=signed_in.user,
            device_id=signed_in.device_id,
            refresh_token=signed_in.tokens.refresh_token,
        )
        self._remember(pending, signed_in, session, session_file)
        bearer = self._bearer(
            session, pending.device, session_file, access_token=signed_in.tokens.access_token
        )
        return Opened(
            profile=profile,
            user=signed_in.user,
            device_id=signed_in.device_id,
            cache_key=cache_key,
            leave=Leave(lease, pending.facts.signing_key, floor),
            client=pending.client.signed_in(bearer),
            device=pending.device,
            session_file=session_file,
            recovery_codes=signed_in.recovery_codes,
            is_online=True,
            is_lasting=self._credentials.is_lasting,
        )

    def _remember(
        self, pending: _Pending, signed_in: SignedIn, session: Session, session_file: SessionFile
    ) -> None:
        """Keep what the next start needs; "this time only" leaves what an earlier one kept."""
        profile = pending.profile
        before = profile.card()
        device_id = before.device_id if before else ""
        remember(profile.folder, 0, is_locked=False)
        if self._credentials.is_lasting:
            device_id = signed_in.device_id
            session_file.keep(session)
            profile.keep_lease(signed_in.lease)
        profile.remember(
            Card(
                server=profile.server,
                username=profile.username,
                name=signed_in.user.name,
                signing_key=pending.facts.signing_key,
                device_id=device_id,
            )
        )

    def _cache_key(self, pending: _Pending, vault_key: bytes) -> bytes:
        """Open the vault with what a full sign-in brings, and bring its wraps up to date."""
        vault = self._vault(pending.profile)
        password = pending.password.decode()
        if not vault.exists:
            return vault.create(password, vault_key)
        try:
            cache_key = vault.unlock_with_service_key(vault_key)
        except CXError as error:
            if error.key != "problem.vault-of-another-user" or not vault.opens(password):
                raise
            cache_key = vault.unlock(password)
            vault.rewrap(cache_key, password, vault_key)
        if self._credentials.is_lasting and not vault.opens(password):
            vault.rewrap(cache_key, password, vault_key)
        return cache_key

    def _vault(self, profile: Profile) -> Vault:
        return Vault(profile.folder, self._credentials, cost=self._cost)

    def _leave(self, profile: Profile, card: Card) -> Leave:
        signed = profile.signed_lease()
        if signed is None:
            raise CXError("problem.lease-missing")
        lease = leases.verify(signed, card.signing_key)
        floor = ClockFloor(profile.folder, self._clock, at_least=lease.not_before)
        return Leave(lease, card.signing_key, floor)

    def _bearer(
        self,
        session: Session,
        device: DeviceKey,
        session_file: SessionFile,
        *,
        access_token: str = "",
    ) -> Bearer:
        is_lasting = self._credentials.is_lasting

        def persist(tokens: Tokens) -> None:
            if is_lasting:
                session_file.keep(structs.replace(session, refresh_token=tokens.refresh_token))

        return Bearer(
            device_id=session.device_id,
            refresh_token=session.refresh_token,
            access_token=access_token,
            sign=device.sign,
            persist=persist,
        )
