"""A test of a flow: what is given, what its caller does, and what must then have happened.

Tests stand in the flow's document, in a part of their own (``graph.Flow.tests``), and are read from
it here. What this program does not know of a test stays in the document.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import End, Outcome, Stimulus
from cx_desktop.domain.flow.expressions import value_of
from cx_desktop.domain.flow.graph import Flow, NodeId, TestId
from cx_desktop.domain.flow.simulate import QueueState, World
from cx_desktop.domain.patch import Change, Document, Json

#: A test that makes a call do more than this is not one that people write.
MOST_ACTS = 500

#: Years in which calls come in.
YEARS = range(1971, 2201)


class Act(Struct, frozen=True, omit_defaults=True):
    """Something that happens in a call, in its turn."""

    do: Stimulus | None = None
    """``None``: the call goes on by itself."""
    at: str = ""
    """The node it happens at, as ``node`` or ``flow/node``; "" is wherever the call next waits for
    its caller."""


class Given(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The world a test is played in, as far as it differs from the one around the flow."""

    at: datetime | None = None
    """When the call comes in; without a time zone, on the clock of the flow."""
    caller: str = ""
    called: str = ""
    schedules: dict[str, str] = {}
    """The state of schedules by id: open, closed, holiday, exceptional."""
    queues: dict[str, QueueState] = {}
    lookups: dict[str, Outcome] = {}
    """What sources answer, by web address, function or query."""
    numbers: dict[str, Outcome] = {}
    """What happens when numbers are called."""
    outcomes: dict[str, Outcome] = {}
    """What happens at nodes, whatever else is given: as ``node`` or ``flow/node``."""
    variables: dict[str, str | int | float | bool] = {}
    caller_lists: dict[str, tuple[str, ...]] = {}
    came_before: dict[str, float] = {}
    seed: int = 1
    turns: int = 0


class Says(Struct, frozen=True, omit_defaults=True, tag_field="expect", tag="says"):
    """The caller hears these words, or this prompt."""

    text: str = ""
    prompt: str = ""
    within: float | None = None


class ReachesQueue(Struct, frozen=True, omit_defaults=True, tag_field="expect", tag="queue"):
    """The call comes to a queue; "" is any."""

    queue: str = ""
    within: float | None = None


class ReachesNumber(Struct, frozen=True, omit_defaults=True, tag_field="expect", tag="number"):
    """A telephone number is called; "" is any."""

    number: str = ""
    within: float | None = None


class Visits(Struct, frozen=True, omit_defaults=True, tag_field="expect", tag="visits"):
    """The call comes to a node."""

    node: str
    within: float | None = None


class NeverVisits(Struct, frozen=True, tag_field="expect", tag="never"):
    """The call never comes to a node."""

    node: str


class Holds(Struct, frozen=True, omit_defaults=True, tag_field="expect", tag="variable"):
    """A variable holds a value when the call is over."""

    variable: str
    value: str | int | float | bool = ""


class Ends(Struct, frozen=True, omit_defaults=True, tag_field="expect", tag="ends"):
    """The call is over in this way; ``None`` is any."""

    end: End | None = None
    within: float | None = None


Expectation: TypeAlias = Says | ReachesQueue | ReachesNumber | Visits | NeverVisits | Holds | Ends


class FlowTest(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One test."""

    name: str = ""
    given: Given = Given()
    script: tuple[Act, ...] = ()
    expects: tuple[Expectation, ...] = ()


class Suite(Struct, frozen=True):
    """The tests of a flow, in the order of their ids."""

    tests: Mapping[TestId, FlowTest] = {}
    unreadable: tuple[TestId, ...] = ()
    """Tests of a newer program, or damaged: kept, and not passed."""


def suite_of(flow: Flow) -> Suite:
    """Read the tests of a flow."""
    tests: dict[TestId, FlowTest] = {}
    unreadable: list[TestId] = []
    for key in sorted(flow.tests, key=_counted):
        try:
            test = msgspec.convert(flow.tests[key], FlowTest)
        except (msgspec.ValidationError, RecursionError):
            unreadable.append(key)
            continue
        if test.given.at is not None and test.given.at.year not in YEARS:
            unreadable.append(key)
            continue
        tests[key] = test
    return Suite(tests, tuple(unreadable))


def document_of(test: FlowTest) -> Document:
    """A test as it stands in the flow's document."""
    written = msgspec.json.encode(test)  # builtins would hold tuples, which JSON has not
    return msgspec.json.decode(written, type=dict[str, Json])


def with_tests(flow: Flow, tests: Mapping[TestId, FlowTest]) -> Flow:
    """The flow with these tests added."""
    added = {key: document_of(test) for key, test in tests.items()}
    return replace(flow, tests={**flow.tests, **added})


def fresh_test_id(taken: Iterable[str]) -> TestId:
    """An id that no test has yet: ``test_1``, then ``test_2``."""
    known = set(taken)
    number = 1
    while f"test_{number}" in known:
        number += 1
    return TestId(f"test_{number}")


def put_test(key: TestId, test: FlowTest) -> tuple[Change, ...]:
    """A test as a whole, for the flow's document."""
    return (Change(("tests", key), document_of(test)),)


def drop_test(key: TestId) -> tuple[Change, ...]:
    """No test of this id any more."""
    return (Change(("tests", key), UNSET),)


def met(world: World, given: Given) -> World:
    """A world as a test finds it: what it gives goes before what is there."""
    started = given.at or world.started
    return replace(
        world,
        started=started if started.tzinfo else started.replace(tzinfo=ZoneInfo(world.zone)),
        caller=given.caller,
        called=given.called or world.called,
        schedules={**world.schedules, **given.schedules},
        closures={key: each for key, each in world.closures.items() if key not in given.schedules},
        queues={**world.queues, **_queues_in(world, given)},
        lookups={**world.lookups, **given.lookups},
        numbers={**world.numbers, **given.numbers},
        outcomes={**world.outcomes, **given.outcomes},
        variables={
            **world.variables,
            **{name: value_of(value) for name, value in given.variables.items()},
        },
        caller_lists={**world.caller_lists, **given.caller_lists},
        came_before={**world.came_before, **given.came_before},
        seed=given.seed,
        turns=given.turns,
    )


def _queues_in(world: World, given: Given) -> Mapping[str, QueueState]:
    """Queues stand as they are given, and keep their opening hours."""
    there = world.queues
    return {
        key: replace(each, hours=each.hours or (there[key].hours if key in there else ""))
        for key, each in given.queues.items()
    }


def place_of(flow_id: str, flow: str, node: NodeId) -> str:
    """How a test of a flow names a node, of its own or of another flow."""
    return node if flow == flow_id else f"{flow}/{node}"


def _counted(key: str) -> tuple[str, int, str]:
    """A key that sorts test_2 before test_10."""
    stem = key.rstrip("0123456789")
    digits = key[len(stem) :][:18]
    return stem, int(digits) if digits else -1, key
