"""One request as an endpoint sees it: who asks, and its parts read strictly."""

import re
import uuid
from typing import TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import InternalServerException
from litestar.params import SkipValidation
from litestar.types import Scope
from msgspec import Struct

from cx_desktop.domain.access import Verb
from cx_desktop.protocol import Fault
from cx_desktop.protocol.integrity import REPR_DIGEST, repr_digest
from cx_desktop.service.actor import Actor
from cx_desktop.service.contract import JSON
from cx_desktop.service.problems import Refusal
from cx_desktop.service.service import Service
from cx_desktop.service.store import Entity

Part = TypeVar("Part")

_PLACE = re.compile(r" - at `(?P<where>.*)`$")
_STEP = re.compile(r"\.(?P<key>[^.\[\]]+)|\[(?P<item>[^\]]*)\]")


class Call(Struct, frozen=True):
    """One request."""

    service: Service
    request_id: str
    address: str
    target: str
    """Method and path, such as ``GET /v1/me``."""
    raw: bytes
    path: dict[str, str]
    params: dict[str, str]
    headers: dict[str, str]
    signed_in: Actor | None

    @property
    def actor(self) -> Actor:
        """Who asks; only behind endpoints with a verb."""
        if self.signed_in is None:
            raise Refusal("token-invalid")
        return self.signed_in

    def looked(self, verb: Verb, *, entity: Entity | None = None, project_id: str = "") -> None:
        """Write down that the user looked at an entity, or at a list of a project."""
        self.service.reads.record(
            self.actor,
            verb,
            self.service.clock.now(),
            entity=entity.type if entity else "",
            entity_id=entity.id if entity else "",
            project_id=entity.project_id if entity else project_id,
        )

    @property
    def if_match(self) -> str:
        """The version that the caller looked at; asked for with 428 when it is missing."""
        etag = self.headers.get("if-match", "")
        if not etag:
            raise Refusal("version-required")
        return etag

    def body(self, shape: type[Part]) -> Part:
        """The JSON body, or a refusal that names the place."""
        content_type = self.headers.get("content-type", JSON).split(";")[0].strip()
        if content_type.lower() != JSON:
            raise Refusal("unsupported-media-type")
        try:
            return msgspec.json.decode(self.raw, type=shape)
        except RecursionError as error:
            raise Refusal("malformed", faults=(Fault("", "too-deep"),)) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise refusal_of(error) from error

    def query(self, shape: type[Part]) -> Part:
        """The query parameters, or a refusal that names the one."""
        try:
            return msgspec.convert(self.params, shape, strict=False)
        except msgspec.ValidationError as error:
            raise refusal_of(error) from error


def request_id(scope: Scope) -> str:
    """The id of a request, the same wherever it is asked."""
    state = scope["state"]
    if "request_id" not in state:
        state["request_id"] = uuid.uuid4().hex
    return str(state["request_id"])


async def provide_call(request: Request[object, object, State]) -> Call:
    """Read the request; the body is held to the service's size limit."""
    client = request.client
    return Call(
        service=request.app.state.service,
        request_id=request_id(request.scope),
        address=client.host if client else "",
        target=f"{request.method} {request.scope['path']}",
        raw=await _body(request),
        path={key: str(value) for key, value in request.path_params.items()},
        params=dict(request.query_params.items()),
        headers={key.lower(): value for key, value in request.headers.items()},
        signed_in=request.state.get("actor"),
    )


async def _body(request: Request[object, object, State]) -> bytes:
    try:
        return await request.body()
    except InternalServerException:  # the line was cut; nobody is there to read the answer
        raise Refusal("malformed") from None


Asked = NamedDependency[SkipValidation[Call]]


def answer(value: object, *, status: int = 200, etag: str = "") -> Response[bytes]:
    """A JSON answer; bytes are taken for JSON already."""
    content = value if isinstance(value, bytes) else msgspec.json.encode(value)
    headers = {REPR_DIGEST: repr_digest(content)} | ({"ETag": etag} if etag else {})
    return Response(content, status_code=status, media_type=JSON, headers=headers)


def nothing() -> Response[bytes]:
    """204."""
    return Response(b"", status_code=204)


def refusal_of(error: Exception) -> Refusal:
    """A decoder's complaint as a problem with a JSON pointer."""
    text = str(error)
    place = _PLACE.search(text)
    pointer = ""
    for step in _STEP.finditer(place["where"] if place else ""):
        key = step["key"] if step["key"] is not None else step["item"].strip("'\"")
        pointer += "/" + key.replace("~", "~0").replace("/", "~1")
    message = _PLACE.sub("", text)
    return Refusal("malformed", faults=(Fault(pointer=pointer, code="shape", message=message),))
