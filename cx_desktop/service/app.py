"""The ASGI application of the service: its endpoints, its door, and how it says no."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.di import Provide
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from sqlalchemy.exc import OperationalError

from cx_desktop.domain.patch import Document
from cx_desktop.service import answers, blobs, emergencies, journal, projects, uploads
from cx_desktop.service.call import answer, provide_call
from cx_desktop.service.config import ServiceConfig
from cx_desktop.service.contract import endpoint
from cx_desktop.service.describe import described
from cx_desktop.service.devices import routes as device_routes
from cx_desktop.service.ftp import routes as export_routes
from cx_desktop.service.ftp.sending import keep_sending
from cx_desktop.service.guard import guard
from cx_desktop.service.housekeeping import keep_house
from cx_desktop.service.objects import routes as object_routes
from cx_desktop.service.objects import timed_routes
from cx_desktop.service.problems import Refusal
from cx_desktop.service.recordings import dossiers, holds, plays, policies, rights, sounds, trail
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import routes as session_routes
from cx_desktop.service.sync import events, ranges
from cx_desktop.service.sync import routes as sync_routes
from cx_desktop.service.timekeeping import keep_time


@endpoint(HttpMethod.GET, "/openapi.json", verb=None, answer=dict)
def openapi_document(request: Request[object, object, State]) -> Response[bytes]:
    """This document."""
    return answer(request.app.state.openapi)


ENDPOINTS: tuple[HTTPRouteHandler, ...] = (
    openapi_document,
    *session_routes.ROUTES,
    *device_routes.ROUTES,
    *projects.ROUTES,
    *object_routes.ROUTES,
    *timed_routes.ROUTES,
    *emergencies.ROUTES,
    *blobs.ROUTES,
    *uploads.ROUTES,
    *sounds.ROUTES,
    *policies.ROUTES,
    *holds.ROUTES,
    *dossiers.ROUTES,
    *plays.ROUTES,
    *trail.ROUTES,
    *rights.ROUTES,
    *export_routes.ROUTES,
    *journal.ROUTES,
    *sync_routes.ROUTES,
    *ranges.ROUTES,
    *events.ROUTES,
)


#: What the service does by itself.
KEEPERS = (keep_house, keep_time, keep_sending)


def openapi() -> Document:
    """The OpenAPI document of all endpoints."""
    return described(ENDPOINTS)


def create_app(config: ServiceConfig) -> Litestar:
    """A service on the data folder of ``config``, closed when the application shuts down."""
    return application(Service(config))


def application(service: Service) -> Litestar:
    """The application around a service that is open already."""

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(each(service)) for each in KEEPERS]
        yield
        service.is_stopping.set()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        service.close()

    return Litestar(
        route_handlers=ENDPOINTS,
        dependencies={"call": Provide(provide_call)},
        guards=[guard],
        exception_handlers={
            Refusal: answers.refused,
            HTTPException: answers.not_served,
            OperationalError: answers.busy,
            Exception: answers.failed,
        },
        lifespan=[lifespan],
        logging_config=None,
        openapi_config=None,
        request_max_body_size=blobs.MOST_BYTES,
        state=State({"service": service, "openapi": msgspec.json.encode(openapi())}),
    )
