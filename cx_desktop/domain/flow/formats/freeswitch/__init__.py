"""FreeSWITCH: its IVR menus, and the contexts of its XML dialplan, as flows."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from msgspec import structs

from cx_desktop.domain.flow.formats import Imported, ImportNote, Unreadable
from cx_desktop.domain.flow.formats.freeswitch import dialplan, menus
from cx_desktop.domain.flow.formats.freeswitch.markup import all_below, name_of, parse
from cx_desktop.domain.flow.formats.hours import condition_hours, schedules_in
from cx_desktop.domain.flow.formats.incoming import File

DIALPLAN, MENUS = dialplan.FORMAT, menus.FORMAT
_MOST_FLOWS = 2_000


def read_menus(file: File) -> tuple[Imported, ...]:
    """The flows of a file of IVR menus, one for each menu that no other one leads to."""
    root = parse(file.text)
    found: dict[str, Element] = {}
    for at, menu in enumerate(all_below(root, "menu"), 1):
        name = menu.get("name", "").strip() or f"menu {at}"
        found.setdefault(name if name not in found else f"{name} ({at})", menu)
    flows = []
    for name in menus.roots(found)[:_MOST_FLOWS]:
        flow, drawing = menus.Menus(found, name).flow()
        notes = tuple(drawing.notes)
        flows.append(Imported(flow, menus.FORMAT, name, "", notes, (name,)))
    return _told(flows, file, root)


def read_dialplan(file: File) -> tuple[Imported, ...]:
    """The flows of a dialplan, one for each context."""
    root = parse(file.text)
    flows = []
    for name, extensions in list(_contexts(root, file.filename))[:_MOST_FLOWS]:
        flow, drawing = dialplan.Context(name, extensions).flow()
        notes = tuple(drawing.notes)
        opening = schedules_in(flow, condition_hours)
        flows.append(Imported(flow, dialplan.FORMAT, name, "", notes, (name,), opening))
    return _told(flows, file, root)


def _contexts(root: Element, filename: str) -> Iterator[tuple[str, list[Element]]]:
    """The extensions of each context; those outside of any are of the one they name."""
    contexts = list(all_below(root, "context"))
    for at, context in enumerate(contexts, 1):
        yield context.get("name", "") or f"context {at}", list(all_below(context, "extension"))
    inside = {id(each) for context in contexts for each in context.iter()}
    loose = [each for each in all_below(root, "extension") if id(each) not in inside]
    if loose:
        yield filename or loose[0].get("name", "") or dialplan.FORMAT, loose


def _told(flows: list[Imported], file: File, root: Element) -> tuple[Imported, ...]:
    """The flows, the first with what there is to tell of the file as a whole."""
    if not flows:
        raise Unreadable("problem.import-unknown-format")
    first, *others = flows
    notes = (*file.notes, *_directives(root), *first.notes)
    return (structs.replace(first, notes=notes), *others)


def _directives(root: Element) -> Iterator[ImportNote]:
    """Other files that the preprocessor of FreeSWITCH would put here."""
    for element in root.iter():
        if name_of(element) == "X-PRE-PROCESS" and element.get("cmd") in ("include", "exec"):
            yield ImportNote(
                "import.freeswitch-other-file", {"file": element.get("data", "")[:200]}
            )
