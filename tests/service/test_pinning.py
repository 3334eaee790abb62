"""Publish, change a prompt, go back to an older version: callers hear the old words."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from cx_desktop.domain.flow.simulate import begin, run
from cx_desktop.domain.flow.simulate.events import Said
from cx_desktop.domain.patch import Document
from cx_desktop.models.simulation_world import read_published
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService
from tests.service.test_objects import GREETING, create, patch, playing, publish
from tests.service.visitor import Visitor

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def reworded(person: Visitor, prompt: Document, text: str, was: str) -> Document:
    answer = patch(person, prompt, ["draft", "languages", "fr-FR", "text"], text, was=was)
    assert answer.status_code == 200, answer.text
    made: Document = answer.json()
    return made


def found(answer: Document, kind: str) -> Document:
    objects = answer["objects"]
    assert isinstance(objects, list)
    return next(each for each in objects if each["type"] == kind)


def test_an_older_version_plays_the_old_words(
    qapp: QApplication, service: RunningService, leo: Visitor, tmp_path: Path
) -> None:
    assert qapp is not None
    prompt = create(leo, "prompt", GREETING)
    flow = create(leo, "flow", playing(prompt["id"]))
    leo.step_up()
    first = publish(leo, prompt, flow).json()
    moved = reworded(leo, found(first, "prompt"), "Bonsoir.", "Bonjour.")
    second = publish(leo, moved, found(first, "flow")).json()
    reworded(leo, found(second, "prompt"), "Bonne nuit.", "Bonsoir.")
    back = {"revision": 1, "message": "Retour"}
    leo.post(f"/v1/flows/{flow['id']}/return", back, key=uuid.uuid4().hex)
    seat = Seat(tmp_path, service)
    try:
        seat.engine.sync_once()
        project = str(flow["project_id"])

        def heard(number: int) -> list[str]:
            world = read_published(seat.cache, str(flow["id"]), number, project, NOW).world
            call = run(begin(str(flow["id"]), world))
            return [each.text for each in call.events if isinstance(each, Said)]

        assert heard(1) == ["Bonjour."]
        assert heard(2) == ["Bonsoir."]
        assert heard(3) == ["Bonjour."]
    finally:
        seat.close()
