"""What follows an item: its answer, its ``filled``, its failures; and how it listens."""

from cx_desktop.domain.flow.formats.voicexml.asking import Asked
from cx_desktop.domain.flow.formats.voicexml.content import is_interruptible, spoken_language
from cx_desktop.domain.flow.formats.voicexml.deciding import decided
from cx_desktop.domain.flow.formats.voicexml.markup import attribute, below, seconds_of
from cx_desktop.domain.flow.formats.voicexml.path import Path, Rest, Walk
from cx_desktop.domain.flow.formats.voicexml.places import Target
from cx_desktop.domain.flow.formats.voicexml.script import name_of, value_in_ours
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.patch import Document, Json


def with_answer(walk: Walk, path: Path, value: str, *, is_set: bool) -> Target:
    """What follows an answer: what it decides at once, and the field set to it where it is read."""
    name = walk.item(path).name
    rest = filled(walk, path)
    target = decided(walk, path, rest, name_of(name), value) if rest is not None else None
    is_decided = target is not None
    if target is None:
        target = after_filled(walk, path, rest)
    if is_set or not name or not (walk.is_read(name) or not is_decided):
        return target
    if rest is None and not walk.is_read(name):
        return target
    node = walk.places.reserve(name[:60])
    row: Json = {"variable": name_of(name), "expression": value_in_ours(f'"{plain(value)}"') or ""}
    props: Document = {"assignments": [row]}
    walk.drawing.draw(node, "set_var", props=props, origin=("value", value))
    walk.places.lead(node, ("next",), target)
    return node


def plain(value: str) -> str:
    """A text as it stands between quotes."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def filled(walk: Walk, path: Path) -> Rest | None:
    """What is carried out once an item has a value: its own ``filled``, then the form's."""
    item = walk.item(path)
    form = walk.scene.forms[path.form]
    parts = list(below(item.element, "filled"))
    if form.element is not item.element:
        inputs = [each.name for each in form.items if each.kind not in ("block", "object")]
        for each in below(form.element, "filled"):
            names = attribute(each, "namelist").split() or inputs
            is_any = attribute(each, "mode") == "any"
            if item.name in names and (is_any or item.name == _last(inputs, names)):
                parts.append(each)
    rest: Rest | None = None
    for each in reversed(parts):
        rest = walk.rest_of(each, rest)
    return rest


def _last(inputs: list[str], names: list[str]) -> str:
    return next((each for each in reversed(inputs) if each in names), "")


def after_filled(walk: Walk, path: Path, rest: Rest | None) -> Target:
    """What follows an item with a value."""
    if rest is not None:
        return walk.places.at("run", rest, path)
    return walk.places.at("next", path.form, path.item, path.again)


def lead_errors(walk: Walk, path: Path, node: NodeId) -> None:
    """Have the exits for errors and for callers who hang up lead where the form catches them."""
    walk.places.lead(node, ("error",), walk.catching(path, "error"))
    gone = walk.catching(path, "connection.disconnect.hangup")
    if gone is not None:
        walk.places.lead(node, ("hangup",), gone)


def lead_failures(walk: Walk, path: Path, node: NodeId, asking: Asked) -> None:
    """Have the exits for silence, nonsense and errors lead somewhere."""
    for way, target in asking.exits.items():
        walk.places.lead(node, (way,), target)
    failed = walk.catching(path, "error")
    if failed is not None:
        walk.places.lead(node, ("error",), failed)
    gone = walk.catching(path, "connection.disconnect.hangup")
    if gone is not None:
        walk.places.lead(node, ("hangup",), gone)
    tell(walk, node, asking)


def tell(walk: Walk, node: NodeId, asking: Asked) -> None:
    """Say which scripts are not spoken."""
    for script in asking.lost:
        walk.note_script(node, script)


def listening(walk: Walk, path: Path) -> Document:
    """How long an item waits, and whether it may be answered before it has spoken."""
    element = walk.item(path).element
    prompts = list(below(element, "prompt"))
    props: Document = {"first_digit_timeout": timeout(walk, path)}
    between = walk.scene.seconds(path.form, path.item, "interdigittimeout")
    if between is not None:
        props["inter_digit_timeout"] = within(between, 0.5, 60)
    if not is_interruptible(walk, path, prompts):
        props["barge_in"] = False
    language = spoken_language(prompts[0] if prompts else None)
    if language:
        props["language"] = language
    return props


def timeout(walk: Walk, path: Path) -> float:
    """How long an item waits for the first key, or for a word."""
    said = [
        seconds_of(attribute(each, "timeout")) for each in below(walk.item(path).element, "prompt")
    ]
    found = next((each for each in said if each is not None), None)
    if found is None:
        found = walk.scene.seconds(path.form, path.item, "timeout")
    return within(found if found is not None else 5, 0.5, 120)


def within(value: float, least: float, most: float) -> float:
    """A number within limits, whole if it can be."""
    kept = min(max(value, least), most)
    return int(kept) if kept == int(kept) else kept


def title_of(walk: Walk, path: Path) -> str:
    """What a step is called."""
    return walk.item(path).name
