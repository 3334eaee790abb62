"""The form of the selected nodes: of one with its title and exits, of several what they share."""

from collections.abc import Hashable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from cx_desktop.domain.finding import in_words
from cx_desktop.domain.flow.graph import Node, NodeId
from cx_desktop.domain.flow.kind import Property
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.patch import Json
from cx_desktop.models.flow_findings import FlowFindings
from cx_desktop.views.flow_editor.inspector.exits_form import ExitsForm
from cx_desktop.views.flow_editor.inspector.fields.editor import Surroundings
from cx_desktop.views.flow_editor.inspector.key_labels import KeyLabels
from cx_desktop.views.flow_editor.inspector.property_form import PropertyForm, filled
from cx_desktop.views.flow_editor.inspector.section import Section
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.widgets.label import Label


class NodesForm(QWidget):
    """Edits the selected nodes; what is typed in one field is one undo step."""

    link_requested = Signal(object)  # Slot

    def __init__(
        self,
        stage: Stage,
        findings: FlowFindings,
        around: Surroundings,
        nodes: tuple[NodeId, ...],
        open_groups: set[str],
    ) -> None:
        super().__init__()
        self._stage = stage
        self._findings = findings
        self._around = around
        self._nodes = nodes
        self._typing: Hashable = stage.editing.typing()
        self._declared = _common(tuple(self._present()))
        self._title: QLineEdit | None = None
        self._exits: ExitsForm | None = None
        self._keys: KeyLabels | None = None
        self._general = Label("", "error", wraps=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 16)
        layout.setSpacing(14)
        self._head(layout)
        layout.addWidget(self._general)
        self._form = PropertyForm(self._declared, around, open_groups)
        self._form.edited.connect(self._set_prop)
        self._form.settled.connect(self._settle)
        layout.addWidget(self._form)
        self._add_keys(layout)
        self._add_exits(layout)
        layout.addStretch(1)
        self.refresh()

    @property
    def nodes(self) -> tuple[NodeId, ...]:
        """What is edited."""
        return self._nodes

    def refresh(self) -> None:
        """Show what the flow and the rules say now."""
        nodes = list(self._present())
        if not nodes:
            return
        values: dict[str, list[Json]] = {}
        for node in nodes:
            for name, value in filled(self._declared, node.props).items():
                values.setdefault(name, []).append(value)
        shown = frozenset(each.name for node in nodes for each in kind_of(node).properties_of(node))
        self._form.show_all(values, self._faults(), shown)
        if self._title is not None and nodes[0].title != self._title.text():
            self._title.setText(nodes[0].title)
        if self._exits is not None:
            self._exits.refresh()
        if self._keys is not None:
            self._keys.show_labels(values["keys"][0], nodes[0].props.get("key_labels", []))
        self._show_general()

    def focus_title(self) -> None:
        """Let the title be typed."""
        if self._title is not None:
            self._title.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._title.selectAll()

    def go_to(self, name: str, way: str | None = None) -> QWidget | None:
        """Focus a property, or an exit."""
        if way is not None and self._exits is not None:
            return self._exits.focus_exit(way)
        return self._form.go_to(name) if name else None

    def _present(self) -> Sequence[Node]:
        flow = self._stage.model.flow
        return [flow.nodes[node] for node in self._nodes if node in flow.nodes]

    def _head(self, layout: QVBoxLayout) -> None:
        text = self._around.text
        nodes = self._present()
        row = QHBoxLayout()
        row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(2)
        if len(nodes) == 1:
            kind = kind_of(nodes[0])
            picture = QLabel()
            icon = self._around.look.icons.icon(kind.icon.removeprefix("ph."), kind.family.value)
            picture.setPixmap(icon.pixmap(QSize(24, 24), self.devicePixelRatioF()))
            row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
            words.addWidget(Label(self._around.words.kind(kind), "section", wraps=True))
            about = kind.id if kind.id != "foreign" else "foreign"
            words.addWidget(Label(text(f"kind.{about}.about"), "small", wraps=True))
        else:
            count = self._around.look.language.plural("editor.inspector.several", len(nodes))
            words.addWidget(Label(count, "section"))
            words.addWidget(Label(text("editor.inspector.several-help"), "small", wraps=True))
        row.addLayout(words, 1)
        layout.addLayout(row)
        if len(nodes) == 1:
            layout.addWidget(self._title_field(nodes[0]))

    def _title_field(self, node: Node) -> QWidget:
        field = QWidget()
        column = QVBoxLayout(field)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        name = self._around.text("editor.inspector.title")
        label = Label(name, "strong")
        self._title = QLineEdit(node.title)
        self._title.setAccessibleName(name)
        self._title.setPlaceholderText(self._around.words.kind(kind_of(node)))
        self._title.setReadOnly(self._around.is_read_only)
        label.setBuddy(self._title)
        self._title.textEdited.connect(self._set_title)
        self._title.editingFinished.connect(self._settle)
        column.addWidget(label)
        column.addWidget(self._title)
        return field

    def _add_keys(self, layout: QVBoxLayout) -> None:
        names = {each.name for each in self._declared}
        if len(self._nodes) == 1 and {"keys", "key_labels"} <= names:
            self._keys = KeyLabels(self._around)
            self._keys.edited.connect(lambda rows: self._set_prop("key_labels", rows))
            self._keys.settled.connect(self._settle)
            section = Section(self._around.look, self._around.text("prop.key_labels"), is_open=True)
            section.content.addWidget(self._keys)
            layout.addWidget(section)

    def _add_exits(self, layout: QVBoxLayout) -> None:
        if len(self._nodes) != 1 or not self._stage.geometry.shapes[self._nodes[0]].ways:
            return
        self._exits = ExitsForm(self._stage, self._around, self._nodes[0])
        self._exits.link_requested.connect(self.link_requested)
        section = Section(
            self._around.look, self._around.text("editor.inspector.exits"), is_open=True
        )
        section.content.addWidget(self._exits)
        layout.addWidget(section)

    def _faults(self) -> Mapping[str, Sequence[str]]:
        """What the rules say, by property."""
        faults: dict[str, list[str]] = {}
        for node in self._nodes:
            for finding in self._findings.of(node):
                if finding.property is not None:
                    said = in_words(finding, self._around.text)
                    faults.setdefault(finding.property, []).append(said)
        return faults

    def _show_general(self) -> None:
        """What the rules say of the node as a whole."""
        said = [
            self._around.words.finding(self._stage.model.flow, finding)
            for node in self._nodes
            for finding in self._findings.of(node)
            if finding.property is None and finding.exit is None
        ]
        self._general.setText("\n".join(dict.fromkeys(said)))
        self._general.setVisible(bool(said))

    def _set_title(self, title: str) -> None:
        self._stage.editing.set_title(self._nodes[0], title, merge=self._typing)

    def _set_prop(self, name: str, value: Json) -> None:
        self._stage.editing.set_prop(self._nodes, name, value, merge=(self._typing, name))

    def _settle(self) -> None:
        """The next edit is another undo step; what was typed is saved."""
        self._typing = self._stage.editing.typing()
        self._stage.model.flush()


def _common(nodes: Sequence[Node]) -> tuple[Property, ...]:
    """The properties that all these nodes have, alike."""
    if not nodes:
        return ()
    kinds = {kind_of(node).id: kind_of(node) for node in nodes}
    first, *others = kinds.values()
    return tuple(
        each
        for each in first.properties
        if all((other.declared(each.name) or each).type is each.type for other in others)
        and all(other.declared(each.name) is not None for other in others)
    )
