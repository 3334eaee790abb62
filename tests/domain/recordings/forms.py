"""Evaluation forms and answers for tests, drawn at random or by hand."""

from hypothesis import strategies as st

from cx_desktop.domain.recordings.forms import (
    NOT_APPLICABLE,
    Ask,
    Comment,
    Form,
    KnockOut,
    Option,
    Question,
    Section,
)
from cx_desktop.domain.recordings.notes import Answer

RANKS = st.integers(-5, 5).map(float)


@st.composite
def questions(draw: st.DrawFn, sections: tuple[str, ...]) -> Question:
    options = draw(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 10)), max_size=6))
    return Question(
        text=draw(st.text(max_size=8)),
        section=draw(st.sampled_from([*sections, "elsewhere"])),
        ask=draw(st.sampled_from(Ask)),
        steps=draw(st.integers(2, 10)),
        options=tuple(Option(name, name, points) for name, points in options),
        weight=draw(st.integers(0, 5)),
        knock_out=draw(st.sampled_from(KnockOut)),
        may_not_apply=draw(st.booleans()),
        comment=draw(st.sampled_from(Comment)),
        rank=draw(RANKS),
    )


@st.composite
def forms(draw: st.DrawFn) -> Form:
    names = tuple(f"s{n}" for n in range(draw(st.integers(0, 3))))
    return Form(
        pass_mark=draw(st.integers(0, 100)),
        sections={
            name: Section(draw(st.text(max_size=5)), draw(st.integers(0, 5)), draw(RANKS))
            for name in names
        },
        questions={f"q{n}": draw(questions(names)) for n in range(draw(st.integers(0, 6)))},
    )


@st.composite
def answered(draw: st.DrawFn) -> tuple[Form, dict[str, Answer]]:
    """A form, and answers to some of its questions, nonsense among them."""
    form = draw(forms())
    answers = {}
    for name, question in form.questions.items():
        if draw(st.booleans()):
            value = draw(st.sampled_from([*question.values, NOT_APPLICABLE, "", "nonsense"]))
            answers[name] = Answer(value, draw(st.sampled_from(["", "parce que"])))
    return form, answers


#: Three questions in two sections: the second one takes everything away.
HOUSE = Form(
    pass_mark=75,
    sections={"s1": Section("Accueil", 1, 1.0), "s2": Section("Fond", 3, 2.0)},
    questions={
        "salut": Question("Salue-t-il ?", "s1", ask=Ask.YES_NO, rank=1.0),
        "identité": Question("Vérifie l’identité ?", "s2", knock_out=KnockOut.FORM, rank=1.0),
        "solution": Question(
            "Solution", "s2", ask=Ask.SCALE, steps=5, weight=2, rank=2.0, may_not_apply=True
        ),
    },
)
