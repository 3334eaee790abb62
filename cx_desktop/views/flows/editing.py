"""What the page needs of the editor it embeds."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.finding import Finding
from cx_desktop.models.flow_graph import FlowGraphModel


class Editing(Protocol):
    """An editor of one graph, as the page around it sees it."""

    findings_changed: SignalInstance
    """Carries all findings."""

    @property
    def widget(self) -> QWidget:
        """What is put on the page."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules say of the graph now."""

    def show_node(self, node: str) -> None:
        """Select a step, and bring it into view."""

    def show_findings(self) -> None:
        """Open the list of findings."""

    def close(self) -> None:
        """Take verbs and listeners away; the widget is deleted next."""


#: Makes the editor for a graph of a project.
MakeEditor = Callable[[FlowGraphModel], Editing]
