"""What is planned of the object in view, or was not done, above it."""

from PySide6.QtWidgets import QWidget

from cx_desktop.domain.timed import Timed
from cx_desktop.views.objects.planning import Planning
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip, Way


class TimedStrip(Strip):
    """Says nothing until it follows what is planned, and an object is in view."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, is_band=True, parent=parent)
        self._planning: Planning | None = None
        self._object_id = ""

    def follow(self, planning: Planning) -> None:
        """Say what is planned from now on."""
        self._planning = planning
        planning.publications.changed.connect(self.refresh)
        planning.left.connect(self.refresh)

    def show_object(self, object_id: str) -> None:
        """Another object is in view; "" for none."""
        self._object_id = object_id
        self.refresh()

    def refresh(self) -> None:
        """Say it as it is now."""
        planning = self._planning
        found = planning.publications.of(self._object_id) if planning and self._object_id else ()
        if planning is None or not found:
            self.clear()
            return
        publications, first = planning.publications, found[0]
        is_overtaken = publications.is_overtaken(first)

        def words() -> str:
            said = publications.words(self._look.language)
            lines = [said.title(each) for each in found]
            if first.needs_note:
                lines.insert(1, said.reason(first))
            elif is_overtaken:
                lines.insert(1, said.overtaken())
            return "\n".join(lines)

        tone = "block" if first.needs_note else "warn" if is_overtaken else "info"
        self.say(tone, words, _offered(planning, first))


def _offered(planning: Planning, timed: Timed) -> list[Way]:
    look = Way(
        key="timed.card.failed" if timed.needs_note else "timed.strip.open",
        run=lambda: planning.show_timed(timed),
    )
    publications = planning.publications
    if timed.needs_note or publications.is_overtaken(timed) or publications.why_not:
        return [look]
    key = "timed.strip.back-now" if timed.is_return else "timed.strip.now"
    return [Way(key=key, run=lambda: planning.show_timed(timed).carry_out()), look]
