"""Exits that no call can leave by: what an earlier case takes, what never happens."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, Look, found
from cx_desktop.domain.flow.behaviour.attempts import Limits, before_leaving
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.domain.flow.kinds.asking import can_be_invalid
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS, rows
from cx_desktop.domain.patch import Document, Json


def about_cases(look: Look) -> Findings:
    """The exits of a node that its own properties rule out."""
    ruled_out = _RULED_OUT.get(look.node.kind)
    if ruled_out is None:
        return
    for way in ruled_out(look.props):
        if look.node.kind not in _ASKING or _matters(look, way):
            yield found(rules.IMPOSSIBLE_EXIT, look.node.id, way=way)


def _matters(look: Look, way: str) -> bool:
    """Whether a limit was decided on, and its exit leads elsewhere than those of the others."""
    if not _LIMITS & look.node.props.keys():
        return False
    target = look.links.get(ExitId(way))
    others = (look.links.get(ExitId(each)) for each in _FAILURES if each != way)
    return target is not None and target not in others


_FAILURES = ("no_input", "invalid", "max_tries")
_ASKING = frozenset({"menu", "collect"})
_LIMITS = frozenset({"max_no_input", "max_invalid", "max_tries"})


def _cases(props: Document) -> Iterator[str]:
    """Cases that an earlier one takes every call from."""
    earlier: list[Document] = []
    for row in rows(props["cases"]):
        if any(_covers(each, row) for each in earlier) and isinstance(row.get("id"), str):
            yield f"case:{row['id']}"
        earlier.append(row)


def _covers(earlier: Document, later: Document) -> bool:
    """Whether whatever fits the later case fits the earlier one; where in doubt it does not."""
    first, second = earlier.get("operator"), later.get("operator")
    if earlier.get("id") == later.get("id"):
        return False
    if first == second and earlier.get("value") == later.get("value"):
        return True
    if (first, second) == ("in", "equals"):
        return str(later.get("value")) in _items(earlier.get("value"))
    if first == second == "starts":
        return _is_text(earlier.get("value"), later.get("value")) and str(
            later["value"]
        ).startswith(str(earlier["value"]))
    return _takes_numbers(first, second, earlier.get("value"), later.get("value"))


def _items(value: Json) -> set[str]:
    if isinstance(value, str):
        return {each.strip() for each in value.split(",")}
    return {str(each) for each in value} if isinstance(value, list) else set()


def _is_text(*values: Json) -> bool:
    return all(isinstance(each, str) and each for each in values)


_UP, _DOWN = ("greater", "at_least"), ("less", "at_most")


def _takes_numbers(first: Json, second: Json, bound: Json, value: Json) -> bool:
    """Whether all numbers beyond one bound are beyond another one too."""
    low, high = _number(bound), _number(value)
    if low is None or high is None:
        return False
    if first in _UP and second in (*_UP, "equals"):
        return high > low or (high == low and (first == "at_least" or first == second))
    if first in _DOWN and second in (*_DOWN, "equals"):
        return high < low or (high == low and (first == "at_most" or first == second))
    return False


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _shares(props: Document) -> Iterator[str]:
    if props["mode"] != "weighted":
        return
    for row in rows(props["shares"]):
        if row.get("weight") == 0 and isinstance(row.get("id"), str):
            yield f"case:{row['id']}"


def _loop(props: Document) -> Iterator[str]:
    if props["loops"] == 0:
        yield "again"


def _menu(props: Document) -> Iterator[str]:
    keys = props["keys"]
    is_full = isinstance(keys, list) and len(set(map(str, keys))) >= len(TELEPHONE_KEYS)
    return _tries(props, can_be_silent=True, can_be_invalid=not is_full)


def _collect(props: Document) -> Iterator[str]:
    return _tries(
        props,
        can_be_silent=props["store_timeout"] is not True,
        can_be_invalid=can_be_invalid(props),
    )


#: The highest limits of tries that may be set: whatever a file says, no more are walked.
_MOST_TRIES = {
    each.name: int(each.maximum or 0)
    for name in ("max_no_input", "max_invalid", "max_tries")
    for each in KINDS["menu"].properties
    if each.name == name
}


def _tries(props: Document, *, can_be_silent: bool, can_be_invalid: bool) -> Iterator[str]:
    """Limits of tries that others always come before."""
    silences, wrong, together = (
        min(value, most) if isinstance(value := props[name], int) else 0
        for name, most in _MOST_TRIES.items()
    )
    limits = Limits(
        max(1, silences),
        max(1, wrong),
        max(0, together),
        can_be_silent=can_be_silent,
        can_be_invalid=can_be_invalid,
    )
    possible = {"no_input": can_be_silent, "invalid": can_be_invalid, "max_tries": together > 0}
    for way, is_there in possible.items():
        if is_there and not _can_leave(limits, way):
            yield way


@lru_cache(maxsize=256)  # few combinations are in use
def _can_leave(limits: Limits, way: str) -> bool:
    return before_leaving(limits, ExitId(way)) is not None


_RULED_OUT: Mapping[str, Callable[[Document], Iterator[str]]] = {
    "switch": _cases,
    "caller": _cases,
    "queue_status": _cases,
    "random": _shares,
    "loop": _loop,
    "menu": _menu,
    "collect": _collect,
}
