"""Somebody at a computer who talks to the service over HTTP, with nothing of ours in between."""

import base64
from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cx_desktop.domain.patch import Change, Document
from cx_desktop.protocol import (
    Challenge,
    Op,
    OpResult,
    Problem,
    Pushed,
    SignedIn,
    Tokens,
    Welcome,
)
from tests.fakes.service import RunningService


class Visitor:
    """One person on one computer."""

    def __init__(self, service: RunningService, username: str, password: str) -> None:
        self.service = service
        self.username = username
        self.password = password
        self.http = httpx.Client(base_url=service.url)
        self.key = Ed25519PrivateKey.generate()
        self.device_id = ""
        self.tokens: Tokens | None = None
        self.signed_in: SignedIn | None = None
        self._n = 0

    @property
    def public_key(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes_raw()).decode()

    def begin(self, password: str | None = None) -> httpx.Response:
        device = {"name": "PC", "public_key": self.public_key, "id": self.device_id}
        body = {"username": self.username, "password": password or self.password, "device": device}
        return self.http.post("/v1/sessions", json=body)

    def verify(self, challenge_id: str, code: str) -> httpx.Response:
        return self.http.post(f"/v1/sessions/{challenge_id}/verify", json={"code": code})

    def sign_in(self) -> Self:
        """Both factors; an account that has no authenticator enrols one."""
        challenge = msgspec.json.decode(self.begin().content, type=Challenge)
        if challenge.enrolment is not None:
            self.service.secrets[self.username] = challenge.enrolment.secret
        answer = self.verify(challenge.id, self.service.code(self.username))
        assert answer.status_code == 200, answer.text
        self.take(msgspec.json.decode(answer.content, type=SignedIn))
        self.next_code()
        return self

    def take(self, signed_in: SignedIn) -> None:
        self.signed_in = signed_in
        self.device_id = signed_in.device_id
        self.use(signed_in.tokens)

    def use(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.http.headers["Authorization"] = f"Bearer {tokens.access_token}"

    def next_code(self) -> None:
        """Wait until the authenticator shows fresh digits."""
        self.service.clock.advance(timedelta(seconds=30))

    def refresh(self, token: str | None = None) -> httpx.Response:
        assert self.tokens is not None
        token = token or self.tokens.refresh_token
        signature = base64.b64encode(self.key.sign(token.encode())).decode()
        body = {"refresh_token": token, "device_id": self.device_id, "signature": signature}
        return self.http.post("/v1/sessions/refresh", json=body)

    def step_up(self, verb: str = "publish") -> None:
        self.next_code()
        code = self.service.code(self.username)
        answer = self.http.post("/v1/step-up", json={"code": code, "verb": verb})
        assert answer.status_code == 200, answer.text

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(
        self, path: str, body: object = None, *, etag: str = "", key: str = ""
    ) -> httpx.Response:
        headers = {"If-Match": etag} if etag else {}
        if key:
            headers["Idempotency-Key"] = key
        return self.http.post(path, json=body, headers=headers)

    def rows(self, stream: str, cursor: str = "", limit: int = 1000) -> list[Document]:
        """The frames of one page of changes: head, rows, end."""
        answer = self.http.get(
            "/v1/sync/changes", params={"stream": stream, "cursor": cursor, "limit": limit}
        )
        assert answer.status_code == 200, answer.text
        return [msgspec.json.decode(line) for line in answer.content.splitlines()]

    def entities(self, stream: str) -> list[Document]:
        """The data of every row of a stream."""
        return [row["data"] for row in self.rows(stream) if row["t"] == "put"]  # type: ignore[misc]

    def flow(self, name: str) -> Document:
        return next(each for each in self.entities("flows") if each["name"] == name)

    def hello(self, epoch: str = "", high_seq: int = 0) -> httpx.Response:
        return self.post(
            "/v1/sync/hello",
            {
                "device_id": self.device_id,
                "app": "test",
                "schema": {"min": 1, "max": 1},
                "epoch": epoch,
                "high_seq": high_seq,
            },
        )

    @property
    def epoch(self) -> str:
        return msgspec.json.decode(self.hello().content, type=Welcome).epoch

    def op(
        self, flow: Document, *changes: Change, op_id: str = "", after: str = "", n: int = 0
    ) -> Op:
        """A patch of a flow."""
        self._n = n or self._n + 1
        return Op(
            op_id=op_id or f"{self.device_id}-{self._n}",
            n=self._n,
            entity="flow",
            id=str(flow["id"]),
            kind="patch",
            at=self.service.clock.now(),
            base_ver=int(str(flow["ver"])),
            changes=changes,
            after=after,
        )

    def push_raw(self, ops: Sequence[Op], epoch: str = "", **other: object) -> httpx.Response:
        body: dict[str, object] = {
            "device_id": self.device_id,
            "epoch": epoch or self.epoch,
            "schema": 1,
            "acked_upto": 0,
            "ops": ops,
        }
        return self.http.post(
            "/v1/sync/push",
            content=msgspec.json.encode(body | other),
            headers={"Content-Type": "application/json"},
        )

    def push(self, *ops: Op) -> tuple[OpResult, ...]:
        answer = self.push_raw(ops)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=Pushed).results

    def close(self) -> None:
        self.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def problem(answer: httpx.Response) -> Problem:
    """The problem an answer is; fails when it is none."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    found = msgspec.json.decode(answer.content, type=Problem)
    assert found.status == answer.status_code
    assert found.request_id
    return found
