"""The judgement of a chaos run bites: each kind of loss in a run that was good is found."""

from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace

from tests.chaos.judging import Log, Result, faults, history_of
from tests.chaos.telling import Acked, Report, Saved, SentOp, Stands, Told, Wish

FLOW = "f1"
LIFE: list[Told] = [
    Wish(0, FLOW, "", "Accueil"),
    Saved(0),
    Wish(1, FLOW, "ann_1", "un"),
    Saved(1),
    Wish(2, FLOW, "ann_1", "deux"),
    Saved(2),
    Wish(3, FLOW, "name", "Nuit"),  # the end came before this was called saved
    Acked(("op1", "op2")),
]
DATA = {
    "name": "Accueil",
    "description": "",
    "draft": {"nodes": {"start": {"title": "chaos ann"}, "ann_1": {"title": "deux"}}},
}
LOG = Log(
    results={"op1": Result("applied", 1), "op2": Result("merged", 2)},
    versions={FLOW: 2},
    titles={FLOW: "chaos ann"},
)
STANDS = {"flows": Stands(1, "a")}


class Run(msgspec.Struct, frozen=True):
    """What a run has left behind."""

    lives: list[list[Told]]
    reports: list[Report]
    log: Log

    def found(self) -> list[str]:
        return list(faults([history_of(self.lives)], self.reports, self.log))


def report(data: object = DATA) -> Report:
    ops = (SentOp("op1", FLOW, "acked"), SentOp("op2", FLOW, "acked"))
    flows = {FLOW: msgspec.Raw(msgspec.json.encode(data))}
    return Report(flows, ops, (), STANDS, STANDS)


GOOD = Run([LIFE], [report(), report()], LOG)


def with_nodes(**nodes: str) -> object:
    named = {name: {"title": title} for name, title in nodes.items()}
    return {**DATA, "draft": {"nodes": {"start": {"title": "chaos ann"}, **named}}}


def both(data: object) -> Run:
    return replace(GOOD, reports=[report(data), report(data)])


def log(**changes: object) -> Run:
    return replace(GOOD, log=replace(LOG, **changes))


def reports(**changes: object) -> Run:
    return replace(GOOD, reports=[report(), replace(report(), **changes)])


def test_a_good_run_is_found_good() -> None:
    assert GOOD.found() == []
    assert both({**DATA, "name": "Nuit"}).found() == [], "what was cut off may be there"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: both(with_nodes(ann_1="un")), "ann_1 of f1 is 'un'"),
        (lambda: both(with_nodes()), "ann_1 of f1 is None"),
        (lambda: both(with_nodes(ann_1="deux", bob_1="x")), "nobody made bob_1"),
        (lambda: both({**DATA, "name": "Autre"}), "nobody wrote 'Autre'"),
        (lambda: log(results={"op1": LOG.results["op1"]}), "op2 was acknowledged and is lost"),
        (lambda: log(versions={FLOW: 3}), "has 3 versions"),
        (lambda: log(versions={}), "flow f1 was saved and is lost"),
        (lambda: log(versions={FLOW: 2, "f2": 1}), "flow f2 is nobody's"),
        (lambda: log(titles={FLOW: "chaos ann", "f2": "chaos ann"}), "was made twice"),
        (lambda: reports(flows=report(with_nodes(ann_1="un")).flows), "differs from the first"),
        (lambda: reports(flows={}), "other flows"),
        (lambda: reports(there={"flows": Stands(1, "b")}), "checksums differ"),
        (lambda: reports(faults=("a shadow without edits",)), "a shadow without edits"),
        (lambda: reports(ops=(SentOp("op1", FLOW, "pending"),)), "op1 is pending"),
        (lambda: reports(ops=(SentOp("op9", FLOW, "acked"),)), "op9 is unknown"),
    ],
)
def test_each_loss_is_found(make: Callable[[], Run], words: str) -> None:
    assert [each for each in make().found() if words in each]
