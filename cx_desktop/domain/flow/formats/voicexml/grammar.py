"""What a field listens for: keys of a menu, digits of some length, or speech."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.voicexml.markup import (
    attribute,
    below,
    local,
    texts_in,
    words_of,
)
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS

#: Digits without a length are closed by a pause or a key.
LONGEST = 64


class Heeded(NamedTuple):
    """What is listened for; ``values`` of keys, lengths of digits, or the name of a grammar."""

    values: tuple[tuple[str, str], ...] = ()
    """Keys, and what the field is set to by each."""
    lengths: tuple[int, int] | None = None
    validation: str = "none"
    pattern: str = ""
    speech: str = ""
    labels: tuple[tuple[str, str], ...] = ()


_BUILTIN: Mapping[str, Heeded] = {
    "digits": Heeded(lengths=(1, LONGEST)),
    "number": Heeded(lengths=(1, 20)),
    "currency": Heeded(lengths=(1, 12)),
    "phone": Heeded(lengths=(1, 20)),
    "date": Heeded(lengths=(6, 8), validation="date"),
    "time": Heeded(lengths=(4, 4)),
    "boolean": Heeded(values=(("1", "true"), ("2", "false"))),
}
_CALLED = re.compile(r"(?:builtin:)?(?:(?:dtmf|grammar|voice|speech)/)?(\w+)(?:\?(.*))?", re.DOTALL)
_MOST_RULES = 40


def heeded(field: Element) -> Heeded:
    """What a field listens for."""
    options = below(field, "option")
    if options:
        found = _by_options(options)
        if found is not None:
            return found
    grammars = _sorted(below(field, "grammar"))
    named = _builtin(attribute(field, "type"))
    for found in (named, *(_of_grammar(each) for each in grammars)):
        if found is not None:
            return found
    return Heeded(speech=_speech_of(field, grammars, options))


def _sorted(grammars: Iterable[Element]) -> list[Element]:
    """Grammars for keys first: they say what can be typed."""
    return sorted(grammars, key=lambda each: attribute(each, "mode") != "dtmf")


def _by_options(options: tuple[Element, ...]) -> Heeded | None:
    keyed = [each for each in options if attribute(each, "dtmf") in TELEPHONE_KEYS]
    if not keyed:
        return None
    values = {attribute(each, "dtmf"): attribute(each, "value") or words_of(each) for each in keyed}
    labels = [(attribute(each, "dtmf"), words_of(each)) for each in keyed if words_of(each)]
    return Heeded(values=tuple(values.items()), labels=tuple(labels))


def _speech_of(field: Element, grammars: list[Element], options: tuple[Element, ...]) -> str:
    named = next(
        (source for each in grammars if (source := attribute(each, "src", "srcexpr", "expr"))), ""
    )
    if named:
        return named
    words = [words_of(each) for each in (*options, *grammars)]
    return ", ".join(filter(None, words))[:200] or attribute(field, "type") or "voice"


def _of_grammar(grammar: Element) -> Heeded | None:
    source = attribute(grammar, "src")
    if source:
        return _builtin(source) if source.startswith("builtin:") else None
    if not below(grammar, "rule"):
        return _written_out("".join(grammar.itertext())) if len(grammar) == 0 else None
    return _of_rules(grammar) if attribute(grammar, "mode") == "dtmf" else None


_ALTERNATIVES = re.compile(
    r"\s*\[?\s*((?:dtmf-)?[0-9*#](?:[\s|]+(?:dtmf-)?[0-9*#])*)\s*\]?\s*;?\s*"
)


def _written_out(text: str) -> Heeded | None:
    """A grammar that is only keys side by side: ``1 | 2``, ``[dtmf-1 dtmf-2]``."""
    found = _ALTERNATIVES.fullmatch(text)
    if found is None:
        return None
    keys = re.findall(r"[0-9*#]", found[1].replace("dtmf-", ""))
    return Heeded(values=tuple((key, key) for key in dict.fromkeys(keys)))


def _builtin(source: str) -> Heeded | None:
    found = _CALLED.fullmatch(source.strip())
    known = _BUILTIN.get(found[1].lower()) if found else None
    if found is None or known is None:
        return None
    said = {
        name.strip(): value.strip()
        for name, _, value in (each.partition("=") for each in re.split(r"[;&]", found[2] or ""))
    }
    if known.values:
        yes, no = said.get("y", "1"), said.get("n", "2")
        is_fit = yes in TELEPHONE_KEYS and no in TELEPHONE_KEYS and yes != no
        return Heeded(values=((yes, "true"), (no, "false"))) if is_fit else known
    if "digits" not in found[1].lower():
        return known
    least = _number(said, "minlength", _number(said, "length", 1))
    most = _number(said, "maxlength", _number(said, "length", LONGEST))
    return Heeded(lengths=(min(least, LONGEST), min(max(most, least, 1), LONGEST)))


def _number(said: Mapping[str, str], name: str, otherwise: int) -> int:
    value = said.get(name, "")
    return int(value) if re.fullmatch(r"\d{1,4}", value) else otherwise


def _of_rules(grammar: Element) -> Heeded | None:
    """A grammar for keys in XML: one key of several, or a row of digits."""
    rules = {attribute(each, "id"): each for each in below(grammar, "rule")}
    root = rules.get(attribute(grammar, "root")) or next(iter(rules.values()))
    pattern = _Patterns(rules).of(root)
    if pattern is None:
        return None
    keys = re.fullmatch(r"\(\?:([0-9*#]|\\[*#])(\|(?:[0-9*#]|\\[*#]))*\)|[0-9*#]|\\[*#]", pattern)
    if keys:
        found = dict.fromkeys(re.findall(r"[0-9*#]", pattern))
        values = _Patterns(rules).tagged(root)
        return Heeded(values=tuple((key, values.get(key, key)) for key in found))
    lengths = re.fullmatch(r"\[0-9\](?:\{(\d+),(\d*)\})?|\[0-9\]\{(\d+)\}", pattern)
    if lengths:
        least = int(lengths[1] or lengths[3] or 1)
        most = int(lengths[2] or lengths[3] or (LONGEST if lengths[1] else 1))
        return Heeded(lengths=(min(least, LONGEST), min(max(most, 1), LONGEST)))
    return Heeded(lengths=(1, LONGEST), validation="pattern", pattern=pattern)


class _Patterns:
    """Rules as one pattern; what refers to itself, or says more than keys, has none."""

    def __init__(self, rules: Mapping[str, Element]) -> None:
        self._rules = rules
        self._uses = 0

    def of(self, element: Element) -> str | None:
        """The pattern of what an element holds."""
        self._uses += 1
        if self._uses > _MOST_RULES * 10:
            return None
        parts: list[str] = []
        for piece in texts_in(element):
            part = _keys_of(piece) if isinstance(piece, str) else self._part(piece)
            if part is None:
                return None
            parts.append(part)
        joined = "".join(parts)
        return joined if len(joined) < 400 else None

    def tagged(self, element: Element) -> dict[str, str]:
        """What a key means, where a tag beside it says so."""
        found: dict[str, str] = {}
        for item in element.iter():
            tags = [words_of(each) for each in item if local(each) == "tag"]
            key = (item.text or "").strip()
            if local(item) == "item" and key in TELEPHONE_KEYS and tags:
                said = re.search(r"[\"']([^\"']{1,80})[\"']", tags[0])
                found[key] = said[1] if said else key
        return found

    def _part(self, element: Element) -> str | None:
        name = local(element)
        if name == "one-of":
            return self._choice(element)
        if name == "item":
            return self._item(element)
        if name == "ruleref":
            rule = self._rules.get(attribute(element, "uri").removeprefix("#"))
            return self.of(rule) if rule is not None else None
        return "" if name in ("tag", "example", "meta", "metadata") else None

    def _choice(self, element: Element) -> str | None:
        inside = [self._part(each) for each in element if local(each) == "item"]
        if None in inside or not inside:
            return None
        parts = [each for each in inside if each is not None]
        if len(parts) == 1:
            return parts[0]
        digits = {each for each in parts if re.fullmatch("[0-9]", each)}
        if len(digits) == 10 and len(parts) == 10:
            return "[0-9]"
        return f"(?:{'|'.join(parts)})"

    def _item(self, element: Element) -> str | None:
        inner = self.of(element)
        repeat = re.fullmatch(r"(\d{1,3})(-(\d{0,3}))?", attribute(element, "repeat") or "1")
        if inner is None or repeat is None:
            return None
        least, most = int(repeat[1]), repeat[3] if repeat[2] else repeat[1]
        if (least, most) == (1, "1"):
            return inner
        whole = (
            inner if re.fullmatch(r"\[0-9\]|\\?[0-9*#]|\(\?:[^()]*\)", inner) else f"(?:{inner})"
        )
        return f"{whole}{{{least}}}" if str(least) == most else f"{whole}{{{least},{most}}}"


def _keys_of(text: str) -> str | None:
    keys = text.replace('"', " ").split()
    if not all(len(each) == 1 and each in TELEPHONE_KEYS for each in keys):
        return None
    return "".join(f"\\{each}" if each == "*" else each for each in keys)
