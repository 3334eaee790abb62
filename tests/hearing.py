"""The pictures of recordings: listed, heard, judged, taken along, and what rules them."""

from collections.abc import Callable

from cx_desktop.app.listening import Listening
from tests.walker import Visit, settle, wait


class Hearing:
    """A supervisor's morning."""

    def __init__(self, person: Visit, take: Callable[[str], None]) -> None:
        self._person = person
        self._take = take

    def walk(self) -> None:
        """Everything that is done with recordings."""
        self.listed()
        self.judged()
        self.ruled()

    @property
    def _listening(self) -> Listening:
        return self._person.work.listening

    def listed(self) -> None:
        """The list, one of its calls in hand, played for a moment."""
        listening = self._listening
        self._person.work.shell.go(listening.page.id)
        wait(lambda: listening.desk.rows.count > 0, "the recordings")
        settle(1200)
        self._take("recordings")
        first = listening.page.table.model().index(3, 0)
        listening.page.table.setCurrentIndex(first)
        wait(lambda: listening.player.seconds > 0, "the sound")
        settle(2500)
        listening.player.toggle()
        settle(4000)
        listening.player.toggle()
        settle(400)
        self._take("recordings-player")

    def judged(self) -> None:
        """The same call, under a form."""
        panel = self._listening.reviewing.panel
        for index in range(panel.tabs.count()):
            panel.tabs.setCurrentIndex(index)
            settle(500)
            self._take(f"recordings-review-{index}")
        results = self._listening.reviewing.results_page
        self._person.work.shell.go(results.id)
        settle(1500)
        self._take("recordings-results")

    def ruled(self) -> None:
        """What is recorded, where copies go, what a caller asks."""
        page = self._listening.settings_page
        self._person.work.shell.go(page.id)
        for index in range(page.tabs.count()):
            page.tabs.setCurrentIndex(index)
            settle(1500)
            self._take(f"recording-settings-{index}")
