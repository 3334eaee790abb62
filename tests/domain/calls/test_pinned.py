"""A published flow goes on with the versions that it and its sub-flows pinned."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise

from cx_desktop.domain.calls.pinned import Version, pinned
from cx_desktop.domain.calls.world import Objects, world_of
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, document_of
from cx_desktop.domain.flow.simulate import begin, run
from cx_desktop.domain.flow.simulate.events import Said
from cx_desktop.domain.patch import Document

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def flow(*steps: tuple[str, str, Document]) -> Flow:
    nodes = [Node(NodeId("start"), "start"), *(Node(NodeId(n), k, props=p) for n, k, p in steps)]
    pairs = pairwise(nodes)
    return Flow(
        meta={},
        nodes={each.id: each for each in nodes},
        links={one.id: {ExitId("next"): other.id} for one, other in pairs},
    )


def saying(name: str) -> tuple[str, str, Document]:
    return (f"say_{name}", "play", {"prompt": [{"type": "audio", "ref": name}]})


def words(text: str) -> Document:
    return {"languages": {"fr-FR": {"text": text}}}


MAIN = flow(saying("hello"), ("sub", "subflow", {"flow": "sub"}), saying("bye"))
SUB = flow(saying("hello"), ("back", "return", {}))
VERSIONS: Mapping[tuple[str, int], Version] = {
    ("hello", 1): Version(words("Bonjour."), {}),
    ("hello", 2): Version(words("Bonsoir."), {}),
    ("sub", 4): Version(document_of(SUB), {"hello": 2}),
}


def find(object_id: str, number: int | None) -> Version | None:
    return VERSIONS.get((object_id, number)) if number is not None else None


def test_two_flows_play_one_prompt_in_two_versions() -> None:
    played = pinned("main", MAIN, {"hello": 1, "sub": 4}, find)
    world = world_of(Objects(flows=played.flows, pinned=played.prompts), NOW)
    call = run(begin("main", world))
    said = [each for each in call.events if isinstance(each, Said)]
    assert [each.text for each in said] == ["Bonjour.", "Bonsoir.", ""]
    assert [each.parts[0].prompt for each in said] == ["main/hello", "sub/hello", "bye"]
    assert said[0].seconds == 0.4


def test_what_is_not_pinned_is_left_out() -> None:
    played = pinned("main", MAIN, {}, find)
    assert set(played.flows) == {"main"}
    assert played.prompts == {"main": {}}


def test_flows_that_lead_to_each_other_are_found_once() -> None:
    round_trip = flow(("sub", "subflow", {"flow": "main"}))
    versions = {1: Version(document_of(round_trip), {"main": 1})}
    played = pinned("main", round_trip, {"main": 1}, lambda _key, number: versions.get(number or 0))
    assert set(played.flows) == {"main"}
