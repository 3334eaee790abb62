"""The reviewer's verbs on the whole page, beside those of the player (F7 to F9)."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cx_desktop.models.commands import Command, Commands, Scope
from cx_desktop.models.recordings.review import Review
from cx_desktop.models.recordings.worklists import Worklists
from cx_desktop.views.flow_editor.verbs import Verbs
from cx_desktop.views.recordings.review_panel import ReviewPanel
from cx_desktop.views.widgets.look import Look


class ReviewVerbs(QObject):
    """Lists the verbs in the palette and answers their keys while the page is in view."""

    def __init__(
        self,
        look: Look,
        panel: ReviewPanel,
        review: Review,
        lists: Worklists,
        commands: Commands,
        *,
        page: QWidget,
    ) -> None:
        super().__init__(page)

        def has_call() -> bool:
            return review.subject is not None and not review.why_not

        def has_next() -> bool:
            return not lists.why_not and not lists.progress.is_over

        def command(name: str, shortcut: str, icon: str, run: Callable[[], object]) -> Command:
            is_next = name == "next"
            return Command(
                id=f"review.{name}",
                text_key=f"review.command.{name}",
                run=run,
                shortcut=shortcut,
                is_enabled=has_next if is_next else has_call,
                reason_key="worklist.over" if is_next else "player.nothing",
                icon=icon,
                group_key="review.group",
                scope=Scope.WIDGET,
            )

        self._verbs = Verbs(look, commands, self)
        self._verbs.add(
            [page],
            command("score", "F4", "clipboard-text", panel.score),
            command("mark", "F6", "flag", panel.mark),
            command("note", "Shift+F6", "note-pencil", panel.note),
            command("next", "Ctrl+F6", "skip-forward", lists.next),
        )

    def close(self) -> None:
        """Take the verbs away."""
        self._verbs.close()
