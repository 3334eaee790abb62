"""Keeps the cache and the service equal: pulls pages, pushes edits, listens for hints."""

from cx_desktop.sync.engine import Engine
from cx_desktop.sync.events import Phase
from cx_desktop.sync.status import SyncStatus

__all__ = ["Engine", "Phase", "SyncStatus"]
