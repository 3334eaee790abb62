"""Chains of ops that supersede one another, in any order and as often as networks like."""

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
    flow, run = leo.flow(NIGHT), uuid4().hex
    chain = []
    for place in range(LENGTH):
        op = leo.op(flow, Change(PLACE, place + 1, 0), op_id=f"{run}-{place}")
        before = f"{run}-{place - 1}" if place else ""
        chain.append(msgspec.structs.replace(op, supersedes=before))
    spent: set[str] = set()
    known: dict[str, str] = {}
    for batch in arrivals:
        ops = [chain[place] for place in batch]
        if are_groups:  # all are told before any is tried
            spent |= {op.supersedes for op in ops}
        for op, result in zip(ops, push(leo, ops, are_groups=are_groups), strict=True):
            if op.op_id in spent:
                assert result not in {"applied", "merged"}
            if op.op_id in known and known[op.op_id] != "blocked":
                was = known[op.op_id]
                assert result == ("duplicate" if was in {"applied", "merged"} else was)
            known.setdefault(op.op_id, result)
            if known[op.op_id] == "blocked":
                known[op.op_id] = result
            spent.add(op.supersedes)
    if any(result in {"applied", "merged"} for result in known.values()):
        assert read(leo.flow(NIGHT), PLACE) in range(1, LENGTH + 1)


def push(leo: Visitor, ops: list[Op], *, are_groups: bool) -> list[str]:
    group = uuid4().hex if are_groups else ""
    sent = [msgspec.structs.replace(op, group=group, members=len(ops)) for op in ops]
    if not are_groups:
        sent = ops
    answer = leo.push_raw(sent, schema=3)
    assert answer.status_code == 200, answer.text
    return [each["status"] for each in answer.json()["results"]]
