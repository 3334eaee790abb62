"""Chains of ops that supersede one another, in any order and as often as networks like."""

from itertools import pairwise
from uuid import uuid4

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_desktop.domain.patch import Change, read
from cx_desktop.protocol import Op
from tests.service.visitor import Visitor

NIGHT = "Messagerie de nuit"
#: Where a node stands: never a conflict, so that nothing but superseding keeps an op from applying.
PLACE = ("draft", "nodes", "start", "x")
LENGTH = 4
DONE = frozenset({"applied", "merged"})
ARRIVALS = st.lists(
    st.lists(st.integers(0, LENGTH - 1), min_size=1, max_size=3, unique=True), max_size=8
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(arrivals=ARRIVALS, are_groups=st.booleans())
def test_an_op_never_applies_once_another_one_took_its_place(
    leo: Visitor,
    arrivals: list[list[int]],
    are_groups: bool,  # noqa: FBT001  (drawn)
) -> None:
    memory, ops = Memory(), chain(leo)
    for batch in arrivals:
        sent = [ops[place] for place in batch]
        if are_groups:  # all are told before any is tried
            memory.spent |= {op.supersedes for op in sent}
        for op, result in zip(sent, push(leo, sent, are_groups=are_groups), strict=True):
            memory.see(op, result)
    if memory.has_applied:
        assert read(leo.flow(NIGHT), PLACE) in range(1, LENGTH + 1)


class Memory:
    """What came so far, and what became of it."""

    def __init__(self) -> None:
        self.spent: set[str] = set()
        self.known: dict[str, str] = {}

    @property
    def has_applied(self) -> bool:
        return not DONE.isdisjoint(self.known.values())

    def see(self, op: Op, result: str) -> None:
        assert not (op.op_id in self.spent and result in DONE)
        was = self.known.get(op.op_id, "blocked")
        if was == "blocked":
            self.known[op.op_id] = result
        else:
            assert result == ("duplicate" if was in DONE else was)
        self.spent.add(op.supersedes)


def chain(leo: Visitor) -> list[Op]:
    """Ops each of which takes the place of the one before."""
    flow, run = leo.flow(NIGHT), uuid4().hex
    ops = [
        leo.op(flow, Change(PLACE, place + 1, 0), op_id=f"{run}-{place}") for place in range(LENGTH)
    ]
    later = [msgspec.structs.replace(op, supersedes=before.op_id) for before, op in pairwise(ops)]
    return [ops[0], *later]


def push(leo: Visitor, ops: list[Op], *, are_groups: bool) -> list[str]:
    group = uuid4().hex if are_groups else ""
    sent = [msgspec.structs.replace(op, group=group, members=len(ops)) for op in ops]
    if not are_groups:
        sent = ops
    answer = leo.push_raw(sent, schema=3)
    assert answer.status_code == 200, answer.text
    return [each["status"] for each in answer.json()["results"]]
