"""Passwords: argon2id at rest, the same work whether the user exists or not."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cx_desktop.service.problems import Refusal

MINIMUM_LENGTH = 12

_hasher = PasswordHasher()

#: The hash of a password nobody has, verified when there is no such user: time tells nothing.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$fs3TKMTZV8Xs4LknZesk3A"
    "$/TuSu5byKD+jIYCJ+ORaepTA0HJ+Qe6QUvxTWx/pSSQ"
)


def hashed(password: str) -> str:
    """A password as it is stored."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one; with none stored, the same work for a no."""
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def refuse_weak(password: str, username: str) -> None:
    """Refuse a password that is short, of one repeated sign, or contains the user name."""
    if len(password) < MINIMUM_LENGTH:
        raise Refusal("weak-password", minimum=MINIMUM_LENGTH, reason="short")
    if len(set(password)) < 5 or username.casefold() in password.casefold():
        raise Refusal("weak-password", minimum=MINIMUM_LENGTH, reason="guessable")
