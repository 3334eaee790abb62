"""The verbs of the editor by name: for the command palette, menus and shortcuts."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from cx_desktop.models.arranging import Align
from cx_desktop.models.commands import Command, Commands, Scope
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.widgets.look import Look

GROUP = "editor.group"


class Verbs(QObject):
    """Holds the commands while the editor is open, and makes actions and menus of them."""

    def __init__(self, look: Look, commands: Commands, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._commands = commands
        self._actions: dict[str, QAction] = {}
        self._remove: list[Callable[[], None]] = []

    def add(self, widgets: Iterable[QWidget], *commands: Command) -> None:
        """Register commands; their shortcuts work while one of the widgets has the focus."""
        self._remove.append(self._commands.add(*commands))
        for command in commands:
            action = self._action(command)
            for widget in widgets:
                widget.addAction(action)

    def menu(self, parent: QWidget, ids: Iterable[str]) -> QMenu:
        """A menu of verbs as they stand now; "" draws a line.

        Verbs of the page around the editor may be among them, where there is such a page.
        """
        menu = QMenu(parent)
        for each in ids:
            command = self._commands.get(each)
            if not each:
                menu.addSeparator()
            elif command is not None:
                action = self._actions.get(each) or self._action(command)
                action.setEnabled(command.is_enabled())
                menu.addAction(action)
        menu.aboutToHide.connect(self._enable_all)
        return menu

    def close(self) -> None:
        """Take the commands away again."""
        for remove in self._remove:
            remove()
        self._remove = []

    def _action(self, command: Command) -> QAction:
        """An action that stays enabled: whether it may run is asked when it is triggered."""
        action = QAction(self)
        if command.icon:
            action.setIcon(self._look.icons.icon(command.icon))
        if command.shortcut:
            action.setShortcut(QKeySequence(command.shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda: self._commands.run(command.id))
        self._look.language.bind(action, action.setText, command.text_key)
        self._actions[command.id] = action
        return action

    def _enable_all(self) -> None:
        for action in self._actions.values():
            action.setEnabled(True)


def arranging_commands(
    stage: Stage,
    align: Callable[[Align], None],
    distribute: Callable[[bool], None],
) -> tuple[Command, ...]:
    """Align and distribute, for two and three nodes or more."""

    def has(count: int) -> bool:
        return stage.editing.is_possible and len(stage.selection.nodes) >= count

    def command(name: str, run: Callable[[], object], count: int, icon: str = "") -> Command:
        return Command(
            f"flow.{name}",
            f"editor.verb.{name}",
            run,
            is_enabled=lambda: has(count),
            reason_key="editor.reason.select-two" if count == 2 else "editor.reason.select-three",
            icon=icon,
            group_key=GROUP,
            scope=Scope.WIDGET,
        )

    return (
        command("align-left", lambda: align(Align.LEFT), 2, "align-left"),
        command("align-center", lambda: align(Align.CENTER), 2, "align-center-horizontal"),
        command("align-right", lambda: align(Align.RIGHT), 2, "align-right"),
        command("align-top", lambda: align(Align.TOP), 2, "align-top"),
        command("align-middle", lambda: align(Align.MIDDLE), 2, "align-center-vertical"),
        command("align-bottom", lambda: align(Align.BOTTOM), 2, "align-bottom"),
        command("distribute-across", lambda: distribute(True), 3),
        command("distribute-down", lambda: distribute(False), 3),
    )
