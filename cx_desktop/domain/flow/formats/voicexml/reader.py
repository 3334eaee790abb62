"""A VoiceXML document as a flow of ours."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats import Imported, ImportNote
from cx_desktop.domain.flow.formats.drawing import Drawing
from cx_desktop.domain.flow.formats.incoming import File
from cx_desktop.domain.flow.formats.voicexml.content import carried_out
from cx_desktop.domain.flow.formats.voicexml.deciding import case_of
from cx_desktop.domain.flow.formats.voicexml.items import ITEM_DRAWERS
from cx_desktop.domain.flow.formats.voicexml.markup import (
    attribute,
    below,
    language_of,
    parsed,
)
from cx_desktop.domain.flow.formats.voicexml.path import Path, Rest, Walk
from cx_desktop.domain.flow.formats.voicexml.places import Place, Places, Target
from cx_desktop.domain.flow.formats.voicexml.prompts import ours_of
from cx_desktop.domain.flow.formats.voicexml.scene import Handler, Scene, at_count
from cx_desktop.domain.flow.formats.voicexml.script import (
    condition_in_ours,
    constant_of,
    is_nothing,
    name_of,
    value_in_ours,
)
from cx_desktop.domain.patch import Document, Json

FORMAT = "voicexml"

_EXTENSION = re.compile(r"\.(vxml|xml|jsp|php)$", re.IGNORECASE)


def read_file(file: File) -> tuple[Imported, ...]:
    """The flow of a document; forms that it uses as subdialogs are flows of their own."""
    document = parsed(file.text)
    name = _EXTENSION.sub("", re.split(r"[\\/]", file.filename)[-1])
    main = _Reading(document.root, name)
    inner = sorted(_subdialogs(document.root))
    notes = (*file.notes, *document.notes)
    flows = [main.imported(0, name, notes, except_for=frozenset(inner))]
    scene = main.scene
    for each in inner:
        form = scene.form_at(each)
        if form is not None:
            part = _Reading(document.root, name)
            flows.append(part.imported(form, f"#{each}", (), except_for=frozenset()))
    return tuple(flows)


def _subdialogs(root: Element) -> set[str]:
    """The forms of this document that it calls as subdialogs."""
    sources = (
        attribute(each, "src")
        for each in root.iter()
        if isinstance(each.tag, str) and each.tag.rpartition("}")[2] == "subdialog"
    )
    return {each[1:] for each in sources if each.startswith("#") and len(each) > 1}


class _Reading:
    def __init__(self, root: Element, name: str) -> None:
        self.scene = Scene(root)
        self._drawing = Drawing(FORMAT)
        self._places = Places(self._drawing, self._explored)
        self._walk = Walk(self.scene, self._drawing, self._places, FORMAT)
        self._walk.learn(root, name)
        self._walk.titles = {
            key.removeprefix("cx.title."): title for key, title in _metas(root).items()
        }
        self._counters = frozenset(_counters(root))

    def imported(
        self, first: int, name: str, notes: tuple[ImportNote, ...], *, except_for: frozenset[str]
    ) -> Imported:
        """The flow that begins at a form."""
        root = self.scene.root
        start = self._places.reserve("start")
        language = ours_of(language_of(root))
        props: Document = {"spoken_language": language} if language else {}
        props |= _kept(root)
        self._drawing.draw(start, "start", props=props)
        has_forms = bool(self.scene.forms)
        entry = self._places.at("form", first) if has_forms else self._places.at("exit")
        self._places.lead(start, ("next",), self._variables(root, entry))
        meta: Document = {"origin": {"format": FORMAT, "rest": self._rest()}}
        handlers = self._handlers()
        if first == 0:
            self._overtime()
        self._places.explore()
        if first == 0:
            self._draw_others(except_for)
        self._places.draw_links()
        self._settle(meta, handlers | self._overtime())
        self._tell()
        return Imported(
            flow=self._drawing.flow(meta),
            format=FORMAT,
            name=name.removeprefix("#"),
            notes=(*notes, *self._drawing.notes),
            handles=tuple(filter(None, (name,))),
        )

    def _explored(self, place: Place) -> Target:
        match place:
            case Place("form", (int(form),)):
                return self._form(form)
            case Place("item", (int(form), int(item))):
                return self._item(Path(form, item))
            case Place("next", (int(form), int(item), frozenset() as again)):
                return self._next(form, item, again)
            case Place("run", (Rest() as rest, Path() as path)):
                return carried_out(self._walk, rest, path)
            case _:
                return self._drawing.draw(self._places.reserve("end"), "hangup")

    def _form(self, form: int) -> Target:
        element = self.scene.forms[form].element
        return self._variables(element, self._places.at("next", form, -1, frozenset()), form)

    def _variables(self, scope: Element, entry: Target, form: int = -1) -> Target:
        """The variables of a document or form are set before anything else."""
        rows: list[Json] = []
        for each in below(scope, "var"):
            name, script = name_of(attribute(each, "name")), attribute(each, "expr")
            is_item = form >= 0 and self.scene.forms[form].index_of(name) is not None
            if not script or is_nothing(script) or is_item or (form, name) in self._counters:
                continue
            constant = constant_of(script)
            if constant is not None:
                self._walk.constants[(form, name)] = constant
            value = value_in_ours(script)
            if value is None:
                self._drawing.note("voicexml-script", None, place=name, script=script[:200])
            elif constant != "" and value != name and not self._is_outcome(form, name):
                rows.append({"variable": name, "expression": value})
        if not rows:
            return entry
        node = self._places.reserve("set_var")
        self._drawing.draw(node, "set_var", props={"assignments": rows}, origin=("var", rows))
        self._places.lead(node, ("next",), entry)
        return node

    def _is_outcome(self, form: int, name: str) -> bool:
        """Whether a variable only says with what outcome a form returns."""
        return name == "outcome" and (form, name) in self._walk.constants

    def _next(self, form: int, item: int, again: frozenset[int]) -> Target:
        """The first item of a form that has no value yet."""
        items = self.scene.forms[form].items
        for at, each in enumerate(items):
            if at in again or (at > item and not each.is_prefilled):
                return self._places.at("item", form, at)
        return self._places.at("exit")

    def _item(self, path: Path) -> Target:
        item = self._walk.item(path)
        script = attribute(item.element, "cond") if item.kind != "menu" else ""
        drawn = ITEM_DRAWERS[item.kind](self._walk, path)
        if script in ("", "true"):
            return drawn
        return self._gate(path, script, drawn)

    def _gate(self, path: Path, script: str, drawn: Target) -> Target:
        """The switch before an item that is only visited on a condition."""
        condition = condition_in_ours(script)
        node = self._walk.reserve(path, "switch" if condition is not None else "if")
        beyond = self._places.at("next", path.form, path.item, path.again)
        if condition is None:
            self._drawing.draw(node, "foreign", origin=("cond", script))
            self._walk.note_script(node, script)
            self._places.lead(node, ("if 1",), drawn)
            self._places.lead(node, ("else",), beyond)
            return node
        case = case_of(condition)
        row: Json = {"id": "c1", "label": "", "operator": case.operator, "value": case.value}
        props: Document = {"operand": case.operand, "cases": [row]}
        self._drawing.draw(node, "switch", props=props, origin=("cond", script))
        self._places.lead(node, ("case:c1",), drawn)
        self._places.lead(node, ("default",), beyond)
        return node

    def _draw_others(self, except_for: frozenset[str]) -> None:
        """Forms and items that no link leads to are kept as well."""
        for form, each in enumerate(self.scene.forms):
            if each.name in except_for:
                continue
            self._places.at("form", form)
            self._places.explore()
            for item in range(len(each.items)):
                self._places.at("item", form, item)
                self._places.explore()

    def _handlers(self) -> dict[str, Target]:
        """What the document does on errors and when callers hang up, and its key for help."""
        found: dict[str, Target] = {}
        nowhere = Path(-1, -1)
        root = self.scene.root
        for setting, event in _HANDLED.items():
            handler = at_count(self.scene.catching((root,), event), 1) or self._within(event)
            if handler is not None:
                found[setting] = self._walk.caught(nowhere, handler, event)
        for link in self._links():
            key, target = _key_of(link), attribute(link, "next")
            form = self.scene.form_at(target.removeprefix("#"))
            if key == "0" and form is not None:
                found.setdefault("operator", self._places.at("form", form))
            else:
                self._drawing.note("voicexml-link", None, place=target or "link", key=key or "?")
        return found

    def _overtime(self) -> dict[str, Target]:
        """Where our writer has calls go that last too long: VoiceXML has no word for it."""
        name = _metas(self.scene.root).get("cx.on_max_duration", "")
        form = self.scene.form_at(name)
        return {} if form is None else {"on_max_duration": self._places.at("form", form)}

    def _scopes(self) -> Iterator[Element]:
        yield self.scene.root
        for form in self.scene.forms:
            yield form.element

    def _links(self) -> Iterator[Element]:
        return (each for scope in self._scopes() for each in below(scope, "link"))

    def _scripts(self) -> Iterator[Element]:
        return (each for scope in self._scopes() for each in below(scope, "script"))

    def _within(self, event: str) -> Handler | None:
        """Who catches some events of a sort, where no one catches all of them."""
        return next(
            (
                each
                for each in self.scene.handlers(self.scene.root)
                if any(name.startswith(f"{event}.") for name in each.events)
            ),
            None,
        )

    def _settle(self, meta: Document, handlers: dict[str, Target]) -> None:
        for setting, target in handlers.items():
            node = self._places.step_at(target)
            if node is not None:
                meta[setting] = node

    def _rest(self) -> Document:
        root = self.scene.root
        said: Document = {"version": attribute(root, "version")}
        if attribute(root, "application"):
            said["application"] = attribute(root, "application")
        metas: list[Json] = [
            dict(each.attrib)
            for each in below(root, "meta")
            if not attribute(each, "name").startswith("cx.")
        ]
        if metas:
            said["meta"] = metas
        scripts: list[Json] = [
            attribute(each, "src") or "".join(each.itertext()) for each in self._scripts()
        ]
        if scripts:
            said["script"] = scripts
        return said

    def _tell(self) -> None:
        root = self.scene.root
        application = attribute(root, "application")
        if application:
            self._drawing.note("voicexml-application", None, file=application[:200])
        scripts = sum(1 for each in self._scripts() if "cx_" not in "".join(each.itertext()))
        if scripts:
            self._drawing.note("voicexml-scripts", None, count=scripts)
        if self._places.has_circles:
            self._drawing.note("voicexml-circle", None)


_HANDLED = {
    "on_error": "error",
    "on_hangup": "connection.disconnect.hangup",
}


def _metas(root: Element) -> dict[str, str]:
    return {attribute(each, "name"): attribute(each, "content") for each in below(root, "meta")}


def _kept(root: Element) -> Document:
    """Settings of the beginning that our writer keeps beside the forms."""
    metas = _metas(root)
    kept: Document = {}
    if metas.get("cx.channel") in ("voice", "web_call"):
        kept["channel"] = metas["cx.channel"]
    if re.fullmatch(r"\d{1,6}", metas.get("cx.max_call_duration", "")):
        kept["max_call_duration"] = int(metas["cx.max_call_duration"])
    return kept


def _key_of(link: Element) -> str:
    """The one key that a link listens for."""
    said = attribute(link, "dtmf")
    grammars = ["".join(each.itertext()).strip() for each in below(link, "grammar")]
    return said or next((each for each in grammars if len(each) == 1), "")


def _counters(root: Element) -> Iterator[tuple[int, str]]:
    """Variables of forms that only count how often a field was not answered."""
    for at, form in enumerate(below(root, "form", "menu")):
        for handler in form.iter():
            if isinstance(handler.tag, str) and handler.tag.rpartition("}")[2] in (
                "noinput",
                "nomatch",
                "catch",
            ):
                first = next(iter(handler), None)
                name = attribute(first, "name") if first is not None else ""
                counted = attribute(first, "expr") if first is not None else ""
                if name and re.fullmatch(rf"\s*{re.escape(name)}\s*\+\s*1\s*", counted):
                    yield at, name
