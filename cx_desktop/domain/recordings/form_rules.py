"""What is wrong with an evaluation form, or worth knowing: the rules FRM-01 and following.

``Finding.node`` is the section or question in question, ``None`` where it is the form as a whole.
"""

from collections.abc import Iterator, Mapping

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.rules import Rule
from cx_desktop.domain.recordings.forms import (
    MANY_QUESTIONS,
    MOST_OPTIONS,
    Ask,
    Form,
    KnockOut,
    Question,
)

ASKS_NOTHING = Rule("FRM-01", Severity.BLOCKING)
NO_TEXT = Rule("FRM-02", Severity.BLOCKING)
NO_SECTION = Rule("FRM-03", Severity.BLOCKING)
FEW_OPTIONS = Rule("FRM-04", Severity.BLOCKING)
MANY_OPTIONS = Rule("FRM-05", Severity.BLOCKING)
SCORES_NOTHING = Rule("FRM-06", Severity.BLOCKING)
NO_TITLE = Rule("FRM-07", Severity.BLOCKING)
OPTION_EMPTY = Rule("FRM-08", Severity.BLOCKING)
SECTION_EMPTY = Rule("FRM-09", Severity.WARNING)
TWICE = Rule("FRM-10", Severity.WARNING)
NEVER_KNOCKS_OUT = Rule("FRM-11", Severity.WARNING)
WORTHLESS = Rule("FRM-12", Severity.WARNING)
LONG = Rule("FRM-13", Severity.INFORMATION)

RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        *(ASKS_NOTHING, NO_TEXT, NO_SECTION, FEW_OPTIONS, MANY_OPTIONS, SCORES_NOTHING),
        *(NO_TITLE, OPTION_EMPTY, SECTION_EMPTY, TWICE, NEVER_KNOCKS_OUT, WORTHLESS, LONG),
    )
}


def findings(form: Form) -> tuple[Finding, ...]:
    """Everything the rules have to say, blocking ones first, then in the order of the form."""
    found = [*_of_form(form), *_of_sections(form), *_of_questions(form)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda each: order.index(each.severity)))


def _found(rule: Rule, where: str | None = None, /, **params: str | int) -> Finding:
    return Finding(rule=rule.id, severity=rule.severity, node=where, params=params)


def _of_form(form: Form) -> Iterator[Finding]:
    if not form.questions:
        yield _found(ASKS_NOTHING)
        return
    counts = [
        question
        for name, section in form.sections.items()
        if section.weight
        for _, question in form.questions_of(name)
        if question.is_scored and question.weight
    ]
    if not counts:
        yield _found(SCORES_NOTHING)
    if len(form.questions) > MANY_QUESTIONS:
        yield _found(LONG, count=len(form.questions))


def _of_sections(form: Form) -> Iterator[Finding]:
    for name, section in form.ordered:
        if not section.title.strip():
            yield _found(NO_TITLE, name)
        if not form.questions_of(name):
            yield _found(SECTION_EMPTY, name, title=section.title)


def _of_questions(form: Form) -> Iterator[Finding]:
    seen: set[str] = set()
    for name, question in (*form.asked, *form.strays):
        text = " ".join(question.text.split()).casefold()
        if not text:
            yield _found(NO_TEXT, name)
        elif text in seen:
            yield _found(TWICE, name, text=question.text)
        seen.add(text)
        if question.section not in form.sections:
            yield _found(NO_SECTION, name, text=question.text)
        yield from _of_answers(name, question)


def _of_answers(name: str, question: Question) -> Iterator[Finding]:
    if question.ask is Ask.CHOICE:
        yield from _of_options(name, question)
    if question.knock_out is not KnockOut.NOTHING and 0 not in question.values.values():
        yield _found(NEVER_KNOCKS_OUT, name, text=question.text)


def _of_options(name: str, question: Question) -> Iterator[Finding]:
    labels = [each.label.strip().casefold() for each in question.options]
    ids = {each.id for each in question.options}
    if len(ids) < 2 or len(ids) < len(labels):
        yield _found(FEW_OPTIONS, name, text=question.text)
    if len(labels) > MOST_OPTIONS:
        yield _found(MANY_OPTIONS, name, text=question.text, count=MOST_OPTIONS)
    if not all(labels) or len(set(labels)) < len(labels):
        yield _found(OPTION_EMPTY, name, text=question.text)
    if labels and not any(each.points for each in question.options):
        yield _found(WORTHLESS, name, text=question.text)
