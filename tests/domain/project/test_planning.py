"""What would change on a service: object by object, nothing twice, nothing unasked."""

from msgspec.structs import replace

from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.graph import document_of
from cx_desktop.domain.patch import Document
from cx_desktop.domain.project import (
    Act,
    Held,
    HeldNumber,
    Key,
    Line,
    Plan,
    Present,
    Project,
    Stated,
    Wishes,
    details,
    headline,
    plan,
    without,
)
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language

TEXT = Catalogue(resources() / "text", Language.ENGLISH).text


def flow(says: str = "Bonjour.", queue: str = "Ventes", prompt: str = "") -> Document:
    part = f"{{type: audio, ref: {prompt}}}" if prompt else f"{{type: text, text: {says}}}"
    text = f"""\
format: 1
nodes:
  start: {{kind: start, exits: {{next: hello}}}}
  hello: {{kind: play, props: {{prompt: [{part}]}}, exits: {{next: queue}}}}
  queue: {{kind: transfer_queue, props: {{queue: {queue}}}}}
positions:
  nodes: {{start: [0, 0], hello: [280, 0], queue: [560, 0]}}
"""
    return document_of(cx.read(text.encode()).flow)


def held(kind: str, name: str, draft: Document, **others: object) -> Held:
    entity: Document = {"type": kind, "id": f"{kind}-{name}", "name": name, "draft": draft}
    known = Held(
        type=kind, id=f"{kind}-{name}", etag='"e-1"', name=name, entity=entity, draft=draft
    )
    return replace(known, live=draft, live_revision=1, **others)


QUEUE = Stated("queue", "Ventes", "", {}, "queues/ventes.yaml")
FOLDER = Project("Lumen", objects=(Stated("flow", "Accueil", "", flow()), QUEUE))
THERE = Present(
    "p1",
    "Lumen",
    (held("flow", "Accueil", flow(queue="queue-Ventes")), held("queue", "Ventes", {})),
)
EMPTY = Present("p1", "Lumen")


def acts(found: Plan) -> list[tuple[Act, str, str]]:
    return [(each.act, each.type, each.name) for each in found.steps]


def test_what_is_so_already_is_no_change() -> None:
    found = plan(FOLDER, THERE, Wishes(publish=True, archive_missing=True))
    assert found.is_empty
    assert (found.unheard, found.missing) == ((), ())


def test_what_the_service_has_not_is_made_before_what_refers_to_it() -> None:
    found = plan(FOLDER, EMPTY, Wishes(), lambda key: f"id of {key.name}")
    assert acts(found) == [(Act.CREATE, "queue", "Ventes"), (Act.CREATE, "flow", "Accueil")]
    nodes = found.steps[1].draft["nodes"]
    assert isinstance(nodes, dict)
    assert nodes["queue"]["props"] == {"queue": "id of Ventes"}


def test_a_change_is_told_in_the_callers_language() -> None:
    folder = replace(FOLDER, objects=(Stated("flow", "Accueil", "", flow("Bonsoir.")), QUEUE))
    found = plan(folder, THERE, Wishes())
    assert acts(found) == [(Act.CHANGE, "flow", "Accueil")]
    assert headline(found.steps[0], TEXT) == "~ change: flow “Accueil”"
    (told,) = details(found.steps[0], TEXT)
    assert "Bonsoir" in told
    assert [each.path for each in found.steps[0].changes] == [
        ("draft", "nodes", "hello", "props", "prompt")
    ]


def test_a_change_of_a_queue_is_told_place_by_place() -> None:
    folder = replace(FOLDER, objects=(FOLDER.objects[0], replace(QUEUE, draft={"priority": 2})))
    (step,) = plan(folder, THERE, Wishes()).steps
    assert list(details(step, TEXT)) == ["priority: 5 → 2"]


def test_hours_are_told_as_people_write_them() -> None:
    old: Document = {"weekly": {"mon": [["09:00", "12:00"], ["14:00", "18:00"]]}}
    new: Document = {"weekly": {"tue": [["08:00", "12:00"]]}}
    folder = Project("Lumen", objects=(Stated("schedule", "Magasin", "", new),))
    there = Present("p1", "Lumen", (held("schedule", "Magasin", old),))
    (step,) = plan(folder, there, Wishes()).steps
    assert list(details(step, TEXT)) == [
        "weekly › mon: 09:00–12:00, 14:00–18:00 → nothing",
        "weekly › tue: nothing → 08:00–12:00",
    ]


def test_what_only_the_service_has_is_left_alone_unless_asked() -> None:
    folder = replace(FOLDER, objects=(QUEUE,))
    found = plan(folder, THERE, Wishes())
    assert found.is_empty
    assert found.missing == (Key("flow", "Accueil"),)
    found = plan(folder, THERE, Wishes(archive_missing=True))
    assert acts(found) == [(Act.ARCHIVE, "flow", "Accueil")]


def test_what_was_archived_comes_back_instead_of_being_made_twice() -> None:
    archived = replace(THERE.objects[1], is_archived=True)
    there = replace(THERE, objects=(THERE.objects[0], archived))
    assert acts(plan(FOLDER, there, Wishes())) == [(Act.RESTORE, "queue", "Ventes")]


def test_callers_hear_nothing_new_unless_publishing_is_asked_for() -> None:
    unheard = replace(THERE.objects[0], live=flow("Hier.", "queue-Ventes"))
    there = replace(THERE, objects=(unheard, THERE.objects[1]))
    found = plan(FOLDER, there, Wishes())
    assert found.is_empty
    assert [each.name for each in found.unheard] == ["Accueil"]
    found = plan(FOLDER, there, Wishes(publish=True))
    assert acts(found) == [(Act.PUBLISH, "flow", "Accueil")]


def test_where_things_are_drawn_is_changed_but_not_published() -> None:
    moved = flow(queue="queue-Ventes")
    nodes = moved["nodes"]
    assert isinstance(nodes, dict)
    nodes["hello"]["x"] = 900.0
    there = replace(THERE, objects=(held("flow", "Accueil", moved), THERE.objects[1]))
    found = plan(FOLDER, there, Wishes(publish=True))
    assert acts(found) == [(Act.CHANGE, "flow", "Accueil")]


def test_a_flow_goes_live_again_with_the_prompt_it_plays() -> None:
    said: Document = {"languages": {"fr-FR": {"text": "Nouveau."}}}
    was: Document = {"languages": {"fr-FR": {"text": "Ancien."}}}
    there = Present(
        "p1",
        "Lumen",
        (
            held(
                "flow",
                "Accueil",
                flow(queue="queue-Ventes", prompt="prompt-Bonjour"),
                pins={"prompt-Bonjour": 1},
            ),
            held("queue", "Ventes", {}),
            held("prompt", "Bonjour", was),
        ),
    )
    folder = Project(
        "Lumen",
        objects=(
            Stated("flow", "Accueil", "", flow(prompt="Bonjour")),
            QUEUE,
            Stated("prompt", "Bonjour", "", said),
        ),
    )
    assert acts(plan(folder, there, Wishes(publish=True))) == [
        (Act.CHANGE, "prompt", "Bonjour"),
        (Act.PUBLISH, "prompt", "Bonjour"),
        (Act.PUBLISH, "flow", "Accueil"),
    ]


def test_numbers_are_assigned_only_where_publishing_is_asked_for() -> None:
    folder = replace(FOLDER, numbers=(Line("+331", "", "Accueil"), Line("+332", "", "Accueil")))
    there = replace(THERE, numbers=(HeldNumber("n1", '"e-1"', "+331", "", None),))
    assert plan(folder, there, Wishes()).is_empty
    found = plan(folder, there, Wishes(publish=True))
    assert acts(found) == [(Act.ASSIGN, "number", "+331")]
    assert found.steps[0].flow_id == "flow-Accueil"
    assert found.unknown_numbers == ("+332",)


def test_a_plan_half_done_asks_for_nothing_that_it_did_not_say() -> None:
    before = plan(FOLDER, EMPTY, Wishes(publish=True))
    half = Present("p1", "Lumen", (replace(held("queue", "Ventes", {}), live=None),))
    again = plan(FOLDER, half, Wishes(publish=True))
    assert len(again.steps) == len(before.steps) - 1
    assert without(again.steps, (each.digest for each in before.steps)) == ()


def test_a_plan_is_another_one_once_somebody_wrote_in_the_same_place() -> None:
    folder = replace(FOLDER, objects=(Stated("flow", "Accueil", "", flow("Bonsoir.")), QUEUE))
    before = plan(folder, THERE, Wishes())
    elsewhere = held("flow", "Accueil", flow("Salut.", "queue-Ventes"))
    again = plan(folder, replace(THERE, objects=(elsewhere, THERE.objects[1])), Wishes())
    assert without(again.steps, (each.digest for each in before.steps)) == again.steps


def test_a_plan_is_the_same_once_somebody_only_moved_a_node() -> None:
    folder = replace(FOLDER, objects=(Stated("flow", "Accueil", "", flow("Bonsoir.")), QUEUE))
    before = plan(folder, THERE, Wishes())
    moved = flow(queue="queue-Ventes")
    nodes = moved["nodes"]
    assert isinstance(nodes, dict)
    nodes["hello"]["x"] = 900.0
    there = replace(THERE, objects=(held("flow", "Accueil", moved), THERE.objects[1]))
    again = plan(folder, there, Wishes())
    assert again.steps
    assert without(again.steps, (each.digest for each in before.steps)) == ()
