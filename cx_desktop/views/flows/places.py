"""Places of a flow entity in words: « Menu principal : message »."""

from collections.abc import Iterable
from typing import cast

from cx_desktop.domain.patch import Document, Path
from cx_desktop.models.language import Language
from cx_desktop.models.objects.conflicts import Place
from cx_desktop.views.objects.finding_words import exit_words
from cx_desktop.views.objects.summary_words import field_words

_FIELDS = frozenset({"name", "description", "archived"})


def place_words(language: Language, places: Iterable[Place], document: Document) -> str:
    """The places of a dispute, parted by semicolons."""
    return " ; ".join(dict.fromkeys(_words(language, place.path, document) for place in places))


def _words(language: Language, path: Path, document: Document) -> str:
    inside = path[1:] if path[0] == "draft" else path
    if not inside or inside[0] in _FIELDS:
        return language.text(f"flows.place.{inside[0] if inside else 'draft'}")
    section, key = inside[0], inside[1] if len(inside) > 1 else ""
    if section == "meta":
        return field_words(language, key)
    if section == "notes":
        return language.text("flows.place.note")
    if section == "tests":
        return language.text("simulator.place", name=_name_of_test(document, key))
    title = _title(document, key)
    if section == "links":
        way = exit_words(language, inside[2]) if len(inside) > 2 else ""
        return language.text("flows.place.exit", name=title, exit=way)
    if len(inside) < 3:
        return language.text("flows.place.node", name=title)
    return language.text("flows.summary.line", name=title, what=field_words(language, inside[-1]))


def _name_of_test(document: Document, test: str) -> str:
    tests = document.get("tests")
    entry = tests.get(test) if isinstance(tests, dict) else None
    name = cast("Document", entry).get("name") if isinstance(entry, dict) else None
    return name if isinstance(name, str) and name else test


def _title(document: Document, node: str) -> str:
    nodes = document.get("nodes")
    entry = nodes.get(node) if isinstance(nodes, dict) else None
    title = cast("Document", entry).get("title") if isinstance(entry, dict) else None
    return title if isinstance(title, str) and title else node
