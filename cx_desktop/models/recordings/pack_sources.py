"""What a trip is packed from: what is selected, what is looked for, what is left to hear."""

from functools import partial

import msgspec

from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.packs import Choice, Source
from cx_desktop.models.recordings.searches import Search
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


def kept_of(desk: RecordingDesk) -> tuple[Source, ...]:
    """The searches that somebody keeps, by name; each is counted when it is planned."""
    return tuple(
        Source("kept", lambda: None, partial(_capture, desk, search), search.name)
        for search in desk.searches.all
    )


def _capture(desk: RecordingDesk, search: Search) -> Choice:
    """What a search means now; whatever the list shows stays as it is."""
    shown = desk.listing
    if shown is None:
        return tuple
    listing = msgspec.structs.replace(
        shown, filters=search.filters, sort=search.sort, is_descending=search.is_descending
    )
    return partial(desk.workspace.cache.recording_list.ids, listing)
