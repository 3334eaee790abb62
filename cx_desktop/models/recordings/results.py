"""Scores over time: what finished evaluations came to, week by week, and as a file."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, Signal, Slot

from cx_desktop.cache import Cache, Changed
from cx_desktop.domain.plain_csv import table
from cx_desktop.domain.recordings.calibration import unclear
from cx_desktop.domain.recordings.notes import Evaluation, State
from cx_desktop.domain.recordings.trends import (
    Point,
    Scored,
    by_agent,
    rows_of,
    scored,
    weekly,
)
from cx_desktop.models.cache_news import CacheNews
from cx_desktop.models.export_flow import put_file
from cx_desktop.models.latest import Latest
from cx_desktop.models.recordings.review_forms import LiveForm, forms_of, version_of
from cx_desktop.models.workspace import Workspace

WEEKS = (12, 26, 52)
#: Spreadsheets read UTF-8 only where this stands in front.
_MARK = b"\xef\xbb\xbf"


class Found(Struct, frozen=True):
    """Every finished evaluation of the project, by the form in view."""

    project_id: str = ""
    forms: tuple[LiveForm, ...] = ()
    form: LiveForm | None = None
    evaluations: tuple[Evaluation, ...] = ()
    scores: tuple[Scored, ...] = ()
    unclear: tuple[tuple[str, float], ...] = ()
    """Questions on which reviewers differ, by their words, with how often they agree."""


class Results(QObject):
    """The scores of the project in view; read while somebody looks."""

    changed = Signal()
    exported = Signal(object)  # Path
    failed = Signal(object)  # CXError

    def __init__(self, workspace: Workspace, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._form_id = ""
        self.agent = ""
        self.weeks = WEEKS[0]
        self.is_watched = False
        self.found = Found()
        self._latest = Latest(
            workspace.tasks, self._read, done=self._on_read, failed=self.failed.emit
        )
        self._news = CacheNews(workspace.cache, parent=self)
        self._news.committed.connect(self._on_news)
        workspace.project_changed.connect(self._on_project_changed)

    def close(self) -> None:
        """Stop following the cache."""
        self._news.close()

    def watch(self, *, is_watched: bool) -> None:
        """Read while somebody looks, and not otherwise."""
        self.is_watched = is_watched
        if is_watched:
            self._latest.ask()

    @property
    def today(self) -> date:
        """The day where the project is, by the clock that cannot be set back."""
        return self._workspace.cache.purging.now().astimezone(self._workspace.zone).date()

    @property
    def points(self) -> tuple[Point, ...]:
        """The weeks, of everybody or of the agent in view."""
        chosen = [each for each in self.found.scores if self.agent in {"", each.agent}]
        return weekly(chosen, until=self.today, weeks=self.weeks)

    @property
    def agents(self) -> tuple[tuple[str, int, float], ...]:
        """Each agent with how many evaluations in the weeks in view, and their mean."""
        first = weekly((), until=self.today, weeks=self.weeks)[0].week
        return by_agent(each for each in self.found.scores if each.day >= first)

    @property
    def mean(self) -> float | None:
        """The mean of everybody's evaluations in the weeks in view."""
        count = sum(each for _, each, _ in self.agents)
        total = sum(each * mean for _, each, mean in self.agents)
        return round(total / count, 1) if count else None

    def choose_form(self, form_id: str) -> None:
        """The scores by another form."""
        self._form_id = form_id
        self._latest.ask()

    def choose_agent(self, agent: str) -> None:
        """One agent's scores, or everybody's."""
        self.agent = agent
        self.changed.emit()

    def choose_weeks(self, weeks: int) -> None:
        """A longer or shorter time."""
        self.weeks = weeks
        self.changed.emit()

    def export(self, path: Path, heads: Sequence[str]) -> None:
        """Write the finished evaluations by the form in view as a table for a spreadsheet."""
        form, evaluations = self.found.form, self.found.evaluations
        if form is None:
            return
        shown = [each for each in evaluations if self.agent in {"", each.agent_name}]

        def work() -> Path:
            content = _MARK + table(rows_of(form.form, shown, heads)).encode()
            put_file(path, content)
            return path

        self._workspace.tasks.run(work, done=self.exported.emit, failed=self.failed.emit)

    @Slot(object)
    def _on_news(self, changed: Changed) -> None:
        if self.is_watched and changed.entity_type in {"evaluation", "form", "revision"}:
            self._latest.ask()

    def _on_project_changed(self) -> None:
        self.found, self.agent, self._form_id = Found(), "", ""
        if self.is_watched:
            self._latest.ask_anew()
        self.changed.emit()

    def _on_read(self, found: Found) -> None:
        project = self._workspace.project
        if project is not None and found.project_id == project.id:
            self.found = found
            self.changed.emit()

    def _read(self) -> Found:
        project, cache = self._workspace.project, self._workspace.cache
        if project is None:
            return Found()
        forms = forms_of(cache, project.id)
        form = next((each for each in forms if each.id == self._form_id), None)
        form = form or next(iter(forms), None)
        if form is None:
            return Found(project.id, forms)
        every = tuple(_evaluations(cache, project.id, self.today))
        done = tuple(each for each in every if each.form_id == form.id)
        zone = self._workspace.zone

        def day_of(at: datetime) -> date:
            return at.astimezone(zone).date()

        return Found(
            project.id,
            forms,
            form,
            tuple(each for each in done if each.calibrates is None),
            tuple(scored(done, day_of)),
            _unclear(cache, form, done),
        )


def _evaluations(cache: Cache, project_id: str, today: date) -> Iterable[Evaluation]:
    for row in cache.said.all_of("evaluation", project_id, today):
        try:
            found = msgspec.convert(row.data, Evaluation)
        except msgspec.ValidationError:  # a newer program wrote it
            continue
        if found.state is State.DONE:
            yield found


def _unclear(
    cache: Cache, form: LiveForm, done: tuple[Evaluation, ...]
) -> tuple[tuple[str, float], ...]:
    by_id = {each.id: each for each in done}
    pairs = [
        (by_id[each.calibrates], each)
        for each in done
        if each.calibrates in by_id and each.form_number == by_id[each.calibrates].form_number
    ]
    found: dict[str, float] = {}
    for number in sorted({each.form_number for _, each in pairs}):
        version = version_of(cache, form.id, number)
        if version is not None:
            some = [pair for pair in pairs if pair[1].form_number == number]
            for name, agreement in unclear(version.form, some):
                found[version.form.questions[name].text] = agreement
    return tuple(sorted(found.items(), key=lambda each: each[1]))
