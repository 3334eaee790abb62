"""Executable content, carried out statement by statement: each that does something is a step."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.voicexml.deciding import case_of, drawn_if
from cx_desktop.domain.flow.formats.voicexml.ending import ENDING
from cx_desktop.domain.flow.formats.voicexml.markup import (
    attribute,
    language_of,
    local,
    seconds_of,
)
from cx_desktop.domain.flow.formats.voicexml.path import Path, Rest, Walk
from cx_desktop.domain.flow.formats.voicexml.places import Target
from cx_desktop.domain.flow.formats.voicexml.prompts import SPOKEN, heard, ours_of
from cx_desktop.domain.flow.formats.voicexml.script import (
    condition_in_ours,
    is_nothing,
    name_of,
    value_in_ours,
)
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.kinds.shapes import LANGUAGES
from cx_desktop.domain.patch import Document, Json

_POINT = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_SILENT = frozenset({"reprompt", "property", "grammar", "filled", "catch", "noinput", "nomatch"})
Piece: TypeAlias = str | Element


class Chain:
    """Steps one behind the other: where they begin, and which exits lead on."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._entry: Target = None
        self._is_begun = False
        self._tails: list[tuple[NodeId, str]] = []
        self.last_play: NodeId | None = None

    def add(self, node: NodeId, *ways: str) -> None:
        """One more step, which is left by these exits."""
        self._lead(node)
        self._tails = [(node, way) for way in ways]
        self.last_play = None

    def add_behind(self, gate: NodeId, node: NodeId) -> None:
        """A step that only one exit of the last one leads to."""
        self._tails = [(gate, "default"), (node, "next")]
        self.last_play = None

    def end(self, target: Target) -> Target:
        """Where it begins, once it is known where it leads."""
        self._lead(target)
        return self._entry

    def _lead(self, target: Target) -> None:
        if not self._is_begun:
            self._entry, self._is_begun = target, True
        for node, way in self._tails:
            self._walk.places.lead(node, (way,), target)


class _Statement(NamedTuple):
    walk: Walk
    path: Path
    chain: Chain
    element: Element


def carried_out(walk: Walk, rest: Rest, path: Path) -> Target:
    """Where a call comes to that carries this out; the steps are drawn."""
    chain = Chain(walk)
    here: Rest | None = rest
    while here is not None:
        pieces = walk.pieces(here.element)
        if here.at >= len(pieces):
            here = here.outer
            continue
        run = _run_of(pieces, here.at)
        here = here._replace(at=here.at + len(run))
        first = run[0]
        if isinstance(first, str) or _is_spoken(local(first)):
            _spoken(walk, path, chain, run)
            continue
        if local(first) == "if":
            return chain.end(drawn_if(walk, path, first, here))
        ending = ENDING.get(local(first))
        if ending is not None:
            return chain.end(ending(walk, path, first, chain.last_play))
        path = _done(_Statement(walk, path, chain, first), run)
    return chain.end(following(walk, path))


def _done(of: _Statement, run: list[Piece]) -> Path:
    """The path behind a statement."""
    name = local(of.element)
    if name in ("assign", "var"):
        return _assigned(of.walk, of.path, of.chain, run)
    if name == "clear":
        return _cleared(of.walk, of.path, of.chain, of.element)
    if name and name not in _SILENT:
        _STATEMENTS.get(name, _foreign)(of)
    return of.path


def _run_of(pieces: list[Piece], at: int) -> list[Piece]:
    """The piece that comes next, with those behind it that make one step with it."""
    sort = _sort_of(pieces[at])
    if not sort:
        return pieces[at : at + 1]
    end = at + 1
    while end < len(pieces) and (
        _sort_of(pieces[end]) == sort
        or (isinstance(pieces[end], str) and not str(pieces[end]).strip())
    ):
        end += 1
    return pieces[at:end]


def _is_spoken(name: str) -> bool:
    """Whether an element is heard where it stands; so is what another language adds to it."""
    return name in SPOKEN or "}" in name


def _sort_of(piece: Piece) -> str:
    if isinstance(piece, str):
        return "spoken"
    name = local(piece)
    if _is_spoken(name):
        return "" if attribute(piece, "cond") not in ("", "true") else "spoken"
    return "assigned" if name in ("assign", "var") else ""


def following(walk: Walk, path: Path) -> Target:
    """What comes when an item's content is through: it again, the next one, or the form's end."""
    if path.form < 0:
        return walk.places.at("exit")
    again = path.again
    if path.catching and path.item >= 0 and path.item not in path.done:
        again |= {path.item}
    return walk.places.at("next", path.form, path.item, again)


def _spoken(walk: Walk, path: Path, chain: Chain, run: list[Piece]) -> None:
    said = heard(run)
    if not said.parts:
        others = [each for each in run if isinstance(each, Element) and "}" in local(each)]
        if others:
            _foreign(_Statement(walk, path, chain, others[0]))
        return
    prompts = [each for each in run if isinstance(each, Element)]
    only = prompts[0] if len(run) == 1 and prompts else None
    condition = attribute(only, "cond") if only is not None else ""
    gate = _gate(walk, path, chain, condition) if condition not in ("", "true") else None
    pause = _pause(said.parts)
    if pause is not None and gate is None:
        node = walk.reserve(path, "wait")
        walk.draw(node, "wait", prompts[0], props={"duration": pause})
        chain.add(node, "next")
        return
    node = walk.reserve(path, "play")
    props: Document = {"prompt": said.parts}
    if is_interruptible(walk, path, prompts):
        props["barge_in"] = True
    shown = next((each for each in prompts), None)
    walk.draw(node, "play", shown if shown is not None else _plain(run), props=props)
    walk.tell_lost(node, said)
    failed = walk.catching(path, "error")
    if failed is not None and not path.catching:
        walk.places.lead(node, ("error",), failed)
    if gate is not None:
        walk.places.lead(gate, ("case:c1",), node)
        chain.add_behind(gate, node)
        return
    chain.add(node, "next")
    chain.last_play = node


_PAUSE = re.compile(r'<speak><break time="([^"]*)"/></speak>')


def _pause(parts: list[Json]) -> float | None:
    """How long a message is silent, when it is nothing but a pause."""
    part = parts[0] if len(parts) == 1 else None
    text = part.get("text") if isinstance(part, dict) and part.get("type") == "ssml" else None
    found = _PAUSE.fullmatch(text) if isinstance(text, str) else None
    seconds = seconds_of(found[1]) if found else None
    if seconds is None or not 1 <= seconds <= 600:
        return None
    return int(seconds) if seconds == int(seconds) else seconds


def _plain(run: list[Piece]) -> Element:
    element = Element("text")
    element.text = "".join(each for each in run if isinstance(each, str)).strip()
    return element


def _gate(walk: Walk, path: Path, chain: Chain, script: str) -> NodeId:
    """The switch before a prompt that is only spoken on a condition."""
    condition = condition_in_ours(script)
    node = walk.reserve(path, "switch" if condition is not None else "if")
    if condition is None:
        walk.drawing.draw(node, "foreign", origin=("prompt", script))
        walk.note_script(node, script)
    else:
        case = case_of(condition)
        row: Json = {"id": "c1", "label": "", "operator": case.operator, "value": case.value}
        props: Document = {"operand": case.operand, "cases": [row]}
        walk.drawing.draw(node, "switch", props=props, origin=("prompt", script))
    chain.add(node, "default")
    return node


def is_interruptible(walk: Walk, path: Path, prompts: list[Element]) -> bool:
    """Whether a key ends what is said: as each prompt says, or else the nearest property."""
    said = [attribute(each, "bargein") for each in prompts] or [""]
    setting = walk.setting(path, "bargein") or "true"
    return all((each or setting) != "false" for each in said)


def _assigned(walk: Walk, path: Path, chain: Chain, run: list[Piece]) -> Path:
    rows: list[Json] = []
    lost: list[str] = []
    kept: list[Element] = []
    for each in run:
        if isinstance(each, str):
            continue
        name, script = attribute(each, "name"), attribute(each, "expr")
        bare = name_of(name)
        path = _with_value(walk, path, bare, is_given=not (not script or is_nothing(script)))
        value = value_in_ours(script) if script else '""'
        if value == bare or (not script and local(each) == "var"):
            continue
        kept.append(each)
        if value is None or not bare:
            lost.append(f"{name} = {script}")
        else:
            rows.append({"variable": bare, "expression": value})
    if lost:
        for each in kept:
            _foreign(_Statement(walk, path, chain, each))
    elif rows:
        node = walk.reserve(path, "set_var")
        walk.draw(node, "set_var", kept[0], props={"assignments": rows})
        chain.add(node, "next")
    return path


def _with_value(walk: Walk, path: Path, name: str, *, is_given: bool) -> Path:
    """The path when a variable has been set: an item with a value is not visited again."""
    index = walk.scene.forms[path.form].index_of(name) if path.form >= 0 else None
    if index is None:
        return path
    if is_given:
        return path._replace(again=path.again - {index}, done=path.done | {index})
    return path._replace(again=path.again | {index}, done=path.done - {index})


def _cleared(walk: Walk, path: Path, chain: Chain, element: Element) -> Path:
    """The path when variables have lost their values: items among them are visited again."""
    if path.form < 0:
        return path
    names = attribute(element, "namelist").split()
    items = walk.scene.forms[path.form].items
    if not names:
        return path._replace(again=frozenset(range(len(items))), done=frozenset())
    rows: list[Json] = []
    for each in names:
        bare = name_of(each)
        if walk.scene.forms[path.form].index_of(bare) is None:
            rows.append({"variable": bare, "expression": '""'})
        path = _with_value(walk, path, bare, is_given=False)
    if rows:
        node = walk.reserve(path, "set_var")
        walk.draw(node, "set_var", element, props={"assignments": rows})
        chain.add(node, "next")
    return path


def _log(of: _Statement) -> None:
    expr = attribute(of.element, "expr")
    said = heard([of.element.text or "", *of.element])
    texts = [part["text"] for part in said.parts if isinstance(part, dict)]
    value = value_in_ours(expr) if expr else None
    label = " ".join(each for each in texts if isinstance(each, str))
    label = " ".join(filter(None, (label, "{" + value + "}" if value else expr)))
    node = of.walk.reserve(of.path, "log")
    props: Document = {"label": label or attribute(of.element, "label") or "log"}
    point = attribute(of.element, "label")
    if _POINT.fullmatch(point):
        props["statistics_point"] = point
    of.walk.draw(node, "log", of.element, props=props)
    of.walk.tell_lost(node, said)
    of.chain.add(node, "next")


def _data(of: _Statement) -> None:
    """A request to a server: what comes back is a document, which our language cannot look into."""
    name = attribute(of.element, "name")
    source = attribute(of.element, "src")
    if not source:
        value = value_in_ours(attribute(of.element, "srcexpr"))
        source = "{" + value + "}" if value else attribute(of.element, "srcexpr")
    method = attribute(of.element, "method").upper() or "GET"
    props: Document = {
        "source": "http",
        "method": method if method in ("GET", "POST", "PUT", "PATCH", "DELETE") else "GET",
        "url": source,
        "mapping": of.walk.results_of(name),
    }
    sent = [name_of(each) for each in attribute(of.element, "namelist").split()]
    if sent:
        props["body"] = "&".join(f"{each}={{{each}}}" for each in sent)
    node = of.walk.reserve(of.path, name or "data")
    of.walk.draw(node, "lookup", of.element, props=props, title=name)
    of.chain.add(node, "ok")
    failed = of.walk.catching(of.path, "error.badfetch")
    if failed is not None:
        of.walk.places.lead(node, ("http_error", "timeout"), failed)


def _foreign(of: _Statement) -> None:
    node = of.walk.reserve(of.path, local(of.element).rpartition("}")[2] or "step")
    of.walk.draw(node, "foreign", of.element)
    kind = local(of.element).rpartition("}")[2]
    of.walk.drawing.note("unknown-step", node, place=node, type=kind[:60])
    of.walk.places.lead(node, ("error",), of.walk.catching(of.path, "error"))
    of.chain.add(node, "next")


_STATEMENTS: Mapping[str, Callable[[_Statement], None]] = {"log": _log, "data": _data}


def spoken_language(element: Element | None) -> str:
    """The language a prompt is in, if we speak it."""
    language = ours_of(language_of(element)) if element is not None else ""
    return language if language in LANGUAGES else ""
