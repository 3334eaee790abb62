"""Invariant 26 at the service: a guarded action never happens too late or on a changed base."""

from datetime import timedelta

import msgspec
import pytest

from cx_desktop.domain.patch import Change, Document
from cx_desktop.protocol import Op, OpResult, Pushed, Tokens
from tests.fakes.service import RunningService
from tests.service.visitor import Visitor

HOUR = timedelta(hours=1)
NIGHT = "Messagerie de nuit"


def push(person: Visitor, *ops: Op) -> tuple[OpResult, ...]:
    answer = person.push_raw(ops, schema=3)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Pushed).results


def number(person: Visitor) -> Document:
    numbers = [each for each in person.entities("config") if each["type"] == "number"]
    return min(numbers, key=lambda each: str(each["e164"]))  # a flow answers the first one


def wait(person: Visitor, time: timedelta) -> None:
    """Time passes, or a clock is set back; a session goes on."""
    person.service.clock.advance(time)
    person.use(msgspec.json.decode(person.refresh().content, type=Tokens))


def assign(person: Visitor, what: Document, *, flow: str | None = None, within: timedelta) -> Op:
    return msgspec.structs.replace(
        person.op(what),
        kind="action",
        entity="number",
        verb="assign",
        value={"flow_id": flow},
        if_match=str(what["etag"]),
        not_after=person.service.clock.now() + within,
    )


def name_of(result: OpResult) -> str:
    return "" if result.problem is None else result.problem.name


def test_an_action_happens_in_time_and_once(leo: Visitor) -> None:
    there = number(leo)
    assert there["flow_id"] is not None
    op = assign(leo, there, within=HOUR)
    assert push(leo, op)[0].status == "applied"
    assert number(leo)["flow_id"] is None
    ver = number(leo)["ver"]
    wait(leo, 2 * HOUR)  # a reply that was lost is given again, also much later
    assert push(leo, op)[0].status == "duplicate"
    assert number(leo)["ver"] == ver


def test_an_action_that_comes_too_late_never_happens(leo: Visitor) -> None:
    there = number(leo)
    op = assign(leo, there, within=HOUR)
    wait(leo, HOUR + timedelta(seconds=1))
    assert name_of(push(leo, op)[0]) == "expired"
    leo.service.clock.advance(-2 * HOUR)  # not even when the service's clock is set back
    assert name_of(push(leo, op)[0]) == "expired"
    assert number(leo) == there


def test_an_action_on_what_somebody_changed_never_happens(leo: Visitor, claire: Visitor) -> None:
    there = number(leo)
    op = assign(leo, there, within=HOUR)
    push(claire, assign(claire, there, within=HOUR))
    theirs = number(leo)
    assert name_of(push(leo, op)[0]) == "stale-version"
    assert number(leo) == theirs


def test_an_action_that_was_decided_before_a_restore_never_happens(
    leo: Visitor, service: RunningService
) -> None:
    there = number(leo)
    op = assign(leo, there, within=HOUR)
    assert service.service is not None
    service.service.store.rotate_epoch()
    assert name_of(push(leo, op)[0]) == "stale-version"
    assert number(leo)["flow_id"] == there["flow_id"]


@pytest.mark.parametrize("verb", ["publish", "return"])
def test_what_asks_for_a_code_cannot_wait(leo: Visitor, verb: str) -> None:
    flow = leo.flow(NIGHT)
    op = msgspec.structs.replace(
        assign(leo, flow, within=HOUR), entity="flow", verb=verb, value={"message": "x"}
    )
    assert name_of(push(leo, op)[0]) == "step-up-required"


def test_a_flow_is_archived_and_restored(leo: Visitor) -> None:
    project = leo.flow(NIGHT)["project_id"]
    made = leo.op({"id": "01999999-0000-7000-8000-00000000000a", "ver": 0})
    value = {"project_id": project, "name": "Neu"}
    push(leo, msgspec.structs.replace(made, kind="create", value=value))

    def act(verb: str) -> OpResult:
        flow = leo.flow("Neu")
        there = assign(leo, flow, within=HOUR)
        return push(leo, msgspec.structs.replace(there, entity="flow", verb=verb, value=None))[0]

    assert act("archive").status == "applied"
    assert leo.flow("Neu")["archived"] is True
    assert act("restore").status == "applied"
    assert leo.flow("Neu")["archived"] is False


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ({"verb": "explode"}, "malformed"),
        ({"verb": "archive"}, "malformed"),
        ({"if_match": ""}, "version-required"),
        ({"not_after": None}, "malformed"),
        ({"value": {"flow_id": 3}}, "malformed"),
        ({"value": {"flow_id": "nowhere"}}, "not-found"),
    ],
)
def test_an_action_that_is_none_is_refused(
    leo: Visitor, fault: dict[str, object], name: str
) -> None:
    there = number(leo)
    op = msgspec.structs.replace(assign(leo, there, within=HOUR), **fault)
    assert name_of(push(leo, op)[0]) == name
    assert number(leo) == there


def test_nobody_decides_for_longer_than_a_week(leo: Visitor) -> None:
    op = assign(leo, number(leo), within=timedelta(days=8))
    assert name_of(push(leo, op)[0]) == "malformed"


def test_an_edit_that_another_one_superseded_never_applies(leo: Visitor) -> None:
    """Neither when it comes for the first time, nor when its reply was blocked before."""
    flow = leo.flow(NIGHT)
    late = leo.op(flow, Change(("description",), "alt", flow["description"]))
    fresh = msgspec.structs.replace(
        leo.op(flow, Change(("description",), "neu", flow["description"])), supersedes=late.op_id
    )
    assert push(leo, fresh)[0].status == "applied"
    assert name_of(push(leo, late)[0]) == "superseded"
    assert push(leo, fresh)[0].status == "duplicate"
    assert leo.flow(NIGHT)["description"] == "neu"


def test_an_edit_stays_superseded_when_the_one_in_its_place_was_refused(leo: Visitor) -> None:
    flow = leo.flow(NIGHT)
    late = leo.op(flow, Change(("description",), "alt", flow["description"]))
    fresh = msgspec.structs.replace(
        leo.op(flow, Change(("name",), "", flow["name"])), supersedes=late.op_id
    )
    push(leo, fresh)
    assert name_of(push(leo, late)[0]) == "superseded"
    assert leo.flow(NIGHT) == flow
