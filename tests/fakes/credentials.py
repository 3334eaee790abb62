"""A keyring in memory that outlives a restart of the program, and can be locked."""

from cx_desktop.domain.errors import CXError


class MemoryCredentials:
    """Behaves like the system's keyring; ``problem`` makes every call fail with that word."""

    is_lasting = True

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.problem = ""

    def get(self, name: str) -> str | None:
        self._check()
        return self.secrets.get(name)

    def set(self, name: str, value: str) -> None:
        self._check()
        self.secrets[name] = value

    def delete(self, name: str) -> None:
        self._check()
        self.secrets.pop(name, None)

    def _check(self) -> None:
        if self.problem:
            raise CXError(self.problem, retryable=True)
