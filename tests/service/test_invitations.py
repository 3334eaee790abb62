"""Invitations: one token, one user, a password worth having."""

from datetime import timedelta

import httpx
import pytest

from cx_desktop.protocol import Grant
from cx_desktop.service.sessions.invitations import first_invitation, invite
from tests.fakes.service import RunningService
from tests.service.visitor import Visitor, problem

GOOD = "un long mot de passe"


@pytest.fixture
def token(service: RunningService) -> str:
    assert service.service is not None
    with service.service.store.write() as txn:
        return invite(txn, (Grant(role="administrator"),), "fr")


def accept(service: RunningService, token: str, **other: str) -> httpx.Response:
    body = {"token": token, "username": "New.Admin", "name": "Anne", "password": GOOD} | other
    return httpx.post(f"{service.url}/v1/invitations", json=body)


def test_an_invitation_makes_a_user_who_enrols(service: RunningService, token: str) -> None:
    assert accept(service, token).status_code == 201
    with Visitor(service, "new.admin", GOOD) as anne:
        anne.sign_in()
        assert anne.signed_in is not None
        assert anne.signed_in.user.grants == (Grant(role="administrator"),)


def test_an_invitation_is_good_once(service: RunningService, token: str) -> None:
    accept(service, token)
    assert problem(accept(service, token, username="other")).name == "invitation-used"


def test_an_invitation_is_good_for_seven_days(service: RunningService, token: str) -> None:
    service.clock.advance(timedelta(days=7))
    assert problem(accept(service, token)).name == "invitation-used"


def test_an_unknown_token_is_refused_the_same_way(service: RunningService) -> None:
    assert problem(accept(service, "guess")).name == "invitation-used"


@pytest.mark.parametrize("password", ["court", "aaaaaaaaaaaaaaaa", "new.admin new.admin"])
def test_a_weak_password_is_refused_and_the_invitation_kept(
    service: RunningService, token: str, password: str
) -> None:
    assert problem(accept(service, token, password=password)).name == "weak-password"
    assert accept(service, token).status_code == 201


def test_a_taken_name_is_refused_and_the_invitation_kept(
    service: RunningService, token: str
) -> None:
    assert problem(accept(service, token, username="CLAIRE.MARTIN")).name == "username-taken"
    assert accept(service, token).status_code == 201


def test_a_service_with_users_has_no_first_invitation(service: RunningService) -> None:
    assert service.service is not None
    with service.service.store.write() as txn:
        assert first_invitation(txn, (Grant(role="administrator"),), "fr") is None
