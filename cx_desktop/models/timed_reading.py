"""Reads what is planned in a project from the cache. Not for the GUI thread."""

from collections.abc import Iterator
from contextlib import suppress

import msgspec

from cx_desktop.cache import Cache
from cx_desktop.domain.timed import Timed, TimedObject, timed_of


def zone_of(cache: Cache, project_id: str) -> str:
    """Whose clocks count in a project; UTC in one that this device does not know."""
    row = cache.row("project", project_id)
    return str(row.data.get("time_zone") or "UTC") if row is not None else "UTC"


def timed_in(cache: Cache, project_id: str) -> Iterator[Timed]:
    """The timed publications of a project; one that a newer program wrote is left out."""
    for row in cache.rows("timed_publication", project_id=project_id):
        with suppress(msgspec.ValidationError):
            yield timed_of(row.data)


def is_overtaken(cache: Cache, timed: Timed) -> bool:
    """Whether callers hear something else by now, so that it would not be carried out."""
    if timed.whatever_is_live or not timed.is_pending:
        return False
    return any(_is_other(cache, each, is_return=timed.is_return) for each in timed.objects)


def _is_other(cache: Cache, planned: TimedObject, *, is_return: bool) -> bool:
    row = cache.row(planned.entity, planned.id)
    live = row.data.get("live_revision") if row is not None else planned.expects
    if live == planned.expects or (is_return and live == planned.returns_to):
        return False
    heard = {
        each.data.get("number"): (each.data.get("sha256"), each.data.get("pins"))
        for each in cache.revisions(planned.id)
    }
    if live not in heard or heard[live] == heard.get(planned.expects):
        return live not in heard
    return (
        heard[live] != heard.get(planned.returns_to)
        if is_return
        else (heard[live][0] != planned.sha256)
    )
