"""What a flow from a file is called: what the file says, else the file's own name made readable."""

import re
from collections.abc import Sequence

from cx_desktop.domain.flow.formats import Imported

#: Longer names are cut: they would fill the page.
LONGEST_NAME = 100

_ENDINGS = re.compile(r"(\.(json|ya?ml|txt|xml|template|tftpl|tf|export))+$", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def proposed_names(
    flows: Sequence[Imported], filename: str, taken: frozenset[str]
) -> tuple[str, ...]:
    """A name for each flow of a file, which no other flow has."""
    names: list[str] = []
    for each in flows:
        called = each.name if each.name != filename else ""
        key = each.handles[0] if each.handles and len(flows) > 1 else ""
        name = _trimmed(called) or readable(key) or readable(filename) or each.format
        names.append(free_name(name, taken | frozenset(names)))
    return tuple(names)


def readable(filename: str) -> str:
    """« accueil_du-soir.v2.json » as « Accueil du-soir.v2 »."""
    stem = _ENDINGS.sub("", filename)
    if " " not in stem.strip():
        stem = stem.replace("_", " ")
    words = _trimmed(stem)
    return words[:1].upper() + words[1:]


def _trimmed(name: str) -> str:
    printable = "".join(each if each.isprintable() else " " for each in name)
    return _SPACES.sub(" ", printable).strip(" ._-")[:LONGEST_NAME].strip()


def free_name(name: str, taken: frozenset[str]) -> str:
    """A name that nothing else has: Accueil, then Accueil 2."""
    candidate, number = name, 2
    while candidate in taken:
        candidate = f"{name} {number}"
        number += 1
    return candidate
