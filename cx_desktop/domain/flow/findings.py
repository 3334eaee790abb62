"""What the rules have to say about a flow: the same on the canvas and at publishing."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.checks import Fault, faults, is_missing, shown
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.flow.kinds import FOREIGN, SETTINGS, exits_of, kind_of
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.flow.references import Context, references, references_of
from cx_desktop.domain.flow.rules import RULES, Rule
from cx_desktop.domain.patch import Document, Json
from cx_desktop.domain.patterns import compiles

__all__ = ["RULES", "Context", "findings", "is_publishable"]

Findings = Iterator[Finding]


def findings(flow: Flow, context: Context | None = None) -> tuple[Finding, ...]:
    """Every finding of a flow: first those of the flow as a whole, then node by node."""
    context = context or Context()
    reached = _reached(flow)
    starts = [node.id for node in flow.nodes.values() if node.kind == "start"]
    return (
        *_about_starts(starts),
        *_about_settings(flow),
        *(
            finding
            for node in flow.nodes.values()
            for finding in _about_node(flow, node, context, is_reached=node.id in reached)
        ),
        *(
            _finding(rules.TARGET_GONE, node, way=way)
            for node, ways in flow.links.items()
            if node not in flow.nodes
            for way in ways
        ),
    )


def is_publishable(found: Iterable[Finding]) -> bool:
    """Whether nothing among these findings refuses publishing."""
    return all(each.severity is not Severity.BLOCKING for each in found)


def _finding(
    rule: Rule,
    node: NodeId | None = None,
    *,
    way: str | None = None,
    name: str | None = None,
    params: Mapping[str, str | int] | None = None,
) -> Finding:
    return Finding(rule.id, rule.severity, node, way, name, dict(params or {}))


def _about_starts(starts: list[NodeId]) -> Findings:
    if not starts:
        yield _finding(rules.NO_START)
    for each in starts[1:]:
        yield _finding(rules.SEVERAL_STARTS, each)


def _about_settings(flow: Flow) -> Findings:
    for setting in SETTINGS:
        value = flow.meta.get(setting.name)
        for fault in faults(setting, value):
            yield _finding(fault.rule, name=setting.name, params=fault.params)
        if _is_lost_node(flow, setting, value):
            yield _finding(rules.NO_SUCH_OBJECT, name=setting.name, params={"value": shown(value)})


def _is_lost_node(flow: Flow, declared: Property, value: Json) -> bool:
    return (
        declared.type is FieldType.REFERENCE
        and isinstance(value, str)
        and value != ""
        and NodeId(value) not in flow.nodes
    )


def _about_node(flow: Flow, node: Node, context: Context, *, is_reached: bool) -> Findings:
    if not is_reached:
        yield _finding(rules.UNREACHABLE, node.id)
    if kind_of(node) is FOREIGN:
        yield _finding(rules.FOREIGN_NODE, node.id, params={"type": _foreign_type(node)})
    else:
        yield from _about_properties(flow, node, context)
        yield from _about_features(node, context)
    yield from _about_exits(flow, node)


def _foreign_type(node: Node) -> str:
    return shown(node.origin.type if node.origin else node.kind)


def _about_exits(flow: Flow, node: Node) -> Findings:
    ways = flow.links.get(node.id, {})
    exits = exits_of(node)
    for each in exits:
        if each.is_required and each.id not in ways:
            yield _finding(rules.UNLINKED, node.id, way=each.id)
    known = {each.id for each in exits}
    is_told = kind_of(node) is not FOREIGN or node.origin is not None
    for way, target in ways.items():
        if is_told and way not in known:
            yield _finding(rules.EXIT_GONE, node.id, way=way)
        aim = flow.nodes.get(target)
        if aim is None:
            yield _finding(rules.TARGET_GONE, node.id, way=way)
        elif aim.kind == "start":
            yield _finding(rules.INTO_START, node.id, way=way)


def _about_properties(flow: Flow, node: Node, context: Context) -> Findings:
    kind = kind_of(node)
    filled: Document | None = None
    matters = set()
    for each in kind.properties:
        if each.name not in node.props and not each.is_required:
            continue
        if each.when is not None:
            filled = kind.filled(node.props) if filled is None else filled
            if not each.when(filled):
                continue
        matters.add(each.name)
        value = node.props.get(each.name, each.default)
        if each.is_required and is_missing(value):
            yield _finding(rules.MISSING, node.id, name=each.name)
        for fault in faults(each, value):
            yield _finding(fault.rule, node.id, name=each.name, params=fault.params)
    for name, fault in _TOGETHER.get(node.kind, _nothing)(kind.filled(node.props)):
        yield _finding(fault.rule, node.id, name=name, params=fault.params)
    yield from _about_references(flow, node, context, matters)


def _about_references(flow: Flow, node: Node, context: Context, matters: set[str]) -> Findings:
    for each in references_of(node):
        known = flow.nodes if each.refers_to == "node" else context.names_of(each.refers_to)
        if known is not None and each.target not in known and each.property in matters:
            yield _finding(
                rules.NO_SUCH_OBJECT,
                node.id,
                name=each.property,
                params={"value": shown(each.target)},
            )


def _about_features(node: Node, context: Context) -> Findings:
    if context.features is None:
        return
    kind = kind_of(node)
    if kind.feature not in context.features:
        yield _finding(rules.NOT_SUBSCRIBED, node.id, params={"feature": kind.feature})
    if "tts" in context.features:
        return
    for each in kind.properties:
        if each.type in _SPOKEN and _is_synthetic(node.props.get(each.name)):
            yield _finding(rules.NOT_SUBSCRIBED, node.id, name=each.name, params={"feature": "tts"})


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


def _nothing(_props: Document) -> Together:
    yield from ()


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


def _reached(flow: Flow) -> set[NodeId]:
    """The nodes a call can come to; all of them when there is no start to come from."""
    start = flow.start
    if start is None:
        return set(flow.nodes)
    handlers = (each.target for each in references(flow) if each.node is None)
    waiting = [start, *(NodeId(each) for each in handlers if each in flow.nodes)]
    reached = set(waiting)
    while waiting:
        for target in _onward(flow, flow.nodes[waiting.pop()]):
            if target in flow.nodes and target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _onward(flow: Flow, node: Node) -> Iterator[NodeId]:
    """Where a call can go from a node: by its links, and by the jump it is."""
    ways = flow.links.get(node.id, {})
    if kind_of(node) is FOREIGN:
        yield from ways.values()
        return
    known: set[ExitId] = {each.id for each in exits_of(node)} if ways else set()
    yield from (target for way, target in ways.items() if way in known)
    yield from (NodeId(each.target) for each in references_of(node) if each.refers_to == "node")
