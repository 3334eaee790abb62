"""What went wrong at the door: beside which field to say so, and which ways out fit it."""

from datetime import datetime
from typing import NamedTuple

from cx_desktop.domain.errors import CXError

_PLACE_BY_KEY = {
    "problem.wrong-password": "password",
    "problem.wrong-vault-password": "password",
    "problem.weak-password": "password",
    "problem.wrong-code": "code",
    "problem.code-reused": "code",
    "problem.clock-off": "code",
    "problem.bad-address": "server",
    "problem.plain-http": "server",
    "problem.unknown-host": "server",
    "problem.not-the-service": "server",
    "problem.live-blocked-in-demo": "server",
    "problem.username-taken": "username",
    "problem.invitation-used": "invitation",
    "problem.invitation-malformed": "invitation",
}
_OF_THE_PROFILE = frozenset(
    {"problem.server-changed", "problem.vault-damaged", "problem.vault-of-another-user"}
)
_OF_TRUST = frozenset(
    {"problem.untrusted-certificate", "problem.tls-failed", "problem.unreadable-ca-file"}
)
_NEEDS_SIGN_IN = _OF_THE_PROFILE | {
    "problem.device-secret-missing",
    "problem.lease-invalid",
    "problem.lease-missing",
    "problem.lease-over",
    "problem.locked-by-service",
    "problem.locked-to-be-safe",
    "problem.never-signed-in",
    "problem.vault-missing",
}


#: Nothing is wrong: it says what comes next.
_NEWS = frozenset(
    {
        "problem.once-over",
        "problem.device-wiped",
        "problem.device-wiped-handed-over",
        "problem.device-wiped-sealed",
    }
)


class Fault(NamedTuple):
    """What went wrong, and until when trying again is useless."""

    error: CXError
    until: datetime | None = None

    @property
    def place(self) -> str:
        """The field beside which it is to be said; none for what concerns them all."""
        return _PLACE_BY_KEY.get(self.error.key, "")

    @property
    def is_of_the_keyring(self) -> bool:
        """Whether this computer's keyring is locked or missing: a this-time-only choice."""
        return self.error.key.startswith("problem.keyring-")

    @property
    def is_of_the_network(self) -> bool:
        """Whether the service could not be reached: an offline unlock may help."""
        is_ours = self.is_of_the_keyring or hasattr(self.error, "problem")
        return self.error.retryable and not is_ours

    @property
    def is_news(self) -> bool:
        """Whether nothing is wrong, and it only says what comes next."""
        return self.error.key in _NEWS

    @property
    def is_of_the_profile(self) -> bool:
        """Whether what this computer holds cannot be opened: it may be set aside."""
        return self.error.key in _OF_THE_PROFILE

    @property
    def is_of_trust(self) -> bool:
        """Whether the server's certificate is not believed: an own authority may help."""
        return self.error.key in _OF_TRUST

    @property
    def needs_sign_in(self) -> bool:
        """Whether only both factors, over the network, open what is locked."""
        return self.error.key in _NEEDS_SIGN_IN
