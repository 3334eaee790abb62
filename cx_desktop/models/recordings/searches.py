"""Searches that somebody keeps: filters and an order under a name.

They stay on this computer, in the sealed cache, one set per person and project: what one looks for
may hold a caller's number.
"""

from collections.abc import Callable
from functools import partial

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.search import plain
from cx_desktop.domain.recordings import Filters, Sort
from cx_desktop.models.workspace import Workspace

_KEY = "recordings.searches:"


class Search(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A search under its name."""

    name: str
    filters: Filters = Filters()
    sort: Sort = Sort.STARTED
    is_descending: bool = True


class Searches(QObject):
    """The kept searches of the project in view, by name."""

    changed = Signal()
    failed = Signal(object)  # CXError: the last one could not be kept

    def __init__(self, workspace: Workspace, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.all: tuple[Search, ...] = ()

    def read(self) -> None:
        """Read those of the project in view."""
        project = self._workspace.project
        if project is not None:
            read = partial(_read, self._workspace.cache, project.id)
            self._workspace.tasks.run(read, done=self._take(project.id), failed=self.failed.emit)

    def keep(self, search: Search) -> None:
        """Keep a search; one of the same name is replaced."""
        others = [each for each in self.all if plain(each.name) != plain(search.name)]
        self._write(tuple(sorted([*others, search], key=lambda each: plain(each.name))))

    def forget(self, name: str) -> None:
        """Keep a search no longer."""
        self._write(tuple(each for each in self.all if each.name != name))

    def _write(self, searches: tuple[Search, ...]) -> None:
        project = self._workspace.project
        if project is None:
            return
        self.all = searches
        self.changed.emit()
        text = msgspec.json.encode(searches).decode()
        write = partial(self._workspace.cache.set_meta, f"{_KEY}{project.id}", text)
        self._workspace.tasks.run(write, failed=self._on_not_kept)

    def _on_not_kept(self, error: CXError) -> None:
        self.failed.emit(error)
        self.read()

    def _take(self, project_id: str) -> Callable[[tuple[Search, ...]], None]:
        def take(found: tuple[Search, ...]) -> None:
            project = self._workspace.project
            if project is not None and project.id == project_id:
                self.all = found
                self.changed.emit()

        return take


def _read(cache: Cache, project_id: str) -> tuple[Search, ...]:
    kept = cache.meta(f"{_KEY}{project_id}")
    try:
        return msgspec.json.decode(kept, type=tuple[Search, ...]) if kept else ()
    except msgspec.DecodeError:  # a newer program kept what this one cannot read
        return ()
