"""Where the window's objects meet, and nowhere else.

What the sign-in page does not need (httpx, SQLAlchemy, cryptography, the shell) is imported after
the first paint: this package and ``cli`` are the only ones that may import late.
"""

from cx_desktop.app.application import Application, build
from cx_desktop.app.world import Transport, World

__all__ = ["Application", "Transport", "World", "build"]
