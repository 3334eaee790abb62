"""Asterisk: the contexts of a dialplan (``extensions.conf``) as flows.

A step is a node, but ``Background`` with the ``WaitExten`` behind it is one menu. A context is a
flow; a jump to another context goes to its flow, and says in ``called`` which extension it wants.
"""

from collections.abc import Iterator

from msgspec import structs

from cx_desktop.domain.flow.formats import Imported, ImportNote, Unreadable
from cx_desktop.domain.flow.formats.asterisk.drawing import FORMAT, Context
from cx_desktop.domain.flow.formats.asterisk.lines import dialplan_of
from cx_desktop.domain.flow.formats.asterisk.plan import Plan
from cx_desktop.domain.flow.formats.asterisk.reader import Reader
from cx_desktop.domain.flow.formats.hours import dialplan_hours, schedules_in
from cx_desktop.domain.flow.formats.incoming import MAX_STEPS, File

__all__ = ["FORMAT", "read_file"]

#: A file with more steps in all is refused: it would keep the program busy for minutes.
_MOST_STEPS = 5 * MAX_STEPS
_MOST_CONTEXTS = 5_000


def read_file(file: File) -> tuple[Imported, ...]:
    """The flows of a dialplan, one for each context that a call can be in."""
    dialplan = dialplan_of(file.text)
    plan = Plan(dialplan)
    count = sum(
        len(each) for section in plan.sections.values() for each in section.extensions.values()
    )
    if count > _MOST_STEPS or len(plan.sections) > _MOST_CONTEXTS:
        raise Unreadable("problem.import-too-many-steps", count=count, limit=_MOST_STEPS)
    flows = tuple(_flows(Reader(plan), file))
    if not flows:
        raise Unreadable("problem.import-unknown-format")
    first, *others = flows
    told = (*file.notes, *dialplan.notes, *first.notes)
    return (structs.replace(first, notes=told), *others)


def _flows(reader: Reader, file: File) -> Iterator[Imported]:
    for name, section in reader.plan.sections.items():
        if section.is_empty:
            continue
        context = Context(reader, name)
        flow = context.flow()
        notes: tuple[ImportNote, ...] = tuple(context.notes)
        called = name or file.filename or FORMAT
        opening = schedules_in(flow, dialplan_hours)
        yield Imported(flow, FORMAT, called, "", notes, (name,), opening)
