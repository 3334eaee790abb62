"""Changes between two versions of a flow, in words."""

from cx_desktop.domain.flow.diff import Comparison, Spot
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.wording import exit_words, step_words
from cx_desktop.models.language import Language


def spot_words(language: Language, comparison: Comparison, spot: Spot) -> str:
    """« « Menu », 2 : « Support » au lieu de « Ventes » », or « « Menu » : ajouté »."""
    node = node_words(language, comparison, spot.node)
    if spot.exit is None:
        return language.text(f"compare.node.{spot.mark}", node=node)
    return language.text(
        f"compare.exit.{spot.mark}",
        node=node,
        exit=exit_of(language, comparison, spot),
        old=node_words(language, comparison, spot.old),
        new=node_words(language, comparison, spot.new),
    )


def node_words(language: Language, comparison: Comparison, node: NodeId | None) -> str:
    """What a node is called, in the newer flow if it stands there."""
    if node is None:
        return language.text("flows.summary.nowhere")
    found = comparison.new.nodes.get(node) or comparison.old.nodes.get(node)
    return step_words(found, language.text) if found is not None else str(node)


def exit_of(language: Language, comparison: Comparison, spot: Spot) -> str:
    """What the exit of a change is called."""
    for flow in (comparison.new, comparison.old):
        node = flow.nodes.get(spot.node)
        declared = exits_of(node) if node is not None else ()
        for each in declared:
            if each.id == spot.exit:
                return exit_words(each.id, each, language.text)
    return str(spot.exit)
