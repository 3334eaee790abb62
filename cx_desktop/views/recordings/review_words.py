"""How scores, places in a sound and answers are said."""

from cx_desktop.domain.recordings.forms import NO, NOT_APPLICABLE, YES, Ask, Question
from cx_desktop.domain.recordings.notes import Answer
from cx_desktop.models.language import Language

_TENTHS = 10


def place_words(at_ms: int) -> str:
    """A place in a sound: 2:10, 1:02:10."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def percent_words(language: Language, percent: float | None) -> str:
    """A score: 78,5 %; a dash where there is none."""
    if percent is None:
        return "–"
    whole = language.locale.toString(float(percent), "f", 0 if percent % 1 == 0 else 1)
    return language.text("review.percent", number=whole)


def value_words(language: Language, question: Question, value: str) -> str:
    """An answer as it is said, "" for none."""
    if value in {YES, NO, NOT_APPLICABLE}:
        return language.text(f"review.answer.{value}")
    if question.ask is Ask.CHOICE:
        return next((each.label for each in question.options if each.id == value), "")
    if question.ask is Ask.SCALE and value:
        return language.text("review.answer.scale", number=value, top=question.steps)
    return ""


def answer_words(language: Language, question: Question, answer: Answer) -> str:
    """An answer with its comment."""
    value = value_words(language, question, answer.value)
    return " · ".join(filter(None, (value, answer.comment))) or language.text("review.answer.none")


def keys_words(language: Language, question: Question) -> str:
    """Which keys answer a question."""
    match question.ask:
        case Ask.YES_NO:
            said = language.text("review.keys.yes-no")
        case Ask.SCALE:
            said = language.text("review.keys.scale", top=question.steps)
        case Ask.CHOICE:
            said = language.text("review.keys.choice", count=len(question.options))
        case _:
            said = language.text("review.keys.text")
    if question.may_not_apply:
        said = f"{said} {language.text('review.keys.na')}"
    return said
