"""A dialplan as Asterisk searches it: which extension a number finds, and in which context."""

from collections.abc import Iterator
from typing import NamedTuple

from cx_desktop.domain.flow.formats.asterisk.lines import Dialplan, Include, Section, Step
from cx_desktop.domain.flow.formats.asterisk.patterns import (
    SPECIAL,
    expression_of,
    is_dialled,
    is_pattern,
    longest,
    matches,
    name_of,
    rank,
)

_LONGEST_EXPRESSION = 6_000


class Target(NamedTuple):
    """A step of the dialplan: its context, extension and priority."""

    section: str
    extension: str
    priority: int


class Found(NamedTuple):
    """The extension that a number finds, and the context that has it."""

    section: str
    extension: str


class Plan:
    """The contexts of a file, with what they include."""

    def __init__(self, dialplan: Dialplan) -> None:
        self.dialplan = dialplan
        self.sections = dialplan.sections
        self._patterns = {
            name: sorted(
                (each for each in section.extensions if is_pattern(name_of(each).called)),
                key=lambda each: (rank(name_of(each).called), not name_of(each).is_conditional),
            )
            for name, section in self.sections.items()
        }
        self._found: dict[tuple[str, str], Found | None] = {}
        self._typed: dict[str, tuple[str, ...]] = {}
        self._expressions: dict[tuple[str, bool], tuple[str, ...]] = {}
        self._includers: dict[str, tuple[str, ...]] = {}
        for name, section in self.sections.items():
            for include in section.includes:
                before = self._includers.get(include.context, ())
                self._includers[include.context] = (*before, name)

    def find(self, section: str, number: str) -> Found | None:
        """The extension that a number finds in a context, first in its own, then as included."""
        key = (section, number)
        if key not in self._found:
            self._found[key] = next(self._search(section, number), None)
        return self._found[key]

    def _search(self, name: str, number: str) -> Iterator[Found]:
        for section in self.around(name):
            own = section.extensions
            if number in own:
                yield Found(section.name, number)
            for pattern in self._patterns[section.name]:
                called = name_of(pattern)
                if not called.is_conditional and matches(called.called, number):
                    yield Found(section.name, pattern)

    def around(self, name: str) -> Iterator[Section]:
        """A context and all that it includes, in the order they are searched."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            each = waiting.pop()
            section = self.sections.get(each)
            if section is None or each in seen or len(seen) > len(self.sections):
                continue
            seen.add(each)
            yield section
            waiting.extend(include.context for include in reversed(section.includes))

    def steps(self, found: Found) -> dict[int, Step]:
        """The steps of an extension by priority."""
        return self.sections[found.section].extensions[found.extension]

    def priority(self, found: Found, wanted: str) -> int | None:
        """The number of a priority that is named by its number or its label."""
        steps = self.steps(found)
        if wanted.isdigit() and len(wanted) < 8:
            return int(wanted) if int(wanted) in steps else None
        wanted = wanted.strip()
        return next((step.priority for step in steps.values() if step.label == wanted), None)

    def in_order(self, section: str) -> list[str]:
        """The extensions of a context in the order they are tried, without the engine's own."""
        names = self.sections[section].extensions
        return sorted(
            (each for each in names if name_of(each).called not in SPECIAL),
            key=lambda each: (rank(name_of(each).called), not name_of(each).is_conditional),
        )

    def typed(self, section: str) -> tuple[str, ...]:
        """The names that callers can type in a context, with what it includes."""
        if section not in self._typed:
            self._typed[section] = tuple(
                each
                for around in self.around(section)
                for each in around.extensions
                if is_dialled(name_of(each).called)
            )
        return self._typed[section]

    def is_typed(self, section: str, *, besides: str) -> bool:
        """Whether callers can type a number of several digits here, besides this extension."""
        return any(
            each != besides and longest(name_of(each).called) > 1 for each in self.typed(section)
        )

    def longest(self, section: str) -> int:
        """The most digits a caller may type here."""
        return max((longest(name_of(each).called) for each in self.typed(section)), default=1)

    def alike(self, section: str, extension: str) -> list[str]:
        """The extensions that a number finds as it finds this one, those for some callers first."""
        called = name_of(extension).called
        same = [
            each
            for each in self.in_order(section)
            if name_of(each).called == called and not name_of(each).caller.endswith("=")
        ]
        return sorted(same, key=lambda each: not name_of(each).is_conditional)

    def includers(self, section: str) -> tuple[str, ...]:
        """The contexts that include this one."""
        return self._includers.get(section, ())

    def includes(self, section: str) -> list[Include]:
        """What a context includes that the file has."""
        return [
            each
            for each in self.sections[section].includes
            if each.context in self.sections and each.context != section
        ]

    def expressions(self, section: str, *, only_typed: bool = False) -> tuple[str, ...]:
        """Regular expressions of all that finds an extension in a context; each is short enough."""
        key = (section, only_typed)
        if key not in self._expressions:
            self._expressions[key] = tuple(_joined(self._names(section, only_typed=only_typed)))
        return self._expressions[key]

    def _names(self, section: str, *, only_typed: bool) -> Iterator[str]:
        for around in self.around(section):
            for each in around.extensions:
                name = name_of(each)
                is_wanted = not only_typed or (is_dialled(name.called) and longest(name.called) > 1)
                if name.called not in SPECIAL and is_wanted and not name.caller.endswith("="):
                    yield name.called


def _joined(names: Iterator[str]) -> Iterator[str]:
    """Alternatives of one another, in texts that are not too long."""
    part: list[str] = []
    size = 0
    for expression in dict.fromkeys(map(expression_of, names)):
        if part and size + len(expression) > _LONGEST_EXPRESSION:
            yield "|".join(part)
            part, size = [], 0
        part.append(expression)
        size += len(expression) + 1
    if part:
        yield "|".join(part)
