"""Every verb of the program by name: menus, shortcuts and the command palette show these."""

import unicodedata
from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from cx_desktop.models.language import Language


def _always() -> bool:
    return True


#: Fewer letters than this say nothing when they stand scattered.
_FEW_LETTERS = 3


class Scope(Enum):
    """Who answers a shortcut."""

    WINDOW = "window"
    """The window, wherever the focus is."""
    WIDGET = "widget"
    """The widget that added the command: it installs the shortcut itself, since it may clash with
    editing keys elsewhere; the palette only shows it."""


class Command(Struct, frozen=True):
    """One verb. ``text_key`` with ``params`` is what people read, in the infinitive.

    ``title`` replaces the key where the words are data (a flow's name). A disabled command stays
    listed with its reason.
    """

    id: str
    text_key: str
    run: Callable[[], object]
    shortcut: str = ""
    is_enabled: Callable[[], bool] = _always
    reason_key: str = ""
    icon: str = ""
    group_key: str = "palette.group.commands"
    params: dict[str, str | int] = {}
    title: str = ""
    scope: Scope = Scope.WINDOW
    is_listed: bool = True
    keywords_key: str = ""

    def words(self, language: Language) -> str:
        """The verb as people read it."""
        return self.title or language.text(self.text_key, **self.params)

    @property
    def shortcut_text(self) -> str:
        """The shortcut as this system writes it."""
        return QKeySequence(self.shortcut).toString(QKeySequence.SequenceFormat.NativeText)


class Match(NamedTuple):
    """A command that answers what was typed, with the positions to mark in its words."""

    command: Command
    words: str
    score: int
    marks: tuple[int, ...]


class Commands(QObject):
    """The registry of verbs: pages add theirs and take them away again."""

    changed = Signal()

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: dict[str, Command] = {}
        self._sources: list[Callable[[], Iterable[Command]]] = []

    def add(self, *commands: Command) -> Callable[[], None]:
        """Add verbs; what is returned takes them away again."""
        for command in commands:
            if command.id in self._commands:
                raise ValueError(f"There is a command {command.id} already")
            self._commands[command.id] = command
        self.changed.emit()
        return lambda: self.remove(*(command.id for command in commands))

    def remove(self, *ids: str) -> None:
        """Forget these verbs."""
        for each in ids:
            self._commands.pop(each, None)
        self.changed.emit()

    def add_source(self, source: Callable[[], Iterable[Command]]) -> Callable[[], None]:
        """Let the palette ask for more entries whenever it opens: pages, projects, flows."""
        self._sources.append(source)
        return lambda: self._sources.remove(source)

    @property
    def verbs(self) -> tuple[Command, ...]:
        """The registered verbs, in the order they came."""
        return tuple(self._commands.values())

    def get(self, command_id: str) -> Command | None:
        """The verb of this id, if it is there."""
        return self._commands.get(command_id)

    def run(self, command_id: str) -> bool:
        """Run a verb if it is there and enabled; says whether it ran."""
        command = self._commands.get(command_id)
        if command is None or not command.is_enabled():
            return False
        command.run()
        return True

    def matching(self, needle: str, language: Language) -> list[Match]:
        """The verbs and entries that answer to ``needle``, best first; all of them for ``""``."""
        folded = fold(needle).strip()
        found = []
        for command in self._everything():
            words = command.words(language)
            match = _rank(folded, words)
            if match is None and command.keywords_key:
                match = _rank(folded, language.text(command.keywords_key))
                match = None if match is None else (match[0] - 20, ())
            if match is not None:
                found.append(Match(command, words, *match))
        found.sort(key=lambda each: -each.score)
        return found

    def _everything(self) -> Iterable[Command]:
        for source in self._sources:
            yield from source()
        yield from (each for each in self._commands.values() if each.is_listed)


_LIGATURES = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"}


def fold(text: str) -> str:
    """Lower case without accents, ligatures written out: É → e, Œ → oe."""
    return "".join(map(_folded, text))


def _folded(character: str) -> str:
    if character in _LIGATURES:
        return _LIGATURES[character]
    return unicodedata.normalize("NFD", character)[:1].lower()


def _places(text: str) -> list[int]:
    """For each character of the folded text, which character of the text it comes from."""
    return [place for place, character in enumerate(text) for _ in _folded(character)]


def _rank(needle: str, words: str) -> tuple[int, tuple[int, ...]] | None:
    """How well words answer to a folded needle: every word of it must occur; or all its letters.

    A whole-word start weighs more than a word's middle, that more than scattered letters.
    """
    if not needle:
        return 0, ()
    folded = fold(words)
    found = _rank_words(needle.split(), folded)
    if found is None:
        found = _rank_letters(needle.replace(" ", ""), folded)
    if found is None:
        return None
    places = _places(words)
    return found[0], tuple(sorted({places[mark] for mark in found[1]}))


def _rank_words(parts: list[str], folded: str) -> tuple[int, tuple[int, ...]] | None:
    score = 200 - min(len(folded), 100)
    marks: list[int] = []
    for part in parts:
        starts = [at for at in range(len(folded)) if folded.startswith(part, at)]
        if not starts:
            return None
        best = next((at for at in starts if at == 0 or not folded[at - 1].isalnum()), None)
        score += 100 if best == 0 else 60 if best is not None else 20
        at = starts[0] if best is None else best
        marks += range(at, at + len(part))
    return score, tuple(marks)


def _rank_letters(needle: str, folded: str) -> tuple[int, tuple[int, ...]] | None:
    marks: list[int] = []
    if len(needle) < _FEW_LETTERS:
        return None
    for letter in needle:
        at = folded.find(letter, marks[-1] + 1 if marks else 0)
        if at < 0:
            return None
        marks.append(at)
    gaps = marks[-1] - marks[0] + 1 - len(marks)
    return (60 - gaps, tuple(marks)) if gaps <= 3 * len(marks) else None
