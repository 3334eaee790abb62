"""Tokens: short access, refresh once on one device, revocation at once, step-up."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from cx_desktop.protocol import SteppedUp, Tokens
from cx_desktop.service.store.tables import audit, device, refresh_token
from tests.fakes.service import RunningService
from tests.service.conftest import Visit
from tests.service.visitor import Visitor, problem


def test_an_access_token_lives_ten_minutes(leo: Visitor) -> None:
    leo.service.clock.advance(timedelta(minutes=9))
    assert leo.get("/v1/me").status_code == 200
    leo.service.clock.advance(timedelta(minutes=1))
    answer = leo.get("/v1/me")
    assert problem(answer).name == "token-invalid"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_with_any_sign_changed_is_refused(leo: Visitor) -> None:
    assert leo.tokens is not None
    token = leo.tokens.access_token
    for place in range(0, len(token), 7):
        other = "A" if token[place] != "A" else "B"
        leo.http.headers["Authorization"] = f"Bearer {token[:place]}{other}{token[place + 1 :]}"
        assert problem(leo.get("/v1/me")).name == "token-invalid"


def test_a_lease_is_no_access_token(leo: Visitor) -> None:
    assert leo.signed_in is not None
    leo.http.headers["Authorization"] = f"Bearer {leo.signed_in.lease}"
    assert problem(leo.get("/v1/me")).name == "token-invalid"


def test_refreshing_gives_new_tokens(leo: Visitor) -> None:
    leo.service.clock.advance(timedelta(minutes=30))
    leo.use(msgspec.json.decode(leo.refresh().content, type=Tokens))
    assert leo.get("/v1/me").status_code == 200


def traded(leo: Visitor, token: str | None = None) -> Tokens:
    answer = leo.refresh(token)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Tokens)


def is_over(leo: Visitor) -> bool:
    return problem(leo.get("/v1/me")).name == "token-invalid"


def test_a_refresh_token_used_twice_closes_the_session_for_both_holders(leo: Visitor) -> None:
    assert leo.tokens is not None
    stolen = leo.tokens.refresh_token
    leo.use(traded(leo))
    leo.service.clock.advance(timedelta(minutes=2, seconds=1))
    assert problem(leo.refresh(stolen)).name == "token-reused"
    assert is_over(leo)
    assert problem(leo.refresh()).name == "token-invalid"


def test_whoever_lost_the_answer_may_ask_again_for_two_minutes(leo: Visitor) -> None:
    assert leo.tokens is not None
    asked_with = leo.tokens.refresh_token
    lost = traded(leo)
    leo.service.clock.advance(timedelta(minutes=1))
    lost_too = traded(leo, asked_with)
    leo.service.clock.advance(timedelta(minutes=1))
    came = traded(leo, asked_with)
    assert len({lost.refresh_token, lost_too.refresh_token, came.refresh_token}) == 3
    leo.use(came)
    leo.use(traded(leo))
    assert leo.get("/v1/me").status_code == 200


def test_the_two_minutes_count_from_the_first_use(leo: Visitor) -> None:
    assert leo.tokens is not None
    asked_with = leo.tokens.refresh_token
    for _ in range(2):
        traded(leo, asked_with)
        leo.service.clock.advance(timedelta(minutes=1, seconds=1))
    assert problem(leo.refresh(asked_with)).name == "token-reused"


def test_an_answer_that_came_after_all_is_not_lost(leo: Visitor) -> None:
    """The token that followed was used: whoever shows the one before it holds a copy."""
    assert leo.tokens is not None
    copied = leo.tokens.refresh_token
    leo.use(traded(leo))
    leo.use(traded(leo))
    assert problem(leo.refresh(copied)).name == "token-reused"
    assert is_over(leo)


def test_a_token_given_up_for_lost_ends_the_session_when_it_turns_up(leo: Visitor) -> None:
    assert leo.tokens is not None
    asked_with = leo.tokens.refresh_token
    lost = traded(leo)
    leo.use(traded(leo, asked_with))
    assert problem(leo.refresh(lost.refresh_token)).name == "token-reused"
    assert is_over(leo)


def test_asking_again_is_for_the_same_device_alone(leo: Visitor) -> None:
    traded(leo)
    leo.key = Ed25519PrivateKey.generate()
    assert problem(leo.refresh()).name == "token-invalid"


def test_a_session_that_was_ended_is_not_revived_by_asking_again(leo: Visitor) -> None:
    assert leo.tokens is not None
    asked_with = leo.tokens.refresh_token
    leo.use(traded(leo))
    assert leo.http.delete("/v1/sessions/current").status_code == 204
    assert problem(leo.refresh(asked_with)).name == "token-invalid"


def test_a_lost_answer_is_written_down(leo: Visitor) -> None:
    assert leo.tokens is not None
    asked_with = leo.tokens.refresh_token
    traded(leo)
    leo.use(traded(leo, asked_with))
    assert leo.service.service is not None
    with leo.service.service.store.read() as connection:
        verbs = connection.execute(select(audit.c.verb).order_by(audit.c.n.desc())).scalars()
        assert next(verbs) == "session.answer-lost"


def test_of_ten_refreshes_at_once_one_token_lives(leo: Visitor) -> None:
    with ThreadPoolExecutor(10) as pool:
        given = list(pool.map(lambda _: traded(leo), range(10)))
    assert leo.service.service is not None
    with leo.service.service.store.read() as connection:
        unused = connection.execute(
            select(refresh_token.c.hash).where(
                refresh_token.c.used_at.is_(None), refresh_token.c.session_id == _session(given[0])
            )
        ).all()
    assert len(unused) == 1


def _session(tokens: Tokens) -> str:
    body = tokens.access_token.partition(".")[0]
    claims = msgspec.json.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return str(claims["session_id"])


def test_a_refresh_token_is_worth_nothing_without_its_device_key(leo: Visitor) -> None:
    own, leo.key = leo.key, Ed25519PrivateKey.generate()
    assert problem(leo.refresh()).name == "token-invalid"
    leo.key = own
    assert leo.refresh().status_code == 200


def test_a_signature_that_is_none_is_refused(leo: Visitor) -> None:
    assert leo.tokens is not None
    for signature in ("", "AAAA", "~", base64.b64encode(b"x" * 64).decode()):
        answer = leo.post(
            "/v1/sessions/refresh",
            {
                "refresh_token": leo.tokens.refresh_token,
                "device_id": leo.device_id,
                "signature": signature,
            },
        )
        assert problem(answer).name == "token-invalid"


def test_a_refresh_token_lives_thirty_days(leo: Visitor) -> None:
    leo.service.clock.advance(timedelta(days=30))
    assert problem(leo.refresh()).name == "token-invalid"


def test_signing_out_voids_every_token(leo: Visitor) -> None:
    assert leo.http.delete("/v1/sessions/current").status_code == 204
    assert problem(leo.get("/v1/me")).name == "token-invalid"
    assert problem(leo.refresh()).name == "token-invalid"


def test_a_revoked_device_is_refused_from_the_next_request_on(
    leo: Visitor, service: RunningService
) -> None:
    assert service.service is not None
    with service.service.store.write() as txn:
        txn.connection.execute(
            update(device).where(device.c.id == leo.device_id).values(revoked_at=txn.now)
        )
    assert problem(leo.get("/v1/me")).name == "device-revoked"
    assert problem(leo.refresh()).name == "device-revoked"
    assert problem(leo.begin()).name == "device-revoked"


def test_tokens_survive_a_restart_of_the_service(leo: Visitor, service: RunningService) -> None:
    service.stop()
    service.start()
    assert leo.get("/v1/me").status_code == 200


def test_a_step_up_holds_ten_minutes_in_its_session_alone(visit: Visit) -> None:
    leo, other = visit("leo.bernard").sign_in(), visit("leo.bernard").sign_in()
    leo.next_code()
    body = {"code": leo.service.code(leo.username), "verb": "publish"}
    stepped = msgspec.json.decode(leo.post("/v1/step-up", body).content, type=SteppedUp)
    assert stepped.until - leo.service.clock.now() == timedelta(minutes=10)
    returned = {"revision": 1, "message": "Back"}
    flow = str(leo.flow("Accueil principal")["id"])
    assert problem(other.post(f"/v1/flows/{flow}/return", returned, key="k")).name == (
        "step-up-required"
    )
    assert leo.post(f"/v1/flows/{flow}/return", returned, key="k").status_code == 200
    leo.service.clock.advance(timedelta(minutes=9, seconds=59))
    leo.use(msgspec.json.decode(leo.refresh().content, type=Tokens))
    assert leo.post(f"/v1/flows/{flow}/return", returned, key="l").status_code == 200
    leo.service.clock.advance(timedelta(seconds=1))
    assert problem(leo.post(f"/v1/flows/{flow}/return", returned, key="m")).name == (
        "step-up-required"
    )


def test_the_code_of_the_sign_in_is_no_step_up(visit: Visit) -> None:
    leo = visit("leo.bernard")
    code = leo.service.code(leo.username)
    leo.sign_in()
    answer = leo.post("/v1/step-up", {"code": code, "verb": "publish"})
    assert problem(answer).name == "code-reused"


def test_wrong_step_up_codes_lock_the_account(leo: Visitor) -> None:
    near = {leo.service.code(leo.username, steps=step) for step in range(-21, 22)}
    wrong = next(f"{n:06}" for n in range(10**6) if f"{n:06}" not in near)
    names = [
        problem(leo.post("/v1/step-up", {"code": wrong, "verb": "publish"})).name for _ in range(6)
    ]
    assert names == ["wrong-code"] * 4 + ["locked-out"] * 2


def test_a_step_up_names_a_class_that_exists(leo: Visitor) -> None:
    answer = leo.post("/v1/step-up", {"code": "000000", "verb": "everything"})
    assert problem(answer).errors[0].pointer == "/verb"
