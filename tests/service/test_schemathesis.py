"""Whatever the OpenAPI document allows and forbids, sent to the running service by Schemathesis.

No server error, and no status, content type or body that the document does not promise; once with
ids that exist, to get past the doors, and once with any.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.service import RunningService
from tests.service.visitor import Visitor

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


@pytest.fixture
def administrator(service: RunningService) -> Iterator[Visitor]:
    account = service.account("administrator")
    with Visitor(service, account.username, account.password) as claire:
        claire.sign_in().step_up()
        yield claire


def known_ids(person: Visitor, folder: Path) -> Path:
    """A configuration that names things which exist."""
    flow = person.flow("Messagerie de nuit")
    number = next(each for each in person.entities("config") if each["type"] == "number")
    values = {
        "path.project_id": flow["project_id"],
        "path.flow_id": flow["id"],
        "path.number_id": number["id"],
        "path.number": "1",
        "header.If-Match": str(flow["etag"]).replace('"', '\\"'),
    }
    lines = [f'"{name}" = "{value}"' for name, value in values.items()]
    path = folder / "schemathesis.toml"
    path.write_text("\n".join(["[parameters]", *lines]) + "\n", encoding="utf-8")
    return path


def run(person: Visitor, folder: Path, before: list[str], *options: str) -> None:
    done = subprocess.run(  # noqa: S603  (our own tool)
        [
            str(Path(sys.executable).parent / "schemathesis"),
            *before,
            *("run", f"{person.service.url}/openapi.json"),
            *("--checks", ",".join(CHECKS)),
            *("--header", f"Authorization: {person.http.headers['authorization']}"),
            *("--max-examples", "10", "--request-timeout", "10"),
            *("--generation-database", "none", "--continue-on-failure", "--warnings", "off"),
            *options,
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


#: Signing out would close the door on the rest, and the event stream never ends.
APART = ["--exclude-operation-id", "sign_out", "--exclude-operation-id", "events"]


def test_the_service_keeps_what_its_document_promises(
    administrator: Visitor, tmp_path: Path
) -> None:
    run(administrator, tmp_path, [], *APART)


def test_it_does_so_for_things_that_exist(administrator: Visitor, tmp_path: Path) -> None:
    known = known_ids(administrator, tmp_path)
    run(administrator, tmp_path, ["--config-file", str(known)], *APART)


def test_so_does_signing_out(administrator: Visitor, tmp_path: Path) -> None:
    run(administrator, tmp_path, [], "--include-operation-id", "sign_out")
