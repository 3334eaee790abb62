"""Where this device's two secrets lie: the system's keyring, or memory for this time only.

Failure policy: the keyring may ask the user something, or hang; each call runs on a thread of its
own and is given up after ten seconds. While one call hangs, further calls are refused at once
instead of queueing behind it. Backends that keep secrets in the clear count as no keyring.
"""

import queue
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

import keyring.backend
import keyring.errors
from msgspec import Struct

from cx_desktop.domain.errors import CXError

APPLICATION = "cx-desktop"
_LIMIT = 10.0
_TRUSTED = frozenset(
    {
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
        "keyring.backends.Windows",
        "keyring.backends.macOS",
    }
)

Result = TypeVar("Result")


class Credentials(Protocol):
    """Named secrets of this user on this computer."""

    @property
    def is_lasting(self) -> bool:
        """Whether the secrets are still there when the program starts again."""

    def get(self, name: str) -> str | None:
        """The secret, or None when there is none of that name."""

    def set(self, name: str, value: str) -> None:
        """Keep a secret; it is there when this returns."""

    def delete(self, name: str) -> None:
        """Forget a secret; it may be gone already."""


class SessionCredentials:
    """For this time only: secrets in memory, gone when the program ends."""

    is_lasting = False

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def __repr__(self) -> str:
        return "SessionCredentials(…)"

    def get(self, name: str) -> str | None:
        """The secret, or None."""
        return self._secrets.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret until the program ends."""
        self._secrets[name] = value

    def delete(self, name: str) -> None:
        """Forget a secret."""
        self._secrets.pop(name, None)


class KeyringCredentials:
    """The system's keyring: Secret Service or KWallet, Windows' and macOS's own."""

    is_lasting = True

    def __init__(
        self, backend: keyring.backend.KeyringBackend | None = None, *, limit: float = _LIMIT
    ) -> None:
        self._backend = backend
        self._limit = limit
        self._under_way: threading.Thread | None = None

    def __repr__(self) -> str:
        return "KeyringCredentials(…)"

    def get(self, name: str) -> str | None:
        """The secret, or None when the keyring holds none of that name."""
        return self._call(lambda backend: backend.get_password(APPLICATION, name))

    def set(self, name: str, value: str) -> None:
        """Keep a secret in the keyring."""
        self._call(lambda backend: backend.set_password(APPLICATION, name, value))

    def delete(self, name: str) -> None:
        """Remove a secret from the keyring."""

        def removed(backend: keyring.backend.KeyringBackend) -> None:
            if backend.get_password(APPLICATION, name) is not None:
                backend.delete_password(APPLICATION, name)

        self._call(removed)

    def state(self) -> "KeyringState":
        """Which keyring there is, and whether it answers; for the doctor."""
        try:
            name = self._call(lambda backend: type(backend).__module__.rsplit(".", 1)[-1])
            self.get("doctor/probe")
        except CXError as problem:
            return KeyringState(backend="", problem=problem.key)
        return KeyringState(backend=name)

    def _call(self, work: Callable[[keyring.backend.KeyringBackend], Result]) -> Result:
        if self._under_way is not None and self._under_way.is_alive():
            raise CXError("problem.keyring-locked", retryable=True)
        outcome: queue.SimpleQueue[Result | Exception] = queue.SimpleQueue()
        self._under_way = threading.Thread(
            target=lambda: outcome.put(self._attempt(work)), name="keyring", daemon=True
        )
        self._under_way.start()
        try:
            result = outcome.get(timeout=self._limit)
        except queue.Empty:
            raise CXError("problem.keyring-locked", retryable=True) from None
        if isinstance(result, Exception):
            raise result
        return result

    def _attempt(
        self, work: Callable[[keyring.backend.KeyringBackend], Result]
    ) -> Result | Exception:
        try:
            if self._backend is None:
                self._backend = best_backend()
            return work(self._backend)
        except CXError as error:
            return error
        except keyring.errors.NoKeyringError:
            return CXError("problem.keyring-missing")
        except keyring.errors.KeyringError:
            return CXError("problem.keyring-locked", retryable=True)
        except Exception as error:  # noqa: BLE001  (thread boundary: every backend has its own faults)
            return CXError("problem.keyring-failed", retryable=True, fault=type(error).__name__)


class KeyringState(Struct, frozen=True):
    """What the doctor sees of the keyring: its kind, or the problem with it."""

    backend: str
    problem: str = ""


def best_backend() -> keyring.backend.KeyringBackend:
    """The keyring this system prefers, among those that really keep secrets."""
    able = [each for each in keyring.backend.get_all_keyring() if _is_trusted(each)]
    if not able:
        raise CXError("problem.keyring-missing")
    return max(able, key=lambda each: each.priority)


def _is_trusted(backend: keyring.backend.KeyringBackend) -> bool:
    return type(backend).__module__ in _TRUSTED
