"""What a trip is packed from: what is selected, what is looked for, what is left to hear."""

from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.packs import Choice, Source
from cx_desktop.models.recordings.worklists import Worklists


def sources_of(desk: RecordingDesk, lists: Worklists) -> tuple[Source, ...]:
    """The three of them, as they stand whenever somebody looks."""

    def to_hear() -> tuple[str, ...]:
        found = lists.found
        left = (each.recording_id for each in found.drawn if not each.is_done)
        return tuple(each for each in left if each in found.calls)

    def capture_to_hear() -> Choice:
        ids = to_hear()
        return lambda: ids

    return (
        Source("selection", lambda: desk.chosen_count, desk.capture_chosen),
        Source("search", lambda: desk.rows.count, desk.capture_shown),
        Source("worklist", lambda: len(to_hear()), capture_to_hear),
    )
