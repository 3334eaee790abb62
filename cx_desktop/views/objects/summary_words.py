"""What differs between two versions of a flow, node by node, in words."""

from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.domain.flow.summary import LinkChange, NodeChange, NodeName
from cx_desktop.models.language import Language
from cx_desktop.views.objects import finding_words


def node_words(language: Language, node: NodeName | NodeChange) -> str:
    """« Menu principal (Menu) »."""
    kind = language.text(f"kind.{node.kind if node.kind in KINDS else 'foreign'}")
    return f"{node.title} ({kind})" if node.title else kind


def step_words(language: Language, node: NodeName) -> str:
    """« Menu principal », or « Menu » where the step has no title."""
    return node.title or node_words(language, node)


def change_words(language: Language, change: NodeChange) -> str:
    """« Menu principal (Menu) : message, touches »."""
    fields = ", ".join(field_words(language, field) for field in change.fields)
    return language.text("flows.summary.line", name=node_words(language, change), what=fields)


def link_words(language: Language, link: LinkChange) -> str:
    """« Menu, sortie 1 : File ventes → Messagerie »."""
    nowhere = language.text("flows.summary.nowhere")
    return language.text(
        "flows.summary.link",
        name=link.title or link.slot.node,
        exit=finding_words.exit_words(language, link.slot.exit),
        old=link.old or nowhere,
        new=link.new or nowhere,
    )


def field_words(language: Language, name: str) -> str:
    """The name of a field of a step, or of a setting of the flow."""
    if name in {"title", "kind", "origin"}:
        return language.text(f"flows.field.{name}")
    key = f"prop.{name}"
    return language.text(key).lower() if language.catalogue.has(key) else name
