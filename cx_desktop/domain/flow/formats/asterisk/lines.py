"""The lines of a dialplan: contexts, their extensions, and the steps of each by priority.

Read as Asterisk reads them, only more patiently: a line that Asterisk would refuse is kept too.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cx_desktop.domain.flow.formats import ImportNote

#: Sections that hold settings and no extensions.
SETTINGS = frozenset({"general", "globals"})

_SECTION = re.compile(r"\[([^\]]*)\]\s*(?:\(([^)]*)\))?")
_KEY = re.compile(r"([^=\[\]]+?)\s*=>?\s*(.*)", re.DOTALL)
_PRIORITY = re.compile(
    r"([0-9]{1,6}|[A-Za-z_][\w-]*)?\s*(?:\+\s*([0-9]{1,6}))?\s*(?:\(([^)]*)\)?)?"
)
_NEXT, _SAME = frozenset({"n", "next"}), frozenset({"s", "same"})
_INCLUDE = re.compile(r"#\s*(include|tryinclude|exec)\b\s*(.*)", re.IGNORECASE)
_CALL = re.compile(r"\s*([^(,|\s]+)\s*(.*)", re.DOTALL)
_LARGEST_PRIORITY = 999_999
_MOST_NOTES = 200


class Step(NamedTuple):
    """One priority of an extension: what runs, and the line that says so."""

    extension: str
    priority: int
    label: str
    app: str
    data: str
    line: int
    text: str

    @property
    def name(self) -> str:
        """What a person calls this place of the context."""
        return f"{self.extension},{self.label or self.priority}"


class Include(NamedTuple):
    """Another context whose extensions are also here, always or at some hours."""

    context: str
    times: str
    line: int


class Section:
    """A context as its lines fill it: extensions by name, each with its steps by priority."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.extensions: dict[str, dict[int, Step]] = {}
        self.includes: list[Include] = []
        self.rest: list[str] = []
        self.doubles: list[Step] = []
        self.is_template = False

    def add(self, step: Step) -> None:
        """Put a step in its place; the first of two at one place has it."""
        steps = self.extensions.setdefault(step.extension, {})
        if step.priority in steps:
            self.doubles.append(step)
        else:
            steps[step.priority] = step

    def inherit(self, other: "Section") -> None:
        """Begin with everything that a template says."""
        for steps in other.extensions.values():
            for step in steps.values():
                self.add(step)
        self.includes.extend(other.includes)
        self.rest.extend(other.rest)

    @property
    def is_empty(self) -> bool:
        """Whether no call can do anything here."""
        return not self.extensions and not self.includes


class Dialplan(NamedTuple):
    """What a file says: its contexts by name, its global variables, and what to tell."""

    sections: dict[str, Section]
    settings: dict[str, str]
    variables: dict[str, str]
    notes: tuple[ImportNote, ...]


class _Line(NamedTuple):
    number: int
    text: str


def dialplan_of(text: str) -> Dialplan:
    """The dialplan that a file is."""
    reader = _Reader()
    for line in _lines(text):
        reader.take(line)
    return Dialplan(
        {name: each for name, each in reader.sections.items() if not each.is_template},
        reader.settings,
        reader.variables,
        tuple(reader.notes[:_MOST_NOTES]),
    )


def _lines(text: str) -> Iterator[_Line]:
    """The lines that say something, without comments; one in ``;--`` … ``--;`` may be long.

    A ``;--`` that is never closed comments its own line: people also underline with it.
    """
    lines = text.splitlines()
    last = max((at for at, line in enumerate(lines) if "--;" in line), default=-1)
    depth = 0
    for at, raw in enumerate(lines):
        said, depth = _uncommented(raw, depth, can_open=at < last)
        if said.strip():
            yield _Line(at + 1, said.strip())


_COMMENT = re.compile(r"\\;|;--(?!-)|--;|;")


def _uncommented(raw: str, depth: int, *, can_open: bool) -> tuple[str, int]:
    """What a line says outside of comments, and how many block comments are open at its end."""
    said: list[str] = []
    at = 0
    for found in _COMMENT.finditer(raw):
        if depth:
            depth += {";--": 1, "--;": -1}.get(found[0], 0)
            at = found.end()
            continue
        said.append(raw[at : found.start()])
        at = found.end()
        if found[0] in ("\\;", "--;"):
            said.append(found[0].replace("\\;", ";"))
        elif found[0] == ";--" and (can_open or "--;" in raw[at:]):
            depth = 1
        else:
            return "".join(said), depth
    return "".join((*said, "" if depth else raw[at:])), depth


class _Reader:
    """Takes line after line, and knows where it is."""

    def __init__(self) -> None:
        self.sections: dict[str, Section] = {}
        self.settings: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.notes: list[ImportNote] = []
        self._section: Section | None = None
        self._extension = ""
        self._priority = 0

    def take(self, line: _Line) -> None:
        """Put one line where it belongs."""
        found = _INCLUDE.match(line.text)
        if found is not None:
            name = found[2].strip("\"'<> \t")
            self._note("other-file", line, file=name[:200])
            return
        opened = _SECTION.match(line.text)
        if opened is not None and "=" not in line.text[: opened.end()]:
            self._open(opened[1].strip(), opened[2] or "")
            return
        pair = _KEY.fullmatch(line.text)
        if pair is None:
            self._note("line-kept", line, text=line.text[:200])
            self._here().rest.append(line.text)
            return
        self._set(pair[1].strip(), pair[2].strip(), line)

    def _open(self, name: str, options: str) -> None:
        section = self.sections.setdefault(name, Section(name))
        self._section, self._extension, self._priority = section, "", 0
        for option in (each.strip() for each in options.split(",")):
            if option == "!":
                section.is_template = True
            elif option in self.sections and option != name:
                section.inherit(self.sections[option])

    def _here(self) -> Section:
        """The section that is open; lines before the first one are in one without a name."""
        if self._section is None:
            self._open("", "")
        assert self._section is not None  # noqa: S101 - it was opened just now
        return self._section

    def _set(self, key: str, value: str, line: _Line) -> None:
        section = self._here()
        if section.name.lower() in SETTINGS:
            kept = self.variables if section.name.lower() == "globals" else self.settings
            kept[key] = value
            return
        match key.lower():
            case "exten":
                self._extend(value, line)
            case "same":
                self._add(self._extension or "s", value, line)
            case "include":
                context, _, times = value.replace("|", ",").partition(",")
                section.includes.append(Include(context.strip(), times.strip(), line.number))
            case "ignorepat":
                section.rest.append(line.text)
            case _ if _is_step(value):
                name, rest = _split_name(value)
                self._begin(f"{name}/{key}=")
                self._add(self._extension, rest, line)
            case _:
                section.rest.append(line.text)
                self._note("line-kept", line, text=line.text[:200])

    def _extend(self, value: str, line: _Line) -> None:
        name, rest = _split_name(value)
        if name != self._extension:
            self._begin(name)
        self._add(name, rest, line)

    def _begin(self, name: str) -> None:
        known = self._here().extensions.get(name, {})
        self._extension, self._priority = name, max(known, default=0)

    def _add(self, extension: str, value: str, line: _Line) -> None:
        """Read ``priority(label),App(data)`` and add the step."""
        said = re.match(r"[^,|]*", value)
        found = _PRIORITY.fullmatch(said[0].strip()) if said else None
        word, label = (found[1] or "n", found[3] or "") if found else ("n", "")
        if word.lower() == "hint":
            self._here().rest.append(line.text)
            return
        number = self._number(extension, word, int(found[2] or 0) if found else 0)
        rest = value[said.end() :] if said and number else value
        self._priority = min(max(number or self._priority + 1, 1), _LARGEST_PRIORITY)
        app, data = _call(rest.lstrip(",| \t").strip())
        label = label.strip() if number else ""
        self._here().add(Step(extension, self._priority, label, app, data, line.number, line.text))

    def _number(self, extension: str, word: str, more: int) -> int:
        """The priority that a word means; 0 when it means none."""
        if word.isdigit():
            return int(word) + more
        if word.lower() in _NEXT:
            return self._priority + (more or 1)
        if word.lower() in _SAME:
            return max(self._priority + more, 1)
        steps = self._here().extensions.get(extension, {}).values()
        labelled = (step.priority for step in steps if step.label == word)
        return next(labelled, 0) + more if more else 0

    def _note(self, what: str, line: _Line, **params: str | int) -> None:
        self.notes.append(ImportNote(f"import.asterisk-{what}", {"line": line.number, **params}))


def _is_step(value: str) -> bool:
    """Whether a value of a key that we do not know is a pattern, a priority and an application."""
    return re.fullmatch(r"[^,]+,\s*(?:[0-9]{1,6}|n)(?:\([^)]*\))?,.+", value) is not None


def _split_name(value: str) -> tuple[str, str]:
    """The name of the extension a line is about, and the rest of the line.

    Commas and bars between brackets belong to the name, as in ``_[1,2]X`` and ``~^(a|b)$``.
    """
    depth = 0
    for at, sign in enumerate(value):
        if sign in "[({":
            depth += 1
        elif sign in "])}":
            depth -= 1
        elif (sign == "," and depth <= 0) or (sign == "|" and depth <= 0):
            return value[:at].strip(), value[at + 1 :].strip()
    head, _, rest = value.partition(",")
    return head.strip(), rest.strip()


def _call(text: str) -> tuple[str, str]:
    """The application and what it is given: ``App(data)``, ``App,data`` or ``App`` alone."""
    found = _CALL.fullmatch(text)
    if found is None:
        return "", text
    app, rest = found[1], found[2].strip()
    if rest.startswith("("):
        rest = rest[1:]
        return app, rest.removesuffix(")")
    return app, rest.lstrip(",|").strip()
