"""What ``resources/demo/project.yaml`` says, as values."""

from pathlib import Path
from typing import cast

import msgspec
import yaml
from msgspec import Struct

from cx_desktop.domain.patch import Document

Said = dict[str, str]
"""A text in each language."""


class DemoPerson(Struct, frozen=True):
    """A user of the demo."""

    username: str
    name: str
    password: str
    role: str
    project: str | None = None
    enrolled: bool = True
    has_left: bool = False
    """A former colleague: a name in the history, no account."""


class DemoException(Struct, frozen=True):
    """A day with hours of its own, counted from today."""

    in_days: int
    ranges: tuple[tuple[str, str], ...]


class DemoSchedule(Struct, frozen=True):
    """Weekly hours."""

    name: Said
    weekly: dict[str, tuple[tuple[str, str], ...]]
    exceptions: tuple[DemoException, ...] = ()


class DemoPrompt(Struct, frozen=True):
    """Something that is said or played."""

    name: Said
    text: Said
    sound: str = ""
    """The tune that is played, if one is."""
    sacem: str = ""
    """The reference of its declaration."""


class DemoEdit(Struct, frozen=True):
    """How one version of a flow differs from another."""

    words: dict[str, dict[str, str]] = {}
    """Per language: a text of the other version → what stands there instead."""
    without: tuple[str, ...] = ()
    """Nodes and notes that are not there, with all their links."""
    links: dict[str, str] = {}
    """``<node> <exit>`` → the node it leads to."""
    props: dict[str, Document] = {}
    """Properties by node."""


class DemoQueue(Struct, frozen=True):
    """A queue by its name; what it refers to is named too, a queue that stands before it."""

    name: Said
    purpose: Said
    settings: Document
    schedule: Said = {}
    music: Said = {}
    overflow: Said = {}


class DemoOption(Struct, frozen=True):
    """One of several answers to a question."""

    id: str
    label: Said
    points: int


class DemoQuestion(Struct, frozen=True):
    """A question of an evaluation form."""

    text: Said
    help: Said = {}
    options: tuple[DemoOption, ...] = ()
    settings: Document = {}


class DemoSection(Struct, frozen=True):
    """A section of an evaluation form."""

    title: Said
    weight: int
    questions: tuple[DemoQuestion, ...]


class DemoForm(Struct, frozen=True):
    """An evaluation form, its sections and questions in their order."""

    name: Said
    purpose: Said
    pass_mark: int
    sections: tuple[DemoSection, ...]

    def draft(self, language: str) -> Document:
        """The form in one language."""
        sections: Document = {}
        questions: Document = {}
        for place, section in enumerate(self.sections, start=1):
            key = f"section_{place}"
            sections[key] = {
                "title": section.title[language],
                "weight": section.weight,
                "rank": float(place),
            }
            for number, each in enumerate(section.questions, start=1):
                options: Document = {
                    "options": [
                        {"id": one.id, "label": one.label[language], "points": one.points}
                        for one in each.options
                    ]
                }
                questions[f"question_{place}_{number}"] = {
                    "text": each.text[language],
                    "section": key,
                    "help": each.help.get(language, ""),
                    "rank": float(number),
                    **each.settings,
                    **(options if each.options else {}),
                }
        return {
            "pass_mark": self.pass_mark,
            "purpose": self.purpose[language],
            "sections": sections,
            "questions": questions,
        }


class DemoVersion(Struct, frozen=True):
    """A version in a flow's past; ``was`` is how it differed from the one after it."""

    days_ago: int
    by: str
    message: Said
    was: DemoEdit = DemoEdit()


class DemoFlow(Struct, frozen=True):
    """A flow by its file, with its history; the file itself is what is live."""

    file: str
    history: tuple[DemoVersion, ...]
    draft: DemoEdit | None = None
    """How the draft differs from what is live, if it does."""


class DemoNumber(Struct, frozen=True):
    """A telephone number, answered by the flow of a file."""

    e164: str
    label: Said
    flow: str | None = None


class DemoProject(Struct, frozen=True):
    """One project with what is in it."""

    key: str
    name: str
    features: tuple[str, ...]
    queues: tuple[DemoQueue, ...]
    schedules: tuple[DemoSchedule, ...]
    prompts: tuple[DemoPrompt, ...]
    forms: tuple[DemoForm, ...]
    flows: tuple[DemoFlow, ...]
    numbers: tuple[DemoNumber, ...]


class Demo(Struct, frozen=True):
    """The whole demo."""

    organisation: str
    people: tuple[DemoPerson, ...]
    projects: tuple[DemoProject, ...]


def demo_data(folder: Path) -> Demo:
    """Read the demo's description."""
    text = (folder / "project.yaml").read_bytes()
    return msgspec.convert(cast("object", yaml.load(text, Loader=yaml.CSafeLoader)), Demo)
