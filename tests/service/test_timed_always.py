"""Timed publications under everything that can happen: a model says what callers hear."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import cast

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_desktop.domain.patch import Document
from cx_desktop.domain.timed import Timed, timed_of
from cx_desktop.protocol import SignedIn
from cx_desktop.service.timekeeping import tick
from tests.fakes.clock import FakeClock
from tests.fakes.service import RunningService
from tests.fakes.service_process import ServiceProcess
from tests.service import test_objects as objects
from tests.service.test_flows import create, lumen
from tests.service.test_suites import edited
from tests.service.test_timed import act, ask, get, known, running, sign_in_again, titled
from tests.service.visitor import Visitor, problem

HOUR = timedelta(hours=1)
TITLES = st.sampled_from(["Noël", "Panne", "Hello"])


@dataclass
class Plan:
    """A plan as the model knows it."""

    timed: Timed
    title: str
    at: datetime
    returns_at: datetime | None
    whatever: bool
    expects: str
    state: str = "waiting"
    before: str = ""

    @property
    def next_at(self) -> datetime | None:
        return {"waiting": self.at, "live": self.returns_at}.get(self.state)

    def meets(self, at: datetime, returns_at: datetime | None) -> bool:
        if self.next_at is None:
            return False
        first, last = sorted([(self.at, self.returns_at), (at, returns_at)], key=lambda one: one[0])
        return first[1] is None or last[0] < first[1]


@dataclass
class Model:
    """What callers hear, and what is to come."""

    live: str = "Hello"
    plans: list[Plan] = field(default_factory=list)

    def tick(self, now: datetime) -> None:
        due = [each for each in self.plans if each.next_at and each.next_at <= now]
        for each in sorted(due, key=lambda plan: str(plan.next_at)):
            self._go_live(each, now) if each.state == "waiting" else self._come_back(each)

    def _go_live(self, plan: Plan, now: datetime) -> None:
        is_missed = plan.returns_at is not None and plan.returns_at <= now
        is_live_already = self.live == plan.title
        if is_missed or not (is_live_already or plan.whatever or self.live == plan.expects):
            plan.state = "failed"
            return
        plan.before = plan.expects if is_live_already else self.live
        self.live = plan.title
        plan.state = "done" if plan.returns_at is None else "live"

    def _come_back(self, plan: Plan) -> None:
        if self.live != plan.before and not (plan.whatever or self.live == plan.title):
            plan.state = "failed"
            return
        self.live, plan.state = plan.before, "done"


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), TITLES),
        st.tuples(
            st.just("plan"),
            TITLES,
            st.integers(1, 40),
            st.none() | st.integers(1, 40),
            st.booleans(),
        ),
        st.tuples(st.just("pass"), st.integers(1, 30)),
        st.tuples(st.just("cancel"), st.integers(0, 5)),
        st.tuples(st.just("restart")),
    ),
    max_size=9,
)


@pytest.fixture(scope="module")
def leo() -> Iterator[Visitor]:
    with RunningService() as service:
        account = service.account("flow_designer")
        with Visitor(service, account.username, account.password) as visitor:
            yield visitor.sign_in()


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_callers_hear_what_was_planned_and_nothing_else(
    leo: Visitor, steps: list[tuple[object, ...]]
) -> None:
    service = leo.service
    service.clock.advance(timedelta(minutes=2))
    sign_in_again(leo)
    flow = create(leo, name=uuid.uuid4().hex).json()
    leo.step_up()
    assert objects.publish(leo, flow).status_code == 200
    model = Model()
    for step in steps:
        service.clock.advance(timedelta(minutes=1))
        sign_in_again(leo)
        leo.step_up()
        match step:
            case ("publish", str() as title):
                assert objects.publish(leo, _drafted(leo, flow, title)).status_code == 200
                model.live = title
            case ("plan", str() as title, int() as ahead, span, bool() as whatever):
                hours = span if isinstance(span, int) else None
                _plan(leo, model, _drafted(leo, flow, title), (ahead, hours), whatever=whatever)
            case ("pass", int() as hours):
                service.clock.advance(hours * HOUR)
                tick(running(service))
                model.tick(service.clock.now())
                sign_in_again(leo)
            case ("cancel", int() as which) if which < len(model.plans):
                cancelled = model.plans[which]
                assert act(leo, cancelled.timed, "cancel").status_code == 200
                if cancelled.next_at is not None:
                    cancelled.state = "cancelled"
            case ("restart",):
                service.stop()
                service.start()
        assert titled(leo, flow) == model.live
        assert [known(leo, each.timed).state for each in model.plans] == [
            each.state for each in model.plans
        ]


def _drafted(person: Visitor, flow: Document, title: str) -> Document:
    found = get(person, flow)
    return edited(person, found, ["draft", "nodes", "hello", "title"], title)


def _plan(
    person: Visitor,
    model: Model,
    draft: Document,
    hours: tuple[int, int | None],
    *,
    whatever: bool,
) -> None:
    # Odd seconds, so that no two plans are due at once.
    at = person.service.clock.now() + hours[0] * HOUR + timedelta(seconds=len(model.plans) + 1)
    returns_at = at + hours[1] * HOUR if hours[1] is not None else None
    answer = ask(
        person,
        draft,
        at=at.isoformat(),
        returns_at=returns_at.isoformat() if returns_at else None,
        whatever_is_live=whatever,
    )
    if not whatever and any(each.meets(at, returns_at) for each in model.plans):
        assert problem(answer).name == "planned-already"
        return
    assert answer.status_code == 200, answer.text
    title = str(draft["draft"]["nodes"]["hello"]["title"])  # type: ignore[index]
    model.plans.append(
        Plan(timed_of(answer.json()), title, at, returns_at, whatever, expects=model.live)
    )


def test_a_service_that_is_killed_again_and_again_carries_it_out_once(tmp_path: Path) -> None:
    with ServiceProcess(tmp_path) as process:
        account = process.account("flow_designer")
        leo = Visitor(cast("RunningService", process), account.username, account.password)
        challenge = leo.begin().json()["id"]
        entered = leo.verify(challenge, process.code(account.username))
        leo.take(msgspec.json.decode(entered.content, type=SignedIn))
        code = process.code(account.username, steps=1)
        leo.http.post("/v1/step-up", json={"code": code, "verb": "publish"})
        flow = create(leo).json()
        soon = datetime.now(UTC) + timedelta(seconds=1)
        answer = ask(leo, flow, at=soon.isoformat())
        assert answer.status_code == 200, answer.text
        path = f"/v1/projects/{lumen(leo)}/timed-publications"
        Event().wait(max(0.0, (soon - datetime.now(UTC)).total_seconds()))
        for lives in range(6):
            process.kill()
            process.start()
            Event().wait(0.02 * lives)
        while (state := leo.get(path).json()["timed_publications"][0]["state"]) == "waiting":
            Event().wait(0.1)
        made = leo.get(f"/v1/flows/{flow['id']}/revisions").json()["revisions"]
        leo.close()
    assert state == "done"
    assert [each["number"] for each in made] == [1]


def test_daylight_saving_moves_no_instant(leo: Visitor) -> None:
    """The last Sunday of March 2027: two in the morning is three."""
    leo.service.clock.advance(timedelta(minutes=2))
    sign_in_again(leo)
    leo.step_up()
    flow = create(leo, name=uuid.uuid4().hex).json()
    at = datetime.fromisoformat("2027-03-28T03:00:00+02:00")
    answer = ask(leo, flow, at=at.isoformat())
    assert timed_of(answer.json()).at == at
    assert answer.json()["at"] == "2027-03-28T01:00:00.000Z"
    leo.service.clock.set(at.astimezone(UTC) - timedelta(milliseconds=1))
    tick(running(leo.service))
    sign_in_again(leo)
    assert get(leo, flow)["live_revision"] is None
    leo.service.clock.set(at.astimezone(UTC))
    tick(running(leo.service))
    leo.service.clock.advance(timedelta(minutes=1))
    sign_in_again(leo)
    assert get(leo, flow)["live_revision"] == 1
    assert isinstance(leo.service.clock, FakeClock)
