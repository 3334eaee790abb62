"""``cx-desktop flow``: what it prints, and the exit codes that scripts rely on."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtWidgets import QApplication
from typer.testing import CliRunner

from cx_desktop.cli.flow import app
from cx_desktop.cli.project_folder import project_from
from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.formats.detect import format_of, read_any
from tests.domain.formats.samples import DATA, OWN


class Said(NamedTuple):
    code: int
    out: str
    err: str


def run(*words: str | Path) -> Said:
    result = CliRunner().invoke(app, [str(word) for word in words], prog_name="cx-desktop flow")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


def steps(*types: str) -> str:
    actions = [
        {"Identifier": f"a{at}", "Type": kind, "Transitions": {"NextAction": f"a{at + 1}"}}
        for at, kind in enumerate(types)
    ]
    actions.append({"Identifier": f"a{len(types)}", "Type": "DisconnectParticipant"})
    return json.dumps({"Version": "2019-10-30", "StartAction": "a0", "Actions": actions})


def test_findings_are_printed_as_one_object_and_exit_1() -> None:
    said = run("check", "--json", OWN / "language.json")
    report = json.loads(said.out)
    assert said.code == 1
    assert set(report) == {"file", "format", "nodes", "foreign", "findings"}
    assert (report["format"], report["nodes"], report["foreign"]) == ("connect-flowlang", 29, 1)
    assert {tuple(finding) for finding in report["findings"]} == {
        ("rule", "severity", "node", "exit", "message")
    }


def test_a_flow_without_findings_exits_0(tmp_path: Path) -> None:
    file = tmp_path / "flow"
    file.write_text(steps("UpdateFlowLoggingBehavior"), encoding="utf-8")
    said = run("check", "--json", file)
    assert (said.code, json.loads(said.out)["findings"]) == (0, [])


def test_counts_are_those_of_all_flows_of_a_file() -> None:
    report = json.loads(run("check", "--json", OWN / "template.yaml").out)
    assert (report["nodes"], report["foreign"]) == (1, 0)


def test_objects_of_a_project_that_nobody_knows_are_not_called_missing() -> None:
    report = json.loads(run("check", "--json", OWN / "language.json").out)
    assert "FLW-08" not in {finding["rule"] for finding in report["findings"]}


def test_an_unreadable_file_is_one_problem_object_and_exits_2(tmp_path: Path) -> None:
    file = tmp_path / "flow.json"
    file.write_text('{"Actions": [,]}', encoding="utf-8")
    said = run("check", "--json", file, "--language", "en")
    problem = json.loads(said.err)["error"]
    assert (said.code, said.out) == (2, "")
    assert problem["type"].endswith("/import-syntax")
    assert (problem["line"], problem["column"], problem["file"]) == (1, 14, str(file))
    assert problem["title"] == "The file is malformed, line 1, column 14"
    assert problem["detail"]


def test_a_file_that_is_not_there_exits_2(tmp_path: Path) -> None:
    assert run("check", tmp_path / "none").code == 2
    problem = json.loads(run("check", "--json", tmp_path).err)["error"]
    assert problem["type"].endswith("/flow-file-unreachable")


def test_bad_usage_exits_2() -> None:
    assert run("check").code == 2
    assert run("check", "--colour", OWN / "legacy").code == 2


def test_a_file_that_cannot_be_read_is_refused_with_its_place_and_exits_2(tmp_path: Path) -> None:
    page = tmp_path / "page.vxml"
    page.write_text("<vxml version='2.1'>\n<% if (x) { %><form/><% } %></vxml>", encoding="utf-8")
    said = run("check", page, "--language", "fr")
    assert said.code == 2
    assert "(2:1)" in said.err


@pytest.mark.parametrize(("language", "word"), [("fr", "sortie"), ("en", "exit")])
def test_findings_are_told_in_the_language_asked_for(language: str, word: str) -> None:
    assert word in run("check", OWN / "legacy", "--language", language).out


def test_a_vendors_flow_becomes_ours_and_again_the_vendors(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "flow.yaml", tmp_path / "flow.json"
    assert run("convert", OWN / "language.json", ours).code == 0
    assert run("convert", ours, theirs).code == 0
    flow = read_any((OWN / "language.json").read_bytes()).flow
    assert cx.read(ours.read_bytes()).flow == flow
    again = read_any(theirs.read_bytes()).flow
    assert again.links == flow.links
    assert {key: node.kind for key, node in again.nodes.items()} == {
        key: node.kind for key, node in flow.nodes.items()
    }


def test_the_other_flows_of_a_file_stand_beside_the_first(tmp_path: Path) -> None:
    target = tmp_path / "flow.yaml"
    said = run("convert", OWN / "template.yaml", target, "--language", "en")
    assert "2 flows" in said.err
    assert target.exists()
    assert len(list(tmp_path.glob("flow-*.yaml"))) == 1
    said = run("convert", OWN / "template.yaml", target, "--json")
    written = json.loads(said.out)["written"]
    assert {each["file"] for each in written} == {str(each) for each in tmp_path.iterdir()}


def test_a_folder_takes_every_flow_of_a_file(tmp_path: Path) -> None:
    said = run("convert", OWN / "template.yaml", f"{tmp_path}/many/", "--to", "twilio-studio")
    assert said.code == 0
    assert len(list((tmp_path / "many").glob("*.json"))) == 2
    assert run("convert", OWN / "template.yaml", "-", "--to", "cx").code == 2


def test_hours_that_a_dialplan_writes_out_become_schedules_beside_its_flows(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "office"
    said = run("convert", DATA / "asterisk" / "office.conf", f"{folder}/", "--language", "en")
    assert said.code == 0
    assert "The schedule “09:00-18:00,mon-fri” is made" in said.err
    (schedule,) = (folder / "schedules").iterdir()
    found = project_from(folder).project
    (made,) = found.of_type("schedule")
    assert made.name == "09:00-18:00,mon-fri"
    assert "fri: [['09:00', '18:00']]" in schedule.read_text(encoding="utf-8")


def test_json_is_that_of_the_product_a_flow_came_from_unless_another_is_said(
    tmp_path: Path,
) -> None:
    studio, ours = DATA / "twilio" / "studio.json", tmp_path / "flow.yaml"
    again, said = tmp_path / "again.json", tmp_path / "said.json"
    assert run("convert", studio, ours).code == 0
    assert run("convert", ours, again).code == 0
    assert format_of(again.read_text(encoding="utf-8")) == "twilio-studio"
    assert run("convert", OWN / "language.json", said, "--to", "twilio-studio").code == 0
    assert format_of(said.read_text(encoding="utf-8")) == "twilio-studio"
    assert run("convert", studio, tmp_path / "flow.json", "--to", "fax").code == 2


def test_a_target_of_unknown_format_or_place_exits_2_and_writes_nothing(tmp_path: Path) -> None:
    assert run("convert", OWN / "legacy", tmp_path / "flow.txt").code == 2
    assert run("convert", OWN / "legacy", tmp_path / "no" / "flow.json").code == 2
    assert not list(tmp_path.iterdir())


def test_the_program_itself_answers_in_the_language_of_the_system() -> None:
    environment = {**os.environ, "LANG": "en_GB.UTF-8", "LC_ALL": "", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "cx_desktop", "flow", "check", str(OWN / "legacy")]
    answer = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 - our own program
    assert answer.returncode == 1
    assert b"finding" in answer.stdout


@pytest.mark.parametrize(
    ("suffix", "begins"),
    [(".mmd", b"flowchart"), (".svg", b"<?xml"), (".png", b"\x89PNG"), (".vxml", b"<?xml")],
)
def test_a_flow_is_drawn_or_written_as_the_name_of_the_file_says(
    suffix: str, begins: bytes, tmp_path: Path, qapp: QApplication
) -> None:
    assert qapp is not None
    target = tmp_path / f"flow{suffix}"
    said = run("convert", DATA / "other" / "hello.vxml", target, "--language", "en")
    assert (said.code, said.err) == (0, "")
    assert target.read_bytes().startswith(begins)


def test_a_flow_is_put_on_paper(tmp_path: Path, qapp: QApplication) -> None:
    assert qapp is not None
    target = tmp_path / "flow.pdf"
    assert run("document", DATA / "other" / "hello.vxml", target).code == 0
    assert target.read_bytes().startswith(b"%PDF")
