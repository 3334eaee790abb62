"""The evaluation forms that calls are judged by, in the version that counts."""

import msgspec
from msgspec import Struct

from cx_desktop.cache import Cache
from cx_desktop.domain.recordings.forms import Form, form_of


class LiveForm(Struct, frozen=True):
    """A published version of a form."""

    id: str
    name: str
    number: int
    form: Form


def forms_of(cache: Cache, project_id: str) -> tuple[LiveForm, ...]:
    """The forms that can be used now, in the order of their names. Not for the GUI thread."""
    found = []
    for row in cache.rows("form", project_id=project_id):
        number = row.data.get("live_revision")
        if isinstance(number, int) and row.data.get("archived") is not True:
            found.append(version_of(cache, row.id, number))
    known = [each for each in found if each is not None]
    return tuple(sorted(known, key=lambda each: each.name.casefold()))


def version_of(cache: Cache, form_id: str, number: int) -> LiveForm | None:
    """A version of a form; None where it is not here, or a newer program wrote it."""
    revision = next(iter(cache.revisions(form_id, number=number)), None)
    document = revision.data.get("document") if revision is not None else None
    if not isinstance(document, dict):
        return None
    row = cache.row("form", form_id)
    name = str(row.data.get("name", "")) if row is not None else ""
    try:
        return LiveForm(form_id, name, number, form_of(document))
    except msgspec.ValidationError:
        return None
