"""An open flow for tests: drawn as a picture, with what it saved in a list."""

from typing import TYPE_CHECKING

from cx_desktop.domain.flow.graph import Flow, document_of
from cx_desktop.domain.patch import Change, Document, apply
from cx_desktop.models.flow_editing import FlowEditing
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.flow_selection import FlowSelection
from tests.fakes.drawing import flow_of, picture_of

if TYPE_CHECKING:
    from cx_desktop.models.flow_news import News
    from cx_desktop.models.undo import Refused


class OpenObject:
    """The model with its verbs, and everything it said."""

    def __init__(self, picture: str | Flow, *, is_read_only: bool = False) -> None:
        flow = flow_of(picture) if isinstance(picture, str) else picture
        self.saved: list[tuple[Change, ...]] = []
        self.model = FlowGraphModel(
            document=document_of(flow), save=self.saved.append, is_read_only=is_read_only
        )
        self.stored = self.model.document
        self.selection = FlowSelection(self.model, self.model)
        self.editing = FlowEditing(self.model, self.selection, self.model)
        self.news: list[News] = []
        self.refused: list[Refused] = []
        self.model.flow_changed.connect(self.news.append)
        self.model.undo_refused.connect(self.refused.append)

    @property
    def picture(self) -> str:
        """The flow as it is now."""
        return picture_of(self.model.flow)

    @property
    def kept(self) -> Document:
        """What the store holds: the first document with everything saved."""
        document = self.stored
        for changes in self.saved:
            document = apply(document, changes)
        return document

    def other(self, *changes: Change, who: str = "Léa") -> None:
        """Somebody else changes the flow in the store, and it comes here."""
        self.stored = apply(self.kept, changes)
        self.saved.clear()
        self.model.rebase(self.stored, who)

    def undo(self) -> None:
        """Take the last step back."""
        self.model.undo_stack.undo()

    def redo(self) -> None:
        """Make it again."""
        self.model.undo_stack.redo()
