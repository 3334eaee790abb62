"""Passwords: argon2id at rest, the same work whether the user exists or not."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cx_desktop.domain.access import MINIMUM_LENGTH, weakness
from cx_desktop.service.config import PasswordCost
from cx_desktop.service.problems import Refusal


class Passwords:
    """Makes and checks password hashes of one cost."""

    def __init__(self, cost: PasswordCost) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.kibibytes, parallelism=cost.lanes
        )
        #: Verified when there is no such user, so that time tells nothing.
        self._nobody = self.hashed(secrets.token_urlsafe())

    def hashed(self, password: str) -> str:
        """A password as it is stored."""
        return self._hasher.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether a password is the stored one; with none stored, the same work for a no."""
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


def refuse_weak(password: str, username: str) -> None:
    """Refuse a password that is short, of one repeated sign, or contains the user name."""
    found = weakness(password, username)
    if found is not None:
        raise Refusal("weak-password", minimum=MINIMUM_LENGTH, reason=found.value)
