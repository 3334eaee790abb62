"""Tells screen readers what is selected on the canvas, which they cannot see into."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.models.flow_findings import FlowFindings
from cx_desktop.views.flow_editor.canvas import FlowCanvas
from cx_desktop.views.widgets.look import Look


class Announcer(QObject):
    """Describes the selection: names, exits, findings."""

    def __init__(self, look: Look, canvas: FlowCanvas, findings: FlowFindings) -> None:
        super().__init__(canvas)
        self._look = look
        self._canvas = canvas
        self._findings = findings
        canvas.stage.selection.changed.connect(self._tell)
        canvas.stage.told.connect(self.say)
        look.language.bind(canvas, canvas.setAccessibleName, "editor.canvas")

    def say(self, text: str) -> None:
        """Let a screen reader speak."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._canvas, text))

    def _tell(self) -> None:
        text = self.description()
        self._canvas.setAccessibleDescription(text)
        if self._canvas.hasFocus():
            self.say(text)

    def description(self) -> str:
        """What is selected, in a sentence."""
        chosen, language = self._canvas.stage.selection, self._look.language
        if len(chosen.nodes) == 1 and not chosen.notes:
            return self._node(chosen.nodes[0])
        count = len(chosen.nodes) + len(chosen.notes)
        if count:
            return language.plural("editor.selected", count)
        if chosen.links:
            link = chosen.links[-1]
            words, flow = self._canvas.stage.words, self._canvas.stage.model.flow
            return language.text(
                "editor.selected.link",
                node=words.title_of(flow, link.node),
                exit=words.exit_of(flow.nodes[link.node], link.exit),
                target=words.title_of(flow, link.target),
            )
        return language.text("editor.selected.nothing")

    def _node(self, node: NodeId) -> str:
        stage, language = self._canvas.stage, self._look.language
        it = stage.model.flow.nodes[node]
        links = stage.model.flow.links.get(node, {})
        parts = [stage.words.title(it), stage.words.subtitle(it)]
        parts += [
            f"{stage.words.exit_of(it, way)} → {stage.words.title_of(stage.model.flow, target)}"
            for way, target in links.items()
        ]
        count = len(self._findings.of(node))
        if count:
            parts.append(language.plural("editor.findings.count", count))
        return ", ".join(part for part in parts if part)
