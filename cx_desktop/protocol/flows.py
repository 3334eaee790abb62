"""Guarded verbs on flows and numbers: what callers hear changes by these alone."""

from typing import Annotated

from msgspec import Meta, Struct


class PublishedObject(Struct, frozen=True):
    """One draft to publish, named by the version that was looked at."""

    entity: str
    id: str
    etag: str


class Publication(Struct, frozen=True):
    """``POST /v1/projects/{id}/publications``: all of these drafts go live together."""

    message: str
    objects: tuple[PublishedObject, ...]
    overrides: tuple[str, ...] = ()
    """What is known to refuse it and is not to: ``tests-failed``. It is written down."""


class ReturnTo(Struct, frozen=True):
    """``POST /v1/flows/{id}/return``: an old revision goes live again as a new one."""

    revision: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    message: str
    overrides: tuple[str, ...] = ()
    """As in ``Publication``."""


class Assignment(Struct, frozen=True):
    """``PATCH /v1/numbers/{id}``: which flow answers a number."""

    flow_id: str | None
