"""What is on screen once somebody is in; imported with SQLAlchemy and the pages by then."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject

from cx_desktop.app.listening import Listening
from cx_desktop.app.outgoing import Outgoing
from cx_desktop.app.syncing import engine_of, open_cache
from cx_desktop.app.world import House
from cx_desktop.domain.access import Verb
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.objects import Target
from cx_desktop.models.commands import Commands
from cx_desktop.models.emergencies import Emergencies, EmergencyCards
from cx_desktop.models.everywhere.places import Place
from cx_desktop.models.everywhere.replacing import Replacing
from cx_desktop.models.everywhere.where_used import WhereUsed
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_pieces import FlowPieces
from cx_desktop.models.home import Cards
from cx_desktop.models.home_sources import AccountCards, FlowCards, SyncCards
from cx_desktop.models.idle import Idle
from cx_desktop.models.judging import judges_of
from cx_desktop.models.lease_watch import LeaseWatch
from cx_desktop.models.network import Line
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.kinds import FORMS, PROMPTS, QUEUES, SCHEDULES, Kind
from cx_desktop.models.objects.uses import Use
from cx_desktop.models.ordered import EvictionCards, Ordered
from cx_desktop.models.prompts.qt_devices import QtDevices
from cx_desktop.models.prompts.sounds import Sounds
from cx_desktop.models.queues import QueueAround
from cx_desktop.models.schedule_cards import ScheduleCards
from cx_desktop.models.session import Step
from cx_desktop.models.sync_status import SyncStatusModel
from cx_desktop.models.timed import TimedCards, TimedPublications
from cx_desktop.models.workspace import Opening, Project, Workspace
from cx_desktop.settings import AppSettings
from cx_desktop.tasks import Tasks
from cx_desktop.views.emergency.closing import Closing
from cx_desktop.views.everywhere.in_view import in_view
from cx_desktop.views.everywhere.page import EverywherePage
from cx_desktop.views.flows.flows_page import FlowsPage
from cx_desktop.views.flows.pieces import Pieces
from cx_desktop.views.forms.page import FormsPage
from cx_desktop.views.home.page import HomePage
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.object_page import ObjectPage
from cx_desktop.views.objects.planning import Planning
from cx_desktop.views.prompts.page import PromptsPage
from cx_desktop.views.queues.page import QueuesPage
from cx_desktop.views.schedules.page import SchedulesPage
from cx_desktop.views.settings.page import SettingsPage
from cx_desktop.views.shell.about import AboutDialog
from cx_desktop.views.shell.shell import Shell
from cx_desktop.views.shell.verbs import Deeds, shell_verbs

__all__ = ["Workbench", "open_cache"]

Draft = TypeVar("Draft")


class Workbench:
    """The shell with its pages, over one open workspace."""

    def __init__(self, house: House, opening: Opening, *, parent: QObject) -> None:
        opened = opening.opened
        self._house = house
        self._root = root = QObject(parent)
        self._tasks = Tasks(parent=root)
        self.commands = Commands(parent=root)
        self.cards = Cards(parent=root)
        sync_status = SyncStatusModel(parent=root)
        engine = engine_of(opening, house.clock, sync_status.hear)
        self.lease = LeaseWatch(opened, parent=root)
        engine.each_welcome(self.lease.hear)
        self.workspace = Workspace(
            opening,
            engine=engine,
            sync_status=sync_status,
            tasks=self._tasks,
            clock=house.clock,
            parent=root,
        )
        self.sounds = Sounds(self.workspace, QtDevices(parent=root), parent=root)
        self.desk = FlowDesk(self.workspace, sounds=self.sounds, parent=root)
        self.shell = Shell(
            house.look, self.workspace, house.settings, self.commands, now=house.clock.now
        )
        self._add_verbs()
        self._add_pages()
        self._add_cards()
        self.idle = Idle(house.qt, parent=root)
        self.idle.elapsed.connect(house.session.lock)
        self.idle.watch(house.settings.now.idle_lock_minutes)
        self.listening.keep_awake(self.idle)
        self.lease.over.connect(self._on_lease_over)
        house.settings.changed.connect(self._on_settings_changed)

    def start(self) -> None:
        """Show what the cache holds, and begin to sync."""
        self.shell.go(HomePage.id)
        self.workspace.start(project_id=self._house.settings.now.last_project)
        holds = self.workspace.engine.holds
        self._line = Line(lambda is_metered: holds.line(is_metered=is_metered), parent=self._root)

    def close(self) -> Callable[[], None]:
        """Leave the screen; what is returned gives the cache back, on any thread, in its time."""
        house = self._house
        house.settings.changed.disconnect(self._on_settings_changed)
        self.idle.rest()
        self.lease.rest()
        house.qt.removeEventFilter(self.idle)
        self._line.rest()
        self.shell.dismantle()
        objects = (self.prompts, self.schedules, self.queues, self.forms)
        pages = (*objects, self.emergencies, self.timed)
        parts = (self.outgoing, self.ordered, self.pieces, self.desk, self.listening, *pages)
        for close in [each.close for each in parts]:
            close()
        self.workspace.leave()
        self._tasks.stop()
        tasks, engine, cache = self._tasks, self.workspace.engine, self.workspace.cache

        def give_back() -> None:
            tasks.close()
            engine.stop()
            cache.close()

        return give_back

    def bury(self) -> None:
        """Everything is given back, nothing will tell this anything any more."""
        self._tasks.let_go()
        self.workspace.opened.forget()
        self._root.deleteLater()

    def open_flow(self, flow_id: str, node: str | None = None) -> None:
        """Show one flow in its editor, at a node."""
        self.shell.go(self.flows_page.id)
        self.flows_page.open(flow_id, node)

    def _add_pages(self) -> None:
        house = self._house
        self.flows_page = FlowsPage(
            house.look,
            self.desk,
            commands=self.commands,
            settings=house.settings,
        )
        self.flows_page.view_requested.connect(lambda: self.shell.go(self.flows_page.id))
        self.pieces = Pieces(
            house.look,
            FlowPieces(self.workspace, parent=self._root),
            self.flows_page.editor,
            self.commands,
            open_flow=self.open_flow,
            parent=self._root,
        )
        self.home = HomePage(house.look, self.workspace, self.cards)
        self.shell.add_page(self.home)
        self.shell.add_page(self.flows_page)
        self._add_prompts()
        self._add_schedules()
        self._add_queues()
        self.listening = Listening(
            house, self.workspace, self.desk, self.shell, self.commands, parent=self._root
        )
        self._add_forms()
        self._add_everywhere()
        self._add_planning()
        self.outgoing = Outgoing(
            house.look,
            self.workspace,
            self.shell,
            open_flow=self.open_flow,
            open_subject=self._open_subject,
            parent=self._root,
        )
        self.commands.add(*self.outgoing.commands())
        changes = Changes()
        pages = (self.prompts_page, self.schedules_page, self.queues_page, self.forms_page)
        for each in (self.flows_page, *pages):
            each.share_words(changes)
            each.share_planning(self.planning)
        self.outgoing.page.share_words(changes)
        self.shell.add_page(SettingsPage(house.look, house.settings))

    def _desk_of(self, kind: Kind[Draft]) -> ObjectDesk[Draft]:
        """The objects of one type, with the codes and the roles that every page shares."""
        return ObjectDesk(
            kind,
            self.workspace,
            permissions=self.desk.permissions,
            step_ups=self.desk.step_ups,
            judges=judges_of(self.workspace),
            parent=self._root,
        )

    def _add_prompts(self) -> None:
        """What callers hear, with the loudspeaker and the microphone of this computer."""
        house = self._house
        self.prompts = self._desk_of(PROMPTS)
        page = PromptsPage(
            house.look,
            self.prompts,
            self.sounds,
            commands=self.commands,
            settings=house.settings,
        )
        self.prompts_page = page
        self._put(page)

    def _add_schedules(self) -> None:
        """Opening hours."""
        house = self._house
        self.schedules = self._desk_of(SCHEDULES)
        self.emergencies = Emergencies(self.schedules, parent=self._root)
        page = SchedulesPage(
            house.look,
            self.schedules,
            self.emergencies,
            commands=self.commands,
            settings=house.settings,
        )
        self.schedules_page = page
        self._put(page)
        self.closing = Closing(
            house.look,
            self.emergencies,
            self.commands,
            page.closed,
            window=lambda: house.window,
        )
        page.emergency_wanted.connect(self.closing.close_now)

    def _add_queues(self) -> None:
        """Where calls wait."""
        house = self._house
        self.queues = self._desk_of(QUEUES)
        page = QueuesPage(
            house.look,
            self.queues,
            QueueAround(self.queues, parent=self._root),
            commands=self.commands,
            settings=house.settings,
        )
        self.queues_page = page
        self._put(page)

    def _add_forms(self) -> None:
        """What recordings are judged by."""
        house = self._house
        self.forms = self._desk_of(FORMS)
        page = FormsPage(house.look, self.forms, commands=self.commands, settings=house.settings)
        self.forms_page = page
        self._put(page)

    def _put(self, page: ObjectPage[Draft]) -> None:
        page.view_requested.connect(lambda: self.shell.go(page.id))
        page.use_wanted.connect(self._open_use)
        page.flow_wanted.connect(self.open_flow)
        self.shell.add_page(page)

    def _add_everywhere(self) -> None:
        """What is asked of all flows at once."""
        look, root = self._house.look, self._root
        page = EverywherePage(
            look,
            Replacing(
                self.workspace, self.desk.permissions, settle=self._save_what_is_typed, parent=root
            ),
            WhereUsed(self.workspace, parent=root),
            commands=self.commands,
            current=lambda: in_view(self.shell.page),
        )
        self.everywhere_page = page
        page.view_requested.connect(lambda: self.shell.go(page.id))
        page.place_wanted.connect(self._open_place)
        page.subject_wanted.connect(self._open_subject)
        page.node_wanted.connect(lambda flow, node: self.open_flow(flow, node or None))
        self.shell.add_page(page)

    def _add_planning(self) -> None:
        """What goes live or comes back later, whichever page it was planned on."""
        permissions = self.desk.permissions
        self.timed = TimedPublications(
            self.workspace,
            self.prompts.guarded,
            why_not=lambda: permissions.why_not(Verb.FLOW_PUBLISH),
            parent=self._root,
        )
        self.planning = Planning(
            self._house.look, self.timed, self.desk.step_ups, window=lambda: self._house.window
        )

    def _save_what_is_typed(self) -> None:
        work = self.flows_page.editor.work
        if work is not None:
            work.graph.flush()

    def _open_use(self, use: Use) -> None:
        """Show who uses an object."""
        self._open_subject(Target(use.type, use.id))

    def _open_place(self, place: Place) -> None:
        """Show the node, or the object, that uses something."""
        if place.type == "flow":
            self.open_flow(place.id, place.node or None)
        elif place.type == "number":
            self.shell.go(self.flows_page.id)
        else:
            self._open_subject(Target(place.type, place.id))

    def _open_subject(self, target: Target) -> None:
        """Show an object on its page."""
        opens: dict[str, Callable[[str], object]] = {
            "flow": self.open_flow,
            "prompt": partial(self._show, self.prompts_page),
            "schedule": partial(self._show, self.schedules_page),
            "queue": partial(self._show, self.queues_page),
            "form": partial(self._show, self.forms_page),
        }
        if target.type in opens:
            opens[target.type](target.id)

    def _show(self, page: ObjectPage[Draft], object_id: str) -> None:
        self.shell.go(page.id)
        page.open(object_id)

    def _add_cards(self) -> None:
        language, workspace = self._house.look.language, self.workspace
        sign_out, show = self._house.session.sign_out, self.outgoing.show
        self.ordered = Ordered(workspace, session=self._house.session, parent=self._root)
        self.cards.add(EvictionCards(language, self.ordered))
        self.ordered.changed.connect(self.cards.refresh)
        self.cards.add(SyncCards(language, workspace, sign_out, show))
        self.cards.add(AccountCards(language, workspace, self.lease))
        self.lease.renewed.connect(self.cards.refresh)
        self.cards.add(FlowCards(language, self.desk.flows, self.open_flow))
        self.desk.flows.changed.connect(self.cards.refresh)
        self.cards.add(ScheduleCards(language, self.schedules, self._open_schedules))
        self.schedules.shelf.changed.connect(self.cards.refresh)
        self.cards.add(EmergencyCards(language, self.emergencies, self.closing.reopen))
        self.emergencies.changed.connect(self.cards.refresh)
        self.cards.add(TimedCards(language, self.timed, self.planning.show_timed))
        self.timed.changed.connect(self.cards.refresh)
        self.listening.tell(self.cards)
        self.home.add_verb(self.closing.button(), self.closing.close_now)

    def _open_schedules(self, schedule_id: str) -> None:
        self._open_subject(Target("schedule", schedule_id))

    def _add_verbs(self) -> None:
        house, shell = self._house, self.shell
        self.commands.add(
            *shell_verbs(
                house.look,
                house.settings,
                house.session,
                Deeds(
                    palette=shell.palette_popup.open,
                    go=shell.go,
                    show_help=shell.show_help,
                    about=lambda: AboutDialog(house.look, parent=house.window).open(),
                    sync_now=self.workspace.sync_now,
                    leave=house.window.close,
                ),
            )
        )
        shell.status_bar.details_requested.connect(self._look_after_sync)
        self.workspace.project_changed.connect(self._remember_project)

    def _look_after_sync(self) -> None:
        """Ask the service at once; where the session is over, show the card that leads back in."""
        if self.workspace.sync_status.freshness.is_session_over:
            self.shell.go(HomePage.id)
        elif self.outgoing.has_news:
            self.outgoing.show()
        else:
            self.workspace.sync_now()

    def _remember_project(self, project: Project | None) -> None:
        if project is not None:
            self._house.settings.set("last_project", project.id)

    def _on_lease_over(self, error: CXError) -> None:
        """Without the service nobody works here any longer; while it answers, it renews."""
        if self.workspace.sync_status.freshness.is_online:
            self.workspace.sync_now()
        else:
            self._house.session.give_up(error, Step.LOCKED)

    def _on_settings_changed(self, settings: AppSettings) -> None:
        self.idle.watch(settings.idle_lock_minutes)
