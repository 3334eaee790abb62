"""Where the sample files are: our own in the repository, real ones beside it where they exist."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cx_desktop.domain.flow.formats.incoming import json_of, text_of
from cx_desktop.domain.flow.formats.wrapping import flows_in
from cx_desktop.domain.patch import Document

DATA = Path(__file__).parent.parent.parent / "data"
OWN = DATA / "connect"
CORPUS = Path(__file__).parent.parent.parent.parent.parent / "shared" / "corpus"


class Sample(NamedTuple):
    path: Path
    format: str


def real() -> list[Sample]:
    """Every file of the corpus, where it is there."""
    index = CORPUS / "index.csv"
    if not index.exists():
        return []
    with index.open(encoding="utf-8") as rows:
        return [Sample(CORPUS / row["path"], row["format"]) for row in csv.DictReader(rows)]


def own_connect() -> list[Path]:
    return sorted(path for path in OWN.iterdir() if path.name in {"language.json", "legacy"})


@cache
def real_connect() -> list[Path]:
    return [each.path for each in real() if each.format.startswith("connect")]


def document_in(data: bytes) -> Document:
    """The Connect document a file is or holds, read without our reader."""
    return next(flows_in(json_of(text_of(data).text))).document


def steps_in(document: Document) -> dict[str, Document]:
    listed = document.get("Actions", document.get("modules"))
    assert isinstance(listed, list)
    return {step.get("Identifier") or step["id"]: step for step in listed}


def transitions_in(document: Document) -> set[tuple[str, str]]:
    """Every pair of steps that the document leads from one to the other."""
    steps = steps_in(document)
    text = json.dumps
    pairs: set[tuple[str, str]] = set()
    for key, step in steps.items():
        for field in ("Transitions", "branches"):
            for target in steps:
                if text(target) in text(step.get(field, "")):
                    pairs.update({(key, target)} if _leads(step.get(field), target) else ())
    return pairs


def _leads(value: object, target: str) -> bool:
    if isinstance(value, dict):
        return any(
            each == target if key in {"NextAction", "transition"} else _leads(each, target)
            for key, each in value.items()
        )
    return isinstance(value, list) and any(_leads(each, target) for each in value)
