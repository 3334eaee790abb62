"""Who may do what, where: roles, verbs and the scope of a grant, as data."""

from cx_desktop.domain.access.later import ACTIONS, LONGEST_WAIT, can_wait, code_before
from cx_desktop.domain.access.may import Granted, may, may_anywhere, visible_projects
from cx_desktop.domain.access.passwords import MINIMUM_LENGTH, Weakness, weakness
from cx_desktop.domain.access.roles import ROLES, Role
from cx_desktop.domain.access.verbs import (
    StepUpClass,
    Verb,
    changes_project,
    feature_of,
    step_up_of,
)

__all__ = [
    "ACTIONS",
    "LONGEST_WAIT",
    "MINIMUM_LENGTH",
    "ROLES",
    "Granted",
    "Role",
    "StepUpClass",
    "Verb",
    "Weakness",
    "can_wait",
    "changes_project",
    "code_before",
    "feature_of",
    "may",
    "may_anywhere",
    "step_up_of",
    "visible_projects",
    "weakness",
]
