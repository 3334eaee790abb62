"""What one node says for itself: its properties, its references, its exits."""

from collections.abc import Callable, Iterator, Mapping

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, Look, found
from cx_desktop.domain.flow.checks import Fault, faults, is_missing, is_plainly_sound, shown
from cx_desktop.domain.flow.graph import Node
from cx_desktop.domain.flow.kind import FieldType, Property, Unlinked
from cx_desktop.domain.flow.kinds import FOREIGN
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.flow.references import references_of
from cx_desktop.domain.patch import Document, Json
from cx_desktop.domain.patterns import compiles


def about_fields(look: Look) -> Findings:
    """The findings of a node's properties, features and exits."""
    if look.kind is FOREIGN:
        yield found(rules.FOREIGN_NODE, look.node.id, params={"type": _foreign_type(look.node)})
    else:
        yield from _about_properties(look)
        if look.context.features is not None:
            yield from _about_features(look, look.context.features)
    yield from _about_exits(look)


def _foreign_type(node: Node) -> str:
    return shown(node.origin.type if node.origin else node.kind)


def _about_exits(look: Look) -> Findings:
    node, links, nodes = look.node, look.links, look.nodes
    for each in look.exits:
        if each.unlinked is Unlinked.REFUSED and each.id not in links:
            yield found(rules.UNLINKED, node.id, way=each.id)
    if not links:
        return
    known = {each.id for each in look.exits}
    is_told = look.kind is not FOREIGN or node.origin is not None
    for way, target in links.items():
        if way not in known and is_told:
            yield found(rules.EXIT_GONE, node.id, way=way)
        aim = nodes.get(target)
        if aim is None:
            yield found(rules.TARGET_GONE, node.id, way=way)
        elif aim.kind == "start":
            yield found(rules.INTO_START, node.id, way=way)


def _about_properties(look: Look) -> Findings:
    node = look.node
    matters = set()
    for each, value in _decided(look):
        matters.add(each.name)
        if each.is_required and is_missing(value):
            yield found(rules.MISSING, node.id, name=each.name)
        elif not is_plainly_sound(each, value):
            for fault in faults(each, value):
                yield found(fault.rule, node.id, name=each.name, params=fault.params)
    if node.kind in _TOGETHER:
        for name, fault in _TOGETHER[node.kind](look.props):
            yield found(fault.rule, node.id, name=name, params=fault.params)
    if matters:
        yield from _about_references(look, matters)


def _decided(look: Look) -> Iterator[tuple[Property, Json]]:
    """The properties that need a look: defaults are sound, and point to nothing."""
    declared, props = look.kind.by_name, look.node.props
    for name in props.keys() | look.kind.required if look.kind.required - props.keys() else props:
        each = declared.get(name)
        if each is None:
            continue
        value = look.props[name]
        is_default = value == each.default and type(value) is type(each.default)
        if (each.is_required or not is_default) and (each.when is None or each.when(look.props)):
            yield each, value


def _about_references(look: Look, matters: set[str]) -> Findings:
    for each in references_of(look.node):
        known = look.nodes if each.refers_to == "node" else look.context.names_of(each.refers_to)
        if known is not None and each.target not in known and each.property in matters:
            yield found(
                rules.NO_SUCH_OBJECT,
                look.node.id,
                name=each.property,
                params={"value": shown(each.target)},
            )


def _about_features(look: Look, features: frozenset[str]) -> Findings:
    node, kind = look.node, look.kind
    if kind.feature not in features:
        yield found(rules.NOT_SUBSCRIBED, node.id, params={"feature": kind.feature})
    if "tts" in features:
        return
    for each in kind.properties:
        if each.type in _SPOKEN and _is_synthetic(node.props.get(each.name)):
            yield found(rules.NOT_SUBSCRIBED, node.id, name=each.name, params={"feature": "tts"})


_SPOKEN = (FieldType.PROMPT, FieldType.PROMPTS)


def _is_synthetic(prompt: Json) -> bool:
    """Whether a prompt, or one of several, has a part that a synthetic voice reads."""
    if not isinstance(prompt, list):
        return False
    return any(
        _is_synthetic(part)
        if isinstance(part, list)
        else isinstance(part, dict) and part.get("type") in ("text", "ssml")
        for part in prompt
    )


Together = Iterator[tuple[str, Fault]]


def _collect(props: Document) -> Together:
    """What is asked for can be typed."""
    for low, high, matters in (
        ("min_digits", "max_digits", True),
        ("lowest", "highest", props["validation"] == "range"),
    ):
        least, most = props[low], props[high]
        if matters and isinstance(least, int) and isinstance(most, int) and least > most:
            yield low, Fault(rules.UPSIDE_DOWN, {"minimum": shown(least), "maximum": shown(most)})
    pattern = props["expected_pattern"]
    if props["validation"] == "pattern" and isinstance(pattern, str) and not compiles(pattern):
        yield "expected_pattern", Fault(rules.PATTERN, {"value": shown(pattern)})


def _random(props: Document) -> Together:
    """Shares in percent make a whole."""
    weights = [row.get("weight") for row in rows(props["shares"])]
    shares = [each for each in weights if isinstance(each, int | float) and 0 <= each <= 100]
    is_whole = not shares or len(shares) < len(weights) or abs(sum(shares) - 100) <= _ROUNDING
    if props["mode"] == "weighted" and not is_whole:
        yield "shares", Fault(rules.SHARES, {"total": f"{sum(shares):g}"})


#: Three shares of 33.33 % are as good as a whole.
_ROUNDING = 0.05


_TOGETHER: Mapping[str, Callable[[Document], Together]] = {"collect": _collect, "random": _random}
