"""Verbs that put building blocks into the open flow, and make nodes of it a flow of their own."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from cx_desktop.domain.flow.blocks import BLOCKS, Block
from cx_desktop.models.commands import Command, Commands, Scope
from cx_desktop.models.flow_pieces import FlowPieces
from cx_desktop.models.objects.creating import New
from cx_desktop.views.flow_editor.verbs import GROUP
from cx_desktop.views.flow_editor.words import Words
from cx_desktop.views.flows.editor_view import EditorView
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Way


class Pieces(QObject):
    """Works on whatever flow is open in the editor."""

    def __init__(
        self,
        look: Look,
        pieces: FlowPieces,
        view: EditorView,
        commands: Commands,
        *,
        open_flow: Callable[[str], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._pieces = pieces
        self._view = view
        self._open_flow = open_flow
        pieces.taken_out.connect(self._on_taken_out)
        self._forget = commands.add(
            *map(self._command, BLOCKS),
            Command(
                id="pieces.extract",
                text_key="editor.verb.extract",
                run=self.extract,
                is_enabled=lambda: self._can_edit and bool(self._editor_selection),
                reason_key="editor.reason.extract",
                icon="tree-structure",
                group_key=GROUP,
                scope=Scope.WIDGET,
                keywords_key="editor.verb.extract.search",
            ),
        )

    def insert(self, block: Block) -> None:
        """Put a block into the open flow."""
        editor = self._view.editing
        if editor is not None:
            self._pieces.insert(
                editor.stage.editing,
                block,
                self._look.language.current.value,
                at=editor.canvas.middle().place,
                around=editor.context,
            )

    def extract(self) -> None:
        """Make the selected nodes a flow of their own."""
        editor, work = self._view.editing, self._view.work
        if editor is None or work is None or not self._editor_selection:
            return
        stage, language = editor.stage, self._look.language
        words = Words(language, editor.context)
        first = min(
            (stage.model.flow.nodes[each] for each in stage.selection.nodes), key=lambda n: n.x
        )
        title = words.title(first)
        name = language.text("editor.extract.name", flow=work.facts.name, node=title)
        self._pieces.take_out(
            work.flow,
            stage.editing,
            stage.selection,
            name=name,
            title=title,
            called=words.title,
        )

    def close(self) -> None:
        """Take the verbs away."""
        self._forget()

    @property
    def _can_edit(self) -> bool:
        editor = self._view.editing
        return editor is not None and editor.stage.editing.is_possible

    @property
    def _editor_selection(self) -> tuple[str, ...]:
        editor = self._view.editing
        return editor.stage.selection.nodes if editor is not None else ()

    def _command(self, block: Block) -> Command:
        return Command(
            id=f"pieces.{block.id}",
            text_key=f"block.{block.id}.insert",
            run=partial(self.insert, block),
            is_enabled=lambda: self._can_edit,
            reason_key="editor.reason.block",
            icon=block.icon.removeprefix("ph."),
            group_key=GROUP,
            scope=Scope.WIDGET,
            keywords_key=f"block.{block.id}.about",
        )

    def _on_taken_out(self, new: New) -> None:
        language = self._look.language
        self._view.notices.told.say(
            "ok",
            lambda: language.text("editor.extract.done", name=new.name),
            (Way("editor.extract.open", lambda: self._open_flow(new.id)),),
        )
