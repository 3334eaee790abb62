"""The outbox in a person's hands: looked at, dropped with what was made upon it, put back."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.cache import Changed, Edit, OpState
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import OpStatus, Problem
from tests.cache.test_life import Life, Step, live
from tests.cache.world import World, put


def prompt(world: World, name: str = "Bienvenue") -> Document:
    return {
        "type": "prompt",
        "id": world.ids.new(),
        "project_id": world.project,
        "name": name,
        "draft": {},
    }


def ops(world: World) -> list[str]:
    return [each.op.op_id for each in world.cache.outbox()]


def test_what_waits_says_what_it_belongs_to(world: World) -> None:
    flow = world.received("Accueil")
    op_id = world.edit(flow, "name", to="Soir")
    (waiting,) = world.cache.outgoing.waiting()
    assert waiting.row.op.op_id == op_id
    assert waiting.name == "Soir"
    assert waiting.project_id == world.project
    assert waiting.may_drop
    before, after = world.cache.outgoing.sides(op_id)
    assert before is not None
    assert after is not None
    assert (before["name"], after["name"]) == ("Accueil", "Soir")


def test_a_dropped_edit_leaves_what_the_service_says(world: World) -> None:
    flow = world.received("Accueil")
    served = world.cache.row("flow", flow)
    told: list[Changed] = []
    op_id = world.edit(flow, "name", to="Soir")
    forget = world.cache.subscribe(told.append)
    dropped = world.cache.outgoing.drop([op_id])
    forget()
    assert dropped.count == 1
    assert world.cache.row("flow", flow) == served
    assert world.cache.unsent().count == 0
    assert told == [Changed("flow", frozenset({flow}), "local")]


def test_undo_makes_it_again(world: World) -> None:
    flow = world.received("Accueil")
    dropped = world.cache.outgoing.drop([world.edit(flow, "name", to="Soir")])
    assert world.cache.outgoing.put_back(dropped) == 1
    assert world.data(flow)["name"] == "Soir"
    (waiting,) = world.cache.outbox()
    assert waiting.op.changes == dropped.records[0].body.changes
    assert waiting.op.at == dropped.records[0].at


def test_undo_joins_what_was_edited_since(world: World) -> None:
    flow = world.received("Accueil")
    dropped = world.cache.outgoing.drop([world.edit(flow, "name", to="Soir")])
    world.edit(flow, "description", to="Le soir")
    assert world.cache.outgoing.put_back(dropped) == 1
    assert (world.data(flow)["name"], world.data(flow)["description"]) == ("Soir", "Le soir")
    assert len(world.cache.outbox()) == 1


def test_a_creation_takes_along_whoever_mentions_it_and_undo_brings_all_back(world: World) -> None:
    flow, other = world.received("Accueil"), world.received("Nuit", seq=2)
    made = prompt(world)
    (creation,) = world.cache.edit(Edit("prompt", str(made["id"]), value=made))
    mention = world.edit(flow, "draft", "nodes", "menu", "prompt", to={"ref": made["id"]})
    apart = world.edit(other, "name", to="La nuit")
    plan = world.cache.outgoing.plan([creation])
    assert (plan.asked, plan.also, plan.held) == ((creation,), (mention,), ())
    dropped = world.cache.outgoing.drop(plan.all)
    assert ops(world) == [apart]
    assert world.cache.row("prompt", str(made["id"])) is None
    assert world.cache.outgoing.put_back(dropped) == 2
    assert world.cache.row("prompt", str(made["id"])) is not None
    assert len(ops(world)) == 3


def test_nothing_goes_when_something_else_would_have_to_go_too(world: World) -> None:
    made = prompt(world)
    (creation,) = world.cache.edit(Edit("prompt", str(made["id"]), value=made))
    flow = world.received("Accueil")
    world.edit(flow, "draft", "nodes", "menu", "prompt", to={"ref": made["id"]})
    with pytest.raises(CXError, match=r"problem\.outbox-moved"):
        world.cache.outgoing.drop([creation])
    assert len(ops(world)) == 2


def test_what_is_under_way_stays(world: World) -> None:
    flow = world.received("Accueil")
    first = world.edit(flow, "name", to="Soir")
    (op,) = world.send()
    later = world.edit(flow, "description", to="Le soir")
    assert world.cache.outgoing.plan([first]).held == (first,)
    with pytest.raises(CXError, match=r"problem\.outbox-moved"):
        world.cache.outgoing.drop([first, later])
    assert world.cache.outgoing.drop([later]).count == 1
    assert ops(world) == [first]
    world.answer(op, ver=2, seq=2)
    assert world.data(flow)["name"] == "Soir"


def test_what_was_sent_and_not_answered_stays_when_the_program_starts_again(world: World) -> None:
    flow = world.received("Accueil")
    first = world.edit(flow, "name", to="Soir")
    world.send()
    world.reopened()
    (waiting,) = world.cache.outgoing.waiting()
    assert waiting.row.state is OpState.PENDING
    assert not waiting.may_drop
    with pytest.raises(CXError, match=r"problem\.outbox-moved"):
        world.cache.outgoing.drop([first])


def test_a_refused_edit_goes_with_those_made_upon_it(world: World) -> None:
    flow = world.received("Accueil")
    refused = world.edit(flow, "name", to="")
    (op,) = world.send()
    world.answer(op, OpStatus.REJECTED, problem=Problem("malformed", "", 400))
    later = world.edit(flow, "description", to="Le soir")
    plan = world.cache.outgoing.plan([refused])
    assert (plan.asked, plan.also) == ((refused,), (later,))
    dropped = world.cache.outgoing.drop(plan.all)
    assert world.data(flow)["name"] == "Accueil"
    assert world.cache.conflicts() == ()
    assert world.cache.outgoing.put_back(dropped) == 2
    (again,) = world.cache.outbox()
    assert again.op.supersedes == refused
    assert world.data(flow)["description"] == "Le soir"


def test_a_dropped_conflict_leaves_what_they_wrote(world: World) -> None:
    served = world.flow("Accueil")
    flow = str(served["id"])
    world.receive(put(served, ver=1, seq=1))
    mine = world.edit(flow, "name", to="Soir")
    (op,) = world.send()
    theirs = {**served, "name": "Nuit", "ver": 2}
    world.answer(op, OpStatus.CONFLICT, ver=2, seq=2, entity=theirs)
    (waiting,) = world.cache.outgoing.waiting()
    assert waiting.theirs is not None
    assert waiting.disputed_at == world.clock.now()
    dropped = world.cache.outgoing.drop([mine])
    assert world.data(flow)["name"] == "Nuit"
    world.cache.outgoing.put_back(dropped)
    assert world.cache.outbox()[0].op.changes[0].was == "Accueil"  # the service will ask again


def test_edits_that_were_sent_meanwhile_are_no_obstacle(world: World) -> None:
    flow, other = world.received("Accueil"), world.received("Nuit", seq=2)
    first, second = world.edit(flow, "name", to="A"), world.edit(other, "name", to="B")
    op = next(each for each in world.send() if each.op_id == first)
    world.answer(op, ver=2, seq=3)
    world.reopened()
    assert world.cache.outgoing.plan([first, second]).asked == (second,)


_WORDS = st.sampled_from(["Un", "Deux", "Trois"])
_PLACES = st.sampled_from([("name",), ("description",), ("draft", "nodes", "menu", "title")])
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), _PLACES, _WORDS),
        st.tuples(st.just("theirs"), _PLACES, _WORDS),
        st.tuples(
            st.sampled_from(["send", "answer", "page", "reopen", "mine", "discard", "undo"]),
            st.none(),
            st.none(),
        ),
    ),
    max_size=30,
)


class Hesitant(Life):
    """Somebody who drops edits, and takes that back."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._dropped = self.world.cache.outgoing.drop([])

    def discard(self) -> None:
        """Drop the oldest edit that may be dropped."""
        outgoing = self.world.cache.outgoing
        before = outgoing.waiting()
        free = [each.row.op.op_id for each in before if each.may_drop]
        if not free:
            return
        plan = outgoing.plan(free[:1])
        if plan.held:
            with pytest.raises(CXError):
                outgoing.drop(plan.all)
            return
        self._dropped = outgoing.drop(plan.all)
        left = {each.row.op.op_id for each in outgoing.waiting()}
        assert left == {each.row.op.op_id for each in before} - set(plan.all)

    def undo(self) -> None:
        self.world.cache.outgoing.put_back(self._dropped)
        self._dropped = self.world.cache.outgoing.drop([])


@settings(max_examples=80, deadline=None)
@given(_STEPS)
def test_invariant_07_effective_is_base_with_edits_after_any_drop_and_undo(
    steps: list[Step],
) -> None:
    live(steps, Hesitant)


@pytest.mark.nightly
@pytest.mark.parametrize("batch", range(10))
@settings(max_examples=600, deadline=None)
@given(steps=_STEPS)
def test_invariant_07_effective_is_base_with_edits_after_many_drops(
    batch: int, steps: list[Step]
) -> None:
    del batch
    live(steps, Hesitant)
