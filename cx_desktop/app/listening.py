"""Recordings in the window: their desk with what plays, judges and packs, and their page."""

from PySide6.QtCore import QObject

from cx_desktop.app.packing import Packing
from cx_desktop.app.reviewing import Reviewing
from cx_desktop.app.world import House
from cx_desktop.models.commands import Commands
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.home import Cards
from cx_desktop.models.idle import Idle
from cx_desktop.models.recording_settings.export import RecordingExport
from cx_desktop.models.recording_settings.policy import RecordingPolicy
from cx_desktop.models.recording_settings.rights import RightsDesk
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.desktop_keys import DesktopKeys, session_bus
from cx_desktop.models.recordings.ending import Ending, EndingCards
from cx_desktop.models.recordings.habits import KeptHabits
from cx_desktop.models.recordings.hearing import Hearing
from cx_desktop.models.recordings.player import Player
from cx_desktop.models.recordings.qt_output import QtOutput
from cx_desktop.models.recordings.trail import RecordingTrail
from cx_desktop.models.recordings.worklist_cards import WorklistCards
from cx_desktop.models.workspace import Workspace
from cx_desktop.views.recording_settings.page import RecordingSettingsPage
from cx_desktop.views.recording_settings.policy_panel import PolicyPanel
from cx_desktop.views.recording_settings.rights_panel import RightsPanel
from cx_desktop.views.recordings.page import RecordingsPage
from cx_desktop.views.recordings.player_panel import PlayerPanel
from cx_desktop.views.recordings.player_verbs import PlayerVerbs
from cx_desktop.views.recordings.review_verbs import ReviewVerbs
from cx_desktop.views.recordings.trail_panel import TrailPanel
from cx_desktop.views.shell.shell import Shell


class Listening:
    """The page « Écoutes » with everything behind it; codes and roles are those of every page."""

    def __init__(
        self,
        house: House,
        workspace: Workspace,
        shared: FlowDesk,
        shell: Shell,
        commands: Commands,
        *,
        parent: QObject,
    ) -> None:
        self.desk = RecordingDesk(
            workspace,
            permissions=shared.permissions,
            step_ups=shared.step_ups,
            parent=parent,
        )
        self.page = RecordingsPage(
            house.look, self.desk, commands=commands, settings=house.settings
        )
        self.player = Player(workspace.tasks, QtOutput(parent=parent), parent=parent)
        self.habits = KeptHabits(workspace, self.player, parent=parent)
        self.keys = DesktopKeys(self.player, session_bus, parent=parent)
        self.player_panel = PlayerPanel(house.look, self.player)
        self.page.put_below(self.player_panel)
        self.trail = RecordingTrail(self.desk, permissions=shared.permissions, parent=parent)
        self.page.put_below(TrailPanel(house.look, self.trail))
        self._player_verbs = PlayerVerbs(
            house.look, self.player_panel, self.player, commands, page=self.page
        )
        self.reviewing = Reviewing(
            house.look, workspace, shared.permissions, self.desk, parent=parent
        )
        self._review_verbs = ReviewVerbs(
            house.look,
            self.reviewing.panel,
            self.reviewing.review,
            self.reviewing.lists,
            commands,
            page=self.page,
        )
        self.page.put_strip(self.reviewing.strip)
        self.page.put_beside(self.reviewing.panel)
        self.packing = Packing(
            house.look, self.desk, self.reviewing.lists, self.page, commands, parent=parent
        )
        self.hearing = Hearing(self.desk, self.player, self.reviewing.review, parent=parent)
        self.page.view_requested.connect(lambda: shell.go(self.page.id))
        self.page.play_requested.connect(self.player.play)
        self.page.pause_requested.connect(self.player.toggle)
        self.ending = Ending(self.desk, parent=parent)
        self._language = house.look.language
        shell.add_page(self.page)
        results = self.reviewing.results_page
        self.reviewing.strip.results_wanted.connect(lambda: shell.go(results.id))
        shell.add_page(results)
        self.export = RecordingExport(
            workspace,
            permissions=shared.permissions,
            step_ups=shared.step_ups,
            parent=parent,
        )
        self.policy = RecordingPolicy(
            workspace,
            permissions=shared.permissions,
            step_ups=shared.step_ups,
            parent=parent,
        )
        self.settings_page = RecordingSettingsPage(house.look, self.export)
        self.settings_page.put(PolicyPanel(house.look, self.policy), "policy.title", at=0)
        self.rights = RightsDesk(
            workspace,
            permissions=shared.permissions,
            step_ups=shared.step_ups,
            parent=parent,
        )
        self.settings_page.put(RightsPanel(house.look, self.rights), "rights.title")
        shell.add_page(self.settings_page)

    def tell(self, cards: Cards) -> None:
        """Say on Home what ends soon, and what is left to hear."""
        lists = self.reviewing.lists
        cards.add(WorklistCards(self._language, lists, self._hear_next))
        lists.changed.connect(cards.refresh)
        cards.add(EndingCards(self._language, self.ending, self.page.show_soon_gone))
        self.ending.changed.connect(cards.refresh)

    def _hear_next(self) -> None:
        self.page.view_requested.emit()
        self.reviewing.lists.next()

    def keep_awake(self, idle: Idle) -> None:
        """Listening counts as activity: the screen is not locked meanwhile."""
        self.player.playing_changed.connect(
            lambda is_playing: idle.hold() if is_playing else idle.let_go()
        )
        self.packing.keep_awake(idle)

    def close(self) -> None:
        """Stop following the cache."""
        self._player_verbs.close()
        self._review_verbs.close()
        self.habits.close()
        self.keys.close()
        self.hearing.close()
        self.ending.close()
        self.packing.close()
        self.reviewing.close()
        self.desk.close()
