"""What the rules have to say about a flow: the same on the canvas and at publishing."""

from collections.abc import Iterable

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.analysis import Analysis, analyse
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.rules import RULES

__all__ = ["RULES", "Analysis", "Context", "analysis", "findings", "is_publishable"]


def findings(flow: Flow, context: Context | None = None) -> tuple[Finding, ...]:
    """Every finding of a flow: first those of the flow as a whole, then node by node."""
    return analyse(flow, context).findings


def analysis(
    flow: Flow, context: Context | None = None, earlier: Analysis | None = None
) -> Analysis:
    """The findings with what makes the next ones cheap: only what has changed is looked at."""
    return analyse(flow, context) if earlier is None else earlier.after(flow, context)


def is_publishable(found: Iterable[Finding]) -> bool:
    """Whether nothing among these findings refuses publishing."""
    return all(each.severity is not Severity.BLOCKING for each in found)
