"""The OpenAPI 3.1 document, made from the contracts of the endpoints."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

import msgspec
from litestar.handlers import HTTPRouteHandler

from cx_desktop import __version__
from cx_desktop.domain.access import step_up_of
from cx_desktop.domain.patch import Document, Json
from cx_desktop.protocol import Problem
from cx_desktop.protocol.directives import DIRECTIVE_HEADER, SIGNED_HEADERS
from cx_desktop.protocol.integrity import REPR_DIGEST
from cx_desktop.protocol.uploads import OFFSET
from cx_desktop.service.contract import BYTES, JSON, Contract
from cx_desktop.service.problems import PROBLEM_JSON, PROBLEMS

_REFS = "#/components/schemas/{name}"
#: What each JSON answer brings along, so that nobody believes half of it.
_DIGEST: Document = {"required": True, "schema": {"type": "string"}}
_WITH_DIGEST: Document = {REPR_DIGEST: {"$ref": f"#/components/headers/{REPR_DIGEST}"}}
_PARAMETER = re.compile(r"\{(\w+)\}")


def contract_of(handler: HTTPRouteHandler) -> Contract:
    """The promise of an endpoint."""
    return cast("Contract", handler.opt["contract"])


def described(handlers: Iterable[HTTPRouteHandler]) -> Document:
    """The whole document."""
    handlers = sorted(handlers, key=lambda each: (contract_of(each).path, contract_of(each).method))
    shapes = _shapes(contract_of(each) for each in handlers)
    schemas, components = msgspec.json.schema_components(
        shapes, schema_hook=_anything, ref_template=_REFS
    )
    schema_of = dict(zip(shapes, schemas, strict=True))
    paths: dict[str, dict[str, Json]] = {}
    for handler in handlers:
        contract = contract_of(handler)
        operation = _operation(handler, contract, schema_of, components)
        paths.setdefault(contract.path, {})[contract.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CX Desktop service",
            "version": __version__,
            "description": "API version 1. Errors are RFC 9457 problems whose type ends in a name; "
            f"they bring {REPR_DIGEST} along like every JSON answer.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "headers": {REPR_DIGEST: _DIGEST},
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _anything(shape: type) -> Document:
    """The schema of ``Json``: whatever it is."""
    if shape is not object:
        raise NotImplementedError
    return {"description": "Any JSON value."}


def _shapes(contracts: Iterable[Contract]) -> tuple[type, ...]:
    shapes: dict[type, None] = {Problem: None}
    for contract in contracts:
        for shape in (contract.body, contract.answer, contract.query):
            if shape is not None:
                shapes[shape] = None
    return tuple(shapes)


def _operation(
    handler: HTTPRouteHandler,
    contract: Contract,
    schema_of: Mapping[type, Json],
    components: Mapping[str, Json],
) -> Document:
    text = handler.fn.__doc__ or ""
    operation: Document = {
        "operationId": contract.name,
        "summary": text.strip().splitlines()[0],
        "parameters": [*_parameters(contract, components)],
        "responses": _responses(contract, schema_of),
    }
    if contract.verb is not None:
        operation["security"] = [{"bearer": []}]
        operation["x-verb"] = contract.verb.value
        step_up = step_up_of(contract.verb)
        if step_up is not None:
            operation["x-step-up"] = step_up.value
    if contract.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": schema_of[contract.body]}},
        }
    if contract.takes:
        operation["requestBody"] = {"required": True, "content": {contract.takes: {}}}
    return operation


def _parameters(contract: Contract, components: Mapping[str, Json]) -> Iterator[Document]:
    for name in _PARAMETER.findall(contract.path):
        yield _parameter(name, "path", {"type": "string"}, is_required=True)
    yield from _headers(contract)
    if contract.query is not None:
        shape = cast("Document", components[contract.query.__name__])
        required = cast("list[str]", shape.get("required", []))
        for name, part in cast("dict[str, Document]", shape["properties"]).items():
            yield _parameter(name, "query", part, is_required=name in required)


def _headers(contract: Contract) -> Iterator[Document]:
    text: Document = {"type": "string"}
    star: Document = {"const": "*"}
    place: Document = {"type": "string", "pattern": "^[0-9]{1,15}$"}
    key: Document = {"type": "string", "minLength": 1, "maxLength": 200}
    for applies, name, schema, is_required in (
        (contract.needs_version, "If-Match", text, True),
        (contract.is_creation, "If-None-Match", star, True),
        (contract.is_conditional, "If-None-Match", text, False),
        (contract.is_ranged, "Range", text, False),
        (contract.is_ranged, "If-Range", text, False),
        (contract.has_offset, OFFSET, place, True),
        (contract.needs_key, "Idempotency-Key", key, True),
        *((contract.is_proven, name, text, True) for name in SIGNED_HEADERS),
        (contract.is_directed, DIRECTIVE_HEADER, text, True),
    ):
        if applies:
            yield _parameter(name, "header", schema, is_required=is_required)


def _parameter(name: str, place: str, schema: Document, *, is_required: bool) -> Document:
    return {"name": name, "in": place, "required": is_required, "schema": schema}


def _success(contract: Contract, schema_of: Mapping[type, Json]) -> Document:
    success: Document = {"description": "Done."}
    if contract.media == JSON and contract.status != 204:
        success["headers"] = _WITH_DIGEST
    if contract.answer is not None:
        success["content"] = {contract.media: {"schema": schema_of[contract.answer]}}
    elif contract.media == BYTES:
        success["content"] = {contract.media: {}}
    elif contract.status != 204:
        success["content"] = {contract.media: {"schema": {"type": "string"}}}
    return success


def _responses(contract: Contract, schema_of: Mapping[type, Json]) -> Document:
    success = _success(contract, schema_of)
    responses: Document = {str(contract.status): success}
    if contract.is_conditional:
        responses["304"] = {"description": "Nothing moved."}
    if contract.is_ranged:
        responses["206"] = success | {"description": "The part that was asked for."}
    names: dict[int, list[str]] = {}
    for name in contract.refusals:
        names.setdefault(PROBLEMS[name][0], []).append(name)
    for status, group in sorted(names.items()):
        responses[str(status)] = {
            "description": "; ".join(f"`{name}`: {PROBLEMS[name][1]}" for name in sorted(group)),
            "content": {PROBLEM_JSON: {"schema": schema_of[Problem]}},
        }
    return responses
