"""How often a field asks again, and what it says then: the handlers of silence and nonsense."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.voicexml.deciding import branches_of
from cx_desktop.domain.flow.formats.voicexml.markup import attribute, below, local, texts_in
from cx_desktop.domain.flow.formats.voicexml.path import Branch, Path, Walk
from cx_desktop.domain.flow.formats.voicexml.places import Target
from cx_desktop.domain.flow.formats.voicexml.prompts import SPOKEN, Heard, heard, spoken_in
from cx_desktop.domain.flow.formats.voicexml.scene import Handler, at_count, count_of
from cx_desktop.domain.patch import Document, Json

#: A step of ours asks no more often; who asks for ever begins again then.
MOST_TRIES = 10

_LEAVING = frozenset({"goto", "submit", "exit", "disconnect", "return", "throw", "rethrow"})
_COUNTED = re.compile(r"\s*([\w$]+)\s*(?:>=|==|===|>)\s*(\d{1,4})\s*")


class Asked(NamedTuple):
    """What a field says and how it fails: properties, and where its exits for failures lead."""

    props: Document
    exits: dict[str, Target]
    lost: tuple[str, ...] = ()


class _Try(NamedTuple):
    """What a handler does the nth time."""

    handler: Handler | None
    said: tuple[str | Element, ...] = ()
    is_repeating: bool = True
    """Whether the field's own message is said again."""
    is_leaving: bool = False
    leads: Target = None
    limit: int = 0
    """How many failures of both sorts it counts together, if it does."""
    over: Target = None


def asked(walk: Walk, path: Path) -> Asked:
    """How an item asks."""
    element = walk.item(path).element
    scopes = walk.scene.scopes(path.form, path.item)
    tries = {
        event: tuple(_tries(walk, path, walk.scene.catching(scopes, event), event))
        for event in ("noinput", "nomatch")
    }
    exits: dict[str, Target] = {}
    props: Document = {"max_tries": 0}
    for event, limit, way in (
        ("noinput", "max_no_input", "no_input"),
        ("nomatch", "max_invalid", "invalid"),
    ):
        each = tries[event]
        props[limit] = len(each)
        exits[way] = each[-1].leads
        together = next((one for one in each if one.limit), None)
        if together is not None:
            props["max_tries"] = together.limit
            exits["max_tries"] = together.over
    first = heard(_own(element, 1), _choices(element))
    props["prompt"] = first.parts
    again, lost = _retries(walk, path, element, tries)
    if again and any(each != first.parts for each in again):
        props["retry_prompts"] = list(again)
    return Asked(props, exits, (*first.lost, *lost))


def _retries(
    walk: Walk, path: Path, element: Element, tries: dict[str, tuple[_Try, ...]]
) -> tuple[list[Json], tuple[str, ...]]:
    """What is said at each further try; the last one stands for all behind it."""
    sorts = [each for each in (tries["noinput"][:-1], tries["nomatch"][:-1]) if each]
    told: list[Json] = []
    lost: list[str] = []
    is_told_apart = False
    for at in range(min(sum(map(len, sorts)), MOST_TRIES)):
        said = [_said_at(element, each[min(at, len(each) - 1)], at + 2) for each in sorts]
        is_told_apart = is_told_apart or any(one.parts != said[0].parts for one in said)
        lost.extend(said[0].lost)
        told.append(list(said[0].parts))
    while len(told) > 1 and told[-1] == told[-2]:
        told.pop()
    if is_told_apart:
        place = walk.item(path).name or walk.scene.forms[path.form].name or "field"
        walk.drawing.note("voicexml-retries", None, place=place)
    return told, tuple(lost)


def _said_at(element: Element, one: _Try, count: int) -> Heard:
    own = _own(element, count) if one.is_repeating else []
    return heard([*one.said, *own], _choices(element))


def _own(element: Element, count: int) -> list[str | Element]:
    """What an item says the nth time: the prompts of the highest count not above it."""
    prompts = [each for each in below(element, "prompt") if count_of(each) <= count]
    bare = [each for each in spoken_in(element) if isinstance(each, str) or local(each) != "prompt"]
    highest = max((count_of(each) for each in prompts), default=1)
    kept = [each for each in prompts if count_of(each) == highest]
    return [*bare, *kept] if highest == 1 else list(kept)


def _choices(element: Element) -> str:
    """What ``<enumerate>`` reads out."""
    return ", ".join(
        f"{words}: {key}" if (key := attribute(each, "dtmf")) else words
        for each in below(element, "choice", "option")
        if (words := " ".join("".join(each.itertext()).split()))
    )


def _tries(walk: Walk, path: Path, handlers: tuple[Handler, ...], event: str) -> Iterator[_Try]:
    """What is done at each failure, up to the one by which the item is left."""
    for count in range(1, MOST_TRIES + 1):
        one = _try(walk, path, at_count(handlers, count), event)
        if one.is_leaving:
            yield one
            return
        if count < MOST_TRIES:
            yield one
    yield _Try(None, leads=walk.places.at("item", path.form, path.item))


def _try(walk: Walk, path: Path, handler: Handler | None, event: str) -> _Try:
    if handler is None:
        return _Try(None)
    pieces = [
        each for each in texts_in(handler.element) if not isinstance(each, str) or each.strip()
    ]
    elements = [each for each in pieces if isinstance(each, Element)]
    common = _common(walk, path, elements, event)
    if common is not None:
        limit, over, otherwise = common
        if otherwise is not None:
            return _Try(handler, is_leaving=True, leads=otherwise, limit=limit, over=over)
        counted = _try_of(walk, path, handler, [each for each in pieces if _is_said(each)], event)
        return counted._replace(limit=limit, over=over)
    return _try_of(walk, path, handler, pieces, event)


def _try_of(
    walk: Walk, path: Path, handler: Handler, pieces: list[str | Element], event: str
) -> _Try:
    if not all(_is_said(each) for each in pieces):
        leads = walk.caught(path, handler, event)
        return _Try(handler, is_leaving=True, leads=leads)
    elements = [each for each in pieces if isinstance(each, Element)]
    repeats = any(local(each) == "reprompt" for each in elements)
    said = tuple(each for each in pieces if isinstance(each, str) or local(each) in SPOKEN)
    return _Try(handler, said, is_repeating=repeats)


def _is_said(piece: str | Element) -> bool:
    if isinstance(piece, str):
        return True
    is_plain = attribute(piece, "cond") in ("", "true")
    return (local(piece) in SPOKEN and is_plain) or local(piece) == "reprompt"


def _common(
    walk: Walk, path: Path, elements: list[Element], event: str
) -> tuple[int, Target, Target] | None:
    """A handler that counts failures of all sorts: their limit, and where that leads.

    The last is where it leads before the limit, when it does not ask again.
    """
    if len(elements) < 2 or local(elements[0]) != "assign" or local(elements[1]) != "if":
        return None
    name, script = attribute(elements[0], "name"), attribute(elements[0], "expr")
    branches = branches_of(walk, elements[1])
    counted = _COUNTED.fullmatch(branches[0].condition or "")
    counts_up = re.fullmatch(rf"\s*{re.escape(name)}\s*\+\s*1\s*", script)
    if counted is None or counts_up is None or counted[1] != name or not _leaves(branches[0]):
        return None
    there = Path(path.form, path.item, catching=event)
    over = walk.places.at("run", walk.rest_of(branches[0].content), there)
    if len(branches) == 1:
        is_fit = all(_is_said(each) for each in elements[2:])
        return (int(counted[2]), over, None) if is_fit else None
    if len(branches) == 2 and branches[1].condition is None and _leaves(branches[1]):
        return (
            int(counted[2]),
            over,
            walk.places.at("run", walk.rest_of(branches[1].content), there),
        )
    return None


def _leaves(branch: Branch) -> bool:
    return any(local(each) in _LEAVING for each in branch.content)
