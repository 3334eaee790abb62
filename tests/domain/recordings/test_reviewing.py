"""Calibration, scores over time, and the table for a spreadsheet."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.plain_csv import table
from cx_desktop.domain.recordings.calibration import compare, unclear
from cx_desktop.domain.recordings.forms import Form
from cx_desktop.domain.recordings.notes import Answer, Author, Evaluation, State
from cx_desktop.domain.recordings.trends import Scored, by_agent, rows_of, scored, weekly
from tests.domain.recordings.forms import HOUSE, answered

NOON = datetime(2026, 9, 9, 12, tzinfo=UTC)


def evaluation(score: float | None = 80.0, **fields: object) -> Evaluation:
    known: dict[str, object] = {
        "id": "e",
        "project_id": "p",
        "recording_id": "r",
        "form_id": "f",
        "form_number": 1,
        "agent_name": "Anaïs Lefèvre",
        "author": Author("u", "Inès"),
        "state": State.DONE,
        "done_at": NOON,
        "score": score,
    }
    return Evaluation(**(known | fields))  # type: ignore[arg-type]


@given(answered(), st.data())
def test_calibration_does_not_care_who_was_first(
    judged: tuple[Form, dict[str, Answer]], data: st.DataObject
) -> None:
    form, one = judged
    other = {
        name: Answer(data.draw(st.sampled_from([*each.values, ""])))
        for name, each in form.questions.items()
    }
    here, there = compare(form, one, other), compare(form, other, one)
    assert here.difference == there.difference
    assert here.agreement == there.agreement
    assert compare(form, one, one).agreement in {None, 100.0}
    assert {row.question for row in here.widest} == {r.question for r in here.rows if not r.agrees}


def test_calibration_says_where_two_differ_most() -> None:
    one = {"salut": Answer("yes"), "identité": Answer("yes"), "solution": Answer("5")}
    other = {"salut": Answer("no"), "identité": Answer("yes"), "solution": Answer("4")}
    found = compare(HOUSE, one, other)
    assert [row.question for row in found.widest] == ["salut", "solution"]
    assert found.agreement == 33.3
    assert found.difference == 37.5
    pairs = [(evaluation(answers=one), evaluation(answers=other))]
    assert unclear(HOUSE, pairs) == (("salut", 0.0), ("solution", 0.0))


def test_only_what_is_done_and_no_calibration_counts_over_time() -> None:
    found = [
        evaluation(),
        evaluation(state=State.DRAFT),
        evaluation(calibrates="x"),
        evaluation(removed=True),
        evaluation(None),
    ]
    assert list(scored(found, lambda at: at.date())) == [
        Scored("Anaïs Lefèvre", NOON.date(), 80.0, "f", "Inès")
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(["Anaïs", "Bruno"]), st.integers(-40, 40), st.floats(0, 100))
    )
)
def test_weeks_follow_each_other_and_hold_every_score_of_theirs(
    scores: list[tuple[str, int, float]],
) -> None:
    today = date(2026, 9, 9)
    found = [Scored(agent, today + timedelta(n), score) for agent, n, score in scores]
    points = weekly(found, until=today, weeks=4)
    assert [each.week for each in points] == [
        date(2026, 8, 17) + timedelta(7 * n) for n in range(4)
    ]
    inside = [e for e in found if date(2026, 8, 17) <= e.day <= date(2026, 9, 13)]
    assert sum(each.count for each in points) == len(inside)
    for each in points:
        assert (each.mean is None) == (each.count == 0)
    assert sum(count for _, count, _ in by_agent(found)) == len(found)


def test_a_spreadsheet_runs_nothing_of_what_reviewers_wrote() -> None:
    answers = {"salut": Answer("yes", "=1+1"), "identité": Answer(comment="=HYPERLINK()")}
    odd = evaluation(answers=answers, comment="@SUM(A1)", agent_name="-Anaïs")
    text = table(rows_of(HOUSE, [odd], ["a", "b", "c", "d", "e", "f", "g"]))
    head, row, _ = text.split("\r\n")
    assert head.startswith("a;b;c;d;e;f;g;Salue-t-il ?")
    assert row == "r;'-Anaïs;Inès;2026-09-09;1;80.0;'@SUM(A1);yes (=1+1);'=HYPERLINK();"
