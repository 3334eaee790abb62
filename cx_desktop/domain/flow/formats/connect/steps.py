"""A Connect flow as steps with ways out: what both generations of its exports have in common."""

import re
from typing import Literal, NamedTuple, TypeAlias

from cx_desktop.domain.patch import Document

Role: TypeAlias = Literal["next", "condition", "error"]

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Way(NamedTuple):
    """One way out of a step, in the words of the flow language; ``target`` is the step it names.

    ``name`` is the type of an error or the operator of a condition, ``value`` its operands.
    """

    role: Role
    name: str = ""
    value: str = ""
    target: str = ""


class Step(NamedTuple):
    """One action or module; ``raw`` is all that the file says of it, ``place`` where it stands."""

    id: str
    type: str
    parameters: Document
    ways: tuple[Way, ...]
    position: tuple[float, float] | None
    name: str
    raw: Document
    place: str


class Source(NamedTuple):
    """A flow as its file tells it; ``rest`` is the document without its steps."""

    start: str
    steps: tuple[Step, ...]
    rest: Document


def position_of(metadata: Document) -> tuple[float, float] | None:
    """Where the vendor's editor drew a step."""
    position = metadata.get("position")
    if not isinstance(position, dict):
        return None
    x, y = position.get("x"), position.get("y")
    if isinstance(x, int | float) and isinstance(y, int | float) and abs(x) + abs(y) < 1e7:
        return float(x), float(y)
    return None


def title_of(identifier: str, shown: str) -> str:
    """What people call a step: its own name, else that of the queue or prompt it uses."""
    return shown if _UUID.fullmatch(identifier) else identifier
