"""The demo's keyring: a file in the demo's own folder, wiped with it."""

from pathlib import Path

import msgspec

from cx_desktop.settings import write_whole


class DemoCredentials:
    """Behaves like a lasting keyring, so that offline unlock can be shown.

    The secrets guard made-up data, and lie beside it.
    """

    is_lasting = True

    def __init__(self, folder: Path) -> None:
        self._path = folder / "keyring.json"

    def get(self, name: str) -> str | None:
        """The secret, or None."""
        return self._secrets().get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret until the demo is reset."""
        self._write({**self._secrets(), name: value})

    def delete(self, name: str) -> None:
        """Forget a secret."""
        self._write({key: value for key, value in self._secrets().items() if key != name})

    def _secrets(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}

    def _write(self, secrets: dict[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, msgspec.json.encode(secrets))
