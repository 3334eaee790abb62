"""Scores over time, and the file for a spreadsheet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cx_desktop.cache import Edit
from cx_desktop.domain.recordings.forms import Ask
from cx_desktop.models.recordings.results import Results
from cx_desktop.models.recordings.review_forms import forms_of
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService, recorded


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(10) as service:
        yield service


@pytest.fixture
def seat(service: RunningService, tmp_path: Path, qtbot: QtBot) -> Iterator[Seat]:
    seat = Seat(tmp_path / "ines", service, "supervisor")
    seat.begin(lambda done: qtbot.waitUntil(done, timeout=15_000))
    yield seat
    qtbot.waitUntil(lambda: seat.tasks.is_idle, timeout=15_000)
    seat.close()


def judge(seat: Seat, agent: str, score: float, **fields: object) -> str:
    """A finished evaluation by the form of the demo; its id."""
    project = seat.workspace.project
    assert project is not None
    (form,) = forms_of(seat.cache, project.id)
    said, now = seat.workspace.ids.new(), seat.workspace.clock.now().isoformat()
    answers = {
        name: {"value": next(iter(each.values)), "comment": "=SUM(A1)"}
        for name, each in form.form.questions.items()
        if each.ask is not Ask.TEXT
    }
    value: dict[str, object] = {
        "type": "evaluation",
        "id": said,
        "project_id": project.id,
        "recording_id": seat.cache.recordings(project.id, limit=1)[0].id,
        "form_id": form.id,
        "form_number": form.number,
        "author": {"id": "x", "name": "=cmd|' /C calc'!A0"},
        "agent_name": agent,
        "answers": answers,
        "state": "done",
        "done_at": now,
        "created_at": now,
        "score": score,
        **fields,
    }
    seat.cache.edit(Edit("evaluation", said, value=value))
    return said


def test_scores_are_told_by_week_and_by_agent_and_written_without_formulas(
    seat: Seat, tmp_path: Path, qtbot: QtBot
) -> None:
    first = judge(seat, "Anaïs Lefèvre", 80.0)
    judge(seat, "Anaïs Lefèvre", 60.0)
    judge(seat, "Bruno Caron", 100.0)
    other = {"question_1_1": {"value": "no", "comment": ""}}
    judge(seat, "Anaïs Lefèvre", 10.0, calibrates=first, answers=other)
    results = Results(seat.workspace)
    try:
        results.watch(is_watched=True)
        qtbot.waitUntil(lambda: bool(results.found.scores))
        assert results.agents == (("Anaïs Lefèvre", 2, 70.0), ("Bruno Caron", 1, 100.0))
        assert [each.mean for each in results.points][-1] == 80.0
        assert len(results.points) == 12
        results.choose_agent("Anaïs Lefèvre")
        assert [(e.count, e.mean, e.low) for e in results.points][-1] == (2, 70.0, 60.0)
        results.choose_weeks(52)
        assert len(results.points) == 52
        assert results.found.unclear
        file = tmp_path / "evaluations.csv"
        with qtbot.waitSignal(results.exported):
            results.export(file, ["a", "b", "c", "d", "e", "f", "g"])
        content = file.read_bytes()
        assert content.startswith(b"\xef\xbb\xbfa;b;")
        lines = content.decode("utf-8-sig").splitlines()
        assert len(lines) == 3  # the agent in view, and no calibration
        for line in lines[1:]:
            cells = line.split(";")
            assert cells[1] == "Anaïs Lefèvre"
            assert cells[2].startswith("'=cmd")
            assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
        with qtbot.waitSignal(results.failed):
            results.export(tmp_path / "nowhere" / "evaluations.csv", ["a"])
    finally:
        results.close()
        qtbot.waitUntil(lambda: seat.tasks.is_idle)
        results.deleteLater()
