"""How what is kept for the service's sake is put into words."""

from collections.abc import Iterable

from cx_desktop.models.language import Language
from cx_desktop.models.outbox.kept import MOST_LISTED, Kept, KeptRow
from cx_desktop.views.outbox.words import ICON_BY_SAID, ICON_BY_TYPE, size_words, value_words

#: Of what an edit or an object holds, so much is shown.
_MOST_SHOWN = 20_000


def object_words(language: Language, row: KeptRow) -> str:
    """« SVI « Accueil » · Maison Lumen »."""
    if row.type in ICON_BY_SAID:
        return language.text(f"outbox.object.{row.type}")
    if not row.name:
        return language.text("outbox.object.unknown")
    kind = row.type if row.type in ICON_BY_TYPE or row.type == "revision" else "other"
    named = language.text(f"outbox.object.{kind}", name=row.name)
    if not row.project:
        return named
    return language.text("outbox.object.in", object=named, project=row.project)


def kind_words(language: Language, row: KeptRow) -> str:
    """What is kept of it: the object, or an edit of it."""
    return language.text(f"kept.kind.{row.kind or 'object'}")


def standing(language: Language, row: KeptRow) -> str:
    """Where it stands."""
    return language.text(f"kept.standing.{row.standing}")


def about(language: Language, kept: Kept) -> str:
    """How much is kept, why, and for how long."""
    parts = []
    if kept.recovered:
        parts.append(language.plural("kept.recovered", kept.recovered))
    if kept.edits:
        size = size_words(language, kept.size)
        parts.append(language.plural("kept.edits", kept.edits, size=size))
    if kept.edits > MOST_LISTED:
        parts.append(language.text("kept.listed", count=language.number(MOST_LISTED)))
    return " ".join(parts)


def lines(language: Language, row: KeptRow) -> str:
    """What it holds: of an edit place by place, of an object in full."""
    if row.changes:
        return "\n".join(value_words(language, each) for each in row.changes)
    said = [value_words(language, each) for each in row.fields]
    if row.nodes:
        said.append(language.plural("outbox.what.nodes", row.nodes))
    content = row.content[:_MOST_SHOWN].decode(errors="replace")
    return "\n".join([*said, "", language.text("kept.whole"), content])


def as_text(language: Language, rows: Iterable[KeptRow]) -> str:
    """Everything that is known of it, to be read or sent to somebody."""
    return "\n\n".join(
        "\n".join(
            (
                object_words(language, row),
                " · ".join(
                    (
                        kind_words(language, row),
                        standing(language, row),
                        language.day_and_time(row.at),
                    )
                ),
                lines(language, row),
            )
        )
        for row in rows
    )
