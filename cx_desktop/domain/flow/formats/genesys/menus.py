"""Menus of Architect: their choices are keys, or spoken words, each with a step or a task."""

from collections.abc import Iterator
from typing import NamedTuple

from cx_desktop.domain.flow.formats.genesys.take import Known, bounded
from cx_desktop.domain.flow.formats.genesys.tree import Scope, target_of
from cx_desktop.domain.flow.formats.genesys.values import (
    fields,
    is_given,
    items,
    number,
    seconds,
    single,
    spoken,
    text,
)
from cx_desktop.domain.flow.formats.genesys.walk import Step, Walk
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.patch import Document, Json

_SYMBOLS = {"star": "*", "asterisk": "*", "pound": "#", "hash": "#"}


class Choice(NamedTuple):
    """One choice of a menu: its type, its body, and the key it is on, if any."""

    kind: str
    body: Document
    key: str

    @property
    def name(self) -> str:
        """What people call it."""
        return text(self.body.get("name"))


def draw_menu(walk: Walk, step: Step) -> None:
    """A menu and all that its choices lead to.

    Choices that can only be spoken make it a voicebot, or have exits of their own beside keys.
    """
    choices = list(_choices(step.body))
    has_keys = any(each.key for each in choices) or not choices
    known = _asked(walk, step, choices) if has_keys else _spoken(step, choices)
    walk.draw(step, "menu" if has_keys else "voicebot", known)
    scope = Scope(step.scope.after, menu=step.node, outer_menu=step.scope.menu)
    for number_, choice in enumerate(choices, 1):
        target = _target(walk, choice, scope)
        walk.drawing.link(step.node, (_way(choice, number_, has_keys=has_keys),), target)
    _tell(walk, step, choices, has_keys=has_keys)


def _choices(body: Document) -> Iterator[Choice]:
    taken: set[str] = set()
    for entry in items(body.get("choices")):
        kind, inside = single(entry)
        said = text(inside.get("dtmf")) or text(inside.get("digit"))
        key = _SYMBOLS.get(said.removeprefix("digit_"), said.removeprefix("digit_"))
        is_free = key in TELEPHONE_KEYS and key not in taken
        taken.add(key)
        yield Choice(kind, inside, key if is_free else "")


def _way(choice: Choice, number_: int, *, has_keys: bool) -> str:
    if choice.key:
        return f"key_{choice.key}"
    if not has_keys:
        return f"case:c{number_}"
    return choice.name or f"choice {number_}"


def _prompts(step: Step) -> tuple[list[Json], bool | None, str]:
    said = spoken(step.body.get("audio") or step.body.get("prompt"))
    return said.parts, said.barge_in, said.lost


def _asked(walk: Walk, step: Step, choices: list[Choice]) -> Known:
    prompt, barge_in, lost = _prompts(step)
    timeout = seconds(_setting(walk, step, "menuSelectionTimeout"))
    repeats = number(_setting(walk, step, "repeatCount"))
    props: Document = {"prompt": prompt} if prompt else {}
    props["keys"] = [each.key for each in choices if each.key]
    props["key_labels"] = [
        {"key": each.key, "label": each.name} for each in choices if each.key and each.name
    ]
    if timeout is not None:
        props["first_digit_timeout"] = bounded(timeout, 0.5, 120)
    if repeats is not None:
        tries = bounded(repeats + 1, 1, 10)
        props |= {"max_no_input": tries, "max_invalid": tries, "max_tries": tries}
    if barge_in is not None:
        props["barge_in"] = barge_in
    return Known(props, (lost,) if lost else ())


def _spoken(step: Step, choices: list[Choice]) -> Known:
    prompt, _, lost = _prompts(step)
    outcomes: list[Json] = [
        {"id": f"c{at}", "label": each.name or each.kind} for at, each in enumerate(choices, 1)
    ]
    props: Document = {"engine": "Genesys", "outcomes": outcomes}
    props |= {"prompt": prompt} if prompt else {}
    return Known(props, (lost,) if lost else ())


def _setting(walk: Walk, step: Step, name: str) -> Json:
    """A setting of a menu, or that of the flow where the menu leaves it."""
    own = fields(step.body.get("settingsMenu")).get(name)
    return own if is_given(own) else fields(walk.defaults.get("menu")).get(name)


def _target(walk: Walk, choice: Choice, scope: Scope) -> NodeId | None:
    """Where a choice leads: a task, another menu, or the one action that it is."""
    body = choice.body
    plain = choice.kind.removeprefix("menu")
    kind = plain[:1].lower() + plain[1:] or "disconnect"
    if "task" in body or "actions" in body:
        kind = "task"
    elif "choices" in body:
        kind = "menu"
    elif target_of(body) and kind != "callTask":
        kind = "jump"
    draw = walk.container if kind == "task" else walk.step
    node = walk.drawing.reserve(walk.kind_of(kind))
    draw(Step(kind, body, node, scope, choice.kind))
    return node


def _tell(walk: Walk, step: Step, choices: list[Choice], *, has_keys: bool) -> None:
    """What a menu of ours does not do: keys that work everywhere, words beside keys."""
    for each in choices:
        called = each.name or each.kind
        if text(each.body.get("globalDtmf")) == "true" and each.key:
            walk.drawing.note("genesys-global-key", step.node, key=each.key, name=called)
        if has_keys and each.body.get("speechRecTerms"):
            walk.drawing.note("genesys-speech-kept", step.node, name=called)
