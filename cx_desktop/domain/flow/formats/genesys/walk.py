"""From Architect's tree to a graph: each action a node, and behind a branch what comes next.

An output that has no actions, or is not in the file, goes on behind its action; the end of a task
leads nowhere. Menus, tasks and states are drawn once and jumped to by their reference.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from cx_desktop.domain.flow.formats.drawing import Drawing
from cx_desktop.domain.flow.formats.genesys import take
from cx_desktop.domain.flow.formats.genesys.rules import FAILURE, Rule, rule_of
from cx_desktop.domain.flow.formats.genesys.take import Known
from cx_desktop.domain.flow.formats.genesys.tree import (
    Call,
    Scope,
    bare,
    jump_id,
    outputs_of,
    plainly,
)
from cx_desktop.domain.flow.formats.genesys.values import fields, items, single, spoken, text
from cx_desktop.domain.flow.graph import Node, NodeId, Origin
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.patch import Document, Json


class Step(NamedTuple):
    """One action: its type, its body, the id it gets, and what surrounds it."""

    kind: str
    body: Document
    node: NodeId
    scope: Scope = Scope()
    choice: str = ""
    """What the file calls it as a choice of a menu."""

    @property
    def title(self) -> str:
        """What people call it."""
        return text(self.body.get("name"))


#: What ids of actions begin with that no rule knows; those of foreign ones say just « step ».
_IDS = {
    "decision": "switch",
    "switch": "switch",
    "loop": "loop",
    "callTask": "subflow",
    "menu": "menu",
    "task": "task",
    **dict.fromkeys(("loopNext", "loopExit", "jumpToMenu", "jumpToTask", "changeState"), "goto"),
    **dict.fromkeys(("jump", "repeatMenu", "repeat", "previousMenu", "previous"), "goto"),
}

#: Draws an action whose ways out are more than named outputs.
Drawer: TypeAlias = Callable[["Walk", Step], None]


class Walk:
    """Draws the steps of one flow."""

    def __init__(
        self,
        drawing: Drawing,
        drawers: Mapping[str, Drawer],
        *,
        entries: Mapping[str, NodeId],
        calls: Mapping[str, Call],
        outside: frozenset[str],
        defaults: Document,
    ) -> None:
        self.drawing = drawing
        self.defaults = defaults
        self.calls = calls
        self._drawers = drawers
        self._entries = entries
        self._outside = outside
        """The containers of the flow that calls this one, a task that comes back."""

    @property
    def is_called(self) -> bool:
        """Whether this is a task that is called and comes back."""
        return bool(self._outside)

    def sequence(self, actions: Json, scope: Scope) -> NodeId | None:
        """Actions one after the other; gives the first one, or what comes behind none at all."""
        steps = [found for each in items(actions) if (found := single(each))[0]]
        ids = [self.drawing.reserve(self.kind_of(kind)) for kind, _ in steps]
        for at, (kind, body) in enumerate(steps):
            after = ids[at + 1] if at + 1 < len(ids) else scope.after
            self.step(Step(kind, body, ids[at], scope._replace(after=after)))
        return ids[0] if ids else scope.after

    def branch(self, branch: Document, scope: Scope) -> NodeId | None:
        """The actions of an output."""
        return self.sequence(branch.get("actions"), scope)

    def kind_of(self, kind: str) -> str:
        """What ids of such actions begin with."""
        rule = rule_of(kind)
        return rule.kind if rule else _IDS.get(kind, "step")

    def step(self, step: Step) -> None:
        """One action under its id."""
        draw = self._drawers.get(step.kind)
        if draw is not None:
            draw(self, step)
            return
        rule = rule_of(step.kind)
        if rule is None:
            self._foreign(step)
            return
        known = rule.take(step.kind, step.body, fields(self.defaults.get(step.kind)))
        self._branches(self.draw(step, rule.kind, known), step, rule)
        if rule.kind == "voicemail":
            self._hang_up_behind(step.node, "recorded")

    def draw(self, step: Step, kind: str, known: Known) -> Node:
        """The node of an action, and what of it could not be said."""
        origin = (step.choice or step.kind, bare(step.body))
        self.drawing.draw(step.node, kind, title=step.title, props=known.props, origin=origin)
        self.tell(step, known.lost)
        return Node(step.node, kind, props=known.props, origin=Origin("", step.kind))

    def tell(self, step: Step, lost: Iterable[str]) -> None:
        """Say which formulas stay as the file has them."""
        for formula in lost:
            short = formula if len(formula) <= 200 else f"{formula[:199]}…"
            place = step.title or step.kind
            self.drawing.note("formula-kept", step.node, place=place, formula=short)

    def container(self, step: Step) -> None:
        """A task, state or bot: a node that bears its name and sets its variables, then its steps.

        Architect gives what has no value the value NOT_SET: it reads as blank.
        """
        task = fields(step.body.get("task"))
        declared = take.variables(step.body.get("variables") or task.get("variables"))
        own = {key: each for key, each in step.body.items() if key != "actions"}
        entry = step._replace(body=own)
        self.draw(entry, "set_var" if declared.props else "config", declared)
        actions = step.body.get("actions") or task.get("actions")
        self.drawing.link(step.node, ("next",), self.sequence(actions, step.scope))

    def said_first(self, value: Json, target: NodeId | None) -> NodeId | None:
        """Something that is said before the call goes on."""
        prompt = spoken(value).parts
        if not prompt:
            return target
        node = self.drawing.reserve("play")
        self.drawing.draw(node, "play", props={"prompt": prompt})
        self.drawing.link(node, ("next",), target)
        return node

    def entry(self, reference: str, node: NodeId | None = None) -> NodeId | None:
        """The container that something leads to; a called task leaves by an outcome of its own."""
        if reference in self._entries:
            return self._entries[reference]
        if reference in self._outside:
            leave = self.drawing.reserve("return")
            return self.drawing.draw(leave, "return", props={"outcome": jump_id(reference)})
        self.drawing.note("genesys-target-missing", node, target=reference[:200] or "?")
        return None

    def _foreign(self, step: Step) -> None:
        self.draw(step, "foreign", Known({}))
        place = step.title or step.kind
        self.drawing.note("unknown-step", step.node, place=place, type=step.kind[:60])
        outputs = outputs_of(step.body)
        for label, branch in outputs:
            self.drawing.link(step.node, (label,), self.branch(branch, step.scope))
        if not any(plainly(label) in {"success", "default"} for label, _ in outputs):
            self.drawing.link(step.node, ("next",), step.scope.after)

    def _branches(self, node: Node, step: Step, rule: Rule) -> None:
        """Every output of the file, the broad ones first, and what goes on without one."""
        own = {each.id for each in exits_of(node)}
        told: set[str] = set()
        found = [
            (rule.ways.get(plainly(label), (label,)), label, branch)
            for label, branch in outputs_of(step.body)
        ]
        for ways, label, branch in sorted(found, key=lambda each: -len(each[0])):
            target = self.branch(branch, step.scope)
            if plainly(label) == FAILURE:
                target = self.said_first(step.body.get("failureTransferAudio"), target)
            fitting = tuple(way for way in ways if way in own) or ways[:1]
            told.update(fitting)
            self.drawing.link(node.id, fitting, target)
        rest = [way for way in rule.onward if way not in told and (way in own or way == FAILURE)]
        behind = step.scope.after
        if rest and "failureTransferAudio" in step.body:
            behind = self.said_first(step.body.get("failureTransferAudio"), behind)
        self.drawing.link(node.id, rest if behind else (), behind)

    def _hang_up_behind(self, node: NodeId, way: str) -> None:
        """Where the vendor ends the call without an action that says so."""
        end = self.drawing.draw(self.drawing.reserve("hangup"), "hangup")
        self.drawing.link(node, (way,), end)
