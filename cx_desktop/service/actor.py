"""Who asks, with what they may do."""

from msgspec import Struct

from cx_desktop.domain.access import Verb, may, visible_projects
from cx_desktop.protocol import Grant, Person
from cx_desktop.service.problems import Refusal


class Actor(Struct, frozen=True):
    """A signed-in user on one device."""

    user_id: str
    username: str
    name: str
    session_id: str
    device_id: str
    grants: tuple[Grant, ...]

    @property
    def person(self) -> Person:
        """The user as others see them."""
        return Person(id=self.user_id, name=self.name)

    def require(self, verb: Verb, project_id: str) -> None:
        """Refuse unless this user holds a verb in a project.

        A project that the user cannot see at all answers as if it did not exist.
        """
        if may(self.grants, verb, project_id):
            return
        if may(self.grants, Verb.PROJECT_READ, project_id):
            raise Refusal("forbidden", verb=verb.value)
        raise Refusal("not-found")

    def scope(self, verb: Verb) -> frozenset[str] | None:
        """The projects this user holds a verb in; None means every project."""
        return visible_projects(self.grants, verb)
