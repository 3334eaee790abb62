"""In which languages a flow plays a prompt."""

from cx_desktop.domain.flow.analysis.settings import spoken_in
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.references import references_of

_INHERITED = (None, "", "inherit")


def languages_of(flow: Flow, prompt_id: str) -> frozenset[str]:
    """The languages of the nodes that play a prompt; those without one speak the flow's.

    Where a flow changes its language on the way, only what nodes say themselves is known.
    """
    spoken = spoken_in(flow)
    found = set()
    for node in flow.nodes.values():
        if any(each.target == prompt_id for each in references_of(node)):
            own = kind_of(node).filled(node.props).get("language")
            found.add(spoken if own in _INHERITED else own)
    return frozenset(each for each in found if isinstance(each, str) and each)
