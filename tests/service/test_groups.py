"""Edits of one gesture are done all or none; each says where it stands."""

from itertools import pairwise

import msgspec

from cx_desktop.domain.patch import Change, Document
from cx_desktop.protocol import Op, OpResult, Pushed
from tests.service.visitor import Visitor, problem

NEW = "01999999-0000-7000-8000-00000000000a"
NIGHT = "Messagerie de nuit"


def push(person: Visitor, *ops: Op) -> tuple[OpResult, ...]:
    answer = person.push_raw(ops, schema=2)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Pushed).results


def together(*ops: Op, group: str = "g1") -> tuple[Op, ...]:
    return tuple(msgspec.structs.replace(op, group=group, members=len(ops)) for op in ops)


def renamed(person: Visitor, flow: Document, name: str) -> Op:
    return person.op(flow, Change(("name",), name, flow["name"]))


def names(person: Visitor) -> set[object]:
    return {each["name"] for each in person.entities("flows")}


def statuses(results: tuple[OpResult, ...]) -> list[str]:
    return [each.status.value for each in results]


def other_flow(person: Visitor) -> Document:
    return next(each for each in person.entities("flows") if each["name"] != NIGHT)


def test_all_members_are_done_together(leo: Visitor) -> None:
    night, other = leo.flow(NIGHT), other_flow(leo)
    group = together(renamed(leo, night, "Nuit 2"), renamed(leo, other, "Autre 2"))
    assert statuses(push(leo, *group)) == ["applied", "applied"]
    assert {"Nuit 2", "Autre 2"} <= names(leo)
    assert statuses(push(leo, *group)) == ["duplicate", "duplicate"]


def test_one_refused_member_refuses_all_and_each_is_told_where_it_stands(leo: Visitor) -> None:
    night, other = leo.flow(NIGHT), other_flow(leo)
    before = names(leo)
    group = together(renamed(leo, night, "Nuit 2"), renamed(leo, other, ""))
    results = push(leo, *group)
    assert statuses(results) == ["blocked", "rejected"]
    assert results[1].problem is not None
    assert results[1].problem.name == "malformed"
    assert names(leo) == before
    assert statuses(push(leo, *group)) == ["blocked", "rejected"]


def test_every_conflict_of_a_group_is_told_at_once(leo: Visitor, claire: Visitor) -> None:
    night, other = leo.flow(NIGHT), other_flow(leo)
    claire.push(renamed(claire, night, "Nuit 3"), renamed(claire, other, "Autre 3"))
    free = msgspec.structs.replace(
        leo.op({"id": NEW, "ver": 0}),
        kind="create",
        value={"project_id": night["project_id"], "name": "Nouveau"},
    )
    group = together(renamed(leo, night, "Nuit 2"), renamed(leo, other, "Autre 2"), free)
    results = push(leo, *group)
    assert statuses(results) == ["conflict", "conflict", "blocked"]
    assert [each.entity and each.entity["name"] for each in results] == ["Nuit 3", "Autre 3", None]
    assert "Nouveau" not in names(leo)


def test_what_follows_a_refused_member_on_its_object_waits(leo: Visitor) -> None:
    create = msgspec.structs.replace(
        leo.op({"id": NEW, "ver": 0}),
        kind="create",
        value={"project_id": leo.flow(NIGHT)["project_id"], "name": ""},
    )
    upon = leo.op({"id": NEW, "ver": 1}, Change(("name",), "x", ""))
    assert statuses(push(leo, *together(create, upon))) == ["rejected", "blocked"]


def test_a_member_in_another_form_lets_the_others_through(leo: Visitor) -> None:
    night, other = leo.flow(NIGHT), other_flow(leo)
    bad = renamed(leo, other, "")
    group = together(renamed(leo, night, "Nuit 2"), bad)
    push(leo, *group)
    good = msgspec.structs.replace(renamed(leo, other, "Autre 2"), supersedes=bad.op_id)
    again = (group[0], *together(good, good)[:1])
    assert statuses(push(leo, *again)) == ["applied", "applied"]
    assert {"Nuit 2", "Autre 2"} <= names(leo)
    assert statuses(push(leo, *group)) == ["duplicate", "rejected"]


def test_half_a_group_has_no_effect_and_leaves_no_result(leo: Visitor) -> None:
    night, other = leo.flow(NIGHT), other_flow(leo)
    group = together(renamed(leo, night, "Nuit 2"), renamed(leo, other, "Autre 2"))
    (half,) = push(leo, group[0])
    assert half.problem is not None
    assert half.problem.errors[0].code == "incomplete"
    assert statuses(push(leo, *group)) == ["applied", "applied"]


def test_edits_beside_a_group_have_their_own_fate(leo: Visitor) -> None:
    night, other = leo.flow(NIGHT), other_flow(leo)
    group = together(renamed(leo, night, "Nuit 2"), leo.op(night, Change(("nowhere",), 1)))
    alone = renamed(leo, other, "Autre 2")
    results = push(leo, group[0], alone, group[1])
    assert statuses(results) == ["blocked", "applied", "rejected"]


def test_a_group_that_comes_alone_may_be_large(leo: Visitor) -> None:
    night = leo.flow(NIGHT)
    texts = [night["description"], *(f"{n}" for n in range(501))]
    ops = [leo.op(night, Change(("description",), to, was)) for was, to in pairwise(texts)]
    assert set(statuses(push(leo, *together(*ops)))) <= {"applied", "merged"}
    assert (
        problem(leo.push_raw([*together(*ops), renamed(leo, night, "x")], schema=2)).name
        == "too-large"
    )


def test_a_client_that_knows_no_groups_is_answered_op_by_op(leo: Visitor) -> None:
    night, other = leo.flow(NIGHT), other_flow(leo)
    ops = together(renamed(leo, night, "Nuit 2"), renamed(leo, other, ""))
    assert statuses(leo.push(*ops)) == ["applied", "rejected"]
