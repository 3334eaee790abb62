"""Tells above the list what became of a verb, with the way on: undo, or to whoever stands in it."""

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.usage import Use
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_verbs import Archived, InUse
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip, Way

#: So many names are read before the rest is left out.
_MOST_NAMES = 5


class Telling(QObject):
    """Answers of the verbs, in words."""

    flow_wanted = Signal(object)  # Use: the flow and the step that stand in the way
    numbers_wanted = Signal(str)  # flow id: show which numbers it answers

    def __init__(
        self,
        look: Look,
        desk: FlowDesk,
        strip: Strip,
    ) -> None:
        super().__init__(strip)
        self._look = look
        self._desk = desk
        self._strip = strip
        desk.verbs.archived.connect(self._on_archived)
        desk.verbs.restored.connect(self._on_restored)
        desk.verbs.in_use.connect(self._on_in_use)
        desk.verbs.failed.connect(self._on_failed)

    def say_imported(self, names: tuple[str, ...]) -> None:
        """Several flows of one file have come in."""
        shown = names if len(names) <= _MOST_NAMES else (*names[:_MOST_NAMES], "…")
        self._strip.say(
            "ok",
            lambda: self._look.language.plural(
                "flows.imported", len(names), names=", ".join(shown)
            ),
        )

    def _on_archived(self, archived: Archived) -> None:
        undo = Way(key="flows.undo", run=lambda: self._desk.verbs.restore(archived.ids))
        self._strip.say("ok", lambda: self._told("flows.archived", archived.names), [undo])

    def _on_restored(self, restored: Archived) -> None:
        self._strip.say("ok", lambda: self._told("flows.restored", restored.names))

    def _on_in_use(self, in_use: InUse) -> None:
        ways = []
        caller = next((use for use in in_use.uses if use.entity == "flow"), None)
        if caller is not None:
            ways.append(self._way_to(caller))
        if any(use.entity == "number" for use in in_use.uses):
            ways.append(
                Way(
                    key="flows.in-use.numbers", run=lambda: self.numbers_wanted.emit(in_use.flow_id)
                )
            )
        self._strip.say("warn", lambda: self._in_use_words(in_use), ways)

    def _on_failed(self, error: CXError) -> None:
        self._strip.say("block", lambda: " ".join(self._look.language.explain(error)))

    def _way_to(self, use: Use) -> Way:
        return Way(
            key="flows.in-use.flow",
            run=lambda: self.flow_wanted.emit(use),
            params={"name": use.name},
        )

    def _told(self, key: str, names: tuple[str, ...]) -> str:
        return self._look.language.plural(key, len(names), names=", ".join(names))

    def _in_use_words(self, in_use: InUse) -> str:
        language = self._look.language
        names = ", ".join(
            language.text(f"flows.use.{use.entity}", name=use.name) for use in in_use.uses
        )
        return language.text("flows.in-use", name=in_use.name, names=names)
