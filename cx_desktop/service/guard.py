"""The door: every endpoint has a verb, and nobody passes without holding it somewhere."""

from typing import TYPE_CHECKING, cast

from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from cx_desktop.domain.access import Verb, may_anywhere
from cx_desktop.service.contract import Contract
from cx_desktop.service.problems import Refusal
from cx_desktop.service.sessions.tokens import actor_of

if TYPE_CHECKING:
    from cx_desktop.service.service import Service

Connection = ASGIConnection[object, object, object, State]


def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Find out who asks, and refuse those who may not."""
    contract = handler.opt.get("contract")
    if not isinstance(contract, Contract):  # Litestar's own answer to OPTIONS
        raise Refusal("method-not-allowed")
    verb = contract.verb
    if verb is None:
        return
    actor = actor_of(cast("Service", connection.app.state.service), bearer(connection))
    if not may_anywhere(actor.grants, verb) and verb is not Verb.SESSION_OWN:
        raise Refusal("forbidden", verb=verb.value)
    connection.state.actor = actor


def bearer(connection: Connection) -> str:
    """The token of the Authorization header."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal("token-invalid")
    return token
