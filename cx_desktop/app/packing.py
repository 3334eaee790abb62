"""Recordings to take along, in the window: the strip above the list, its verb, and idle time."""

from PySide6.QtCore import QObject

from cx_desktop.domain.access import Verb
from cx_desktop.models.commands import Command, Commands
from cx_desktop.models.idle import Idle
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.pack_sources import kept_of, sources_of
from cx_desktop.models.recordings.packs import Packs
from cx_desktop.models.recordings.worklists import Worklists
from cx_desktop.views.recordings.packs import PackStrip
from cx_desktop.views.recordings.page import RecordingsPage
from cx_desktop.views.widgets.look import Look


class Packing:
    """Puts packs on the page « Écoutes »; what comes counts as activity."""

    def __init__(
        self,
        look: Look,
        desk: RecordingDesk,
        lists: Worklists,
        page: RecordingsPage,
        commands: Commands,
        *,
        parent: QObject,
    ) -> None:
        permissions = desk.permissions
        self.packs = Packs(desk.workspace, parent=parent)
        self.packs.sources = sources_of(desk, lists)
        self.packs.kept = lambda: kept_of(desk)
        self.strip = PackStrip(
            look, self.packs, why_not=lambda: permissions.why_not(Verb.RECORDING_LISTEN)
        )
        page.put_strip(self.strip)
        page.remove_requested.connect(lambda: self.packs.look_here(desk.capture_chosen()))
        permissions.changed.connect(self.strip.follow_permissions)

        def prepare() -> None:
            page.view_requested.emit()
            self.strip.open()

        commands.add(
            Command(
                id="packs.prepare",
                text_key="packs.prepare",
                run=prepare,
                is_enabled=lambda: permissions.allows(Verb.RECORDING_LISTEN),
                reason_key="packs.why-not",
                icon="suitcase-simple",
            ),
            Command(
                id="packs.remove-chosen",
                text_key="packs.remove-chosen",
                run=page.remove_requested.emit,
                is_enabled=lambda: desk.chosen_count > 0,
                reason_key="packs.none-chosen",
                icon="trash",
            ),
        )

    def keep_awake(self, idle: Idle) -> None:
        """Downloads finish before the screen is locked."""
        self.packs.busy_changed.connect(lambda is_busy: idle.hold() if is_busy else idle.let_go())

    def close(self) -> None:
        """Hear of nothing any more."""
        self.packs.close()
