"""Which passwords are worth having: the client says so as one types, the service insists."""

from enum import StrEnum

MINIMUM_LENGTH = 12
_FEWEST_SIGNS = 5


class Weakness(StrEnum):
    """What is wrong with a password."""

    SHORT = "short"
    GUESSABLE = "guessable"


def weakness(password: str, username: str) -> Weakness | None:
    """What makes a password easy to guess, or None."""
    if len(password) < MINIMUM_LENGTH:
        return Weakness.SHORT
    name = username.strip().casefold()
    if len(set(password)) < _FEWEST_SIGNS or (name and name in password.casefold()):
        return Weakness.GUESSABLE
    return None
