"""The cache's key, wrapped twice: by the password with this device's secret, and by the service.

The random 256-bit cache key never lies on the disk in the clear. Its first wrap needs the password
(Argon2id, parameters stored) *and* the device secret from the keyring; its second one the user's
service key, which a full sign-in brings, so that a lost keyring or a new password does not lose the
cache. Both are AES-256-GCM, with the whole header as associated data.

Failure policy: a vault file is one JSON line and its SHA-256. A damaged one raises
``problem.vault-damaged`` and is never written over; a wrong password and a device secret that is
missing or another one are told apart. The file is replaced in one step.
"""

import base64
import contextlib
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import argon2.low_level
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Meta, Struct

from cx_desktop.auth.credentials import Credentials
from cx_desktop.auth.files import read_small, write_atomically
from cx_desktop.domain.errors import CXError

FORMAT = 1
_KEY_BYTES = 32
_FILE = "vault"


class Cost(Struct, frozen=True):
    """What one guess of the password costs; bounded, since the file may come from anywhere."""

    memory_kib: Annotated[int, Meta(ge=8, le=1 << 20)] = 64 * 1024
    passes: Annotated[int, Meta(ge=1, le=16)] = 3
    lanes: Annotated[int, Meta(ge=1, le=16)] = 1


class Wrap(Struct, frozen=True, forbid_unknown_fields=True):
    """One sealed copy of the cache key."""

    salt: bytes
    nonce: Annotated[bytes, Meta(min_length=12, max_length=12)]
    sealed: Annotated[bytes, Meta(min_length=48, max_length=48)]


class VaultFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What lies on the disk. ``device_tag`` tells one device secret from another, no more."""

    format: int
    cost: Cost
    device_tag: bytes
    password: Wrap
    service: Wrap


class Vault:
    """One profile's vault; ``folder`` exists and is private."""

    def __init__(self, folder: Path, credentials: Credentials, *, cost: Cost | None = None) -> None:
        self._path = folder / _FILE
        self._secret_name = self.secret_name(folder.name)
        self._credentials = credentials
        self._cost = cost or Cost()

    @staticmethod
    def secret_name(profile_id: str) -> str:
        """What the profile's device secret is called in the keyring."""
        return f"{profile_id}/device-secret"

    @property
    def exists(self) -> bool:
        """Whether there is a vault file, sound or damaged."""
        return self._path.exists()

    def create(self, password: str, vault_key: bytes) -> bytes:
        """A new cache key under both wraps. Refuses where a vault lies already."""
        if self.exists:
            raise CXError("problem.vault-exists")
        cache_key = secrets.token_bytes(_KEY_BYTES)
        self.rewrap(cache_key, password, vault_key)
        return cache_key

    def unlock(self, password: str) -> bytes:
        """The cache key, by password and device secret."""
        file = self._read()
        device_secret = self._device_secret()
        if device_secret is None or not hmac.compare_digest(
            _device_tag(device_secret), file.device_tag
        ):
            raise CXError("problem.device-secret-missing")
        with _password_key(password, device_secret, file.password.salt, file.cost) as key:
            cache_key = _opened(file.password, key, _header(file, b"password"))
        if cache_key is None:
            raise CXError("problem.wrong-vault-password")
        return cache_key

    def opens(self, password: str) -> bool:
        """Whether this password, on this device, opens it."""
        try:
            self.unlock(password)
        except CXError as error:
            if error.key in {"problem.wrong-vault-password", "problem.device-secret-missing"}:
                return False
            raise
        return True

    def unlock_with_service_key(self, vault_key: bytes) -> bytes:
        """The cache key, by the key that a full sign-in brought."""
        file = self._read()
        key = _derived(vault_key, file.service.salt, b"service")
        cache_key = _opened(file.service, key, _header(file, b"service"))
        if cache_key is None:
            raise CXError("problem.vault-of-another-user")
        return cache_key

    def rewrap(self, cache_key: bytes, password: str, vault_key: bytes) -> None:
        """Wrap a known cache key anew: for a new password, or after the keyring was lost."""
        if self.exists:
            self._read()  # a damaged vault is never written over
        device_secret = self._device_secret() or self._new_device_secret()
        salts = secrets.token_bytes(16), secrets.token_bytes(16)
        draft = VaultFile(
            format=FORMAT,
            cost=self._cost,
            device_tag=_device_tag(device_secret),
            password=Wrap(salts[0], b"", b""),
            service=Wrap(salts[1], b"", b""),
        )
        service_key = _derived(vault_key, salts[1], b"service")
        with _password_key(password, device_secret, salts[0], self._cost) as password_key:
            file = msgspec.structs.replace(
                draft,
                password=_sealed(cache_key, password_key, salts[0], _header(draft, b"password")),
                service=_sealed(cache_key, service_key, salts[1], _header(draft, b"service")),
            )
        write_atomically(self._path, _written(file))

    def _read(self) -> VaultFile:
        content = read_small(self._path)
        if content is None:
            raise CXError("problem.vault-missing")
        body, _, digest = content.partition(b"\n")
        if not hmac.compare_digest(digest, _digest(body)):
            raise CXError("problem.vault-damaged")
        with contextlib.suppress(msgspec.MsgspecError):
            if msgspec.json.decode(body, type=_Versioned).format > FORMAT:
                raise CXError("problem.vault-newer")
            return msgspec.json.decode(body, type=VaultFile)
        raise CXError("problem.vault-damaged")

    def _device_secret(self) -> bytes | None:
        kept = self._credentials.get(self._secret_name)
        if kept is None:
            return None
        with contextlib.suppress(ValueError):
            return base64.b64decode(kept, validate=True)
        return None

    def _new_device_secret(self) -> bytes:
        fresh = secrets.token_bytes(_KEY_BYTES)
        self._credentials.set(self._secret_name, base64.b64encode(fresh).decode())
        return fresh


class _Versioned(Struct):
    format: int


def wipe(secret: bytearray) -> None:
    """Overwrite a secret in memory: best effort, Python may have copied it."""
    secret[:] = bytes(len(secret))


@contextmanager
def _password_key(password: str, device_secret: bytes, salt: bytes, cost: Cost) -> Iterator[bytes]:
    """The key of the first wrap: neither the password nor the device alone can make it."""
    typed = bytearray(unicodedata.normalize("NFC", password).encode())
    stretched = bytearray(
        argon2.low_level.hash_secret_raw(
            bytes(typed),
            salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=_KEY_BYTES,
            type=argon2.low_level.Type.ID,
        )
    )
    try:
        yield _derived(bytes(stretched) + device_secret, salt, b"password")
    finally:
        wipe(typed)
        wipe(stretched)


def _derived(material: bytes, salt: bytes, purpose: bytes) -> bytes:
    info = b"cx-desktop vault 1 " + purpose
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, info=info).derive(material)


def _device_tag(device_secret: bytes) -> bytes:
    return _derived(device_secret, b"", b"device tag")[:8]


def _header(file: VaultFile, purpose: bytes) -> bytes:
    """What a wrap vouches for besides the key: everything else in the file that it relies on."""
    relied_on = (purpose, file.format, file.cost, file.device_tag)
    return msgspec.json.encode(relied_on)


def _sealed(cache_key: bytes, key: bytes, salt: bytes, header: bytes) -> Wrap:
    nonce = secrets.token_bytes(12)
    return Wrap(salt, nonce, AESGCM(key).encrypt(nonce, cache_key, header))


def _opened(wrap: Wrap, key: bytes, header: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(wrap.nonce, wrap.sealed, header)
    except InvalidTag:
        return None


def _written(file: VaultFile) -> bytes:
    body = msgspec.json.encode(file)
    return body + b"\n" + _digest(body)


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def service_key(told: str) -> bytes:
    """The user's key as the service says it; raises ``CXError`` for what is none."""
    with contextlib.suppress(ValueError):
        key = base64.b64decode(told, validate=True)
        if len(key) == _KEY_BYTES:
            return key
    raise CXError("problem.unexpected-answer", host="")
