"""What an application's reader may ask: the variables here, the other steps, the whole dialplan."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from cx_desktop.domain.flow.expressions import Template, render
from cx_desktop.domain.flow.expressions.tree import Expression, Operation, Operator, Text
from cx_desktop.domain.flow.formats.asterisk.arguments import split, unquoted
from cx_desktop.domain.flow.formats.asterisk.lines import Step
from cx_desktop.domain.flow.formats.asterisk.plan import Plan
from cx_desktop.domain.flow.formats.asterisk.variables import Scope
from cx_desktop.domain.patch import Document, Json

_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
#: No step is looked for farther away: a file cannot make reading slow.
_FARTHEST = 200
_TIMEOUT = re.compile(r"\s*TIMEOUT\((digit|response)\)\s*=\s*([0-9.]{1,9})\s*", re.IGNORECASE)


class Around(NamedTuple):
    """A step among the others."""

    plan: Plan
    section: str
    step: Step
    steps: tuple[Step, ...]
    """Every step of its extension, by priority."""
    scope: Scope
    depth: int = 0
    """In how many other steps it stands, as ``ExecIf`` has them."""

    @property
    def data(self) -> str:
        """What the application is given."""
        return self.step.data

    @property
    def args(self) -> tuple[str, ...]:
        """What the application is given, one by one."""
        return split(self.step.data)

    def arg(self, number: int) -> str:
        """One of the arguments; "" when there are fewer."""
        return self.args[number] if number < len(self.args) else ""

    def following(self) -> Iterator[Step]:
        """The steps that come next, one priority after the other."""
        at = bisect_right(self.steps, self.step.priority, key=lambda each: each.priority)
        for wanted, step in enumerate(self.steps[at : at + _FARTHEST], self.step.priority + 1):
            if step.priority != wanted:
                return
            yield step

    def before(self) -> Iterator[Step]:
        """The steps before this one, the nearest first."""
        at = bisect_left(self.steps, self.step.priority, key=lambda each: each.priority)
        yield from reversed(self.steps[max(at - _FARTHEST, 0) : at])

    def behind(self) -> Iterator[Step]:
        """The steps after this one, the nearest first, whatever their priority."""
        at = bisect_right(self.steps, self.step.priority, key=lambda each: each.priority)
        yield from self.steps[at : at + _FARTHEST]

    def number(self, text: str, *, per: float = 1) -> float | None:
        """A number that is the same at every call."""
        fixed = self.scope.fixed(text.strip())
        if fixed is None or not _NUMBER.fullmatch(fixed):
            return None
        value = float(fixed) / per
        return int(value) if value.is_integer() else value

    def template(self, text: str) -> str:
        """A text with ``{name}`` where the dialplan has a variable."""
        return Template(tuple(_joined(self.scope.text(unquoted(text))))).render()

    def expression(self, text: str) -> str:
        """A value as a formula of ours."""
        return render(self.scope.value(text))

    def plain(self, text: str) -> str:
        """A name of the dialplan: as it is at every call, else with ``{name}`` in it."""
        fixed = self.scope.fixed(unquoted(text))
        return self.template(text) if fixed is None else fixed

    def timeout(self, which: str, default: float) -> float:
        """What the steps before have set a waiting time to."""
        for step in self.before():
            said = _TIMEOUT.fullmatch(step.data) if step.app.lower() in ("set", "mset") else None
            if said is not None and said[1].lower() == which:
                return self.number(said[2]) or default
        return default

    def sounds(self, text: str) -> list[Json]:
        """Sound files with ``&`` between them, as a prompt."""
        return [
            {"type": "audio", "ref": self.plain(each)} for each in split(text, "&") if each.strip()
        ]


def _joined(value: Expression) -> list[str | Expression]:
    """The parts of texts that are put one after the other."""
    if isinstance(value, Text):
        return [value.value]
    if isinstance(value, Operation) and value.operator is Operator.JOIN:
        return [*_joined(value.left), *_joined(value.right)]
    return [value]


def with_number(props: Document, name: str, value: float | None) -> Document:
    """Properties with a number, if it is known."""
    return props if value is None else {**props, name: value}
