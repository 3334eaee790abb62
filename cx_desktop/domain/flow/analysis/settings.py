"""What the flow as a whole says: its entry, its settings, links of nodes that are gone."""

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, found
from cx_desktop.domain.flow.checks import faults, shown
from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.flow.kinds import SETTINGS
from cx_desktop.domain.patch import Json


def about_flow(flow: Flow) -> Findings:
    """The findings of no node in particular, and of further entries."""
    starts = [node.id for node in flow.nodes.values() if node.kind == "start"]
    if not starts:
        yield found(rules.NO_START)
    for each in starts[1:]:
        yield found(rules.SEVERAL_STARTS, each)
    for setting in SETTINGS:
        value = flow.meta.get(setting.name)
        for fault in faults(setting, value):
            yield found(fault.rule, name=setting.name, params=fault.params)
        if _is_lost_node(flow, setting, value):
            yield found(rules.NO_SUCH_OBJECT, name=setting.name, params={"value": shown(value)})


def _is_lost_node(flow: Flow, declared: Property, value: Json) -> bool:
    return (
        declared.type is FieldType.REFERENCE
        and isinstance(value, str)
        and value != ""
        and NodeId(value) not in flow.nodes
    )


def about_orphaned_links(flow: Flow) -> Findings:
    """Links that begin at a node that is gone."""
    for node in sorted(flow.links.keys() - flow.nodes.keys()):
        for way in flow.links[node]:
            yield found(rules.TARGET_GONE, node, way=way)


def spoken_in(flow: Flow) -> str:
    """The language in which a flow speaks; "" where it may change on the way."""
    for node in flow.nodes.values():
        if node.kind == "config" and node.props.get("language", "inherit") != "inherit":
            return ""
    start = flow.nodes.get(flow.start) if flow.start is not None else None
    told = (start.props if start else {}).get("spoken_language") or flow.meta.get("spoken_language")
    return told if isinstance(told, str) else "fr-FR"
