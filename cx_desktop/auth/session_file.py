"""What a session needs to go on after a restart, sealed under the cache key.

The refresh token lies here rather than in the keyring: a keyring may ask the user, or hang, at the
very moment when a rotated token must be kept; a file is replaced in one step. To use the token one
needs the password (for this file) and the device key (from the keyring).

Failure policy: a file that does not open is no session; the user signs in again.
"""

import contextlib
import secrets
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cx_desktop.auth.files import read_small, remove, write_atomically
from cx_desktop.domain.redacted import Redacted
from cx_desktop.protocol import Lease, User

_FILE = "session"
_PURPOSE = b"cx-desktop session 1"
_NONCE_BYTES = 12


class Session(Redacted, frozen=True):
    """Who was signed in on which device; ``refresh_token`` is empty after signing out."""

    user: User
    device_id: str
    refresh_token: str


class SessionFile:
    """One profile's sealed session."""

    def __init__(self, folder: Path, cache_key: bytes) -> None:
        self._path = folder / _FILE
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(cache_key)
        self._cipher = AESGCM(key)

    def __repr__(self) -> str:
        return "SessionFile(…)"

    def read(self) -> Session | None:
        """The session as last kept."""
        content = read_small(self._path)
        if content is None:
            return None
        with contextlib.suppress(InvalidTag, ValueError, msgspec.MsgspecError):
            nonce, sealed = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
            return msgspec.json.decode(self._cipher.decrypt(nonce, sealed, _PURPOSE), type=Session)
        return None

    def keep(self, session: Session) -> None:
        """Keep the session; it is on the disk when this returns."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, msgspec.json.encode(session), _PURPOSE)
        write_atomically(self._path, nonce + sealed)

    def remove(self) -> None:
        """Forget the session."""
        remove(self._path)


def session_of(lease: Lease, name: str) -> Session:
    """What the lease says of the user, where the sealed session is gone."""
    user = User(
        id=lease.user_id,
        username=lease.username,
        name=name,
        language="",
        organisation="",
        grants=lease.grants,
    )
    return Session(user=user, device_id=lease.device_id, refresh_token="")
