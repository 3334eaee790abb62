"""What an evaluation comes to."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.recordings.form_rules import RULES, findings
from cx_desktop.domain.recordings.forms import (
    Ask,
    Comment,
    Form,
    KnockOut,
    Option,
    Question,
    Section,
    by_key,
    rank_between,
)
from cx_desktop.domain.recordings.notes import Answer
from cx_desktop.domain.recordings.scoring import Score, score, shown, worth_of
from tests.domain.recordings.forms import HOUSE, answered, forms


def house(**answers: str) -> Score:
    return score(HOUSE, {name: Answer(value) for name, value in answers.items()})


@pytest.mark.parametrize(
    ("answers", "percent", "is_passed"),
    [
        ({}, None, None),
        ({"salut": "yes"}, 100.0, True),
        ({"salut": "yes", "identité": "yes", "solution": "5"}, 100.0, True),
        # Section 2 is (1 + 2 × ½) / 3 = ⅔; the whole (1 + 3 × ⅔) / 4.
        ({"salut": "yes", "identité": "yes", "solution": "3"}, 75.0, True),
        # (0 + 3 × ⅔) / 4.
        ({"salut": "no", "identité": "yes", "solution": "3"}, 50.0, False),
        # What does not apply weighs nothing.
        ({"salut": "no", "identité": "yes", "solution": "na"}, 75.0, True),
        ({"salut": "yes", "identité": "no", "solution": "5"}, 0.0, False),
    ],
)
def test_a_score_is_the_weighted_mean_of_what_applies(
    answers: dict[str, str], percent: float | None, *, is_passed: bool | None
) -> None:
    found = house(**answers)
    assert (found.percent, found.is_passed) == (percent, is_passed)


def test_a_knock_out_may_take_its_section_only() -> None:
    questions = HOUSE.questions | {
        "identité": Question("Identité", "s2", knock_out=KnockOut.SECTION)
    }
    form = Form(75, "", HOUSE.sections, questions)
    answers = {"salut": Answer("yes"), "identité": Answer("no"), "solution": Answer("5")}
    found = score(form, answers)
    assert (found.percent, found.knocked_out) == (25.0, ("identité",))
    assert found.sections == {"s1": 100.0, "s2": 0.0}


def test_a_score_is_cut_off_and_never_rounded_up() -> None:
    assert shown(Fraction(79_999, 100_000)) == 79.9
    assert shown(Fraction(2, 3)) == 66.6
    assert shown(Fraction(1)) == 100.0


def test_a_low_answer_may_need_a_comment_before_it_is_done() -> None:
    form = Form(
        sections={"s": Section("S")},
        questions={
            "q": Question("Q", "s", ask=Ask.SCALE, steps=3, comment=Comment.LOW),
            "t": Question("Points forts", "s", ask=Ask.TEXT),
        },
    )
    low = {"q": Answer("1"), "t": Answer(comment="Écoute")}
    assert score(form, low).uncommented == ("q",)
    assert not score(form, low).is_complete
    assert score(form, low | {"q": Answer("1", "Hors sujet")}).is_complete
    assert score(form, low | {"q": Answer("2")}).is_complete
    assert score(form, {"q": Answer("3")}).missing == ("t",)


@given(answered())
def test_a_score_is_a_percentage_and_passes_as_it_reads(
    judged: tuple[Form, dict[str, Answer]],
) -> None:
    form, answers = judged
    found = score(form, answers)
    assert found.percent is None or 0 <= found.percent <= 100
    assert found.is_passed == (None if found.percent is None else found.percent >= form.pass_mark)
    assert found.answered + len(found.missing) == found.asked
    assert all(each is None or 0 <= each <= 100 for each in found.sections.values())


@given(answered(), st.data())
def test_a_better_answer_never_lowers_a_score(
    judged: tuple[Form, dict[str, Answer]], data: st.DataObject
) -> None:
    form, answers = judged
    names = [
        name
        for name, each in form.questions.items()
        if worth_of(each, answers.get(name, Answer())) is not None
    ]
    if not names:
        return
    name = data.draw(st.sampled_from(names))
    best = max(form.questions[name].values.items(), key=lambda each: each[1])[0]
    before, after = score(form, answers), score(form, answers | {name: Answer(best)})
    assert before.percent is None or (after.percent is not None and after.percent >= before.percent)


@given(answered())
def test_the_order_of_a_form_does_not_change_a_score(
    judged: tuple[Form, dict[str, Answer]],
) -> None:
    form, answers = judged
    turned = Form(
        form.pass_mark,
        "",
        dict(reversed(form.sections.items())),
        dict(reversed(form.questions.items())),
    )
    assert score(turned, answers) == score(form, answers)


@given(forms())
def test_a_form_without_blocking_findings_scores_whoever_answers_the_best(form: Form) -> None:
    found = findings(form)
    assert all(RULES[each.rule].severity is each.severity for each in found)
    if any(each.severity == "blocking" for each in found):
        return
    best = {
        name: Answer(
            max(each.values, key=lambda value: each.values[value], default=""), "parce que"
        )
        for name, each in form.asked
    }
    full = score(form, best)
    assert full.percent is not None
    assert full.is_complete


def test_every_rule_can_speak() -> None:
    told = set()
    lots = {f"q{n}": Question(f"Q{n}", "s") for n in range(41)}
    for form in (
        Form(),
        Form(sections={"s": Section("")}, questions={"q": Question("", "s")}),
        Form(sections={"s": Section("S"), "t": Section("T")}, questions={"q": Question("Q", "x")}),
        Form(sections={"s": Section("S", 0)}, questions={"q": Question("Q", "s")}),
        Form(sections={"s": Section("S")}, questions=lots | {"r": Question("Q1", "s")}),
        Form(
            sections={"s": Section("S")},
            questions={
                "a": Question("A", "s", ask=Ask.CHOICE),
                "b": Question(
                    "B",
                    "s",
                    ask=Ask.CHOICE,
                    knock_out=KnockOut.FORM,
                    options=tuple(Option(f"{n}", "x", 3) for n in range(10)),
                ),
                "c": Question(
                    "C", "s", ask=Ask.CHOICE, options=(Option("1", "a"), Option("2", "b"))
                ),
            },
        ),
    ):
        told |= {each.rule for each in findings(form)}
    assert told == set(RULES)


@pytest.mark.parametrize(
    ("question", "key", "value"),
    [
        (Question("Q"), "1", "yes"),
        (Question("Q"), "0", "no"),
        (Question("Q"), "o", "yes"),
        (Question("Q"), "x", None),
        (Question("Q", may_not_apply=True), "x", "na"),
        (Question("Q", ask=Ask.SCALE, steps=10), "0", "10"),
        (Question("Q", ask=Ask.SCALE, steps=5), "5", "5"),
        (Question("Q", ask=Ask.SCALE, steps=5), "6", None),
        (Question("Q", ask=Ask.CHOICE, options=(Option("k", "K"), Option("l", "L"))), "2", "l"),
        (Question("Q", ask=Ask.TEXT), "1", None),
    ],
)
def test_answers_are_one_key_away(question: Question, key: str, value: str | None) -> None:
    assert by_key(question, key) == value


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_rank_lies_between_its_neighbours(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert low <= rank_between(low, high) <= high
    assert rank_between(None, low) < low < rank_between(low, None)
