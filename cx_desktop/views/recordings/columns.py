"""The columns of the list of recordings: what stands in them, and what is drawn as pills."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from cx_desktop.domain.numbers import spelled
from cx_desktop.domain.recordings import Sort
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.rows import Listed, Recording, SoundState
from cx_desktop.models.table import Column
from cx_desktop.views.recordings import list_words as words
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.pill import Pill

#: What is deleted within so many days is said aloud; within so many, louder.
SOON, VERY_SOON = 7, 1
_GOOD, _POOR = 80.0, 60.0

Pills = Callable[[Listed | None], Sequence[Pill]]


class Columns(Struct, frozen=True):
    """The columns with what they sort by, how narrow they may be, and which are shown at first."""

    shown: tuple[tuple[Column[Listed], Sort | None], ...]
    least: tuple[int, ...]
    hidden: tuple[int, ...]
    pills: Mapping[int, Pills]


def other_party(recording: Recording) -> str:
    """The number of the caller, or of who was called."""
    return recording.caller if recording.direction == "in" else recording.called


def our_line(recording: Recording) -> str:
    """The project's own number."""
    return recording.called if recording.direction == "in" else recording.caller


def columns(look: Look, desk: RecordingDesk) -> Columns:
    """All of them, in their first order."""
    say = _Words(look, desk)
    made = (
        (_column("started", say.started, tooltip=say.started_whole), Sort.STARTED, 150, True),
        (_column("number", say.number), Sort.NUMBER, 124, True),
        (_column("agent", lambda row: row.recording.agent_name), Sort.AGENT, 100, True),
        (_column("queue", say.queue), Sort.QUEUE, 90, True),
        (_column("duration", say.duration, is_number=True), Sort.DURATION, 74, True),
        (_column("tags", say.tags), None, 60, True),
        (_column("score", say.score, is_number=True), None, 60, True),
        (_column("notes", say.notes, is_number=True), None, 60, False),
        (_column("end", say.end, tooltip=say.end_whole), Sort.END, 118, True),
        (_column("direction", say.direction), Sort.DIRECTION, 80, False),
        (_column("flow", say.flow), Sort.FLOW, 110, False),
        (_column("line", say.line), None, 120, False),
        (_column("sound", say.sound), None, 110, False),
    )
    return Columns(
        shown=tuple((column, sort) for column, sort, _least, _is_on in made),
        least=tuple(least for _column, _sort, least, _is_on in made),
        hidden=tuple(at for at, each in enumerate(made) if not each[3]),
        pills={5: say.tag_pills, 6: say.score_pills, 8: say.end_pills},
    )


def _column(
    name: str,
    text: Callable[[Listed], str],
    *,
    tooltip: Callable[[Listed], str] | None = None,
    is_number: bool = False,
) -> Column[Listed]:
    return Column(f"recordings.column.{name}", text=text, tooltip=tooltip, is_number=is_number)


class _Words:
    """How a row reads in each column."""

    def __init__(self, look: Look, desk: RecordingDesk) -> None:
        self._language = look.language
        self._desk = desk

    def started(self, row: Listed) -> str:
        return words.moment(self._language, row.recording.started_at, self._zone)

    def started_whole(self, row: Listed) -> str:
        return words.moment_in_full(self._language, row.recording.started_at, self._zone)

    def number(self, row: Listed) -> str:
        return words.number(self._language, other_party(row.recording))

    def line(self, row: Listed) -> str:
        return spelled(our_line(row.recording))

    def queue(self, row: Listed) -> str:
        return self._desk.names.queues.get(row.recording.queue_id or "", "")

    def flow(self, row: Listed) -> str:
        return self._desk.names.flows.get(row.recording.flow_id or "", "")

    def duration(self, row: Listed) -> str:
        return words.duration(row.recording.duration)

    def direction(self, row: Listed) -> str:
        return self._language.text(f"recordings.direction.{_way(row.recording)}")

    def tags(self, row: Listed) -> str:
        return ", ".join(row.tags)

    def tag_pills(self, row: Listed | None) -> tuple[Pill, ...]:
        return () if row is None else tuple(Pill(tag, "info") for tag in row.tags)

    def score(self, row: Listed) -> str:
        return "" if row.score is None else words.percent(self._language, row.score)

    def score_pills(self, row: Listed | None) -> tuple[Pill, ...]:
        if row is None or row.score is None:
            return ()
        tone = "ok" if row.score >= _GOOD else "warn" if row.score >= _POOR else "block"
        return (Pill(self.score(row), tone),)

    def notes(self, row: Listed) -> str:
        return self._language.number(row.notes) if row.notes else ""

    def end(self, row: Listed) -> str:
        return words.left(self._language, row.recording.delete_by, self._desk.day)

    def end_whole(self, row: Listed) -> str:
        return words.end_in_full(self._language, row.recording)

    def end_pills(self, row: Listed | None) -> tuple[Pill, ...]:
        if row is None:
            return ()
        days = (row.recording.delete_by - self._desk.day).days
        if row.recording.held:
            return (Pill(self.end(row), "accent", "shield-check"),)
        if days > SOON:
            return ()
        return (Pill(self.end(row), "block" if days <= VERY_SOON else "warn", "timer"),)

    def sound(self, row: Listed) -> str:
        if row.recording.blob is None:
            return self._language.text("recordings.sound.moved")
        if row.sound is SoundState.ABSENT:
            return ""
        return self._language.text(f"recordings.sound.{row.sound}")

    @property
    def _zone(self) -> words.Zone:
        return self._desk.workspace.zone


def _way(recording: Recording) -> str:
    return "out" if recording.direction == "out" else "in"
