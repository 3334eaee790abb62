"""The XML dialplan: a context is a flow in which one extension after the other is tried.

FreeSWITCH first finds all that matches, then does it; here both go hand in hand, which is the same
unless an action changes what a later condition asks for.
"""

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.expressions import render
from cx_desktop.domain.flow.formats.drawing import Drawing
from cx_desktop.domain.flow.formats.freeswitch import apps
from cx_desktop.domain.flow.formats.freeswitch.apps import Deed
from cx_desktop.domain.flow.formats.freeswitch.markup import name_of, raw_of
from cx_desktop.domain.flow.formats.freeswitch.values import (
    case_of,
    compared,
    field,
    is_fixed,
    value,
)
from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.patch import Document, Json

FORMAT = "freeswitch-dialplan"

_TIMES = (
    "date-time",
    "year",
    "yday",
    "mon",
    "mday",
    "week",
    "mweek",
    "wday",
    "hour",
    "minute",
    "minute-of-day",
    "time-of-day",
    "tz-offset",
    "dst",
)


class _Ask(NamedTuple):
    """One thing that a condition asks: the hour, or a pattern of a field."""

    hours: str
    field: str
    pattern: str
    element: Element


class _Names(NamedTuple):
    """What the context and the extension are called."""

    context: str
    extension: str


class Context:
    """A context in the making."""

    def __init__(self, name: str, extensions: list[Element]) -> None:
        self._name = name
        self._extensions = extensions
        self._drawing = Drawing(FORMAT)

    def flow(self) -> tuple[Flow, Drawing]:
        """The context as a flow, and what there is to tell."""
        start = self._drawing.draw(self._drawing.reserve("start"), "start")
        after = self._rejected()
        for extension in reversed(self._extensions):
            after = self._extension(extension, after)
        self._drawing.link(start, ("next",), after)
        meta: Document = {"origin": {"format": FORMAT, "context": self._name}}
        return self._drawing.flow(meta), self._drawing

    def _rejected(self) -> NodeId | None:
        """What FreeSWITCH does with a number that nothing matches, where that can be."""
        last = self._extensions[-1].iter() if self._extensions else ()
        asks = any(True for each in last if name_of(each) == "condition" for _ in _asks(each))
        if self._extensions and not asks:
            return None
        props: Document = {"cause": "rejected"}
        return self._drawing.draw(self._drawing.reserve("hangup"), "hangup", props=props)

    def _extension(self, extension: Element, after: NodeId | None) -> NodeId | None:
        """The node an extension begins with; what it does not match goes on behind it."""
        goes_on = extension.get("continue", "").lower() in ("true", "yes", "on", "1")
        conditions = [each for each in extension if name_of(each) == "condition"]
        names = _Names(self._name, extension.get("name", ""))
        tried = _Tried(self._drawing, names, conditions, after)
        return tried.begin(after if goes_on else None)


class _Tried:
    """One extension: its conditions are tried in turn until one says to stop."""

    def __init__(
        self,
        drawing: Drawing,
        names: _Names,
        conditions: list[Element],
        missed: NodeId | None,
    ) -> None:
        self._drawing = drawing
        self._names = names
        self._conditions = conditions
        self._missed = missed

    def begin(self, matched: NodeId | None) -> NodeId | None:
        """The node of the first condition; ``matched`` is where the call goes after its actions."""
        ends = {True: matched, False: self._missed}
        after: dict[bool, NodeId | None] = dict(ends)
        reached = self._reached()
        for at in reversed(range(len(self._conditions))):
            condition = self._conditions[at]
            drawn: dict[bool, NodeId | None] = {}
            for has_matched in sorted(reached[at]):
                drawn[has_matched] = self._condition(condition, has_matched, after, ends)
            after = {each: drawn.get(each) for each in (True, False)}
        return after[False]

    def _reached(self) -> list[set[bool]]:
        """For each condition, whether actions were taken before it: perhaps both can be."""
        reached: list[set[bool]] = [{False}]
        for condition in self._conditions:
            onward: set[bool] = set()
            for has_matched in reached[-1]:
                stops = _stops(condition)
                if not stops[True]:
                    onward.add(has_matched or _has(condition, "action"))
                if not stops[False]:
                    onward.add(has_matched or _has(condition, "anti-action"))
            reached.append(onward)
        return reached

    def _condition(
        self,
        condition: Element,
        has_matched: bool,  # noqa: FBT001 - the key of what comes after
        after: dict[bool, NodeId | None],
        ends: dict[bool, NodeId | None],
    ) -> NodeId | None:
        stops = _stops(condition)
        branches: dict[bool, NodeId | None] = {}
        for holds, name in ((True, "action"), (False, "anti-action")):
            is_matched = has_matched or _has(condition, name)
            onward = (ends if stops[holds] else after)[is_matched]
            branches[holds] = self._actions(condition, name, onward)
        nested = [each for each in condition if name_of(each) == "condition"]
        if nested:
            is_needed = condition.get("require-nested", "true").lower() != "false"
            missed = branches[False] if is_needed else branches[True]
            inner = _Tried(self._drawing, self._names, nested, missed)
            branches[True] = inner.begin(branches[True])
        return self._asked(condition, branches)

    def _asked(self, condition: Element, branches: dict[bool, NodeId | None]) -> NodeId | None:
        """The nodes that ask what a condition asks; one that asks nothing always holds."""
        asks = list(_asks(condition))
        is_any = condition.get("regex", "all").lower() in ("any", "or", "xor")
        yes, no = branches[True], branches[False]
        if condition.get("regex", "").lower() == "xor":
            self._drawing.note(
                "freeswitch-condition", place=self._names.extension[:80], condition="xor"
            )
        if not asks:
            return yes
        target = no if is_any else yes
        for ask in reversed(asks):
            target = self._ask(ask, *((yes, target) if is_any else (target, no)))
        return target

    def _ask(self, ask: _Ask, yes: NodeId | None, no: NodeId | None) -> NodeId:
        title = self._names.extension
        origin = (name_of(ask.element), raw_of(ask.element))
        if ask.hours:
            node = self._drawing.reserve("schedule")
            props: Document = {"schedule": ask.hours}
            self._drawing.draw(node, "schedule", title=title, props=props, origin=origin)
            self._drawing.link(node, ("open",), yes)
            self._drawing.link(node, ("closed", "error"), no)
            self._drawing.note(
                "freeswitch-hours", node, place=self._names.extension[:80], hours=ask.hours[:120]
            )
            return node
        node = self._drawing.reserve("switch")
        props = self._case(ask, node)
        self._drawing.draw(node, "switch", title=title, props=props, origin=origin)
        self._drawing.link(node, ("case:c1",), yes)
        self._drawing.link(node, ("default", "error"), no)
        return node

    def _case(self, ask: _Ask, node: NodeId) -> Document:
        """What a condition compares."""
        operand = field(ask.field)
        if not is_fixed(ask.pattern):
            inside = ask.pattern.removeprefix("^").removesuffix("$")
            inside = inside.removeprefix("\\Q").removesuffix("\\E")
            return _switched(compared(operand, value(inside)), "equals", "true")
        case = case_of(ask.pattern)
        if case is None:
            self._drawing.note(
                "freeswitch-condition",
                node,
                place=self._names.extension[:80],
                condition=ask.pattern[:120],
            )
            case = ("matches", ask.pattern)
        return _switched(render(operand), *case)

    def _actions(self, condition: Element, name: str, after: NodeId | None) -> NodeId | None:
        """The nodes of what is done; the first of them."""
        for action in reversed([each for each in condition if name_of(each) == name]):
            app = action.get("application", "")
            deed = apps.read(app, action.get("data", "") or (action.text or ""))
            deed = self._here(deed)
            after = draw_deed(
                self._drawing,
                deed,
                after,
                origin=(app, raw_of(action)),
                place=self._names.extension,
            )
        return after

    def _here(self, deed: Deed) -> Deed:
        """A jump that names no context stays in this one."""
        if deed.props.get("flow") == "":
            return deed._replace(props={**deed.props, "flow": self._names.context})
        return deed


def draw_deed(
    drawing: Drawing,
    deed: Deed,
    after: NodeId | None,
    *,
    origin: tuple[str, Json],
    place: str,
) -> NodeId:
    """The node of an application, with its ways led on; a jump is told first what to call."""
    node = drawing.reserve(deed.kind)
    drawing.draw(node, deed.kind, props=deed.props, origin=origin)
    drawing.link(node, deed.onward, after)
    drawing.link(node, deed.ends, None)
    if deed.kind == "foreign":
        drawing.note("freeswitch-app", node, place=place[:80], app=origin[0][:80])
    if deed.called is None:
        return node
    before = drawing.reserve("set_var")
    row: Json = {"variable": "called", "expression": deed.called}
    drawing.draw(before, "set_var", props={"assignments": [row]})
    drawing.link(before, ("next",), node)
    return before


def _switched(operand: str, operator: str, compared_with: str) -> Document:
    row: Json = {"id": "c1", "label": "", "operator": operator, "value": compared_with}
    return {"operand": operand, "cases": [row]}


def _stops(condition: Element) -> dict[bool, bool]:
    """Whether a condition is the last one tried when it holds, and when it does not."""
    match condition.get("break", "on-false").lower():
        case "on-true":
            return {True: True, False: False}
        case "always":
            return {True: True, False: True}
        case "never":
            return {True: False, False: False}
        case _:
            return {True: False, False: True}


def _has(condition: Element, name: str) -> bool:
    return any(name_of(each) == name for each in condition.iter() if each is not condition)


def _asks(condition: Element) -> Iterator[_Ask]:
    """What a condition asks: its own attributes, and the patterns inside of it."""
    for element in (condition, *(each for each in condition if name_of(each) == "regex")):
        hours = " ".join(f"{name}={element.get(name)}" for name in _TIMES if element.get(name))
        if hours:
            yield _Ask(hours, "", "", element)
        if element.get("field"):
            pattern = element.get("expression") or element.findtext("expression") or ""
            yield _Ask("", element.get("field", ""), pattern, element)
