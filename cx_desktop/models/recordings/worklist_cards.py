"""What Home says of the week's worklist: « 12 écoutes sur 40 »."""

from collections.abc import Callable, Iterable

from cx_desktop.models.home import Card
from cx_desktop.models.language import Language
from cx_desktop.models.recordings.worklists import Worklists


class WorklistCards:
    """One card while calls of the week in view are left to hear."""

    def __init__(self, language: Language, lists: Worklists, go_on: Callable[[], object]) -> None:
        self._language = language
        self._lists = lists
        self._go_on = go_on

    def __call__(self) -> Iterable[Card]:
        """The card now, if there is one."""
        lists, text = self._lists, self._language.text
        current, progress = lists.current, lists.progress
        if current is None or lists.why_not or progress.is_over:
            return
        left = progress.total - progress.done
        yield Card(
            id="worklist",
            tone="info",
            icon="list-numbers",
            title=self._language.plural("worklist.card", left, name=current.name),
            text=text(
                "worklist.card.text",
                done=progress.done,
                total=progress.total,
                day=self._language.day(lists.week),
            ),
            action=text("worklist.card.go"),
            run=self._go_on,
        )
