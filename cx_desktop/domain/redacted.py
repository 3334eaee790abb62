"""Values that carry secrets and never show them."""

from msgspec import Struct


class Redacted(Struct, frozen=True):
    """The base of a value that holds passwords, codes, tokens or keys: its ``repr`` hides them.

    Values end up in log lines, assertion messages and crash reports; secrets must not.
    """

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """What rich's tracebacks show of it: nothing either."""
        return []
