"""What a new flow begins as, and the demo: sound flows, readable, the same in two languages."""

import re
from pathlib import Path

import pytest

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow import layout, templates
from cx_desktop.domain.flow.findings import findings, is_publishable
from cx_desktop.domain.flow.formats import Imported, cx
from cx_desktop.domain.flow.layout.metrics import size_of
from cx_desktop.domain.flow.references import Context, references, to_ids
from cx_desktop.domain.patch import Json
from cx_desktop.settings import resources

DEMO = sorted(path.stem for path in (resources() / "demo" / "flows" / "fr").glob("*.yaml"))
BOTH = ("fr", "en")
FEATURES = frozenset({"ivr", "call_centre", "tts", "recording", "sms"})
FAULTS = re.compile(r" [;!?:]|[a-zà-ÿ»][;!?]|«(?!\u00a0)|\w'\w|\.\.\.|\b(tu|ton|tes)\b")


def demo(stem: str, language: str) -> Imported:
    return cx.read((resources() / "demo" / "flows" / language / f"{stem}.yaml").read_bytes())


def texts(value: Json) -> list[str]:
    """What callers hear or read of a value."""
    if isinstance(value, dict):
        return [text for key, inner in value.items() if key != "url" for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def test_a_blank_flow_can_be_published_at_once() -> None:
    assert findings(templates.blank()) == ()
    assert not layout.has_overlaps(templates.blank())


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("template", templates.TEMPLATES, ids=lambda each: each.id)
def test_a_template_leaves_open_only_what_a_project_has(
    template: templates.Template, language: str
) -> None:
    flow = templates.filled((resources() / template.path(language)).read_bytes())
    assert {(each.rule, each.property) for each in findings(flow)} <= {
        ("FLW-03", "queue"),
        ("FLW-03", "schedule"),
        ("FLW-03", "box"),
    }
    assert not layout.has_overlaps(flow)


def test_every_template_file_belongs_to_a_template() -> None:
    files = {path.relative_to(resources()) for path in (resources() / "templates").rglob("*.yaml")}
    declared = {Path(each.path(language)) for each in templates.TEMPLATES for language in BOTH}
    assert files == declared


def test_the_demo_has_six_flows_in_each_language() -> None:
    assert len(DEMO) == 6
    assert [p.stem for p in sorted((resources() / "demo/flows/en").glob("*.yaml"))] == DEMO


def everything(language: str) -> Context:
    """The demo project: every object its flows name, and nothing besides."""
    named: dict[str, set[str]] = {"queue": set(), "schedule": set(), "prompt": set(), "node": set()}
    for stem in DEMO:
        for each in references(demo(stem, language).flow):
            named.setdefault(each.refers_to, set()).add(each.target)
    return Context(
        features=FEATURES,
        queues={f"queue-{name}": name for name in named["queue"]},
        schedules={f"schedule-{name}": name for name in named["schedule"]},
        prompts={f"prompt-{name}": name for name in named["prompt"]},
        flows={f"flow-{stem}": demo(stem, language).name for stem in DEMO},
    )


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("stem", DEMO)
def test_a_demo_flow_can_be_published(stem: str, language: str) -> None:
    context = everything(language)
    flow = to_ids(demo(stem, language).flow, context)
    found = findings(flow, context)
    assert is_publishable(found)
    assert len([each for each in found if each.severity is not Severity.INFORMATION]) <= 1
    assert 12 <= len(flow.nodes) <= 30
    assert demo(stem, language).notes == ()


def test_the_demo_names_three_queues_and_two_schedules() -> None:
    french = everything("fr")
    assert set((french.queues or {}).values()) == {"Ventes", "Service client", "Atelier"}
    assert set((french.schedules or {}).values()) == {"Magasin Paris", "Service client"}


@pytest.mark.parametrize("stem", DEMO)
def test_the_two_languages_are_the_same_flow(stem: str) -> None:
    french, english = demo(stem, "fr").flow, demo(stem, "en").flow
    assert french.links == english.links
    assert {n.id: n.kind for n in french.nodes.values()} == {
        n.id: n.kind for n in english.nodes.values()
    }
    assert french.notes.keys() == english.notes.keys()
    assert demo(stem, "fr").name != demo(stem, "en").name


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("stem", DEMO)
def test_a_demo_flow_is_laid_out_readably(stem: str, language: str) -> None:
    flow = demo(stem, language).flow
    assert not layout.has_overlaps(flow)
    assert len({(node.x, node.y) for node in flow.nodes.values()}) == len(flow.nodes)


@pytest.mark.parametrize("stem", DEMO)
def test_french_of_the_demo_is_well_set(stem: str) -> None:
    found = demo(stem, "fr")
    said = [found.name, found.description, *(note.text for note in found.flow.notes.values())]
    for node in found.flow.nodes.values():
        said.append(node.title)
        for name, value in node.props.items():
            if name not in {"body", "test_double", "headers", "mapping", "assignments"}:
                said += texts(value)
    assert [text for text in said if FAULTS.search(text)] == []


@pytest.mark.parametrize("language", BOTH)
def test_a_demo_file_is_in_its_written_form(language: str) -> None:
    for stem in DEMO:
        data = (resources() / "demo" / "flows" / language / f"{stem}.yaml").read_bytes()
        found = cx.read(data)
        assert cx.write(found.flow, name=found.name, description=found.description) == data


def test_the_recording_notice_has_its_eight_items() -> None:
    for language in BOTH:
        flow = demo("enregistrement-annonce", language).flow
        (recording,) = [node for node in flow.nodes.values() if node.kind == "recording"]
        notice = recording.props["notice"]
        assert isinstance(notice, list)
        assert len(notice) == 8


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("stem", DEMO)
def test_titles_fit_their_nodes_and_notes_cover_none(stem: str, language: str) -> None:
    flow = demo(stem, language).flow
    assert [node.title for node in flow.nodes.values() if len(node.title) > 24] == []
    boxes = [
        (node.x, node.y, node.x + size_of(node)[0], node.y + size_of(node)[1])
        for node in flow.nodes.values()
    ]
    for note in flow.notes.values():
        if note.kind == "comment":
            right, bottom = note.x + note.width, note.y + note.height
            assert not any(
                left < right and note.x < edge and top < bottom and note.y < foot
                for left, top, edge, foot in boxes
            )
