"""The tests of flows, run again by the service before callers hear a change.

They are run outside of every transaction, so that nobody waits for them, and within limits. What
they were run on is told by a print: who goes on to publish compares it inside the transaction, and
where something moved meanwhile the tests are run again.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from cx_desktop.domain.flow.analysis.witness import STARTED
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.simulate import World
from cx_desktop.domain.flow.testing import run, suite_of
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Document, encode
from cx_desktop.protocol import Fault
from cx_desktop.service.config import SuiteLimits
from cx_desktop.service.objects.surroundings import Surroundings
from cx_desktop.service.store import entities

#: What a publication names to go live although a test of it has not passed.
TESTS_FAILED = "tests-failed"
#: The fault of a flow whose tests were stopped at a limit.
UNFINISHED = "tests-unfinished"


class Coming(Protocol):
    """A document that callers are about to hear."""

    @property
    def project_id(self) -> str:
        """Where it is; all that comes together is in one project."""

    @property
    def target(self) -> Target:
        """The object."""

    @property
    def document(self) -> Document:
        """What they will hear of it."""

    @property
    def pins(self) -> Mapping[str, int]:
        """The versions of other objects that it uses."""


class Trial(Struct, frozen=True):
    """A flow whose tests are to be run, in the world its callers will meet."""

    flow_id: str
    flow: Flow
    world: World


class Stage(Struct, frozen=True):
    """What is to be tried, and the print of all it depends on."""

    print: str
    trials: tuple[Trial, ...]


class Tried(Struct, frozen=True):
    """What became of the tests."""

    print: str = ""
    faults: tuple[Fault, ...] = ()


class Moved(Exception):  # noqa: N818  (an outcome: the tests are run again)
    """What the tests were run on is not what would go live now."""


def stage(connection: Connection, coming: Sequence[Coming]) -> Stage:
    """The flows that a change is heard in: those that go live, and those that use what does.

    Flows pin their prompts and sub-flows, and go on as they are when those are published; hours and
    queues they use as they are live, and so are tried with the coming ones.
    """
    project_id = coming[0].project_id
    around = Surroundings(connection, project_id, {each.target.id: each for each in coming})
    trials = tuple(
        Trial(flow_id, flow, around.world(flow_id, flow, pins, STARTED))
        for flow_id, flow, pins in _tested(around, coming)
    )
    return Stage(print_of(connection, coming), trials)


def try_out(
    staged: Stage, limits: SuiteLimits, monotonic: Callable[[], float], since: float | None = None
) -> Tried:
    """Run the tests, as far as the limits go."""
    budget = _Budget(limits, monotonic, since)
    faults = (fault for trial in staged.trials for fault in _failed(trial, budget))
    return Tried(staged.print, tuple(faults))


def print_of(connection: Connection, coming: Sequence[Coming]) -> str:
    """A digest that is another one when the tests might say something else."""
    project_id = coming[0].project_id
    told = [
        [each.type, each.id, each.data.get("live_revision"), _tests_ver(each.data)]
        for kind in ("flow", "schedule", "queue", "prompt")
        for each in entities.each(connection, kind, project_ids=[project_id])
        if not each.data.get("archived")
    ]
    new = [
        [each.target.type, each.target.id, encode(each.document).decode(), dict(each.pins)]
        for each in coming
    ]
    return hashlib.sha256(msgspec.json.encode([told, new], order="sorted")).hexdigest()


def _tested(
    around: Surroundings, coming: Sequence[Coming]
) -> Iterator[tuple[str, Flow, Mapping[str, int]]]:
    """Each flow with tests that a change is heard in, with the versions it pins."""
    for each in coming:
        if each.target.type == "flow" and (flow := flow_of(each.document)).tests:
            yield each.target.id, flow, each.pins
    moved = {each.target for each in coming if each.target.type in ("schedule", "queue")}
    if not moved:
        return
    moved |= around.queues_of(moved)
    for flow_id, flow, pins in around.live_flows():
        if flow.tests and not moved.isdisjoint(around.used_by(flow_id, flow, pins)):
            yield flow_id, flow, pins


def _failed(trial: Trial, budget: "_Budget") -> Iterator[Fault]:
    suite = suite_of(trial.flow)
    for key, test in suite.tests.items():
        spent = budget.spent_before_call()
        if spent:
            yield Fault(
                pointer=key,
                code=UNFINISHED,
                message=test.name,
                object_id=trial.flow_id,
                params={"limit": spent},
            )
            return
        result = run(test, trial.flow_id, trial.world)
        budget.take_steps(len(result.played.beats))
        if not result.has_passed:
            yield _fault(trial, key, test.name)
    for key in suite.unreadable:
        yield _fault(trial, key, "")


def _fault(trial: Trial, key: str, name: str) -> Fault:
    return Fault(pointer=key, code=TESTS_FAILED, message=name, object_id=trial.flow_id)


def _tests_ver(data: Document) -> object:
    """The draft, where it is live but for its tests: those are then the ones to run."""
    draft_ver = data.get("draft_ver")
    return draft_ver if data.get("live_draft_ver") == draft_ver else None


class _Budget:
    """What is left of the limits, for all tests of one publication together."""

    def __init__(
        self, limits: SuiteLimits, monotonic: Callable[[], float], since: float | None
    ) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._since = monotonic() if since is None else since
        self._calls = 0
        self._steps = 0

    def spent_before_call(self) -> str:
        """Which limit leaves no room for one more call; "" while there is room."""
        limits = self._limits
        self._calls += 1
        for limit, spent, most in (
            ("calls", self._calls, limits.calls),
            ("steps", self._steps, limits.steps),
            ("seconds", self._monotonic() - self._since, limits.seconds),
        ):
            if spent > most:
                return limit
        return ""

    def take_steps(self, count: int) -> None:
        """What a call took."""
        self._steps += count
