"""What tests expect, as keys of the catalogue with ids for names."""

from collections.abc import Mapping

from msgspec.structs import replace

from cx_desktop.domain.flow.expressions import as_text, value_of
from cx_desktop.domain.flow.testing.flow_test import (
    Ends,
    Expectation,
    Holds,
    NeverVisits,
    ReachesNumber,
    ReachesQueue,
    Says,
    Visits,
)
from cx_desktop.domain.flow.testing.running import Told


def told_of(expectation: Expectation) -> Told:
    """What is expected, without the time it may take.

    Among the params ``node``, ``queue`` and ``prompt`` are ids.
    """
    match expectation:
        case Says() | ReachesQueue() | ReachesNumber():
            return _reached(expectation)
        case Visits(node=node):
            return Told("simulator.expects.visits", {"node": node})
        case NeverVisits(node=node):
            return Told("simulator.expects.never", {"node": node})
        case Holds(variable=name, value=value):
            held = as_text(value_of(value))
            return Told("simulator.expects.variable", {"variable": name, "value": held})
        case Ends(end=None):
            return Told("simulator.expects.any-end")
        case Ends(end=end):
            return Told("simulator.expects.ends", terms={"end": f"simulator.end.{end}"})


def _reached(expectation: Says | ReachesQueue | ReachesNumber) -> Told:
    match expectation:
        case Says(prompt=prompt) if prompt:
            return Told("simulator.expects.prompt", {"prompt": prompt})
        case Says(text=text):
            return Told("simulator.expects.says", {"text": text})
        case ReachesQueue(queue=""):
            return Told("simulator.expects.any-queue")
        case ReachesQueue(queue=queue):
            return Told("simulator.expects.queue", {"queue": queue})
        case ReachesNumber(number=""):
            return Told("simulator.expects.any-number")
        case ReachesNumber(number=number):
            return Told("simulator.expects.number", {"number": number})


def within_of(expectation: Expectation) -> float | None:
    """The seconds within which it is to happen, if that is asked."""
    return None if isinstance(expectation, Holds | NeverVisits) else expectation.within


def with_names(told: Told, names: Mapping[str, Mapping[str, str]]) -> Told:
    """The same with names for ids: ``names`` has them by id, for each param that is one."""
    params = {key: names.get(key, {}).get(str(value), value) for key, value in told.params.items()}
    return replace(told, params=params)
