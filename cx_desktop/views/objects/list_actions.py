"""The verbs of a list of objects, made once for the toolbar, the context menu and the palette."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from cx_desktop.domain.access import Verb
from cx_desktop.models.commands import Command, Commands, Scope
from cx_desktop.models.permissions import Permissions
from cx_desktop.views.widgets.look import Look

Row = TypeVar("Row")


def _one(rows: Sequence[object]) -> bool:
    return len(rows) == 1


class ListVerb(Struct, Generic[Row], frozen=True):
    """A verb for the selected objects, and the selections it can be used on."""

    name: str
    icon: str
    run: Callable[[], object]
    suits: Callable[[Sequence[Row]], bool] = _one
    shortcut: QKeySequence.StandardKey | str = ""
    is_hidden_when_unsuited: bool = False
    verb: Verb = Verb.FLOW_READ
    """What somebody must be allowed to do."""
    words: str = ""
    """The key of its words, where it reads alike for every type of object."""


class ListActions(QObject, Generic[Row]):
    """One action per verb, enabled by what is selected; disabled ones say why in their tooltip."""

    def __init__(
        self,
        look: Look,
        verbs: Sequence[ListVerb[Row]],
        *,
        area: str,
        commands: Commands,
        permissions: Permissions,
        owner: QWidget,
    ) -> None:
        """``area`` is where the words of the verbs are, such as ``flows``."""
        super().__init__(owner)
        self._area = area
        self._permissions = permissions
        self._rows: Sequence[Row] = ()
        self._look = look
        self._commands = commands
        self._verbs = {verb.name: verb for verb in verbs}
        self._owner = owner
        self._actions = {verb.name: self._made(verb) for verb in verbs}
        self._take_away: Callable[[], None] | None = None
        look.language.follow(self, self._retext)
        permissions.changed.connect(lambda: self.show_for(self._rows))

    @property
    def names(self) -> tuple[str, ...]:
        """The verbs, in their order."""
        return tuple(self._verbs)

    def action(self, name: str) -> QAction:
        """The action of a verb."""
        return self._actions[name]

    def show_for(self, rows: Sequence[Row]) -> None:
        """Enable what suits these objects and what the user may do."""
        self._rows = rows
        for name, verb in self._verbs.items():
            suits = verb.suits(rows)
            self._actions[name].setEnabled(suits and self._permissions.allows(verb.verb))
            self._actions[name].setVisible(suits or not verb.is_hidden_when_unsuited)
        self._retext()

    def menu(self) -> QMenu:
        """The context menu: every verb that is shown."""
        menu = QMenu(self._owner)
        menu.addActions([action for action in self._actions.values() if action.isVisible()])
        return menu

    def offer(self) -> None:
        """List the verbs in the palette; ``withdraw`` takes them away."""
        if self._take_away is None:
            self._take_away = self._commands.add(*map(self._command, self._verbs.values()))

    def withdraw(self) -> None:
        """Take the verbs out of the palette."""
        if self._take_away is not None:
            self._take_away()
            self._take_away = None

    def _made(self, verb: ListVerb[Row]) -> QAction:
        action = QAction(self._look.icons.icon(verb.icon, "muted"), "", self)
        if verb.shortcut:
            action.setShortcut(QKeySequence(verb.shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._owner.addAction(action)
        action.triggered.connect(verb.run)
        action.setEnabled(False)
        return action

    def _command(self, verb: ListVerb[Row]) -> Command:
        action = self._actions[verb.name]
        return Command(
            id=f"{self._area}.{verb.name}",
            text_key=f"{self._words(verb)}.selected",
            run=verb.run,
            shortcut=action.shortcut().toString(),
            is_enabled=action.isEnabled,
            reason_key=self._permissions.why_not(verb.verb) or f"{self._area}.verb.reason",
            icon=verb.icon,
            scope=Scope.WIDGET,
        )

    def _words(self, verb: ListVerb[Row]) -> str:
        return verb.words or f"{self._area}.verb.{verb.name}"

    def _retext(self) -> None:
        language = self._look.language
        for name, action in self._actions.items():
            words = language.text(self._words(self._verbs[name]))
            action.setText(words)
            action.setIconText(words)
            shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            tip = f"{words} ({shortcut})" if shortcut else words
            why = self._permissions.why_not(self._verbs[name].verb) or f"{self._area}.verb.reason"
            action.setToolTip(tip if action.isEnabled() else f"{tip}\n{language.text(why)}")
