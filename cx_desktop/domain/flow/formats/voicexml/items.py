"""Form items as steps: what each asks or does, and what its ``filled`` makes of the answer."""

from collections.abc import Callable, Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.voicexml.answers import (
    after_filled,
    filled,
    lead_errors,
    lead_failures,
    listening,
    tell,
    timeout,
    title_of,
    with_answer,
)
from cx_desktop.domain.flow.formats.voicexml.asking import MOST_TRIES, Asked, asked
from cx_desktop.domain.flow.formats.voicexml.checking import checked
from cx_desktop.domain.flow.formats.voicexml.ending import led_to
from cx_desktop.domain.flow.formats.voicexml.grammar import Heeded, heeded
from cx_desktop.domain.flow.formats.voicexml.markup import attribute, below, words_of
from cx_desktop.domain.flow.formats.voicexml.path import Path, Walk
from cx_desktop.domain.flow.formats.voicexml.places import Target
from cx_desktop.domain.flow.formats.voicexml.script import name_of
from cx_desktop.domain.flow.formats.voicexml.services import (
    platform_object,
    record,
    subdialog,
    transfer,
)
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.patch import Document, Json

ItemDrawer: TypeAlias = Callable[[Walk, Path], Target]


def _block(walk: Walk, path: Path) -> Target:
    return walk.places.at("run", walk.rest_of(walk.item(path).element), path)


def _menu(walk: Walk, path: Path) -> Target:
    """A menu: each choice has its key, written down or counted."""
    element = walk.item(path).element
    choices = below(element, "choice")
    keys = _keys_of(element, choices)
    asking = asked(walk, path)
    node = walk.reserve(path, "menu")
    labels: list[Json] = [
        {"key": key, "label": words} for key, each in keys.items() if (words := words_of(each))
    ]
    if not keys:
        return _spoken_menu(walk, path, node, asking)
    props: Document = {**asking.props, "keys": list(keys), **listening(walk, path)}
    if labels:
        props["key_labels"] = labels
    walk.draw(node, "menu", element, props=props)
    for key, each in keys.items():
        walk.places.lead(node, (f"key_{key}",), led_to(walk, path, each))
    lead_failures(walk, path, node, asking)
    return node


def _keys_of(element: Element, choices: tuple[Element, ...]) -> dict[str, Element]:
    """The choices that have a key; with ``dtmf`` those without one get the next that is free."""
    keys: dict[str, Element] = {}
    counted = iter("123456789")
    for each in choices:
        said = attribute(each, "dtmf").replace(" ", "")
        if not said and attribute(element, "dtmf") == "true":
            said = next((key for key in counted if key not in keys), "")
        if said in TELEPHONE_KEYS:
            keys.setdefault(said, each)
    return keys


def _spoken_menu(walk: Walk, path: Path, node: NodeId, asking: Asked) -> Target:
    """A menu that is only spoken to."""
    element = walk.item(path).element
    choices = below(element, "choice")
    outcomes: list[Json] = [
        {"id": f"c{at}", "label": words_of(each) or f"{at}"} for at, each in enumerate(choices, 1)
    ]
    _draw_voicebot(walk, path, node, asking, outcomes)
    for at, each in enumerate(choices, 1):
        walk.places.lead(node, (f"case:c{at}",), led_to(walk, path, each))
    return node


def _field(walk: Walk, path: Path) -> Target:
    element = walk.item(path).element
    found = heeded(element)
    if found.speech:
        return _recognition(walk, path, found)
    asking = asked(walk, path)
    if found.values:
        return _keyed(walk, path, found, asking)
    return _collection(walk, path, found, asking)


def _keyed(walk: Walk, path: Path, found: Heeded, asking: Asked) -> Target:
    """A field that takes one of several keys: a menu."""
    item = walk.item(path)
    node = walk.reserve(path, "menu")
    name = name_of(item.name)
    is_key_itself = all(key == value for key, value in found.values)
    keys = [key for key, _ in found.values]
    props: Document = {**asking.props, "keys": list[Json](keys), **listening(walk, path)}
    if is_key_itself and name and walk.is_read(item.name):
        props["result_variable"] = name
    labels: list[Json] = [{"key": key, "label": label} for key, label in found.labels]
    if labels:
        props["key_labels"] = labels
    walk.draw(node, "menu", item.element, props=props, title=title_of(walk, path))
    for key, value in found.values:
        target = with_answer(walk, path, value, is_set="result_variable" in props)
        walk.places.lead(node, (f"key_{key}",), target)
    lead_failures(walk, path, node, asking)
    return node


def _collection(walk: Walk, path: Path, found: Heeded, asking: Asked) -> Target:
    item = walk.item(path)
    least, most = found.lengths or (1, 10)
    node = walk.reserve(path, "collect")
    rest = filled(walk, path)
    check = checked(walk, rest, name_of(item.name))
    props: Document = {
        **asking.props,
        "variable": name_of(item.name) or "digits",
        "min_digits": least,
        "max_digits": most,
        "terminator": _closing_key(walk, path),
        **listening(walk, path),
    }
    props.pop("flush_buffer", None)
    if found.validation != "none":
        props["validation"] = found.validation
    if found.pattern:
        props["expected_pattern"] = found.pattern
    props.update(check.props)
    exits = dict(asking.exits)
    if props["variable"] in walk.stored_silence(path):
        props["store_timeout"] = True
        exits.pop("no_input", None)
    walk.draw(node, "collect", item.element, props=props, title=title_of(walk, path))
    walk.places.lead(node, ("ok",), after_filled(walk, path, check.rest or rest))
    lead_failures(walk, path, node, asking._replace(exits=exits))
    return node


def _closing_key(walk: Walk, path: Path) -> str:
    said = walk.setting(path, "termchar") or _TERMCHAR.get(walk.has_setting(path, "termchar"), "#")
    return said if said in ("#", "*") else "none"


_TERMCHAR = {True: "none"}


def _recognition(walk: Walk, path: Path, found: Heeded) -> Target:
    """A field that is spoken to: whatever is recognised is its value."""
    item = walk.item(path)
    asking = asked(walk, path)
    node = walk.reserve(path, "voicebot")
    outcomes: list[Json] = [{"id": "filled", "label": item.name or "filled"}]
    _draw_voicebot(walk, path, node, asking, outcomes, engine=found.speech)
    walk.places.lead(node, ("case:filled",), after_filled(walk, path, filled(walk, path)))
    return node


def _draw_voicebot(
    walk: Walk,
    path: Path,
    node: NodeId,
    asking: Asked,
    outcomes: list[Json],
    engine: str = "choices",
) -> None:
    item = walk.item(path)
    props: Document = {
        "engine": engine[:200],
        "prompt": asking.props["prompt"],
        "outcomes": outcomes,
        "speech_timeout": timeout(walk, path),
    }
    if item.name and item.kind != "menu":
        props["result_variable"] = name_of(item.name)
    walk.draw(node, "voicebot", item.element, props=props, title=title_of(walk, path))
    for way, event, count in (
        ("no_match", "nomatch", asking.props["max_invalid"]),
        ("no_input", "noinput", asking.props["max_no_input"]),
    ):
        left = asking.exits[_LEFT_BY[way]]
        walk.places.lead(node, (way,), _counted(walk, path, event, count, left))
    lead_errors(walk, path, node)
    tell(walk, node, asking)


#: By which exit of a question that counts its tries itself a voicebot's failure would be left.
_LEFT_BY = {"no_match": "invalid", "no_input": "no_input"}


def _counted(walk: Walk, path: Path, event: str, count: Json, left: Target) -> Target:
    """What a failure leads to: its handler, and after so many of them the one that leads away."""
    first = walk.event(path, event)
    if not isinstance(count, int) or not 1 < count < MOST_TRIES:
        return first
    counter = walk.reserve(path, f"{event}_count")
    walk.drawing.draw(counter, "loop", props={"loops": count - 1})
    walk.places.lead(counter, ("again",), first)
    walk.places.lead(counter, ("done",), left)
    return counter


def _initial(walk: Walk, path: Path) -> Target:
    """The first, open question of a form: the form's own grammars listen."""
    form = walk.scene.forms[path.form].element
    found = next((attribute(each, "src") for each in below(form, "grammar")), "")
    asking = asked(walk, path)
    node = walk.reserve(path, "initial")
    outcomes: list[Json] = [{"id": "filled", "label": walk.item(path).name or "filled"}]
    _draw_voicebot(walk, path, node, asking, outcomes, engine=found or "form")
    walk.places.lead(
        node, ("case:filled",), walk.places.at("next", path.form, path.item, path.again)
    )
    return node


ITEM_DRAWERS: Mapping[str, ItemDrawer] = {
    "block": _block,
    "menu": _menu,
    "field": _field,
    "record": record,
    "transfer": transfer,
    "subdialog": subdialog,
    "object": platform_object,
    "initial": _initial,
}
