"""Compiles the catalogue's sources, ``<language>/<area>.po``, into ``<language>.mo``.

Refuses a key that is written twice, in the wrong area, in one language only, or with other
placeholders in the other language.
"""

import io
import string
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from cx_desktop.text import Language

#: The compiled files hold no date of their own, so that the same sources give the same bytes.
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class CatalogueError(Exception):
    """The sources contradict each other; the message says where."""


def compile_texts(folder: Path) -> dict[Language, bytes]:
    """The compiled catalogue of each language."""
    catalogues = {language: _merged(folder / language, language) for language in Language}
    _compare(catalogues)
    return {language: _bytes(catalogue) for language, catalogue in catalogues.items()}


def write_texts(folder: Path) -> None:
    """Compile the sources of ``folder`` into it."""
    for language, compiled in compile_texts(folder).items():
        (folder / f"{language}.mo").write_bytes(compiled)


def _merged(folder: Path, language: Language) -> Catalog:
    merged = Catalog(locale=language.value, creation_date=_EPOCH, revision_date=_EPOCH)
    for source in sorted(folder.glob("*.po")):
        with source.open("rb") as stream:
            for message in read_po(stream, locale=language.value, abort_invalid=True):
                key = _key(message)
                if key and key in merged:
                    raise CatalogueError(f"{source}: {key} is already written elsewhere")
                if key:
                    if not all(_strings(message)):
                        raise CatalogueError(f"{source}: {key} has no text")
                    merged.add(message.id, message.string)
    return merged


def _compare(catalogues: dict[Language, Catalog]) -> None:
    french, english = catalogues[Language.FRENCH], catalogues[Language.ENGLISH]
    keys = {_key(message) for message in french} ^ {_key(message) for message in english}
    if keys:
        raise CatalogueError(f"In one language only: {', '.join(sorted(keys))}")
    for message in french:
        key = _key(message)
        other = english.get(key)
        if key and other is not None and _placeholders(message) != _placeholders(other):
            raise CatalogueError(f"{key}: the languages use other placeholders")


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _placeholders(message: Message) -> set[str]:
    return {
        name
        for text in _strings(message)
        for _, name, _, _ in string.Formatter().parse(text)
        if name is not None
    }


def _bytes(catalogue: Catalog) -> bytes:
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


if __name__ == "__main__":
    write_texts(Path("resources/text"))
