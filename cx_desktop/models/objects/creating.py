"""An object that is about to be made, on this device at once; nothing of it is live."""

from msgspec import Struct

from cx_desktop.cache import Edit
from cx_desktop.domain.patch import Document


class New(Struct, frozen=True):
    """A new object with its first draft."""

    type: str
    id: str
    name: str
    draft: Document
    description: str = ""

    def edit(self, project_id: str) -> Edit:
        """The edit that makes it in a project."""
        value: Document = {
            "type": self.type,
            "id": self.id,
            "project_id": project_id,
            "name": self.name,
            "description": self.description,
            "archived": False,
            "draft": self.draft,
        }
        return Edit(entity_type=self.type, id=self.id, value=value)
