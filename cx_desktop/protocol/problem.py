"""How a request is refused: RFC 9457 problems with stable names."""

from msgspec import Struct

PROBLEM_BASE = "https://cx-desktop.example/problems/"  # type URIs are names, never fetched


class Problem(Struct, frozen=True, omit_defaults=True):
    """An RFC 9457 problem; ``type`` ends in a stable name, ``params`` fill the client's words."""

    type: str
    title: str
    status: int
    detail: str = ""
    request_id: str = ""
    retryable: bool = False
    retry_after: float | None = None
    errors: tuple["Fault", ...] = ()
    params: dict[str, str | int] = {}

    @property
    def name(self) -> str:
        """The last part of ``type``, such as ``wrong-code`` or ``stale-version``."""
        return self.type.rsplit("/", 1)[-1]


class Fault(Struct, frozen=True, omit_defaults=True):
    """One place of a refused request."""

    pointer: str
    code: str
    message: str = ""
    object_id: str = ""
    """Of several objects, the one that is meant."""
    params: dict[str, str | int] = {}
    """What fills the words of a finding."""
