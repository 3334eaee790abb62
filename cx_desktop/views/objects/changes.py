"""What changes in one object, in the words of its type; the pages bring them, one for each type."""

from collections.abc import Callable, Mapping, Sequence

from cx_desktop.models.objects.plan import Planned

#: What changes in one object, a line each.
ChangeWords = Callable[[Planned], Sequence[str]]


class Changes:
    """The words of every type that a publication may take along."""

    def __init__(self, words: Mapping[str, ChangeWords] | None = None) -> None:
        self._words = dict(words or {})

    def learn(self, object_type: str, words: ChangeWords) -> None:
        """How changes of this type are told."""
        self._words[object_type] = words

    def lines(self, planned: Planned) -> tuple[str, ...]:
        """What changes in an object, a line each; nothing for a type without words."""
        words = self._words.get(planned.type)
        return tuple(words(planned)) if words is not None else ()
