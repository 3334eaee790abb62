"""The service's one database: readers beside a single writer, on a SQLite without known faults."""

from cx_desktop.service.store.entities import Entity
from cx_desktop.service.store.store import Moved, Store, Txn

__all__ = ["Entity", "Moved", "Store", "Txn"]
