"""From a dialplan to flows: each context is one, and jumps between contexts go from flow to flow.

In the language of the dialplan ``EXTEN`` says which extension runs; here it is the variable
``called``. Where an extension has a fixed name it is known; a jump to a pattern sets it.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from cx_desktop.domain.flow.formats.asterisk import apps
from cx_desktop.domain.flow.formats.asterisk.arguments import split
from cx_desktop.domain.flow.formats.asterisk.around import Around
from cx_desktop.domain.flow.formats.asterisk.draft import Draft, How
from cx_desktop.domain.flow.formats.asterisk.entries import NOTHING, Asked, Entries, entries_of
from cx_desktop.domain.flow.formats.asterisk.lines import Step
from cx_desktop.domain.flow.formats.asterisk.patterns import is_pattern, name_of
from cx_desktop.domain.flow.formats.asterisk.plan import Found, Plan, Target
from cx_desktop.domain.flow.formats.asterisk.variables import Scope


class Drafted(NamedTuple):
    """A step and what it becomes; steps that an earlier one says too are in ``taken``."""

    step: Step
    draft: Draft
    scope: Scope
    taken: tuple[Step, ...] = ()


class Place(NamedTuple):
    """Where a jump goes: as far as that is known before the call."""

    section: str | None
    extension: str | None
    """The name it finds an extension by, or None when that is only known at the call."""
    priority: str
    written: tuple[str, ...]
    """Context, extension and priority as they are written; "" for what is left out."""


class Landing(NamedTuple):
    """What a jump finds: a place here or in another context."""

    target: Target
    number: str
    """What the extension was called by."""


class Reader:
    """Reads all contexts first, so that each knows who jumps into it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._globals = _constants(plan)
        self.drafted = {name: tuple(self._section(name)) for name in plan.sections}
        self._targets = self._jump_targets()
        self.entries = {name: self._entries(name) for name in plan.sections}

    def _section(self, name: str) -> Iterator[Drafted]:
        section = self.plan.sections[name]
        for by_priority in section.extensions.values():
            steps = tuple(by_priority[each] for each in sorted(by_priority))
            yield from self._extension(name, steps)
        for step in section.doubles:
            yield self._drafted(name, step, (step,))

    def _extension(self, name: str, steps: tuple[Step, ...]) -> Iterator[Drafted]:
        targets = _targets_within(steps)
        at = 0
        while at < len(steps):
            drafted = self._drafted(name, steps[at], steps)
            taken = steps[at + 1 : at + 1 + drafted.draft.takes]
            if any(_is_aimed_at(each, targets) for each in taken):
                drafted, taken = self._drafted(name, steps[at], steps[: at + 1]), ()
            yield drafted._replace(taken=taken)
            at += 1 + len(taken)

    def _drafted(self, section: str, step: Step, steps: tuple[Step, ...]) -> Drafted:
        scope = self.scope(section, step.extension)
        draft = apps.read(Around(self.plan, section, step, steps, scope))
        return Drafted(step, draft, scope)

    def scope(self, section: str, extension: str) -> Scope:
        """What is known where an extension runs."""
        known = {**self._globals, "CONTEXT": section}
        name = name_of(extension)
        if not is_pattern(name.called):
            known["EXTEN"] = name.called
        return Scope(known)

    def place(self, section: str, extension: str, jump: str, scope: Scope) -> Place:
        """Where a jump from an extension goes."""
        parts = split(jump)[:3]
        written = ("",) * (3 - len(parts)) + parts
        context, called, priority = (scope.fixed(each) for each in written)
        context = section if written[0] == "" else context
        called = (name_of(extension).called if written[1] == "" else called) or None
        if written[1] == "" and is_pattern(extension):
            called = extension
        fixed = priority if priority is not None else written[2]
        return Place(context, called, fixed, written)

    def landing(self, section: str, extension: str, place: Place) -> Landing | None:
        """What a jump finds, or None when nothing is there or it is only known at the call."""
        if place.section is None or place.extension is None:
            return None
        if not place.written[1]:
            found: Found | None = Found(section, extension)
        else:
            found = self.plan.find(place.section, place.extension)
            found = found or self._above(section, place)
        if found is None:
            return None
        priority = self.plan.priority(found, place.priority.partition("(")[0])
        if priority is None:
            return None
        return Landing(Target(found.section, found.extension, priority), place.extension)

    def _above(self, section: str, place: Place) -> Found | None:
        """An extension of the contexts that include this one: a jump is searched from there."""
        if place.written[0] or place.extension is None:
            return None
        found = (self.plan.find(name, place.extension) for name in self.plan.includers(section))
        return next((each for each in found if each is not None), None)

    def _jump_targets(self) -> dict[str, Asked]:
        """What is jumped to in each context from elsewhere."""
        extensions: defaultdict[str, set[str]] = defaultdict(set)
        places: defaultdict[str, set[Target]] = defaultdict(set)
        is_open: set[str] = set()
        for section, drafted in self.drafted.items():
            for each in drafted:
                for jump in _jumps(each.draft):
                    place = self.place(section, each.step.extension, jump, each.scope)
                    landing = self.landing(section, each.step.extension, place)
                    if landing is None:
                        if place.section is not None and place.extension is None:
                            is_open.add(place.section)
                        continue
                    target = landing.target
                    if target.section != section or _is_called(each.draft, jump):
                        extensions[target.section].add(target.extension)
                        if target.priority != self._first(target):
                            places[target.section].add(target)
        return {
            name: Asked(frozenset(extensions[name]), frozenset(places[name]), name in is_open)
            for name in self.plan.sections
        }

    def _first(self, target: Target) -> int:
        return min(self.plan.steps(Found(target.section, target.extension)))

    def _entries(self, section: str) -> Entries:
        return entries_of(self.plan, section, self._targets.get(section, NOTHING))


def _is_called(draft: Draft, jump: str) -> bool:
    return any(each.calls == jump for each in (draft, *draft.others))


def _jumps(draft: Draft) -> Iterator[str]:
    """Every place that a step may jump to."""
    for each in (draft, *draft.others):
        yield from (to.target for to in each.ways.values() if to.how is How.JUMP)
        yield from (place for place in (each.jumps, each.calls) if place)


def _targets_within(steps: tuple[Step, ...]) -> frozenset[str]:
    """Words that jumps of an extension may aim at: numbers and labels."""
    return frozenset(
        word.strip("() ")
        for step in steps
        if "goto" in step.app.lower() or "gosub" in step.app.lower()
        for part in step.data.replace("?", ",").replace(":", ",").split(",")
        for word in (part,)
    )


def _is_aimed_at(step: Step, targets: frozenset[str]) -> bool:
    return str(step.priority) in targets or (step.label != "" and step.label in targets)


def _constants(plan: Plan) -> dict[str, str]:
    """Global variables that no step changes."""
    changed = {
        name.strip("_ ").removeprefix("GLOBAL(").rstrip(")")
        for section in plan.sections.values()
        for steps in section.extensions.values()
        for step in steps.values()
        if step.app.lower() in ("set", "mset", "setvar", "setglobalvar", "read")
        for name in (step.data.partition("=")[0].partition(",")[0],)
    }
    scope = Scope({})
    return {
        name: value
        for name, value in plan.dialplan.variables.items()
        if name not in changed and scope.fixed(value) is not None
    }
