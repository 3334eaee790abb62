"""What queues and flows are called, who the agents are, which tags there are: for rows, filters."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Cache
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.search import plain
from cx_desktop.models.latest import Latest
from cx_desktop.models.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

_Known = tuple[dict[str, str], dict[str, str], tuple[str, ...], tuple[str, ...]]


class Names(QObject):
    """The names of the project in view; ``read`` reads them anew."""

    changed = Signal()

    def __init__(self, workspace: Workspace, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.queues: Mapping[str, str] = {}
        self.flows: Mapping[str, str] = {}
        self.agents: tuple[str, ...] = ()
        self.tags: tuple[str, ...] = ()
        self._reading: Latest[_Known] = Latest(
            workspace.tasks, self._read, done=self._take, failed=_ignore
        )

    def read(self, *, anew: bool = False) -> None:
        """Read them; ``anew`` where they were another project's."""
        if anew:
            self._reading.ask_anew()
        else:
            self._reading.ask()

    def _read(self) -> _Known:
        project, cache = self._workspace.project, self._workspace.cache
        if project is None:
            return {}, {}, (), ()
        named = partial(_named, cache, project.id)
        lists = cache.recording_list
        agents = sorted(filter(None, lists.agents(project.id)), key=plain)
        return named("queue"), named("flow"), tuple(agents), lists.tags(project.id)

    def _take(self, known: _Known) -> None:
        if known != (self.queues, self.flows, self.agents, self.tags):
            self.queues, self.flows, self.agents, self.tags = known
            self.changed.emit()


def _named(cache: Cache, project_id: str, kind: str) -> dict[str, str]:
    found = {
        row.id: str(row.data.get("name", "")) for row in cache.rows(kind, project_id=project_id)
    }
    return dict(sorted(found.items(), key=lambda each: plain(each[1])))


def _ignore(_error: CXError) -> None:
    """The list itself says what is wrong with the cache."""
