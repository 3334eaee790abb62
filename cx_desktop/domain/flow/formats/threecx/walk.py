"""From the tree of components to a graph: behind a branch comes what follows its component."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.drawing import Drawing
from cx_desktop.domain.flow.formats.threecx.markup import Branch, Component, component
from cx_desktop.domain.flow.formats.threecx.rules import Known, rule_of
from cx_desktop.domain.flow.graph import Node, NodeId
from cx_desktop.domain.flow.kinds import exits_of


class Step(NamedTuple):
    """A component, the id it gets, and what comes behind it."""

    component: Component
    node: NodeId
    after: NodeId | None


#: Draws a component whose branches are more than exits in order.
Drawer: TypeAlias = Callable[["Walk", Step], None]


class Walk:
    """Draws the components of one flow; ``handler`` is where errors lead."""

    def __init__(self, drawing: Drawing, drawers: Mapping[str, Drawer]) -> None:
        self.drawing = drawing
        self.handler: NodeId | None = None
        self._drawers = drawers

    def sequence(self, elements: Sequence[Element], after: NodeId | None) -> NodeId | None:
        """Components one after the other; gives the first that is carried out, or what follows."""
        components = [component(each) for each in elements]
        ids = [self.drawing.reserve(_kind_of(each)) for each in components]
        following = after
        entries: list[NodeId | None] = []
        for each, node in zip(reversed(components), reversed(ids), strict=True):
            entries.append(following)
            following = node if each.is_enabled else following
        for each, node, behind in zip(components, ids, reversed(entries), strict=True):
            self._step(Step(each, node, behind))
        return following

    def branch(self, branch: Branch, after: NodeId | None) -> NodeId | None:
        """The components of a branch; one that is switched off is as good as empty."""
        first = self.sequence(branch.steps, after)
        return first if branch.is_enabled else after

    def draw(self, step: Step, kind: str, known: Known) -> Node:
        """The node of a component, and what of it could not be said."""
        each = step.component
        origin = (each.type, each.raw)
        self.drawing.draw(step.node, kind, title=each.name, props=known.props, origin=origin)
        self.tell(step, known.lost)
        return Node(step.node, kind, props=known.props)

    def tell(self, step: Step, lost: Sequence[str]) -> None:
        """Say which formulas stay as the file has them."""
        for formula in lost:
            short = formula if len(formula) <= 200 else f"{formula[:199]}…"
            place = step.component.name or step.component.type
            self.drawing.note("formula-kept", step.node, place=place, formula=short)

    def _step(self, step: Step) -> None:
        each = step.component
        draw = self._drawers.get(each.type)
        rule = rule_of(each)
        if draw is not None:
            draw(self, step)
        elif rule is None:
            self._foreign(step)
        else:
            node = self.draw(step, rule.kind, rule.take(each))
            self.lead(node, rule.onward, step.after)
            self.lead(node, rule.failing, self.handler)
            for branch, ways in zip(each.branches, rule.branches, strict=False):
                self.lead(node, ways, self.branch(branch, step.after))
            self._more(step, each.branches[len(rule.branches) :])
        self._warn(step)

    def lead(self, node: Node, ways: Sequence[str], target: NodeId | None) -> None:
        """Have those of these exits that a node has lead somewhere."""
        own = {each.id for each in exits_of(node)}
        self.drawing.link(node.id, [way for way in ways if way in own], target)

    def _more(self, step: Step, branches: Sequence[Branch]) -> None:
        """Branches that we have no exit for keep one of their own."""
        for at, branch in enumerate(branches, 1):
            way = branch.attributes.get("DisplayedText") or branch.attributes.get("Name")
            target = self.branch(branch, step.after)
            self.drawing.link(step.node, (way or f"branch {at}",), target)

    def _foreign(self, step: Step) -> None:
        each = step.component
        self.draw(step, "foreign", Known({}))
        place = each.name or each.type
        self.drawing.note("unknown-step", step.node, place=place, type=each.type[:60])
        self._more(step, each.branches)
        self.drawing.link(step.node, ("next",), step.after)

    def _warn(self, step: Step) -> None:
        each = step.component
        if not each.is_enabled:
            self.drawing.note("threecx-disabled", step.node, place=each.name or each.type)
        if any("Password" in name and value for name, value in each.attributes.items()):
            self.drawing.note("threecx-password", step.node, place=each.name or each.type)


_IDS = {
    "MenuComponent": "menu",
    "ConditionalComponent": "switch",
    "LoopComponent": "switch",
    "DateTimeConditionalComponent": "schedule",
    "AuthenticationComponent": "collect",
    "CreditCardComponent": "collect",
    "ExecuteCSharpCodeComponent": "code",
}


def _kind_of(each: Component) -> str:
    rule = rule_of(each)
    return _IDS.get(each.type) or (rule.kind if rule else "step")
