"""The editor's commands: what each verb is called, when it may run, and what it does."""

from collections.abc import Callable
from typing import NamedTuple

from cx_desktop.domain.flow import blocks
from cx_desktop.domain.flow.graph import Slot
from cx_desktop.models.commands import Command, Scope
from cx_desktop.views.flow_editor.arranger import Arranger
from cx_desktop.views.flow_editor.clipping import Clipping
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.flow_editor.verbs import GROUP

#: One press of an arrow key with Ctrl moves things so far.
NUDGE = 8.0


class _Maker:
    """Makes commands with what all of them share."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def edit(
        self, name: str, run: Callable[[], object], shortcut: str = "", icon: str = ""
    ) -> Command:
        """A verb that needs a flow that may be changed."""
        return self.when(
            name, run, shortcut, icon, (lambda: self._stage.editing.is_possible, "read-only")
        )

    def chosen(
        self, name: str, run: Callable[[], object], shortcut: str = "", icon: str = ""
    ) -> Command:
        """A verb that changes what is selected."""
        stage = self._stage
        return self.when(
            name,
            run,
            shortcut,
            icon,
            (lambda: stage.editing.is_possible and not stage.selection.is_empty, "select-one"),
        )

    def nodes(
        self, name: str, run: Callable[[], object], shortcut: str = "", icon: str = ""
    ) -> Command:
        """A verb that needs selected nodes or notes, and changes nothing there."""
        chosen = self._stage.selection
        return self.when(
            name, run, shortcut, icon, (lambda: bool(chosen.nodes or chosen.notes), "select-one")
        )

    def always(
        self, name: str, run: Callable[[], object], shortcut: str = "", icon: str = ""
    ) -> Command:
        """A verb that only looks."""
        return self.when(name, run, shortcut, icon, (lambda: True, "select-one"))

    @staticmethod
    def when(
        name: str,
        run: Callable[[], object],
        shortcut: str,
        icon: str,
        condition: tuple[Callable[[], bool], str],
    ) -> Command:
        """A verb that may run on a condition, with the reason when it may not."""
        return Command(
            f"flow.{name}",
            f"editor.verb.{name}",
            run,
            shortcut=shortcut,
            is_enabled=condition[0],
            reason_key=f"editor.reason.{condition[1]}",
            icon=icon,
            group_key=GROUP,
            scope=Scope.WIDGET,
        )


def item_commands(
    stage: Stage,
    clipping: Clipping,
    arranger: Arranger,
    *,
    paste: Callable[[], object],
    note: Callable[[], object],
    frame: Callable[[], object],
) -> tuple[Command, ...]:
    """Verbs whose keys would clash with typing: they work on the canvas and in the outline."""
    make = _Maker(stage)
    return (
        make.chosen("cut", clipping.cut, "Ctrl+X", "scissors"),
        make.nodes("copy", clipping.copy, "Ctrl+C", "copy"),
        make.edit("paste", paste, "Ctrl+V", "clipboard-text"),
        make.chosen("duplicate", stage.editing.duplicate, "Ctrl+D", "copy-simple"),
        make.chosen("delete", stage.editing.delete, "Del", "trash"),
        make.always("select-all", stage.selection.select_all, "Ctrl+A", "selection-all"),
        make.chosen("unlink", lambda: unlink(stage), "Ctrl+Shift+L", "link-break"),
        make.edit("note", note, "Ctrl+M", "note"),
        make.chosen("frame", frame, "Ctrl+G", "frame-corners"),
        make.chosen("nudge-left", lambda: arranger.nudge(-NUDGE, 0), "Ctrl+Left"),
        make.chosen("nudge-right", lambda: arranger.nudge(NUDGE, 0), "Ctrl+Right"),
        make.chosen("nudge-up", lambda: arranger.nudge(0, -NUDGE), "Ctrl+Up"),
        make.chosen("nudge-down", lambda: arranger.nudge(0, NUDGE), "Ctrl+Down"),
    )


class Looks(NamedTuple):
    """What changes what is seen."""

    fit: Callable[[], object]
    fit_selection: Callable[[], object]
    zoom: Callable[[float], object]
    real_size: Callable[[], object]
    minimap: Callable[[], object]
    snap: Callable[[], object]


def view_commands(stage: Stage, looks: Looks) -> tuple[Command, ...]:
    """Verbs that change what is seen."""
    make = _Maker(stage)
    return (
        make.always("fit", looks.fit, "Ctrl+9", "corners-out"),
        make.nodes("fit-selection", looks.fit_selection, "Ctrl+Shift+9", "bounding-box"),
        make.always("zoom-100", looks.real_size, "Ctrl+0"),
        make.always("zoom-in", lambda: looks.zoom(1.25), "Ctrl++", "magnifying-glass-plus"),
        make.always("zoom-out", lambda: looks.zoom(1 / 1.25), "Ctrl+-", "magnifying-glass-minus"),
        make.always("minimap", looks.minimap, "", "map-trifold"),
        make.always("snap", looks.snap, "", "grid-four"),
    )


class Steps(NamedTuple):
    """What leads somewhere else in the editor."""

    add: Callable[[], object]
    edit: Callable[[], object]
    link: Callable[[], object]
    find: Callable[[], object]
    find_step: Callable[[int], object]
    findings: Callable[[], object]
    outline: Callable[[], object]
    palette: Callable[[], object]
    canvas: Callable[[], object]


def editor_commands(stage: Stage, arranger: Arranger, steps: Steps) -> tuple[Command, ...]:
    """Verbs that work wherever the focus is in the editor."""
    make = _Maker(stage)
    stack = stage.model.undo_stack
    undo, redo = (stack.canUndo, "nothing-to-undo"), (stack.canRedo, "nothing-to-redo")
    return (
        make.when("undo", stack.undo, "Ctrl+Z", "arrow-counter-clockwise", undo),
        make.when("redo", stack.redo, "Ctrl+Shift+Z", "arrow-clockwise", redo),
        make.edit("add", steps.add, "Ctrl+E", "plus-circle"),
        make.nodes("edit", steps.edit, "F2", "pencil-simple"),
        make.chosen("link", steps.link, "Ctrl+L", "link"),
        make.edit("tidy", arranger.tidy, "Ctrl+Shift+T", "magic-wand"),
        make.always("find", steps.find, "Ctrl+F", "magnifying-glass"),
        make.always("find-next", lambda: steps.find_step(1), "F3"),
        make.always("find-previous", lambda: steps.find_step(-1), "Shift+F3"),
        make.always("findings", steps.findings, "F8", "warning"),
        make.always("outline", steps.outline, "Ctrl+Shift+O", "tree-structure"),
        make.always("palette", steps.palette, "Ctrl+Shift+E", "squares-four"),
        make.always("canvas", steps.canvas, "Ctrl+Shift+G", "flow-arrow"),
    )


def unlink(stage: Stage) -> None:
    """Cut the selected links; with nodes selected, all links that leave them."""
    from_nodes = [
        Slot(node, way)
        for node in stage.selection.nodes
        for way in stage.model.flow.links.get(node, {})
    ]
    slots = [Slot(link.node, link.exit) for link in stage.selection.links]
    stage.editing.unlink(slots or from_nodes)


#: The context menu, by what is selected; "" draws a line.
MENU_OF_SELECTION: tuple[str, ...] = (
    "flow.edit",
    "flow.link",
    "flow.unlink",
    "",
    "flow.cut",
    "flow.copy",
    "flow.paste",
    "flow.duplicate",
    "flow.delete",
    "",
    "pieces.extract",
    "flow.frame",
    "flow.tidy",
    "flow.fit-selection",
)
MENU_OF_SEVERAL: tuple[str, ...] = (
    "flow.cut",
    "flow.copy",
    "flow.paste",
    "flow.duplicate",
    "flow.delete",
    "",
    "flow.align-left",
    "flow.align-center",
    "flow.align-right",
    "flow.align-top",
    "flow.align-middle",
    "flow.align-bottom",
    "flow.distribute-across",
    "flow.distribute-down",
    "",
    "pieces.extract",
    "flow.frame",
    "flow.tidy",
    "flow.fit-selection",
)
#: Verbs of the page around the editor: what it puts into a flow.
BLOCKS: tuple[str, ...] = tuple(f"pieces.{each.id}" for each in blocks.BLOCKS)
MENU_OF_GROUND: tuple[str, ...] = (
    "flow.add",
    "flow.note",
    "flow.paste",
    "",
    *BLOCKS,
    "",
    "flow.undo",
    "flow.redo",
    "",
    "flow.select-all",
    "flow.tidy",
    "flow.fit",
    "flow.zoom-100",
    "",
    "flow.minimap",
    "flow.snap",
)
