"""Tests in words: what they expect, what happened instead."""

from cx_desktop.domain.flow.testing import Expectation, FlowTest, Told
from cx_desktop.domain.flow.testing.wording import told_of, with_names, within_of
from cx_desktop.views.flow_editor.stage import Stage


def expected(stage: Stage, expectation: Expectation) -> str:
    """What a test expects."""
    said = happened(stage, told_of(expectation))
    within = within_of(expectation)
    if within is None:
        return said
    return stage.words.language.text("simulator.expects.within", what=said, seconds=round(within))


def happened(stage: Stage, told: Told) -> str:
    """What happened instead."""
    text, context = stage.words.language.text, stage.words.context
    nodes = {str(key): stage.words.title(node) for key, node in stage.model.flow.nodes.items()}
    queues = context.queues or {}
    told = with_names(told, {"node": nodes, "queue": queues, "prompt": context.prompts or {}})
    params = dict(told.params)
    if told.key == "simulator.instead.queues":
        names = str(params["names"]).split(", ")
        params["names"] = ", ".join(queues.get(each, each) for each in names)
    return text(told.key, **params, **{name: text(key) for name, key in told.terms.items()})


def name_of(stage: Stage, key: str, test: FlowTest) -> str:
    """What a test is called; one without a name by its number and the first it expects."""
    if test.name:
        return test.name
    number = key.rpartition("_")[2] or key
    said = stage.words.language.text("simulator.test.unnamed", number=number)
    return f"{said} · {expected(stage, test.expects[0])}" if test.expects else said
