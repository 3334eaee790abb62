"""Where in a document a call is, as far as it decides what comes next."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.drawing import Drawing
from cx_desktop.domain.flow.formats.voicexml.markup import raw_of, texts_in
from cx_desktop.domain.flow.formats.voicexml.places import Places, Target
from cx_desktop.domain.flow.formats.voicexml.scene import Handler, Item, Scene, at_count
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.patch import Document, Json

if TYPE_CHECKING:
    from cx_desktop.domain.flow.formats.voicexml.prompts import Heard


class Branch(NamedTuple):
    """A branch of an ``if``; the one behind ``else`` has no condition."""

    condition: str | None
    content: Element


class Rest(NamedTuple):
    """What is still to be carried out: from a child of an element on, then what is outside."""

    element: int
    """The place of the element in the list of those met."""
    at: int
    outer: "Rest | None" = None


class Path(NamedTuple):
    """A place in an item's content, or in what catches its events."""

    form: int
    item: int
    again: frozenset[int] = frozenset()
    """Items without a value although they were visited."""
    done: frozenset[int] = frozenset()
    """Items that got a value otherwise."""
    catching: str = ""
    """The event that is being handled."""


class Walk:
    """What the parts of the reader share: the document, the drawing, and how to draw a step."""

    def __init__(
        self,
        scene: Scene,
        drawing: Drawing,
        places: Places,
        format_name: str,
    ) -> None:
        self.scene = scene
        self.drawing = drawing
        self.places = places
        self.format = format_name
        self.elements: list[Element] = []
        self._index: dict[int, int] = {}
        self._titles: dict[int, NodeId] = {}
        self._pieces: dict[int, list[str | Element]] = {}
        self.titles: Mapping[str, str] = {}
        self.own_names: frozenset[str] = frozenset()
        self.constants: dict[tuple[int, str], str] = {}
        self.scripts = ""
        self._read = ""
        self.branches: dict[int, tuple[Branch, ...]] = {}

    def rest_of(self, element: Element, outer: Rest | None = None) -> Rest:
        """All that an element holds, to be carried out."""
        index = self._index.get(id(element))
        if index is None:
            index = self._index[id(element)] = len(self.elements)
            self.elements.append(element)
        return Rest(index, 0, outer)

    def pieces(self, index: int) -> list[str | Element]:
        """The texts and elements that one of the elements met holds, in order."""
        if index not in self._pieces:
            self._pieces[index] = list(texts_in(self.elements[index]))
        return self._pieces[index]

    def learn(self, root: Element, name: str) -> None:
        """What the document is called, and which variables it reads anywhere."""
        self.own_names = frozenset({name, f"{name}.vxml"} - {"", ".vxml"})
        self.scripts = "\n".join(
            value
            for each in root.iter()
            for key, value in each.attrib.items()
            if key in ("expr", "namelist", "srcexpr", "destexpr", "cond", "expritem", "eventexpr")
        )
        self._read = "\n".join(
            value
            for each in root.iter()
            for key, value in each.attrib.items()
            if key in ("expr", "namelist", "srcexpr", "destexpr") and not _is_cleared(each)
        )

    def is_read(self, name: str) -> bool:
        """Whether a variable is read anywhere but in conditions."""
        return re.search(rf"(?<![\w.$]){re.escape(name)}(?![\w$])", self._read) is not None

    def has_setting(self, path: Path, name: str) -> bool:
        """Whether a property is set at all where the call is, be it to nothing."""
        return self.scene.has_setting(path.form, path.item, name)

    def stored_silence(self, path: Path) -> frozenset[str]:
        """Variables that a silence of an item is stored in, as if it were typed."""
        del path
        return frozenset()

    def setting(self, path: Path, name: str) -> str:
        """A property as it is set where the call is, or ""."""
        return (
            self.scene.setting(max(path.form, 0), max(path.item, 0), name) if path.form >= 0 else ""
        )

    def catching(self, path: Path, event: str) -> Target:
        """Where an event leads that an item or its form catches; the document's handlers aside."""
        if path.form < 0:
            return None
        scopes = self.scene.scopes(path.form, path.item)[:-1]
        handler = at_count(self.scene.catching(scopes, event), 1)
        return self.caught(path, handler, event) if handler is not None else None

    def event(self, path: Path, event: str) -> Target:
        """Where an event leads, whoever catches it."""
        scopes = self.scene.scopes(path.form, path.item) if path.form >= 0 else (self.scene.root,)
        handler = at_count(self.scene.catching(scopes, event), 1)
        if handler is not None and not (path.catching and handler.takes(path.catching)):
            return self.caught(path, handler, event)
        if path.form >= 0 and event in ("noinput", "nomatch", "help"):
            return self.places.at("item", path.form, path.item)
        return self.places.at("exit")

    def caught(self, path: Path, handler: Handler, event: str) -> Target:
        """What a handler does; when it is through, the item is visited again."""
        there = Path(path.form, path.item, catching=event)
        return self.places.at("run", self.rest_of(handler.element), there)

    def results_of(self, name: str) -> list[Json]:
        """Which parts of a result the document looks at, as paths and variables."""
        found = dict.fromkeys(re.findall(rf"(?<![\w.$]){re.escape(name)}\.(\w+)", self.scripts))
        skipped = ("length", "documentElement", "outcome")
        return [
            {"path": f"$.{each}", "variable": f"{name}.{each}"}
            for each in found
            if name and each not in skipped
        ]

    def item(self, path: Path) -> Item:
        """The item of a path."""
        return self.scene.forms[path.form].items[path.item]

    def reserve(self, path: Path | None, kind: str) -> NodeId:
        """An id for a step: the first step of a form has the form's name."""
        if path is None or path.form < 0:
            return self.places.reserve(kind)
        name = self.scene.forms[path.form].name
        if name and path.form not in self._titles:
            node = self.places.reserve(name[:60])
            self._titles[path.form] = node
            return node
        return self.places.reserve(self.item(path).name[:60] or kind)

    def draw(
        self,
        node: NodeId,
        kind: str,
        element: Element,
        *,
        props: Document | None = None,
        title: str = "",
    ) -> NodeId:
        """A step that an element is, which is kept as it is written."""
        name = element.tag.rpartition("}")[2]
        title = self.titles.get(node, title)
        self.drawing.draw(node, kind, title=title, props=props, origin=(name, raw_of(element)))
        return node

    def tell_lost(self, node: NodeId, said: "Heard") -> None:
        """Say which scripts are not spoken."""
        for script in said.lost:
            self.note_script(node, script)

    def note_script(self, node: NodeId, script: str) -> None:
        """Say that a script stays as the file has it."""
        short = script if len(script) <= 200 else f"{script[:199]}…"
        self.drawing.note("voicexml-script", node, place=node, script=short)


#: Draws what an element is; gives the place a call comes to.
Drawer: TypeAlias = Callable[[Walk, Path, Element], Target]


def _is_cleared(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2] == "clear"
