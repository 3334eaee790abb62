"""Signing in: two factors, what is said when one is wrong, and who has to wait."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cx_desktop.protocol import Challenge, Lease, ServerFacts, SignedIn
from cx_desktop.service.config import PasswordCost
from cx_desktop.service.passwords import Passwords
from tests.fakes.service import RunningService
from tests.service.conftest import Visit
from tests.service.visitor import Visitor, problem


def challenge(answer: httpx.Response) -> Challenge:
    assert answer.status_code == 201, answer.text
    return msgspec.json.decode(answer.content, type=Challenge)


def name(answer: httpx.Response) -> str:
    return problem(answer).name


def test_password_and_code_open_a_session(visit: Visit) -> None:
    leo = visit("leo.bernard").sign_in()
    assert leo.get("/v1/me").json()["name"] == "Léo Bernard"
    assert leo.signed_in is not None
    assert len(base64.b64decode(leo.signed_in.vault_key)) == 32
    assert leo.signed_in.recovery_codes == ()


def test_case_of_the_user_name_does_not_matter(visit: Visit) -> None:
    leo = visit("leo.bernard")
    leo.username = "Leo.BERNARD"
    assert leo.begin().status_code == 201


def test_the_lease_is_signed_with_the_key_the_server_shows(visit: Visit) -> None:
    leo = visit("leo.bernard").sign_in()
    facts = msgspec.json.decode(leo.get("/v1/server").content, type=ServerFacts)
    assert leo.signed_in is not None
    body, signature = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        for part in leo.signed_in.lease.split(".")
    )
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(facts.signing_key))
    key.verify(signature, body)
    lease = msgspec.json.decode(body, type=Lease)
    assert lease.device_id == leo.device_id
    assert lease.not_after - lease.not_before == timedelta(days=14)


def test_a_wrong_password_and_an_unknown_user_look_the_same(
    visit: Visit, service: RunningService
) -> None:
    wrong = problem(visit("leo.bernard").begin(password="not the password"))
    with Visitor(service, "nobody.at-all", "not the password") as nobody:
        unknown = problem(nobody.begin())
    assert wrong.name == unknown.name == "wrong-password"
    assert msgspec.structs.replace(wrong, request_id="") == msgspec.structs.replace(
        unknown, request_id=""
    )


def test_a_first_sign_in_enrols_and_shows_ten_recovery_codes_once(visit: Visit) -> None:
    nadia = visit("nadia.petit")
    begun = challenge(nadia.begin())
    assert begun.enrolment is not None
    assert "otpauth://totp/" in begun.enrolment.uri
    nadia.sign_in()
    assert nadia.signed_in is not None
    assert len(set(nadia.signed_in.recovery_codes)) == 10
    assert nadia.signed_in.user.recovery_codes_left == 10
    again = nadia.sign_in().signed_in
    assert again is not None
    assert again.recovery_codes == ()


def test_of_two_enrolments_begun_the_second_is_over_when_the_first_is_done(visit: Visit) -> None:
    nadia = visit("nadia.petit")
    late = challenge(nadia.begin())
    nadia.sign_in()
    assert name(nadia.verify(late.id, nadia.service.code("nadia.petit"))) == "challenge-expired"


def test_a_recovery_code_opens_once(visit: Visit) -> None:
    nadia = visit("nadia.petit").sign_in()
    assert nadia.signed_in is not None
    code = nadia.signed_in.recovery_codes[3]
    for expected in (200, 401):
        begun = challenge(nadia.begin())
        answer = nadia.http.post(
            f"/v1/sessions/{begun.id}/verify", json={"recovery_code": code.lower()}
        )
        assert answer.status_code == expected
    assert name(answer) == "wrong-code"


def test_new_recovery_codes_need_a_fresh_code_and_void_the_old_ones(leo: Visitor) -> None:
    assert name(leo.post("/v1/me/recovery-codes")) == "step-up-required"
    leo.step_up("factor-reset")
    fresh = leo.post("/v1/me/recovery-codes")
    assert len(fresh.json()["recovery_codes"]) == 10
    assert name(leo.post("/v1/me/recovery-codes")) == "step-up-required"


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_the_codes_beside_the_present_one_are_taken(visit: Visit, steps: int) -> None:
    leo = visit("leo.bernard")
    begun = challenge(leo.begin())
    assert leo.verify(begun.id, leo.service.code("leo.bernard", steps=steps)).status_code == 200


def test_a_code_is_taken_once(visit: Visit) -> None:
    leo = visit("leo.bernard")
    code = leo.service.code("leo.bernard")
    first, second = challenge(leo.begin()), challenge(leo.begin())
    assert leo.verify(first.id, code).status_code == 200
    assert name(leo.verify(second.id, code)) == "code-reused"


def test_a_code_is_taken_once_also_by_ten_at_the_same_moment(visit: Visit) -> None:
    leo = visit("leo.bernard")
    code = leo.service.code("leo.bernard")
    challenges = [challenge(leo.begin()).id for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda each: leo.verify(each, code).status_code, challenges))
    assert sorted(statuses) == [200] + [401] * 9


@pytest.mark.parametrize(("steps", "seconds"), [(-8, -240), (10, 300), (20, 600)])
def test_a_clock_that_is_off_is_told_by_how_much(visit: Visit, steps: int, seconds: int) -> None:
    leo = visit("leo.bernard")
    begun = challenge(leo.begin())
    answer = leo.verify(begun.id, leo.service.code("leo.bernard", steps=steps))
    assert name(answer) == "clock-off"
    assert problem(answer).params["seconds"] == seconds


def test_a_code_that_was_told_to_be_early_is_not_taken_in_its_time(visit: Visit) -> None:
    leo = visit("leo.bernard")
    code = leo.service.code("leo.bernard", steps=4)
    assert name(leo.verify(challenge(leo.begin()).id, code)) == "clock-off"
    leo.service.clock.advance(timedelta(minutes=2))
    assert name(leo.verify(challenge(leo.begin()).id, code)) == "code-reused"


@pytest.mark.parametrize("code", ["", "abc", "12345", "１２３４５６", "000 000", "9" * 5000])
def test_what_is_no_code_is_refused(visit: Visit, code: str) -> None:
    leo = visit("leo.bernard")
    answer = leo.verify(challenge(leo.begin()).id, code)
    assert name(answer) in {"wrong-code", "malformed"}


def test_a_sign_in_waits_five_minutes_for_its_code(visit: Visit) -> None:
    leo = visit("leo.bernard")
    begun = challenge(leo.begin())
    leo.service.clock.advance(timedelta(minutes=5))
    assert name(leo.verify(begun.id, leo.service.code("leo.bernard"))) == "challenge-expired"


def test_a_sign_in_ends_after_five_codes(visit: Visit) -> None:
    leo = visit("leo.bernard")
    begun = challenge(leo.begin())
    code = leo.service.code("leo.bernard")
    leo.sign_in()  # the code is used up, which is no failure and locks nobody out
    for _ in range(5):
        assert name(leo.verify(begun.id, code)) in {"code-reused", "clock-off"}
    assert name(leo.verify(begun.id, leo.service.code("leo.bernard"))) == "challenge-expired"


def test_failures_lock_the_account_for_longer_and_longer(visit: Visit) -> None:
    leo = visit("leo.bernard")
    for _ in range(4):
        assert name(leo.begin(password="wrong")) == "wrong-password"
    waits = []
    for _ in range(4):
        locked = problem(leo.begin(password="wrong"))
        assert locked.name == "locked-out"
        assert locked.retry_after
        waits.append(locked.retry_after)
        leo.service.clock.advance(timedelta(seconds=locked.retry_after))
    assert waits == [60, 120, 240, 480]


def test_a_locked_account_refuses_the_right_password_and_tells_how_long(visit: Visit) -> None:
    leo = visit("leo.bernard")
    for _ in range(5):
        leo.begin(password="wrong")
    answer = leo.begin()
    assert name(answer) == "locked-out"
    assert problem(answer).params["minutes"] == 1
    assert answer.headers["retry-after"] == "60"
    leo.service.clock.advance(timedelta(minutes=1))
    assert leo.begin().status_code == 201


def test_a_name_that_no_user_has_is_locked_just_the_same(service: RunningService) -> None:
    with Visitor(service, "nobody", "wrong password") as nobody:
        answers = [name(nobody.begin()) for _ in range(6)]
    assert answers == ["wrong-password"] * 4 + ["locked-out"] * 2


def test_wrong_codes_lock_too_and_a_right_password_does_not_reset_them(visit: Visit) -> None:
    leo = visit("leo.bernard")
    good = {leo.service.code("leo.bernard", steps=step) for step in range(-21, 22)}
    wrong = next(f"{n:06}" for n in range(10**6) if f"{n:06}" not in good)
    names = [name(leo.verify(challenge(leo.begin()).id, wrong)) for _ in range(4)]
    assert names == ["wrong-code"] * 4
    assert name(leo.verify(challenge(leo.begin()).id, wrong)) == "locked-out"
    assert name(leo.begin()) == "locked-out"


def test_signing_in_forgets_the_account_s_failures(visit: Visit) -> None:
    leo = visit("leo.bernard")
    for _ in range(4):
        leo.begin(password="wrong")
    leo.sign_in()
    assert name(leo.begin(password="wrong")) == "wrong-password"


def test_many_guesses_at_once_are_all_counted(visit: Visit) -> None:
    leo = visit("leo.bernard")
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: name(leo.begin(password="wrong")), range(12)))
    assert answers.count("wrong-password") <= 4
    assert answers.count("locked-out") >= 8


def test_an_address_that_tries_many_names_has_to_wait(service: RunningService) -> None:
    answers = []
    for n in range(42):
        with Visitor(service, f"name.{n}", "wrong password") as somebody:
            answers.append(name(somebody.begin()))
    assert answers[:39] == ["wrong-password"] * 39
    assert answers[-1] == "locked-out"


def test_a_device_is_known_again_by_id_and_key(visit: Visit) -> None:
    leo = visit("leo.bernard").sign_in()
    known = leo.device_id
    assert leo.sign_in().device_id == known
    other = visit("leo.bernard")
    other.device_id = known
    assert other.sign_in().device_id != known


def test_a_device_without_a_key_is_refused(visit: Visit) -> None:
    leo = visit("leo.bernard")
    for key in ("", "AAAA", "not base64!"):
        answer = leo.http.post(
            "/v1/sessions",
            json={
                "username": leo.username,
                "password": leo.password,
                "device": {"name": "PC", "public_key": key},
            },
        )
        assert name(answer) == "malformed"
        assert problem(answer).errors[0].pointer == "/device/public_key"


def test_signed_in_says_who_one_is(visit: Visit) -> None:
    leo = visit("leo.bernard").sign_in()
    assert isinstance(leo.signed_in, SignedIn)
    (grant,) = leo.signed_in.user.grants
    assert grant.role == "flow_designer"
    assert grant.project_id is not None


def test_trying_a_password_costs_64_mebibytes() -> None:
    hashed = Passwords(PasswordCost()).hashed("a password")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
