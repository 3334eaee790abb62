"""The one question of access, asked by the service to refuse and by the client to explain."""

from collections.abc import Iterable
from typing import Protocol

from cx_desktop.domain.access.roles import ROLES
from cx_desktop.domain.access.verbs import Verb


class Granted(Protocol):
    """A role held in one project, or in the whole organisation (``project_id`` None)."""

    @property
    def role(self) -> str:
        """A name of ``Role``; one this version does not know grants nothing."""

    @property
    def project_id(self) -> str | None:
        """The project, or None for all of them."""


def may(grants: Iterable[Granted], verb: Verb, project_id: str | None) -> bool:
    """Whether these grants allow a verb in a project (None: in the whole organisation)."""
    return any(
        grant.project_id in (None, project_id) and verb in _verbs(grant.role) for grant in grants
    )


def may_anywhere(grants: Iterable[Granted], verb: Verb) -> bool:
    """Whether these grants allow a verb in at least one project."""
    return any(verb in _verbs(grant.role) for grant in grants)


def visible_projects(grants: Iterable[Granted], verb: Verb) -> frozenset[str] | None:
    """The projects in which these grants allow a verb; None means every project."""
    scopes = {grant.project_id for grant in grants if verb in _verbs(grant.role)}
    return None if None in scopes else frozenset(scope for scope in scopes if scope is not None)


def _verbs(role: str) -> frozenset[Verb]:
    return ROLES.get(role, frozenset())
