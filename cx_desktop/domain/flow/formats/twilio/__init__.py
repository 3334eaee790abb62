"""Twilio Studio: flow definitions and Terraform templates of them, read and written.

What a file says besides its widgets is kept under ``origin`` in the flow's settings.
"""

from contextlib import suppress

import msgspec

from cx_desktop.domain.flow.formats import Imported, ImportNote, Unreadable, Written
from cx_desktop.domain.flow.formats.incoming import MAX_STEPS, File, json_of
from cx_desktop.domain.flow.formats.placing import placed
from cx_desktop.domain.flow.formats.twilio.directives import has_directives
from cx_desktop.domain.flow.formats.twilio.reader import Flowing, flow_from
from cx_desktop.domain.flow.formats.twilio.terraform import PLACEHOLDER, values_in
from cx_desktop.domain.flow.formats.twilio.widgets import FORMAT, Studio, parse, widget_of
from cx_desktop.domain.flow.formats.twilio.wrapping import Wrapped, flows_in
from cx_desktop.domain.flow.formats.twilio.writer import start_of, widgets_of
from cx_desktop.domain.flow.formats.unsaid import unsaid_settings, unsaid_start
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.patch import Document, Json

__all__ = ["FORMAT", "imported", "read_file", "write", "written"]


def read_file(file: File) -> tuple[Imported, ...]:
    """Every flow of a file: a definition, an answer of the API, or a Terraform template."""
    notes = file.notes
    values = _values(file.text)
    placeholder = next((each[0] for each in PLACEHOLDER.finditer(file.text)), None)
    if placeholder is not None:
        notes = (*notes, ImportNote("import.twilio-template", {"example": placeholder}))
    if has_directives(file.text):
        notes = (*notes, ImportNote("import.twilio-directives"))
    found = [each for value in values for each in flows_in(value)]
    flows = tuple(imported(each, notes, named=file.filename) for each in found)
    if not flows:
        raise Unreadable("problem.import-unknown-format")
    return flows


def _values(text: str) -> list[Json]:
    """The values of a text: as JSON, or as nearly JSON with comments or a comma too many."""
    if text.lstrip()[:1] not in {"{", "["} or has_directives(text):
        return values_in(text)
    try:
        return [json_of(text)]
    except Unreadable as error:
        with suppress(Unreadable):
            return values_in(text)
        raise error from None


def imported(wrapped: Wrapped, notes: tuple[ImportNote, ...] = (), *, named: str = "") -> Imported:
    """The flow of a definition, its nodes where Studio drew them unless they would overlap."""
    studio = parse(wrapped.document)
    if len(studio.widgets) > MAX_STEPS:
        raise Unreadable(
            "problem.import-too-many-steps",
            place=wrapped.place,
            count=len(studio.widgets),
            limit=MAX_STEPS,
        )
    flowing = flow_from(studio)
    description = studio.rest.get("description")
    return Imported(
        flow=msgspec.structs.replace(
            placed(flowing.flow, is_drawn=_is_drawn(studio)),
            meta={"origin": _kept(wrapped, studio)},
        ),
        format=FORMAT,
        name=wrapped.name or named,
        description=description if isinstance(description, str) else "",
        notes=(*notes, *flowing.notes),
        handles=wrapped.handles,
    )


def _is_drawn(studio: Studio) -> bool:
    return all(widget.position for widget in studio.widgets)


def _kept(wrapped: Wrapped, studio: Studio) -> Document:
    """What the file says besides its widgets; the answer of the API that the flow stood in."""
    kept: Document = {"format": FORMAT, "start": studio.start, "rest": studio.rest}
    if studio.strays:
        kept["strays"] = list(studio.strays)
    if wrapped.place == "definition":
        kept["around"] = wrapped.around | {"definition": None}
    return kept


def write(flow: Flow) -> bytes:
    """A flow as a Studio flow definition."""
    return written(flow).data


def written(flow: Flow) -> Written:
    """A flow as a Studio flow definition, and what could not be said in it."""
    origin = flow.meta.get("origin")
    origin = origin if isinstance(origin, dict) and origin.get("format") == FORMAT else {}
    before, rest = _before(flow, origin)
    result = widgets_of(flow, before)
    was = origin.get("start")
    start = start_of(flow, before, was if isinstance(was, str) else "")
    strays = origin.get("strays")
    states: list[Json] = [*result.states, *(strays if isinstance(strays, list) else [])]
    fresh: Document = {"description": "", "states": [], "initial_state": "", "flags": {}}
    if not origin:
        fresh["flags"] = {"allow_concurrent_calls": True}
    document: Document = (rest if origin else fresh) | {"states": states}
    if "initial_state" in document or start:
        document["initial_state"] = start
    around = origin.get("around")
    if isinstance(around, dict):
        document = around | {"definition": document}
    data = msgspec.json.format(msgspec.json.encode(document), indent=2)
    return Written(data, (*result.notes, *unsaid_settings(flow), *unsaid_start(flow)))


def _before(flow: Flow, origin: Document) -> tuple[Flowing, Document]:
    """What the file said of the nodes that came from it, read again."""
    known = {
        key: node.origin.raw
        for key, node in flow.nodes.items()
        if node.origin and node.origin.format == FORMAT and isinstance(node.origin.raw, dict)
    }
    rest = origin.get("rest")
    widgets = tuple(widget_of(raw, f"nodes.{key}") for key, raw in known.items())
    was = origin.get("start")
    studio = Studio(was if isinstance(was, str) else "", widgets, {})
    flowing = flow_from(studio, tuple(known))
    flow = placed(flowing.flow, is_drawn=_is_drawn(studio))
    readings = {
        key: reading._replace(node=flow.nodes[key]) for key, reading in flowing.readings.items()
    }
    return Flowing(flow, readings, flowing.notes), rest if isinstance(rest, dict) else {}
