"""Who may do what: the matrix, its scope, and the page that prints it."""

from pathlib import Path

import pytest

from cx_desktop.domain.access import (
    ROLES,
    Role,
    StepUpClass,
    Verb,
    may,
    may_anywhere,
    visible_projects,
)
from cx_desktop.domain.access.page import roles_page
from cx_desktop.protocol import Grant

PAGE = Path(__file__).parents[2] / "docs" / "roles.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == roles_page(), (
        "run: .venv/bin/python -m tests.domain.test_access"
    )


def test_every_role_has_its_verbs_and_may_at_least_sign_in() -> None:
    assert set(ROLES) == set(Role)
    assert all(Verb.SESSION_OWN in verbs for verbs in ROLES.values())


@pytest.mark.parametrize("verb", Verb)
def test_an_administrator_may_everything_everywhere(verb: Verb) -> None:
    grants = [Grant(role="administrator")]
    assert may(grants, verb, "a")
    assert may(grants, verb, None)


def test_a_role_in_one_project_is_none_in_another_nor_in_the_organisation() -> None:
    grants = [Grant(role="flow_designer", project_id="a")]
    assert may(grants, Verb.FLOW_PUBLISH, "a")
    assert not may(grants, Verb.FLOW_PUBLISH, "b")
    assert not may(grants, Verb.FLOW_PUBLISH, None)
    assert may_anywhere(grants, Verb.FLOW_PUBLISH)


def test_roles_add_up_project_by_project() -> None:
    grants = [Grant(role="supervisor"), Grant(role="flow_designer", project_id="a")]
    assert may(grants, Verb.FLOW_READ, "b")
    assert not may(grants, Verb.FLOW_EDIT, "b")
    assert visible_projects(grants, Verb.FLOW_READ) is None
    assert visible_projects(grants, Verb.FLOW_EDIT) == frozenset("a")
    assert visible_projects(grants, Verb.AUDIT_READ) == frozenset()


def test_a_role_of_a_later_version_grants_nothing() -> None:
    grants = [Grant(role="wizard")]
    assert not any(may(grants, verb, "a") for verb in Verb)


def test_what_cannot_be_taken_back_is_never_held() -> None:
    held = {each for each in StepUpClass if each.is_held}
    assert held == {StepUpClass.PUBLISH, StepUpClass.SEND, StepUpClass.REVEAL}


if __name__ == "__main__":
    PAGE.write_text(roles_page(), encoding="utf-8")
