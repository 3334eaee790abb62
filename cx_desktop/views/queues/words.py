"""How queues are put into words."""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from cx_desktop.domain.patch import Document, Path
from cx_desktop.domain.queues import Queue, Then, queue_of
from cx_desktop.models.language import Language
from cx_desktop.models.objects.plan import Planned

_MINUTE = 60

#: What an object is called, by its type and id.
NameOf = Callable[[str, str], str]

#: The fields that hold the id of another object, and of what type.
REFERS_TO = {
    "schedule": "schedule",
    "music": "prompt",
    "comfort": "prompt",
    "goodbye": "prompt",
    "overflow": "queue",
}
#: The fields that hold seconds.
SECONDS = frozenset(
    {"wrap_up", "announce_every", "longest_wait", "callback_after", "answer_within"}
)
#: What an empty choice is called, where it is not simply nothing.
EMPTY = {"schedule": "queues.schedule.always", "music": "queues.music.default"}
#: What nought is called.
NOUGHT = {
    "most_calls": "queues.most_calls.none",
    "longest_wait": "queues.longest_wait.none",
    "wrap_up": "queues.at-once",
    "callback_after": "queues.at-once",
}


def seconds_words(language: Language, seconds: int) -> str:
    """« 45 s », « 8 min », « 1 min 30 s »."""
    minutes, rest = divmod(seconds, _MINUTE)
    if not minutes:
        return language.plural("queues.seconds", rest)
    if not rest:
        return language.text("queues.minutes", minutes=minutes)
    return language.text("queues.minutes-seconds", minutes=minutes, seconds=f"{rest:02}")


def waiting_words(language: Language, queue: Queue) -> str:
    """« 8 min au plus · 20 appels »."""
    said = language.text("queues.waiting.none")
    if queue.longest_wait:
        wait = seconds_words(language, queue.longest_wait)
        said = language.text("queues.waiting.limit", wait=wait)
    if not queue.most_calls:
        return said
    return f"{said} · {language.plural('queues.waiting.calls', queue.most_calls)}"


def then_words(language: Language, queue: Queue, name_of: NameOf) -> str:
    """« puis « Service client » »."""
    name = name_of("queue", queue.overflow) or "…"
    return language.text(f"queues.then-short.{queue.then}", name=name)


def target_words(language: Language, queue: Queue) -> str:
    """« 80 % en 20 s »."""
    wait = seconds_words(language, queue.answer_within)
    return language.text("queues.target", share=queue.answer_share, wait=wait)


def referred_words(language: Language, field: str, target: str, name_of: NameOf) -> str:
    """What a field refers to, by its name."""
    if not target:
        return language.text(EMPTY.get(field, "queues.nothing-chosen"))
    return name_of(REFERS_TO[field], target) or language.text("queues.gone")


def value_words(language: Language, queue: Queue, field: str, name_of: NameOf) -> str:
    """What stands in a field."""
    value: object = getattr(queue, field)
    if isinstance(value, Then):
        return language.text(f"queues.then.{value}")
    if isinstance(value, bool):
        return language.text("queues.yes" if value else "queues.no")
    if isinstance(value, int):
        return _number_words(language, field, value)
    if field in REFERS_TO:
        return referred_words(language, field, str(value), name_of)
    return str(value) or language.text("queues.shown.none")


def _number_words(language: Language, field: str, value: int) -> str:
    if not value and field in NOUGHT:
        return language.text(NOUGHT[field])
    if field in SECONDS:
        return seconds_words(language, value)
    return language.number(value)


def changed(language: Language, planned: Planned, name_of: NameOf) -> Sequence[str]:
    """What a publication changes for callers, a line each."""
    before, after = _read(planned.live), _read(planned.new)
    if after is None:
        return ()
    if before is None:
        return (
            f"{waiting_words(language, after)}, {then_words(language, after, name_of)}",
            target_words(language, after),
        )
    return tuple(_changes(language, before, after, name_of))


def _changes(language: Language, before: Queue, after: Queue, name_of: NameOf) -> Iterator[str]:
    for field in Queue.__struct_fields__:
        if getattr(before, field) != getattr(after, field):
            yield language.text(
                "queues.change",
                what=language.text(f"queues.{field}"),
                before=value_words(language, before, field, name_of),
                after=value_words(language, after, field, name_of),
            )


def _read(document: Document | None) -> Queue | None:
    try:
        return queue_of(document) if document is not None else None
    except msgspec.ValidationError:
        return None


def placed(language: Language, path: Path, document: Document, name_of: NameOf) -> tuple[str, str]:
    """What a place of a draft is called, and what it holds."""
    queue = _read(document)
    if queue is None or path[0] not in Queue.__struct_fields__:
        return "", ""
    return language.text(f"queues.{path[0]}"), value_words(language, queue, path[0], name_of)
