"""Every word people read, in French and English, from one catalogue (gettext).

The sources are ``resources/text/<language>/<area>.po``; ``dev.py text`` compiles them into one
``resources/text/<language>.mo``. Ids are ``area.name``; both languages are written out.
"""

import struct
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

from cx_desktop.domain.errors import CXError

_MAGIC = 0x950412DE  # little-endian, as Babel writes everywhere


class Language(StrEnum):
    """A language of the interface."""

    FRENCH = "fr"
    ENGLISH = "en"


class Catalogue:
    """The texts of one language. A missing key shows itself as ``⟦key⟧`` and fails a test."""

    def __init__(self, folder: Path, language: Language) -> None:
        self.language = language
        self._texts = _Compiled((folder / f"{language}.mo").read_bytes())
        self._form = _FORM_BY_LANGUAGE[language]

    def text(self, key: str, /, **params: str | int) -> str:
        """The text of a key with its ``{placeholders}`` filled."""
        return self._filled(key, self._texts.find(key)[0], params)

    def plural(self, key: str, count: int, /, **params: str | int) -> str:
        """The text of a key in the form that ``count`` takes; ``{count}`` is filled too."""
        forms = self._texts.find(key)
        text = forms[min(self._form(count), len(forms) - 1)]
        return self._filled(key, text, {"count": count, **params})

    def has(self, key: str) -> bool:
        """Whether the catalogue knows this key."""
        return key in self._texts

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


#: Which form of a plural a count takes, as the ``Plural-Forms`` of the sources say.
_FORM_BY_LANGUAGE: dict[Language, Callable[[int], int]] = {
    Language.FRENCH: lambda count: int(count > 1),
    Language.ENGLISH: lambda count: int(count != 1),
}


class _Compiled:
    """A gettext catalogue as ``msgfmt`` writes it, read text by text.

    The standard library decodes every text when it opens one: 3 ms of start-up for 2,000 of them,
    of which a page shows thirty.
    """

    def __init__(self, data: bytes) -> None:
        magic, _, count, ids_at, texts_at = struct.unpack_from("<5I", data)
        if magic != _MAGIC:
            raise ValueError("not a compiled catalogue")
        self._data = data
        ids = struct.unpack_from(f"<{2 * count}I", data, ids_at)
        self._places = struct.unpack_from(f"<{2 * count}I", data, texts_at)
        self._index_by_key = {
            data[at : at + size].partition(b"\0")[0]: index
            for index, (size, at) in enumerate(zip(ids[::2], ids[1::2], strict=True))
        }

    def __contains__(self, key: str) -> bool:
        return key.encode() in self._index_by_key

    def __iter__(self) -> Iterator[str]:
        return (key.decode() for key in self._index_by_key if key)

    def find(self, key: str) -> list[str]:
        """The forms of a text: one, or one per plural form; the key itself when there is none."""
        index = self._index_by_key.get(key.encode())
        if index is None:
            return [key]
        size, at = self._places[2 * index : 2 * index + 2]
        return self._data[at : at + size].decode().split("\0")
