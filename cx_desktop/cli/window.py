"""Opens the window; imports nothing that the first paint does not need."""

import gc


def open_window(**overrides: object) -> int:
    """The window on this user's own data."""
    return _run(is_demo=False, overrides=overrides)


def open_demo(*, recordings: int = 0, **overrides: object) -> int:
    """The window on the embedded service, which has at least so many recordings."""
    return _run(is_demo=True, recordings=recordings, overrides=overrides)


def _run(*, is_demo: bool, overrides: dict[str, object], recordings: int = 0) -> int:
    gc.disable()  # nothing to collect before the first paint, which ``run`` ends this with
    from cx_desktop.app.run import run

    return run(is_demo=is_demo, recordings=recordings, overrides=overrides)
