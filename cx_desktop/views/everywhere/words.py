"""How places in flows are put into words."""

from cx_desktop.domain.finding import Finding, in_words
from cx_desktop.domain.flow.graph import Node
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.passages import Passage
from cx_desktop.domain.flow.replace import Refusal
from cx_desktop.models.everywhere.places import Place, Subject
from cx_desktop.models.language import Language

ICON_BY_TYPE = {
    "flow": "tree-structure",
    "prompt": "speaker-high",
    "schedule": "clock-afternoon",
    "queue": "headset",
    "number": "phone",
    "variable": "brackets-curly",
}


def node_words(language: Language, node: Node) -> str:
    """A node by its title, or by its kind."""
    return node.title.strip() or language.text(f"kind.{kind_of(node).id}")


def property_words(language: Language, passage: Passage) -> str:
    """Which of a node's texts it is."""
    if passage.note is not None:
        return language.text("everywhere.note")
    return _named(language, f"prop.{passage.property}", passage.property, "everywhere.title")


def refusal_words(language: Language, refusal: Refusal) -> str:
    """Why a place stays as it is."""
    if refusal.fault is None:
        return language.text(f"everywhere.refused.{refusal.key}")
    rule, params = refusal.fault.rule, dict(refusal.fault.params)
    return in_words(Finding(rule.id, rule.severity, params=params), language.text)


def place_words(language: Language, place: Place) -> str:
    """Where in a flow or a queue something is used: node and property."""
    where = place.title or (language.text(f"kind.{place.kind}") if place.kind else "")
    if not place.node and not place.property:
        return language.text(f"everywhere.how.{place.how}.{place.type}")
    area = "queues" if place.type == "queue" else "prop"
    said = _named(language, f"{area}.{place.property}", place.property, "everywhere.settings")
    if place.property and where:
        return language.text("everywhere.at", node=where, property=said)
    return where or said


def how_words(language: Language, place: Place) -> str:
    """In what way it is used."""
    return language.text(f"everywhere.how.{place.how}")


def state_words(language: Language, place: Place) -> str:
    """Whether callers meet it, or it is only drafted."""
    if place.is_live and place.is_drafted:
        return language.text("everywhere.state.both")
    return language.text(f"everywhere.state.{'live' if place.is_live else 'draft'}")


def used_words(language: Language, subject: Subject) -> str:
    """« 3 endroits dans 2 SVI », or that nothing uses it."""
    count = len(subject.places)
    users = len({(each.type, each.id) for each in subject.places})
    if not count:
        return language.text("everywhere.used.nowhere")
    places = language.plural("everywhere.used.places", count)
    return language.plural("everywhere.used.by", users, places=places)


def _named(language: Language, key: str, name: str, otherwise: str) -> str:
    """The catalogue's word for a property; its own name where the catalogue has none."""
    if not name:
        return language.text(otherwise)
    return language.text(key) if language.catalogue.has(key) else name
