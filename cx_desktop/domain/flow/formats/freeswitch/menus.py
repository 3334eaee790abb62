"""IVR menus: a menu that no other one leads to is a flow, together with the menus below it."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.drawing import Drawing
from cx_desktop.domain.flow.formats.freeswitch import apps
from cx_desktop.domain.flow.formats.freeswitch.apps import Deed, number, prompt_of, with_number
from cx_desktop.domain.flow.formats.freeswitch.dialplan import draw_deed
from cx_desktop.domain.flow.formats.freeswitch.markup import name_of, raw_of
from cx_desktop.domain.flow.formats.freeswitch.values import case_of
from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.patch import Document, Json

FORMAT = "freeswitch-ivr"

#: What the caller typed, for the numbers that are longer than a key.
DIGITS = "ivr_digits"
_MAX_FAILURES = 3


def roots(menus: Mapping[str, Element]) -> list[str]:
    """The menus that no other one leads to; of menus in a circle, the first."""
    below: dict[str, list[str]] = {name: _below(menu) for name, menu in menus.items()}
    led = {each for name, names in below.items() for each in names if each != name}
    found = [name for name in menus if name not in led]
    covered: set[str] = set()
    for name in (*found, *menus):
        if name in covered:
            continue
        if name not in found:
            found.append(name)
        covered |= reached(menus, name)
    return found


def reached(menus: Mapping[str, Element], name: str) -> set[str]:
    """A menu and all those that callers can come to from it."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each in menus and each not in seen:
            seen.add(each)
            waiting.extend(_below(menus[each]))
    return seen


def _below(menu: Element) -> list[str]:
    return [
        entry.get("param", "").strip()
        for entry in menu
        if name_of(entry) == "entry" and entry.get("action") == "menu-sub"
    ]


class Menus:
    """The flow of a menu and of those below it, in the making."""

    def __init__(self, menus: Mapping[str, Element], root: str) -> None:
        self._menus = menus
        self._root = root
        self._drawing = Drawing(FORMAT)
        self._nodes: dict[str, NodeId] = {}
        self._above: dict[str, str] = {}

    def flow(self) -> tuple[Flow, Drawing]:
        """The flow, and what there is to tell."""
        names = [name for name in self._menus if name in reached(self._menus, self._root)]
        names.sort(key=lambda name: name != self._root)
        start = self._drawing.draw(self._drawing.reserve("start"), "start")
        for name in names:
            self._nodes[name] = self._drawing.reserve("menu")
            for below in _below(self._menus[name]):
                self._above.setdefault(below, name)
        for name in names:
            self._menu(name, self._menus[name])
        self._drawing.link(start, ("next",), self._nodes[self._root])
        meta: Document = {"origin": {"format": FORMAT, "menu": self._root}}
        return self._drawing.flow(meta), self._drawing

    def _menu(self, name: str, menu: Element) -> None:
        node = self._nodes[name]
        entries = [each for each in menu if name_of(each) == "entry"]
        keys: dict[str, NodeId | None] = {}
        longer: list[tuple[str, NodeId | None]] = []
        for entry in entries:
            digits = entry.get("digits", "").strip()
            target = self._entry(name, entry)
            is_double = digits in keys
            if digits in TELEPHONE_KEYS and not is_double:
                keys[digits] = target
            else:
                longer.append((digits, target))
        props = self._props(menu, keys)
        if longer:
            props["result_variable"] = DIGITS
            self._drawing.link(node, ("extension",), self._longer(longer, node))
        self._drawing.draw(node, "menu", title=name, props=props, origin=("menu", raw_of(menu)))
        for key, target in keys.items():
            self._drawing.link(node, (f"key_{key}",), target)
        for way, attribute in (
            ("no_input", "exec-on-max-timeouts"),
            ("invalid", "exec-on-max-failures"),
        ):
            self._drawing.link(node, (way,), self._given_up(menu, attribute, name))

    def _props(self, menu: Element, keys: Mapping[str, NodeId | None]) -> Document:
        long, short = menu.get("greet-long", ""), menu.get("greet-short", "")
        failures = number(menu.get("max-failures", ""))
        timeouts = number(menu.get("max-timeouts", ""))
        props: Document = {
            "prompt": prompt_of(long) if long else prompt_of(short),
            "keys": [key for key in TELEPHONE_KEYS if key in keys],
            "max_tries": 0,
            "max_invalid": max(int(failures or _MAX_FAILURES), 1),
            "max_no_input": max(int(timeouts or failures or _MAX_FAILURES), 1),
        }
        if short:
            props["retry_prompts"] = [prompt_of(short)]
        props = with_number(props, "first_digit_timeout", number(menu.get("timeout", ""), per=1000))
        return with_number(
            props, "inter_digit_timeout", number(menu.get("inter-digit-timeout", ""), per=1000)
        )

    def _longer(self, longer: list[tuple[str, NodeId | None]], menu: NodeId) -> NodeId:
        """The switch over what is longer than a key; what nothing matches is asked again."""
        node = self._drawing.reserve("switch")
        rows: list[Json] = []
        for at, (digits, target) in enumerate(longer, 1):
            operator, wanted = _case(digits)
            rows.append({"id": f"c{at}", "label": digits, "operator": operator, "value": wanted})
            self._drawing.link(node, (f"case:c{at}",), target)
        self._drawing.draw(node, "switch", props={"operand": DIGITS, "cases": rows})
        self._drawing.link(node, ("default",), menu)
        return node

    def _entry(self, name: str, entry: Element) -> NodeId | None:
        """The node of what a key does."""
        menu, param = self._nodes[name], entry.get("param", "").strip()
        origin = (entry.get("action", ""), raw_of(entry))
        title = entry.get("description", "") or entry.get("name", "")
        match entry.get("action", "").strip().lower():
            case "menu-exec-app" | "menu-exec-api" if param:
                app, _, data = _typed(entry, param).partition(" ")
                deed = apps.read(app, data)
                said = (app, origin[1])
                return draw_deed(self._drawing, deed, menu, origin=said, place=name)
            case "menu-sub":
                return self._jump(origin, self._nodes.get(param), title, param)
            case "menu-top":
                return self._jump(origin, self._nodes[self._root], title, self._root)
            case "menu-back":
                return self._back(name, origin, title)
            case "menu-exit":
                return self._drawn("return", {}, origin, title)
            case "menu-play-sound" | "menu-playback" | "menu-say-phrase" | "menu-say-text":
                node = self._drawn("play", {"prompt": prompt_of(param)}, origin, title)
                self._drawing.link(node, ("next",), menu)
                return node
            case "menu-call-transfer":
                props: Document = {"number": apps.transferred(param), "transfer_mode": "blind"}
                node = self._drawn("transfer_number", props, origin, title)
                self._drawing.link(node, ("failed",), menu)
                return node
            case _:
                deed = Deed("foreign", {})
                return draw_deed(self._drawing, deed, menu, origin=origin, place=name)

    def _jump(
        self, origin: tuple[str, Json], target: NodeId | None, title: str, wanted: str
    ) -> NodeId:
        """A jump to a menu of the file, or to the flow that another file has."""
        if target is None:
            node = self._drawn("subflow", {"flow": wanted}, origin, title)
            self._drawing.link(node, ("next", "error"), self._nodes[self._root])
            self._drawing.note("freeswitch-menu-lost", node, menu=wanted[:80])
            return node
        return self._drawn("goto_node", {"target": target}, origin, title)

    def _back(self, name: str, origin: tuple[str, Json], title: str) -> NodeId:
        above = self._above.get(name)
        if above is None or name == self._root:
            return self._drawn("return", {}, origin, title)
        return self._drawn("goto_node", {"target": self._nodes[above]}, origin, title)

    def _drawn(self, kind: str, props: Document, origin: tuple[str, Json], title: str) -> NodeId:
        node = self._drawing.reserve(kind)
        return self._drawing.draw(node, kind, title=title, props=props, origin=origin)

    def _given_up(self, menu: Element, attribute: str, name: str) -> NodeId:
        """What happens when all tries are used: an application, or a farewell, and the end."""
        param = menu.get(attribute, "").strip()
        back = self._drawing.draw(self._drawing.reserve("return"), "return")
        if param:
            app, _, data = param.partition(" ")
            origin: tuple[str, Json] = (app, {"attribute": attribute, "param": param})
            deed = apps.read(app, data)
            after = back if deed.onward else None
            return draw_deed(self._drawing, deed, after, origin=origin, place=name)
        if not menu.get("exit-sound", ""):
            return back
        node = self._drawing.reserve("play")
        props: Document = {"prompt": prompt_of(menu.get("exit-sound", ""))}
        self._drawing.draw(node, "play", props=props)
        self._drawing.link(node, ("next",), back)
        return node


def _typed(entry: Element, param: str) -> str:
    """A parameter in which ``$1`` is what the caller typed, where a pattern found it."""
    is_pattern = entry.get("digits", "").strip().startswith("/")
    return re.sub(r"\$[0-9](?![0-9])", f"${{{DIGITS}}}", param) if is_pattern else param


#: What FusionPBX writes to leave out numbers of other entries: those come first anyway.
_EXCLUSION = re.compile(r"\(\?!\^\([\d|]{1,2000}\)\$\)")


def _case(digits: str) -> tuple[str, str]:
    """What the caller types: a number, or a pattern between slashes."""
    found = re.fullmatch(r"/(.*)/[a-z]*", digits)
    if found is None:
        return "equals", digits
    pattern = _EXCLUSION.sub("", found[1])
    return case_of(pattern) or ("matches", pattern)
