"""This computer as the service knows it: an Ed25519 key whose private half lies in the keyring."""

import base64
import contextlib
import platform

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cx_desktop.auth.credentials import Credentials
from cx_desktop.protocol import DeviceFacts


class DeviceKey:
    """The key of one profile on this computer."""

    def __init__(self, private: Ed25519PrivateKey, *, is_new: bool) -> None:
        self._private = private
        self.is_new = is_new

    def __repr__(self) -> str:
        return "DeviceKey(…)"

    @staticmethod
    def name(profile_id: str) -> str:
        """What the profile's key is called in the keyring."""
        return f"{profile_id}/device-key"

    @classmethod
    def of(cls, credentials: Credentials, profile_id: str) -> "DeviceKey":
        """The profile's key, made and kept when there is none."""
        known = cls.known(credentials, profile_id)
        if known is not None:
            return known
        fresh = Ed25519PrivateKey.generate()
        kept = base64.b64encode(fresh.private_bytes_raw()).decode()
        credentials.set(cls.name(profile_id), kept)
        return cls(fresh, is_new=True)

    @classmethod
    def known(cls, credentials: Credentials, profile_id: str) -> "DeviceKey | None":
        """The profile's key, if the keyring still holds it."""
        kept = credentials.get(cls.name(profile_id))
        if kept is None:
            return None
        with contextlib.suppress(ValueError):
            raw = base64.b64decode(kept, validate=True)
            return cls(Ed25519PrivateKey.from_private_bytes(raw), is_new=False)
        return None

    def facts(self, device_id: str) -> DeviceFacts:
        """What the service is told about this computer; a new key is a new device."""
        public = base64.b64encode(self._private.public_key().public_bytes_raw()).decode()
        return DeviceFacts(
            name=platform.node() or platform.system(),
            public_key=public,
            id="" if self.is_new else device_id,
        )

    def sign(self, message: bytes) -> bytes:
        """The device's signature."""
        return self._private.sign(message)
