"""What is kept after a restore: where each thing stands, and how it comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cx_desktop.models.outbox.kept import Standing, _offer, read_kept
from tests.cache.world import World
from tests.fakes.clock import FakeClock


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "profile", FakeClock())
    project: dict[str, object] = {"type": "project", "id": world.project, "name": "Maison"}
    world.serve_project(project)
    yield world
    world.cache.close()


def restored_without(world: World, name: str) -> str:
    """The service comes back from a backup without this flow; only this computer has it."""
    flow = world.received(name)
    world.cache.sync.adopt("e2")
    world.serve_project({"type": "project", "id": world.project, "name": "Maison"})
    for stream in ("config", "flows", "revisions"):
        world.snapshot(stream, [])
    return flow


def test_what_came_to_light_waits_to_be_sent_and_then_stands_there(world: World) -> None:
    flow = restored_without(world, "Verloren")
    (row,) = read_kept(world.cache).rows
    assert (row.object_id, row.name, row.project) == (flow, "Verloren", "Maison")
    assert (row.standing, row.can_offer) == (Standing.WAITING, False)
    (op,) = world.send()
    world.answer(op, ver=1, seq=5)
    rows = read_kept(world.cache).rows
    assert [each.standing for each in rows] == [Standing.THERE, Standing.SENT]


def test_what_was_dropped_is_only_here_and_can_be_offered_again(world: World) -> None:
    flow = restored_without(world, "Verloren")
    outgoing = world.cache.outgoing
    outgoing.drop(outgoing.plan([each.row.op.op_id for each in outgoing.waiting()]).all)
    assert world.cache.row("flow", flow) is None
    (row,) = read_kept(world.cache).rows
    assert (row.standing, row.can_offer) == (Standing.ONLY_HERE, True)
    assert _offer(world.cache, row)
    assert not _offer(world.cache, row)
    assert world.data(flow)["name"] == "Verloren"
    (op,) = world.send()
    assert (op.kind, op.id) == ("create", flow)


def test_letting_go_counts_exactly_and_takes_nothing_that_waits(world: World) -> None:
    flow = restored_without(world, "Verloren")
    safe = world.cache.sync.safekeeping
    (op,) = world.send()
    assert safe.let_go(recovered=[flow], op_ids=[op.op_id]) == 1  # the op is on its way
    assert safe.let_go(recovered=[flow]) == 0
    world.answer(op, ver=1, seq=5)
    assert safe.kept()[0] == 1
    assert safe.let_go(op_ids=[op.op_id]) == 1
    assert safe.kept() == (0, 0)
    assert world.data(flow)["name"] == "Verloren"
