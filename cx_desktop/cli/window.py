"""Opens the window; imports nothing that the first paint does not need."""

from cx_desktop.app.run import run


def open_window(**overrides: object) -> int:
    """The window on this user's own data."""
    return run(overrides=overrides)


def open_demo(**overrides: object) -> int:
    """The window on the embedded service."""
    return run(is_demo=True, overrides=overrides)
