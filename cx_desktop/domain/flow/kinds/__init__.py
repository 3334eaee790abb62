"""Every kind of node, declared: the palette, the inspector and the rules are made from here."""

import copy
from collections.abc import Mapping
from types import MappingProxyType

from cx_desktop.domain.flow.graph import Node
from cx_desktop.domain.flow.kind import Exit, Family, FieldType, Kind, Property, Unlinked
from cx_desktop.domain.flow.kinds import asking, data, decision, ending, entry, speech, transfer
from cx_desktop.domain.flow.kinds.shapes import LANGUAGES
from cx_desktop.domain.patch import Document

#: A step of another product that has no kind of ours: kept verbatim, with the exits it had.
FOREIGN = Kind(
    id="foreign",
    family=Family.DATA,
    icon="ph.puzzle-piece",
    synonyms=("Script", "Code", "Custom", "Unknown", "Third party"),
)

#: Every kind by its id, in the order of the palette.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.id: kind
        for kind in (
            *entry.KINDS,
            *speech.KINDS,
            *asking.KINDS,
            *decision.KINDS,
            *data.KINDS,
            *transfer.KINDS,
            *ending.KINDS,
            FOREIGN,
        )
    }
)

#: What a flow as a whole is set to (its ``meta``): handlers that no link leads to.
SETTINGS: tuple[Property, ...] = (
    Property(name="spoken_language", type=FieldType.CHOICE, default="fr-FR", choices=LANGUAGES),
    Property(name="operator", type=FieldType.REFERENCE, default="", refers_to="node"),
    Property(name="on_error", type=FieldType.REFERENCE, default="", refers_to="node"),
    Property(name="on_hangup", type=FieldType.REFERENCE, default="", refers_to="node"),
    Property(name="on_max_duration", type=FieldType.REFERENCE, default="", refers_to="node"),
)


def kind_of(node: Node) -> Kind:
    """The kind of a node; one that we do not know is foreign."""
    return KINDS.get(node.kind, FOREIGN)


def exits_of(node: Node) -> tuple[Exit, ...]:
    """Every exit of a node, in the order they are drawn.

    Exits that only its origin has come last; a foreign node has just these.
    """
    own = kind_of(node).exits_of(node)
    ways = node.origin.exits if node.origin else ()
    if not ways:
        return own
    known = {way.id for way in own}
    extra = (way for way in dict.fromkeys(ways) if way not in known)
    return (*own, *(Exit(way, Unlinked.HANG_UP, label=way) for way in extra))


def default_props(kind: Kind) -> Document:
    """Fresh properties for a new node: the defaults that decide its exits, and required choices.

    Other defaults are left out, so that a document says only what somebody decided.
    """
    return {
        each.name: copy.deepcopy(each.default)
        for each in kind.properties
        if each.type in _SPELLED_OUT and each.default
    }


_SPELLED_OUT = frozenset({FieldType.KEYS, FieldType.CASES, FieldType.WEIGHTS, FieldType.OUTCOMES})
