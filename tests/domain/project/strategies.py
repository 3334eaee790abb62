"""Arbitrary projects for hypothesis, and the entities of a service that hold one."""

import hashlib
from collections.abc import Iterator

from hypothesis import strategies as st

from cx_desktop.domain.flow.graph import document_of
from cx_desktop.domain.objects import renamed
from cx_desktop.domain.patch import Document
from cx_desktop.domain.project import Key, Line, Project, Stated
from tests.domain.flow.strategies import IDS, TEXTS, flows

NAMES = (
    st.sampled_from(["Accueil", "accueil", "Été", "ete", "CON", "日本", "a/b", "..", "- x", "no"])
    | st.text(min_size=1, max_size=8)
).filter(lambda name: bool(name.strip()))
HOURS = st.sampled_from([["09:00", "12:30"], ["13:30", "18:00"], ["00:00", "24:00"]])
DAYS = st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
DATES = st.dates().map(lambda day: day.isoformat())

SCHEDULES: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {
        "time_zone": st.sampled_from(["Europe/Paris", "Indian/Reunion"]),
        "weekly": st.dictionaries(DAYS, st.lists(HOURS, max_size=2)),
        "public_holidays": st.sampled_from(["", "fr", "none"]),
        "exceptions": st.dictionaries(
            IDS,
            st.fixed_dictionaries({"first": DATES, "hours": st.lists(HOURS, max_size=1)}),
            max_size=2,
        ),
    },
    optional={"written_by_a_newer_program": TEXTS},
)


FORMS = st.fixed_dictionaries(
    {
        "pass_mark": st.integers(0, 100),
        "purpose": TEXTS,
        "sections": st.dictionaries(
            NAMES, st.fixed_dictionaries({"title": TEXTS, "weight": st.integers(0, 9)}), max_size=2
        ),
        "questions": st.dictionaries(
            NAMES, st.fixed_dictionaries({"text": TEXTS, "section": NAMES}), max_size=2
        ),
    }
)


@st.composite
def prompts(draw: st.DrawFn, sounds: dict[str, bytes]) -> Document:
    """A prompt; what it plays is put to the sounds."""
    languages: Document = {}
    for language in draw(st.lists(st.sampled_from(["fr-FR", "en-GB", "x/é"]), unique=True)):
        spoken: Document = {"text": draw(TEXTS)}
        if draw(st.booleans()):
            content = draw(st.binary(min_size=1, max_size=8))
            blob = hashlib.sha256(content).hexdigest()
            if draw(st.booleans()):
                sounds[blob] = content
            spoken["audio"] = {"blob": blob, "bytes": len(content), "seconds": 1.5, "name": "a.wav"}
        languages[language] = spoken
    return {"languages": languages}


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """A project whose objects may refer to each other, and to what is not there."""
    sounds: dict[str, bytes] = {}
    drafts = {
        "flow": flows().map(document_of),
        "schedule": SCHEDULES,
        "prompt": prompts(sounds),
        "queue": st.fixed_dictionaries(
            {}, optional={"purpose": TEXTS, "schedule": NAMES, "longest_wait": st.integers(0, 9)}
        ),
        "form": FORMS,
    }
    objects = tuple(
        Stated(kind, name, draw(TEXTS), draw(draft))
        for kind, draft in drafts.items()
        for name in draw(st.lists(NAMES, unique=True, max_size=3))
    )
    return Project(
        name=draw(NAMES),
        organisation=draw(TEXTS),
        features=tuple(sorted(draw(st.sets(st.sampled_from(["ivr", "tts", "sms"]))))),
        objects=tuple(sorted(objects, key=lambda each: each.key)),
        numbers=tuple(
            Line(f"+3319900{each}", "Boutique", draw(st.just("") | NAMES))
            for each in sorted(draw(st.sets(st.integers(1000, 9999), max_size=2)))
        ),
        sounds=sounds,
    )


def entities(project: Project) -> Iterator[Document]:
    """What a service would say of it, with ids."""
    ids = {each.key: f"id-{at}" for at, each in enumerate(project.objects)}

    def rename(kind: str, name: str) -> str:
        return ids.get(Key(kind, name), name)

    for each in project.objects:
        yield {
            "type": each.type,
            "id": ids[each.key],
            "name": each.name,
            "description": each.description,
            "draft": renamed(each.type, each.draft, rename),
        }
    for at, line in enumerate(project.numbers):
        yield {
            "type": "number",
            "id": f"number-{at}",
            "e164": line.e164,
            "label": line.label,
            "flow_id": rename("flow", line.flow) if line.flow else None,
        }
