"""Sealed packages from a terminal: listed, opened with the service's key, written to the audit."""

import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert, select

from cx_desktop.cli.escrow import EscrowReport, OpenedReport
from cx_desktop.domain.patch import Change
from cx_desktop.protocol import Op
from cx_desktop.protocol.directives import Act
from cx_desktop.protocol.escrow import Contents, SealedEdit, SealedFile, Source, seal
from cx_desktop.service.store import orders
from cx_desktop.service.store.tables import audit, device, escrow, person
from tests.cli.terminal import cx
from tests.fakes.service import RunningService

SOUND = b"RIFF\x00\x01" * 20
DIGEST = "ab" * 32


@pytest.fixture
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def package(service: RunningService) -> str:
    """One package that Léo's computer handed over; its id."""
    assert service.service is not None
    now = service.clock.now()
    op = Op("op-1", 1, "flow", "f", "patch", now, changes=(Change(("name",), "Été", "Avant"),))
    source = Source("https://cx", "u", "leo.bernard", "Léo", "pc", "o", now, {"p": "Lumen Pro"})
    contents = Contents(
        source,
        0,
        (SealedEdit(op, "pending", "Accueil", "p"),),
        (SealedFile("p", DIGEST, len(SOUND), 0, SOUND),),
    )
    sealed = seal(contents, service.service.keys.escrow_key)
    with service.service.store.write() as txn:
        leo = select(person.c.id).where(person.c.username == "leo.bernard")
        values = {
            "id": "pc",
            "user_id": txn.connection.execute(leo).scalar_one(),
            "name": "PC de Léo",
            "public_key": base64.b64encode(bytes(32)).decode(),
            "created_at": now,
            "acked_upto": 0,
        }
        txn.connection.execute(insert(device).values(values))
        order = orders.give(txn, "pc", Act.WIPE)
        kept = {"order_id": order.id, "sha256": "x", "size": len(sealed), "at": now}
        row = {"id": "package-1", "device_id": "pc", "package": sealed, **kept}
        txn.connection.execute(insert(escrow).values(row))
    return "package-1"


def test_packages_are_listed_and_opened_while_the_service_runs(
    service: RunningService, package: str, tmp_path: Path
) -> None:
    assert service.service is not None
    listed = cx("escrow", "list", "--data-dir", service.data_dir, "--json")
    assert listed.code == 0
    [one] = msgspec.convert(listed.json, EscrowReport).packages
    assert (one.id, one.user, one.device) == (package, "Léo Bernard", "PC de Léo")
    assert one.act == "wipe"
    folder = tmp_path / "files"
    done = cx("escrow", "open", package, "--data-dir", service.data_dir, "--files", folder)
    assert done.code == 0
    report = msgspec.convert(done.json, OpenedReport)
    [edit] = report.edits
    assert edit.op.changes == (Change(("name",), "Été", "Avant"),)
    assert edit.object_name == "Accueil"
    assert report.source.projects == {"p": "Lumen Pro"}
    assert (folder / DIGEST).read_bytes() == SOUND
    assert (folder / DIGEST).stat().st_mode & 0o077 == 0
    with service.service.store.read() as connection:
        last = connection.execute(select(audit).order_by(audit.c.n.desc())).first()
    assert last is not None
    assert (last.verb, last.entity_id, last.detail) == ("escrow.opened", package, "leo.bernard")
    words = cx("escrow", "list", "--data-dir", service.data_dir, "--language", "fr")
    assert words.out.endswith("1 pli scellé\n")


def test_what_cannot_be_opened_is_told(service: RunningService, package: str) -> None:
    unknown = cx("escrow", "open", "none", "--data-dir", service.data_dir, "--json")
    assert (unknown.code, unknown.out) == (1, "")
    assert str(unknown.problem["type"]).endswith("escrow-unknown")
    service.stop()
    (service.data_dir / "escrow.key").write_bytes(bytes(range(32)))
    other = cx("escrow", "open", package, "--data-dir", service.data_dir, "--json")
    assert str(other.problem["type"]).endswith("escrow-unopened")
    nowhere = cx("escrow", "list", "--data-dir", service.data_dir / "no", "--json")
    assert str(nowhere.problem["type"]).endswith("backup-no-service")
