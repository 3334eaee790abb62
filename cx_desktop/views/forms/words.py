"""What changes in a form, and what its places are called."""

from collections.abc import Iterator, Sequence

import msgspec

from cx_desktop.domain.patch import Document, Path
from cx_desktop.domain.recordings.forms import Form, Option, Question, form_of
from cx_desktop.models.language import Language
from cx_desktop.models.objects.plan import Planned


def changed(language: Language, planned: Planned) -> Sequence[str]:
    """What a publication changes for reviewers, a line each."""
    before, after = _read(planned.live), _read(planned.new)
    if after is None:
        return ()
    if before is None:
        return (
            language.text(
                "forms.summary",
                sections=len(after.sections),
                questions=len(after.questions),
                scored=sum(each.is_scored for _, each in after.asked),
                mark=after.pass_mark,
            ),
        )
    return tuple(_changes(language, before, after))


def placed(language: Language, path: Path, document: Document) -> tuple[str, str]:
    """What a place of a draft is called, and what it holds."""
    form = _read(document)
    if form is None:
        return "", ""
    if len(path) == 1:
        return _field(language, "form", path[0]), _said(language, getattr(form, path[0], ""))
    parts: dict[str, object] = {**form.sections, **form.questions}
    part = parts.get(path[1])
    name = getattr(part, "title", "") or getattr(part, "text", "")
    if len(path) == 2:
        return language.text(f"forms.part.{path[0]}"), str(name)
    area = "question" if path[0] == "questions" else "section"
    value = _said(language, getattr(part, path[2], ""))
    return language.text("forms.place", part=name, field=_field(language, area, path[2])), value


def _changes(language: Language, before: Form, after: Form) -> Iterator[str]:
    if before.pass_mark != after.pass_mark:
        yield language.text("forms.change.mark", before=before.pass_mark, after=after.pass_mark)
    yield from _of_questions(language, before, after)
    for name, section in after.sections.items():
        was = before.sections.get(name)
        if was is not None and was.weight != section.weight:
            yield language.text(
                "forms.change.weight", title=section.title, before=was.weight, after=section.weight
            )


def _of_questions(language: Language, before: Form, after: Form) -> Iterator[str]:
    for name in {**before.questions, **after.questions}:
        old, new = before.questions.get(name), after.questions.get(name)
        if old is None and new is not None:
            yield language.text("forms.change.added", text=new.text)
        elif new is None and old is not None:
            yield language.text("forms.change.removed", text=old.text)
        elif old is not None and new is not None and old != new:
            fields = ", ".join(_differing(language, old, new))
            if fields:
                yield language.text("forms.change.changed", text=new.text, fields=fields)


def _differing(language: Language, old: Question, new: Question) -> Iterator[str]:
    for name in Question.__struct_fields__:
        if name not in {"rank", "section"} and getattr(old, name) != getattr(new, name):
            yield _field(language, "question", name)


def _field(language: Language, area: str, name: str) -> str:
    key = f"forms.{area}.{name}"
    return language.text(key) if language.catalogue.has(key) else language.text("forms.order")


def _said(language: Language, value: object) -> str:
    if isinstance(value, bool):
        return language.text("review.answer.yes" if value else "review.answer.no")
    if isinstance(value, tuple):
        return ", ".join(each.label for each in value if isinstance(each, Option))
    return str(value)


def _read(document: Document | None) -> Form | None:
    try:
        return form_of(document) if document is not None else None
    except msgspec.ValidationError:
        return None
