"""Amazon Connect: both generations of its exports, read and written.

What a file says besides its steps is kept under ``origin`` in the flow's settings.
"""

import msgspec

from cx_desktop.domain.flow.formats import Imported, ImportNote, Unreadable, Written
from cx_desktop.domain.flow.formats.connect import language, legacy
from cx_desktop.domain.flow.formats.connect.apart import taken_apart
from cx_desktop.domain.flow.formats.connect.lost import lost
from cx_desktop.domain.flow.formats.connect.reader import Flowing, flow_from
from cx_desktop.domain.flow.formats.connect.steps import Source
from cx_desktop.domain.flow.formats.connect.writer import Form, start_of, steps_of
from cx_desktop.domain.flow.formats.incoming import MAX_STEPS, File, json_of, text_of, yaml_of
from cx_desktop.domain.flow.formats.placing import placed
from cx_desktop.domain.flow.formats.wrapping import Wrapped, flows_in, is_legacy
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.patch import Document

FORMATS = (language.FORMAT, legacy.FORMAT)


def read(data: bytes) -> Imported:
    """The flow of a Connect file; of several in one file, the first."""
    text = text_of(data)
    first = next(flows_in(json_of(text.text)), None)
    if first is None:
        raise Unreadable("problem.import-unknown-format")
    return imported(first, text.notes)


def read_file(file: File) -> tuple[Imported, ...]:
    """Every flow of a Connect file: an export, an API answer, or a template of either kind."""
    is_json = file.text.lstrip()[:1] in {"{", "["}
    document = json_of(file.text) if is_json else yaml_of(file.text)
    flows = tuple(imported(each, file.notes, named=file.filename) for each in flows_in(document))
    if not flows:
        raise Unreadable("problem.import-unknown-format")
    return flows


def imported(wrapped: Wrapped, notes: tuple[ImportNote, ...] = (), *, named: str = "") -> Imported:
    """The flow of a document, its nodes where the vendor drew them unless they would overlap."""
    document = wrapped.document
    name = legacy.FORMAT if is_legacy(document) else language.FORMAT
    source = legacy.parse(document) if is_legacy(document) else language.parse(document)
    if len(source.steps) > MAX_STEPS:
        raise Unreadable(
            "problem.import-too-many-steps",
            place=wrapped.place,
            count=len(source.steps),
            limit=MAX_STEPS,
        )
    flowing = flow_from(source, name)
    meta: Document = {"origin": {"format": name, "start": source.start, "rest": source.rest}}
    flow = msgspec.structs.replace(flowing.flow, meta=meta)
    called = wrapped.name or _named_by(source.rest) or named
    return Imported(
        flow=placed(flow, is_drawn=_is_drawn(source)),
        format=name,
        name=called,
        description=wrapped.description,
        notes=(*notes, *flowing.notes),
        handles=wrapped.handles,
    )


def _named_by(rest: Document) -> str:
    for header in (rest.get("Metadata"), rest.get("metadata")):
        name = header.get("name") if isinstance(header, dict) else None
        if isinstance(name, str):
            return name
    return ""


def _is_drawn(source: Source) -> bool:
    return all(step.position for step in source.steps)


def write(flow: Flow) -> bytes:
    """A flow as a Connect document, in the generation it came from, else the present one."""
    return written(flow).data


def written(flow: Flow) -> Written:
    """A flow as a Connect document, and what could not be said in it.

    Raises ``CXError`` when a node has no counterpart in Connect.
    """
    flow = taken_apart(flow)
    origin = flow.meta.get("origin")
    origin = origin if isinstance(origin, dict) else {}
    form: Form = legacy if origin.get("format") == legacy.FORMAT else language
    before, rest = _before(flow, origin, form)
    result = steps_of(flow, before, form)
    was = origin.get("start")
    start = start_of(flow, before, was if isinstance(was, str) else "")
    document = form.compose(Source(start, result.steps, rest))
    data = msgspec.json.format(msgspec.json.encode(document), indent=2)
    return Written(data, (*result.notes, *lost(flow, read(data).flow)))


def _before(flow: Flow, origin: Document, form: Form) -> tuple[Flowing, Document]:
    """What the file said of the nodes that came from it, read again."""
    known = {
        key: node.origin.raw
        for key, node in flow.nodes.items()
        if node.origin and node.origin.format == form.FORMAT and isinstance(node.origin.raw, dict)
    }
    rest = origin.get("rest")
    rest = rest if isinstance(rest, dict) else {}
    steps = tuple(form.step_of(raw, f"nodes.{key}") for key, raw in known.items())
    was = origin.get("start")
    source = Source(was if isinstance(was, str) else "", steps, rest)
    flowing = flow_from(source, form.FORMAT, tuple(known))
    flow = placed(flowing.flow, is_drawn=_is_drawn(source))
    readings = {
        key: reading._replace(node=flow.nodes[key]) for key, reading in flowing.readings.items()
    }
    return Flowing(flow, readings, flowing.notes), rest
