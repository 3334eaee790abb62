"""Devices: who may order them about, what they are told, what they hand over, what they write."""

import base64
from datetime import timedelta

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import delete, insert, select

from cx_desktop.domain.patch import Change, Document
from cx_desktop.protocol import Lease, Op
from cx_desktop.protocol.directives import Act, Directive, proof
from cx_desktop.protocol.escrow import (
    Contents,
    SealedEdit,
    SealedFile,
    Source,
    Unopened,
    seal,
    unseal,
)
from cx_desktop.service.service import Service
from cx_desktop.service.store.tables import audit, role_grant
from tests.fakes.service import RunningService
from tests.service.visitor import Visitor, problem

CHALLENGE, DIRECTIVE = "/v1/devices/self/challenge", "/v1/devices/self/directive"
ESCROW, WIPED = "/v1/devices/self/escrow", "/v1/devices/self/wiped"


def running(service: RunningService) -> Service:
    assert service.service is not None
    return service.service


def proven(
    visitor: Visitor, nonce: str = "n", key: Ed25519PrivateKey | None = None
) -> httpx.Response:
    """Ask for the directive as the device does: no token, its own signature."""
    url = visitor.service.url
    challenge = httpx.post(url + CHALLENGE, json={"device_id": visitor.device_id}).json()[
        "challenge"
    ]
    signature = (key or visitor.key).sign(proof("GET", DIRECTIVE, challenge, nonce))
    headers = {
        "Cx-Challenge": challenge,
        "Cx-Nonce": nonce,
        "Cx-Signature": base64.b64encode(signature).decode(),
    }
    return httpx.get(url + DIRECTIVE, headers=headers)


def directive(visitor: Visitor, nonce: str = "n") -> tuple[str, Directive]:
    """The directive as signed, and as the service's public key vouches for it."""
    answer = proven(visitor, nonce)
    assert answer.status_code == 200, answer.text
    signed = answer.json()["directive"]
    body, signature = (base64.urlsafe_b64decode(part + "==") for part in signed.split("."))
    facts = httpx.get(visitor.service.url + "/v1/server").json()
    known = Ed25519PublicKey.from_public_bytes(base64.b64decode(facts["signing_key"]))
    known.verify(signature, body)
    return signed, msgspec.json.decode(body, type=Directive)


def ordered(claire: Visitor, whom: Visitor, deed: str) -> Document:
    claire.step_up("wipe" if deed == "wipe" else "revoke")
    answer = claire.post(f"/v1/devices/{whom.device_id}/{deed}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def package(service: RunningService, key: str, text: str = "Bonjour") -> bytes:
    now = service.clock.now()
    op = Op("op", 1, "flow", "id", "patch", now, changes=(Change(("name",), text, "Avant"),))
    source = Source("s", "u", "leo", "Léo", "d", "o", now, {})
    piece = SealedFile("p", "00" * 32, 3, 0, b"\x00\xff\x80")
    edit = SealedEdit(op, "pending", "Accueil", "p")
    return seal(Contents(source, 0, (edit,), (piece,)), key)


def test_an_administrator_sees_the_computers_and_a_designer_does_not(
    claire: Visitor, leo: Visitor
) -> None:
    found = {each["id"]: each for each in claire.get("/v1/devices").json()["devices"]}
    assert found[leo.device_id]["user"]["name"] == "Léo Bernard"
    assert found[leo.device_id]["ordered"] == "none"
    assert problem(leo.get("/v1/devices")).name == "forbidden"
    assert problem(leo.post(f"/v1/devices/{claire.device_id}/wipe")).name == "forbidden"


def test_it_takes_a_fresh_code_each_time_and_is_written_down(
    service: RunningService, claire: Visitor, leo: Visitor
) -> None:
    asked = problem(claire.post(f"/v1/devices/{leo.device_id}/wipe"))
    assert (asked.name, asked.params) == ("step-up-required", {"verb": "wipe"})
    told = ordered(claire, leo, "wipe")
    assert (told["ordered"], told["revoked_at"] is None) == ("wipe", False)
    assert problem(claire.post(f"/v1/devices/{leo.device_id}/wipe")).name == "step-up-required"
    with running(service).store.read() as connection:
        deeds = connection.execute(select(audit).where(audit.c.entity_id == leo.device_id)).all()
    assert [(each.verb, each.who_name, each.detail) for each in deeds] == [
        ("device.wipe", "Claire Martin", "wipe")
    ]


def test_an_administrator_of_one_project_does_not_touch_who_has_another(
    service: RunningService, claire: Visitor, leo: Visitor
) -> None:
    """A device holds the data of every project of its user."""
    projects = {str(each["name"]): str(each["id"]) for each in claire.entities("projects")}
    assert claire.signed_in is not None
    assert leo.signed_in is not None
    hers, his = claire.signed_in.user.id, leo.signed_in.user.id
    with running(service).store.write() as txn:
        txn.connection.execute(delete(role_grant).where(role_grant.c.user_id == hers))
        lumen = {"role": "administrator", "project_id": projects["Maison Lumen"]}
        txn.connection.execute(insert(role_grant).values(user_id=hers, **lumen))
    assert leo.device_id in str(claire.get("/v1/devices").json())
    with running(service).store.write() as txn:
        pro = {"role": "supervisor", "project_id": projects["Lumen Pro"]}
        txn.connection.execute(insert(role_grant).values(user_id=his, **pro))
    assert leo.device_id not in str(claire.get("/v1/devices").json())
    claire.step_up("wipe")
    assert problem(claire.post(f"/v1/devices/{leo.device_id}/wipe")).name == "not-found"


def test_a_device_with_nothing_to_do_is_told_so_signed(leo: Visitor) -> None:
    _, said = directive(leo, "a nonce")
    assert (said.act, said.device_id, said.nonce) == (Act.NONE, leo.device_id, "a nonce")


def test_a_revoked_device_learns_that_it_is_to_wipe_and_hands_its_edits_over(
    service: RunningService, claire: Visitor, leo: Visitor
) -> None:
    ordered(claire, leo, "wipe")
    assert problem(leo.get("/v1/me")).name == "device-revoked"
    signed, said = directive(leo)
    assert said.act is Act.WIPE
    sealed = package(service, said.escrow_key)
    headers = {"Cx-Directive": signed, "Content-Type": "application/octet-stream"}
    first = httpx.post(service.url + ESCROW, content=sealed, headers=headers)
    again = httpx.post(service.url + ESCROW, content=sealed, headers=headers)
    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    done = {"edits": 1, "files": 1}
    for _ in range(2):
        answer = httpx.post(service.url + WIPED, json=done, headers={"Cx-Directive": signed})
        assert answer.status_code == 204
    [told] = [
        each for each in claire.get("/v1/devices").json()["devices"] if each["id"] == leo.device_id
    ]
    assert told["wiped_at"] is not None
    assert (told["ordered"], told["sealed_packages"]) == ("none", 1)
    _, after = directive(leo)
    assert after.act is Act.LOCK, "it stays revoked"
    with running(service).store.read() as connection:
        verbs = connection.execute(select(audit.c.verb, audit.c.detail)).all()
    assert ("device.obeyed", "wipe: 1 edits, 1 files sealed") in [tuple(each) for each in verbs]
    assert [each.verb for each in verbs].count("device.sealed") == 1
    contents = unseal(sealed, running(service).keys.escrow)
    assert contents.edits[0].op.changes[0].value == "Bonjour"
    assert contents.files[0].content == b"\x00\xff\x80"


def test_a_directive_is_asked_for_with_the_device_s_own_key_and_a_fresh_challenge(
    service: RunningService, leo: Visitor
) -> None:
    assert problem(proven(leo, key=Ed25519PrivateKey.generate())).name == "device-unproven"
    used = proven(leo)
    assert used.status_code == 200
    again = httpx.get(service.url + DIRECTIVE, headers=used.request.headers)
    assert problem(again).name == "device-unproven"
    challenge = httpx.post(service.url + CHALLENGE, json={"device_id": "nobody"}).json()
    headers = {"Cx-Challenge": challenge["challenge"], "Cx-Nonce": "n", "Cx-Signature": "AA=="}
    assert problem(httpx.get(service.url + DIRECTIVE, headers=headers)).name == "device-unproven"
    assert problem(httpx.get(service.url + DIRECTIVE)).name == "device-unproven"
    late = httpx.post(service.url + CHALLENGE, json={"device_id": leo.device_id}).json()[
        "challenge"
    ]
    service.clock.advance(timedelta(minutes=3))
    signature = base64.b64encode(leo.key.sign(proof("GET", DIRECTIVE, late, "n"))).decode()
    headers = {"Cx-Challenge": late, "Cx-Nonce": "n", "Cx-Signature": signature}
    assert problem(httpx.get(service.url + DIRECTIVE, headers=headers)).name == "device-unproven"


def test_nothing_is_handed_over_without_a_directive_that_asks_for_it(
    service: RunningService, claire: Visitor, leo: Visitor
) -> None:
    none, said = directive(leo)
    sealed = package(service, said.escrow_key)
    kind = {"Content-Type": "application/octet-stream"}
    lease = leo.signed_in.lease if leo.signed_in else ""
    for signed in ("", "x.y", none, lease):
        for path, body in ((ESCROW, sealed), (WIPED, b'{"edits":0,"files":0}')):
            answer = httpx.post(
                service.url + path,
                content=body,
                headers={"Cx-Directive": signed}
                | (kind if path == ESCROW else {"Content-Type": "application/json"}),
            )
            assert problem(answer).name == "directive-invalid"
    ordered(claire, leo, "wipe")
    wipe, _ = directive(leo)
    other = base64.b64encode(X25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    for content in (b"", b"in the clear", package(service, other)):
        answer = httpx.post(
            service.url + ESCROW, content=content, headers=kind | {"Cx-Directive": wipe}
        )
        assert problem(answer).name == "malformed"


def test_a_package_opens_with_its_own_key_and_whole_or_not_at_all(
    service: RunningService, leo: Visitor
) -> None:
    _, said = directive(leo)
    sealed = package(service, said.escrow_key)
    with pytest.raises(Unopened):
        unseal(sealed, X25519PrivateKey.generate())
    for at in range(len(sealed)):
        damaged = bytearray(sealed)
        damaged[at] ^= 1
        with pytest.raises(Unopened):
            unseal(bytes(damaged), running(service).keys.escrow)
    for end in range(0, len(sealed), 7):
        with pytest.raises(Unopened):
            unseal(sealed[:end], running(service).keys.escrow)


def test_no_signed_word_of_the_service_passes_for_another(
    service: RunningService, leo: Visitor
) -> None:
    """Leases and directives are signed alike: none decodes as another."""
    keys = running(service).keys
    signed, _ = directive(leo)
    welcome = leo.hello().json()
    assert keys.opened(welcome["lease"], Directive) is None
    assert keys.opened(signed, Lease) is None


def test_a_locked_device_opens_again_after_a_sign_in(claire: Visitor, leo: Visitor) -> None:
    ordered(claire, leo, "lock")
    assert problem(leo.get("/v1/me")).name == "token-invalid"
    assert directive(leo)[1].act is Act.LOCK
    leo.next_code()
    leo.sign_in()
    assert directive(leo)[1].act is Act.NONE


def test_whoever_sees_a_project_no_more_is_ordered_to_give_it_up(
    service: RunningService, claire: Visitor
) -> None:
    assert claire.signed_in is not None
    user = claire.signed_in.user.id
    projects = {str(each["name"]): str(each["id"]) for each in claire.entities("projects")}
    assert claire.hello().json()["directives"] == []

    def narrowed_to(*names: str) -> None:
        with running(service).store.write() as txn:
            txn.connection.execute(delete(role_grant).where(role_grant.c.user_id == user))
            for name in names:
                values = {"user_id": user, "role": "administrator", "project_id": projects[name]}
                txn.connection.execute(insert(role_grant).values(values))

    narrowed_to("Maison Lumen")
    for _ in range(2):
        assert claire.hello().json()["directives"] == ["evict"]
    signed, said = directive(claire)
    assert (said.act, said.project_ids) == (Act.EVICT, (projects["Lumen Pro"],))
    narrowed_to("Maison Lumen", "Lumen Pro")
    assert claire.hello().json()["directives"] == []
    narrowed_to("Maison Lumen")
    claire.hello()
    _, later = directive(claire)
    assert later.n > said.n, "an older one is told by its number"
    done = {"edits": 0, "files": 0}
    httpx.post(service.url + WIPED, json=done, headers={"Cx-Directive": signed})
    assert directive(claire)[1].act is Act.EVICT, "the older word does not end the newer order"
    newer, _ = directive(claire)
    httpx.post(service.url + WIPED, json=done, headers={"Cx-Directive": newer})
    assert claire.hello().json()["directives"] == []
    assert directive(claire)[1].act is Act.NONE
