"""Menus and collections as widgets of Studio, which asks only once: each try is widgets of its own.

Silences and invalid answers are counted by where the call is, so that no counter is needed.
"""

from collections.abc import Callable
from typing import NamedTuple

from cx_desktop.domain.flow.behaviour.attempts import Fault, Limits, Tries, after
from cx_desktop.domain.flow.behaviour.step import Setting, Step
from cx_desktop.domain.flow.expressions.tokens import written_name
from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.twilio.fields import prompt_settings
from cx_desktop.domain.flow.formats.twilio.making import Made, Namer, match_of, state, transition
from cx_desktop.domain.flow.formats.twilio.speaking import Unsayable
from cx_desktop.domain.flow.graph import ExitId, Flow, Node
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.patch import Document, Json

#: No step asks more often in more ways: a flow of Studio has at most so many widgets anyway.
_MOST_ATTEMPTS = 24
_BELOW = 180


class _Asked(NamedTuple):
    """One try: the widget that asks, and where a silence or an invalid answer leads from it."""

    gather: str
    silent: str
    invalid: str
    prompt: Document
    row: int


class Asking:
    """The widgets of one step that asks."""

    def __init__(self, flow: Flow, node: Node, namer: Namer) -> None:
        self.node = node
        self.namer = namer
        self.step = Step(node, Setting())
        self.made = Made([], [])
        self._links = flow.links.get(node.id, {})

    def target(self, way: str) -> str:
        """The widget that an exit leads to."""
        return self.namer.target(self._links.get(ExitId(way)))

    def variable(self, name: str, gather: str, onward: str) -> str:
        """A widget that keeps what was typed under a variable's name, before going on."""
        if not name:
            return onward
        keeper = self.namer.free(f"{gather}_value")
        rows: list[Json] = [{"key": name, "value": f"{{{{widgets.{gather}.Digits}}}}"}]
        self.put(keeper, "set-variables", [transition("next", onward)], {"variables": rows})
        return keeper

    def put(
        self, name: str, kind: str, ways: list[Json], properties: Document, row: int = 0
    ) -> None:
        """A widget, below its node."""
        made = state(self.node, name, kind, ways, properties)
        self.made.states.append(_lowered(made, row))

    def each_try(self, limits: Limits, answered: Callable[[_Asked], str]) -> None:
        """The widgets of every try; ``answered`` says where keys that were typed lead to."""
        name = self.namer.name(self.node.id)
        names: dict[Tries, str] = {Tries(): name}
        waiting = [Tries()]
        while waiting:
            tries = waiting.pop(0)
            onward: dict[Fault, str] = {}
            for fault in Fault:
                then = after(limits, tries, fault)
                if isinstance(then, str):
                    onward[fault] = self.target(then)
                elif then in names or len(names) < _MOST_ATTEMPTS:
                    if then not in names:
                        names[then] = self.namer.free(f"{name}_{then.count + 1}")
                        waiting.append(then)
                    onward[fault] = names[then]
                else:
                    onward[fault] = self.target("max_tries") or self.target("no_input")
            self._ask(
                _Asked(
                    names[tries],
                    onward[Fault.SILENCE],
                    onward[Fault.INVALID],
                    self._prompt(tries.count),
                    len(names),
                ),
                answered,
            )

    def _ask(self, asked: _Asked, answered: Callable[[_Asked], str]) -> None:
        at = len(self.made.states)
        keyed = answered(asked)
        said = self.target("speech") if self.step.is_on("speech") else asked.invalid
        ways = [
            transition("keypress", keyed),
            transition("speech", said),
            transition("timeout", asked.silent),
        ]
        properties = asked.prompt | {
            "timeout": round(self.step.number("first_digit_timeout")),
            "loop": 1,
            "stop_gather": True,
            "speech_timeout": "auto",
        }
        is_menu = self.node.kind == "menu"
        terminator = "" if is_menu else self.step.text("terminator").replace("none", "")
        most = 1 if is_menu else self.step.whole("max_digits")
        gather = properties | {"finish_on_key": terminator, "number_of_digits": most}
        made = state(self.node, asked.gather, "gather-input-on-call", ways, gather)
        self.made.states.insert(at, _lowered(made, asked.row - 1))

    def _prompt(self, failed: int) -> Document:
        """What is said on a try: of the prompts for further ones, the last one again."""
        retries = self.step.prompts("retry_prompts")
        said = retries[min(failed, len(retries)) - 1] if failed and retries else None
        try:
            return prompt_settings(said or self.step.prompt())
        except Unsayable:
            self.made.notes.append(
                ImportNote("import.twilio-unsayable", {"name": "prompt"}, self.node.id)
            )
            return {}


def _lowered(made: Document, row: int) -> Document:
    properties = made["properties"]
    offset = properties.get("offset") if isinstance(properties, dict) else None
    y = offset.get("y") if isinstance(offset, dict) else None
    if row and isinstance(properties, dict) and isinstance(offset, dict) and isinstance(y, int):
        return {**made, "properties": {**properties, "offset": {**offset, "y": y + _BELOW * row}}}
    return made


def _limits(step: Step) -> Limits:
    return Limits(step.whole("max_no_input"), step.whole("max_invalid"), step.whole("max_tries"))


def menu_states(flow: Flow, node: Node, namer: Namer) -> Made:
    """Each try of a menu: one key is gathered, then split upon."""
    asking = Asking(flow, node, namer)
    keys = [key for key in TELEPHONE_KEYS if asking.step.has(f"key_{key}")]

    def answered(asked: _Asked) -> str:
        split = namer.free(f"{asked.gather}_key")
        operand = written_name(f"widgets.{asked.gather}.Digits")
        ways: list[Json] = [transition("noMatch", asked.invalid)]
        for key in keys:
            row: Document = {"operator": "equals", "value": key}
            ways.append(match_of(row, operand, asking.target(f"key_{key}"), None))
        properties: Document = {"input": f"{{{{widgets.{asked.gather}.Digits}}}}"}
        asking.put(split, "split-based-on", ways, properties, asked.row)
        return asking.variable(asking.step.text("result_variable"), asked.gather, split)

    asking.each_try(_limits(asking.step), answered)
    return asking.made


def collect_states(flow: Flow, node: Node, namer: Namer) -> Made:
    """Each try of a collection: keys are gathered, checked where Studio can, and kept."""
    asking = Asking(flow, node, namer)
    check = _check(asking.step)
    if asking.step.is_on("confirm") or (check is None and _is_checked(asking.step)):
        asking.made.notes.append(ImportNote("import.twilio-check", {}, node.id))

    def answered(asked: _Asked) -> str:
        name = asking.step.text("variable")
        kept = asking.variable(name, asked.gather, asking.target("ok"))
        if check is None:
            return kept
        split = namer.free(f"{asked.gather}_check")
        operand = written_name(f"widgets.{asked.gather}.Digits")
        ways = [transition("noMatch", asked.invalid), match_of(check, operand, kept, None)]
        properties: Document = {"input": f"{{{{widgets.{asked.gather}.Digits}}}}"}
        asking.put(split, "split-based-on", ways, properties, asked.row)
        return split

    asking.each_try(_limits(asking.step), answered)
    return asking.made


def _is_checked(step: Step) -> bool:
    return step.text("validation") not in {"", "none"} or step.whole("min_digits") > 1


def _check(step: Step) -> Document | None:
    """The case that takes only what a collection accepts, if one case can say it."""
    least = step.whole("min_digits")
    match step.text("validation"):
        case "pattern":
            return {"operator": "matches", "value": step.text("expected_pattern")}
        case "list":
            allowed = [each.strip() for each in step.text("allowed_values").splitlines()]
            return {"operator": "in", "value": ", ".join(filter(None, allowed))}
        case "none" if least > 1:
            return {"operator": "matches", "value": f"[0-9*#]{{{least},}}"}
        case _:
            return None
