"""What one node says for itself: its properties, its references, its exits."""

from collections.abc import Callable, Iterator, Mapping

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, Look, found
from cx_desktop.domain.flow.checks import Fault, faults, is_missing, shown
from cx_desktop.domain.flow.graph import Node
from cx_desktop.domain.flow.kind import FieldType, Property
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
        yield from _about_features(look)
    yield from _about_exits(look)


def _foreign_type(node: Node) -> str:
    return shown(node.origin.type if node.origin else node.kind)


def _about_exits(look: Look) -> Findings:
    node = look.node
    for each in look.exits:
        if each.is_required and each.id not in look.links:
            yield found(rules.UNLINKED, node.id, way=each.id)
    if not look.links:
        return
    known = {each.id for each in look.exits}
    is_told = look.kind is not FOREIGN or node.origin is not None
    for way, target in look.links.items():
        if is_told and way not in known:
            yield found(rules.EXIT_GONE, node.id, way=way)
        aim = look.nodes.get(target)
        if aim is None:
            yield found(rules.TARGET_GONE, node.id, way=way)
        elif aim.kind == "start":
            yield found(rules.INTO_START, node.id, way=way)


def _about_properties(look: Look) -> Findings:
    node = look.node
    matters = set()
    for each in look.kind.properties:
        if _is_decided(each, look) and (each.when is None or each.when(look.props)):
            matters.add(each.name)
            value = look.props[each.name]
            if each.is_required and is_missing(value):
                yield found(rules.MISSING, node.id, name=each.name)
            for fault in faults(each, value):
                yield found(fault.rule, node.id, name=each.name, params=fault.params)
    if node.kind in _TOGETHER:
        for name, fault in _TOGETHER[node.kind](look.props):
            yield found(fault.rule, node.id, name=name, params=fault.params)
    if matters:
        yield from _about_references(look, matters)


def _is_decided(declared: Property, look: Look) -> bool:
    """Whether a property needs a look: defaults are sound, and point to nothing."""
    value = look.node.props.get(declared.name)
    is_default = value == declared.default and type(value) is type(declared.default)
    return declared.is_required or (declared.name in look.node.props and not is_default)


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


def _about_features(look: Look) -> Findings:
    features = look.context.features
    if features is None:
        return
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
