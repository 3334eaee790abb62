"""Effective value = base with unsettled edits, at every step of any life of a flow (I7)."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.patch import Change, Document, apply, disturbed, read
from cx_desktop.protocol import Op, OpResult, OpStatus
from tests.cache.world import World, put
from tests.fakes.clock import FakeClock

NIGHTLY_BATCHES, NIGHTLY_EXAMPLES = 20, 600

Step = tuple[str, tuple[str, ...] | None, str | None]

_PLACES = st.sampled_from([("name",), ("description",), ("draft", "nodes", "menu", "title")])
_WORDS = st.sampled_from(["Un", "Deux", "Trois"])
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), _PLACES, _WORDS),
        st.tuples(st.just("theirs"), _PLACES, _WORDS),
        st.tuples(st.sampled_from(["send", "answer", "page", "reopen"]), st.none(), st.none()),
        st.tuples(st.sampled_from(["mine", "drop"]), st.none(), st.none()),
    ),
    max_size=25,
)


class Life:
    """One flow, edited here and elsewhere, with a service that merges what is undisturbed."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder, FakeClock())
        self.served: Document = self.world.flow("Accueil")
        self.id = str(self.served["id"])
        self.ver = self.seq = 1
        self.results: dict[str, OpResult] = {}
        self.sent: tuple[Op, ...] = ()
        self.page()

    def edit(self, place: tuple[str, ...], word: str) -> None:
        now = self.world.data(self.id)
        if read(now, place) != word:
            self.world.edit(self.id, *place, to=word)

    def theirs(self, place: tuple[str, ...], word: str) -> None:
        if read(self.served, place) != word:
            self._serve([Change(place, word)])

    def send(self) -> None:
        self.sent = self.world.send()
        for op in self.sent:
            if op.op_id not in self.results:
                self.results[op.op_id] = self._effect(op)

    def answer(self) -> None:
        self.world.cache.sync.settle([self.results[op.op_id] for op in self.sent])

    def page(self) -> None:
        self.world.receive(put(self.served, ver=self.ver, seq=self.seq))

    def reopen(self) -> None:
        self.world.reopened()

    def mine(self) -> None:
        for conflict in self.world.cache.conflicts():
            self.world.cache.resolve(conflict.op_id, "mine")

    def drop(self) -> None:
        for conflict in self.world.cache.conflicts():
            self.world.cache.resolve(conflict.op_id, "theirs")

    def settle_all(self) -> None:
        for _ in range(10):
            self.page()
            self.drop()
            self.send()
            self.answer()
        self.page()

    def _serve(self, changes: list[Change] | tuple[Change, ...]) -> None:
        self.served = apply(self.served, changes)
        self.ver += 1
        self.seq += 1

    def _effect(self, op: Op) -> OpResult:
        if disturbed(self.served, op.changes):
            entity: Document = {**self.served, "ver": self.ver}
            return OpResult(op.op_id, OpStatus.CONFLICT, self.ver, self.seq, entity)
        merged = op.base_ver != self.ver
        self._serve(op.changes)
        if merged:
            entity = {**self.served, "ver": self.ver}
            return OpResult(op.op_id, OpStatus.MERGED, self.ver, self.seq, entity)
        return OpResult(op.op_id, OpStatus.APPLIED, self.ver, self.seq)


def live(steps: list[Step], kind: type[Life] = Life) -> None:
    """A life, judged after each step and at its end."""
    with TemporaryDirectory() as folder:
        life = kind(Path(folder))
        for verb, place, word in steps:
            if place is not None and word is not None:
                (life.edit if verb == "edit" else life.theirs)(place, word)
            else:
                getattr(life, verb)()
            assert life.world.cache.sync.verify() == ()
        life.settle_all()
        assert life.world.cache.sync.verify() == ()
        assert life.world.cache.outbox() == ()
        assert {**life.world.data(life.id), "ver": 0} == {**life.served, "ver": 0}
        life.world.cache.close()


@settings(max_examples=60, deadline=None)
@given(_STEPS)
def test_i7_effective_is_base_with_edits_whatever_comes_in_what_order(steps: list[Step]) -> None:
    live(steps)


@pytest.mark.nightly
@pytest.mark.parametrize("batch", range(NIGHTLY_BATCHES))
@settings(max_examples=NIGHTLY_EXAMPLES, deadline=None)
@given(steps=_STEPS)
def test_i7_effective_is_base_with_edits_in_many_lives(batch: int, steps: list[Step]) -> None:
    del batch
    live(steps)
