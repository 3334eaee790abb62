"""The OpenAPI document: checked in, served, and saying what each endpoint needs."""

import json

import httpx

from cx_desktop.service.app import ENDPOINTS, openapi
from cx_desktop.service.describe import contract_of
from cx_desktop.service.openapi import PATH, text
from cx_desktop.service.problems import PROBLEMS
from tests.fakes.service import RunningService


def test_the_checked_in_document_is_current() -> None:
    assert PATH.read_bytes() == text(), "run: .venv/bin/python -m cx_desktop.service.openapi"


def test_the_service_serves_the_same_document(service: RunningService) -> None:
    assert httpx.get(f"{service.url}/openapi.json").json() == json.loads(text())


def test_every_endpoint_says_what_it_does_and_what_it_needs() -> None:
    document = openapi()
    assert document["openapi"] == "3.1.0"
    for each in ENDPOINTS:
        contract = contract_of(each)
        operation = document["paths"][contract.path][contract.method.lower()]  # type: ignore[index]
        assert operation["summary"].endswith(".")
        assert operation.get("x-verb") == (contract.verb.value if contract.verb else None)
        assert ("security" in operation) == (contract.verb is not None)


def test_every_refusal_an_endpoint_names_is_known() -> None:
    for each in ENDPOINTS:
        assert contract_of(each).refusals <= PROBLEMS.keys()
