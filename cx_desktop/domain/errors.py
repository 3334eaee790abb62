"""The world's faults, as values: what went wrong, where, and what to do, by catalogue key."""


class CXError(Exception):
    """A fault of the world, not of the program: shown with a title and a hint, never as a crash.

    ``key`` names two entries of the catalogue, ``<key>.title`` and ``<key>.hint``; ``params`` fill
    their ``{placeholders}``. Whoever catches it renders it with ``text.explain``.
    Anything that is not a ``CXError`` is a bug and reaches the crash dialog.
    """

    def __init__(self, key: str, *, retryable: bool = False, **params: str | int) -> None:
        super().__init__(key, params)
        self.key = key
        self.retryable = retryable
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.key} ({details})" if details else self.key
