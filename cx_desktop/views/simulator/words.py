"""Tests in words: what they expect, what happened instead."""

from cx_desktop.domain.flow.expressions import as_text, value_of
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.testing import (
    Ends,
    Expectation,
    FlowTest,
    Holds,
    NeverVisits,
    ReachesNumber,
    ReachesQueue,
    Says,
    Told,
    Visits,
)
from cx_desktop.views.flow_editor.stage import Stage


def expected(stage: Stage, expectation: Expectation) -> str:
    """What a test expects."""
    said = _expected(stage, expectation)
    within = getattr(expectation, "within", None)
    if within is None:
        return said
    return stage.words.language.text("simulator.expects.within", what=said, seconds=round(within))


def _expected(stage: Stage, expectation: Expectation) -> str:
    text = stage.words.language.text
    match expectation:
        case Says() | ReachesQueue() | ReachesNumber():
            return _reached(stage, expectation)
        case Visits(node=node):
            return text("simulator.expects.visits", node=_node(stage, node))
        case NeverVisits(node=node):
            return text("simulator.expects.never", node=_node(stage, node))
        case Holds(variable=variable, value=value):
            held = as_text(value_of(value))
            return text("simulator.expects.variable", variable=variable, value=held)
        case Ends(end=None):
            return text("simulator.expects.any-end")
        case Ends(end=end):
            return text("simulator.expects.ends", end=text(f"simulator.end.{end}"))


def _reached(stage: Stage, expectation: Says | ReachesQueue | ReachesNumber) -> str:
    text = stage.words.language.text
    match expectation:
        case Says(prompt=prompt) if prompt:
            prompts = stage.words.context.prompts or {}
            return text("simulator.expects.prompt", name=prompts.get(prompt, prompt))
        case Says(text=words):
            return text("simulator.expects.says", text=words)
        case ReachesQueue(queue="") | ReachesNumber(number=""):
            is_queue = isinstance(expectation, ReachesQueue)
            return text(f"simulator.expects.any-{'queue' if is_queue else 'number'}")
        case ReachesQueue(queue=queue):
            return text("simulator.expects.queue", name=_queue(stage, queue))
        case ReachesNumber(number=number):
            return text("simulator.expects.number", number=number)


def happened(stage: Stage, told: Told) -> str:
    """What happened instead."""
    text = stage.words.language.text
    params = dict(told.params)
    if "node" in params:
        params["node"] = _node(stage, str(params["node"]))
    if told.key == "simulator.instead.queues":
        names = str(params["names"]).split(", ")
        params["names"] = ", ".join(_queue(stage, each) for each in names)
    return text(told.key, **params, **{name: text(key) for name, key in told.terms.items()})


def name_of(stage: Stage, key: str, test: FlowTest) -> str:
    """What a test is called; one without a name by its number."""
    number = key.rpartition("_")[2] or key
    return test.name or stage.words.language.text("simulator.test.unnamed", number=number)


def _node(stage: Stage, place: str) -> str:
    return stage.words.title_of(stage.model.flow, NodeId(place)) or place


def _queue(stage: Stage, queue: str) -> str:
    return (stage.words.context.queues or {}).get(queue, queue)
