"""What nodes and exits are called, in the language of the interface."""

from cx_desktop.domain.finding import Finding, in_words
from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.kind import Exit, FieldType, Kind
from cx_desktop.domain.flow.kinds import exits_of, kind_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.models.language import Language


class Words:
    """Names for the eye: of nodes, kinds and exits."""

    def __init__(self, language: Language, context: Context) -> None:
        self._language = language
        self.context = context

    @property
    def language(self) -> Language:
        """The language spoken."""
        return self._language

    def kind(self, kind: Kind) -> str:
        """A kind's name."""
        return self._language.text(f"kind.{kind.id}")

    def title(self, node: Node) -> str:
        """What a node is called: its title, else its kind."""
        return node.title or self.kind(kind_of(node))

    def title_of(self, flow: Flow, node: NodeId | None) -> str:
        """What the node of an id is called; "" when there is none."""
        found = None if node is None else flow.nodes.get(node)
        return "" if found is None else self.title(found)

    def subtitle(self, node: Node) -> str:
        """The second line of a card: the kind, and what the step is about."""
        about = self._about(node)
        kind = self.kind(kind_of(node))
        if node.title in {"", kind}:
            return about
        if kind_of(node).id == "foreign" and node.origin is not None:
            kind = node.origin.type
        return f"{kind} · {about}" if about else kind

    def exit(self, way: Exit) -> str:
        """What an exit is called: its own label, else the catalogue's word."""
        return way.label or self._language.text(f"exit.{way.id}")

    def exit_of(self, node: Node, way: str) -> str:
        """What the exit of this id is called; the id itself when the node has no such exit."""
        return next((self.exit(each) for each in exits_of(node) if each.id == way), way)

    def finding(self, flow: Flow, finding: Finding) -> str:
        """What a rule has to say, with the exit or the field it means."""
        said = in_words(finding, self._language.text)
        where = ""
        node = None if finding.node is None else flow.nodes.get(NodeId(finding.node))
        if finding.exit is not None and node is not None:
            where = self.exit_of(node, finding.exit)
        elif finding.property is not None:
            where = self._language.text(f"prop.{finding.property}")
        return self._language.text("editor.findings.at", where=where, said=said) if where else said

    def _about(self, node: Node) -> str:
        """The queue, schedule or words a step is about, where it says so."""
        kind = kind_of(node)
        for each in kind.properties:
            value = node.props.get(each.name)
            if each.type is FieldType.REFERENCE and isinstance(value, str) and value:
                names = self.context.names_of(each.refers_to)
                if names and value in names:
                    return names[value]
            if each.type is FieldType.PROMPT and isinstance(value, list):
                said = next(
                    (part["text"] for part in value if isinstance(part, dict) and "text" in part),
                    "",
                )
                if said:
                    return str(said)
        return ""
