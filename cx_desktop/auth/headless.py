"""A profile opened where nobody sits: by the session it kept, else by both factors from a file.

Where keys lie: the device's two secrets, for which a window has the key ring, lie in a file of
their own beside the credentials' file, which nobody else can read. The profile's folder alone
opens nothing: the cache's key is wrapped there as ever, by the password with the device's secret,
and by the service's key for this user.

Failure policy: a session that goes on needs no code, so that restarts do not use codes up. What a
full sign-in can mend leads to one; a profile in use or damaged is told, and nothing is written.
"""

from cx_desktop.auth.gate import Gate
from cx_desktop.auth.opened import Opened
from cx_desktop.auth.unattended import Account, Asking, Codes
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock

#: What a full sign-in mends.
_MENDED = frozenset(
    {
        "problem.never-signed-in",
        "problem.lease-missing",
        "problem.lease-invalid",
        "problem.lease-over",
        "problem.device-secret-missing",
        "problem.vault-missing",
        "problem.wrong-vault-password",
    }
)


def open_unattended(gate: Gate, account: Account, *, asking: Asking, clock: Clock) -> Opened:
    """The account's profile, locked for this process and ready to sync."""
    found = _resumed(gate, account)
    return found or _signed_in(gate, account, asking=asking, clock=clock)


def _resumed(gate: Gate, account: Account) -> Opened | None:
    """The session that the last run kept, unless it is over."""
    try:
        found = gate.unlock_offline(account.server, account.username, account.password)
    except CXError as error:
        if error.key in _MENDED:
            return None
        raise
    if _goes_on(found):
        return found
    gate.lock(found)
    return None


def _goes_on(found: Opened) -> bool:
    """Whether the session lives, or the service cannot say so now."""
    bearer = found.client.bearer
    if bearer is None or bearer.signed_out is not None:
        return False
    try:
        found.client.sync.state()
    except CXError:
        return bearer.signed_out is None
    return True


def _signed_in(gate: Gate, account: Account, *, asking: Asking, clock: Clock) -> Opened:
    codes = Codes(account.totp_secret, gate.offset(account.server), asking, clock)
    try:
        challenge = gate.begin(account.server, account.username, account.password)
        if challenge.enrolment is not None:
            raise CXError("problem.enrol-first")
        return codes.use(gate.verify)
    finally:
        gate.cancel()
