"""Each verb once as a shell runs it: a process of its own, its streams and its exit code."""

import json
from pathlib import Path

import pytest

from cx_desktop.domain.flow.formats import cx as ours
from tests.cli.terminal import Desk, child
from tests.domain.formats.samples import OWN
from tests.domain.testing.shop import shop
from tests.fakes.service import RunningService


def test_a_project_goes_round_by_the_shell(tmp_path: Path) -> None:
    folder, plan = tmp_path / "p", tmp_path / "plan.json"
    with RunningService() as service:
        desk = Desk(tmp_path, service)
        which = ("--project", "Maison Lumen")
        said = desk.cx("project", "export", folder, "--online", *which, run=child)
        assert (said.code, said.err) == (0, "")
        (folder / "queues" / "soir.yaml").write_text("name: Soir\nqueue: {}\n", encoding="utf-8")
        assert child("project", "check", folder, "--json").code in {0, 2}
        assert desk.cx("project", "plan", folder, "--out", plan, run=child).code == 2
        said = desk.cx("project", "apply", plan, "--yes", run=child)
        assert (said.code, said.err) == (0, "")
        assert "Soir" in said.out


def test_an_emergency_comes_and_goes_by_the_shell(tmp_path: Path) -> None:
    with RunningService() as service:
        desk = Desk(tmp_path, service)
        which = ("--project", "Maison Lumen")
        said = desk.cx("emergency", "close", "Magasin Paris", "--yes", *which, run=child)
        assert (said.code, said.err) == (0, "")
        assert desk.cx("emergency", "status", *which, run=child).code == 2
        assert desk.cx("emergency", "reopen", "--yes", *which, run=child).code == 0


def test_an_import_asks_for_an_account_of_this_computer(tmp_path: Path) -> None:
    said = child(
        "project", "import", OWN / "language.json", "--json", HOME=str(tmp_path), XDG_DATA_HOME=""
    )
    assert said.code == 1
    assert str(said.problem["type"]).endswith("/project-which-account")


@pytest.mark.parametrize("verb", ["check", "run", "test"])
def test_a_flow_is_read_from_standard_input(verb: str) -> None:
    given = ours.write(shop(), name="Boutique")
    said = child("flow", verb, "-", "--json", given=given)
    assert said.code in {0, 1}
    assert said.json["file"] == "-"
    assert said.err == ""


def test_versions_of_a_flow_are_compared_and_merged_by_the_shell(tmp_path: Path) -> None:
    flow = tmp_path / "flow.yaml"
    flow.write_bytes(ours.write(shop(), name="Boutique"))
    assert child("flow", "diff", flow, flow, "--json").json["changes"] == []
    said = child("flow", "merge", flow, flow, flow, "--out", "-")
    assert (said.code, said.out.encode()) == (0, flow.read_bytes())


def test_a_flow_is_converted_and_put_on_paper_by_the_shell(tmp_path: Path) -> None:
    paper = tmp_path / "flow.pdf"
    said = child("flow", "document", OWN / "language.json", paper, "--json")
    assert said.code == 0
    assert paper.read_bytes().startswith(b"%PDF")
    said = child("flow", "convert", OWN / "language.json", "-", "--to", "cx")
    assert said.code == 0
    assert said.out.startswith("format: 1")


def test_what_goes_wrong_is_one_object_on_standard_error() -> None:
    said = child("flow", "check", "-", "--json", given=b"{")
    assert (said.code, said.out) == (2, "")
    assert set(json.loads(said.err)["error"]) >= {"type", "title", "detail"}
