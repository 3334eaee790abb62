"""Every word people read, in French and English, from one catalogue (gettext).

The sources are ``resources/text/<language>/<area>.po``; ``dev.py text`` compiles them into one
``resources/text/<language>.mo``. Ids are ``area.name``; both languages are written out.
"""

import gettext
from enum import StrEnum
from pathlib import Path

from cx_desktop.domain.errors import CXError


class Language(StrEnum):
    """A language of the interface."""

    FRENCH = "fr"
    ENGLISH = "en"


class Catalogue:
    """The texts of one language. A missing key shows itself as ``⟦key⟧`` and fails a test."""

    def __init__(self, folder: Path, language: Language) -> None:
        self.language = language
        with (folder / f"{language}.mo").open("rb") as compiled:
            self._texts = gettext.GNUTranslations(compiled)

    def text(self, key: str, /, **params: str | int) -> str:
        """The text of a key with its ``{placeholders}`` filled."""
        return self._filled(key, self._texts.gettext(key), params)

    def plural(self, key: str, count: int, /, **params: str | int) -> str:
        """The text of a key in the form that ``count`` takes; ``{count}`` is filled too."""
        return self._filled(key, self._texts.ngettext(key, key, count), {"count": count, **params})

    def has(self, key: str) -> bool:
        """Whether the catalogue knows this key."""
        return self._texts.gettext(key) != key

    def explain(self, error: CXError) -> tuple[str, str]:
        """Title and hint of one of the world's faults."""
        return (
            self.text(f"{error.key}.title", **error.params),
            self.text(f"{error.key}.hint", **error.params),
        )

    @staticmethod
    def _filled(key: str, text: str, params: dict[str, str | int]) -> str:
        if text == key:
            return f"⟦{key}⟧"
        return text.format_map(params) if params else text
