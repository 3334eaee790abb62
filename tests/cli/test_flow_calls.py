"""``cx-desktop flow run`` and ``test`` on files, with the exit codes that scripts rely on."""

import json
from pathlib import Path

import pytest

from cx_desktop.domain.flow.behaviour import Key
from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.graph import TestId
from cx_desktop.domain.flow.testing import Act, FlowTest, ReachesQueue, Visits, with_tests
from tests.cli.test_flow import run
from tests.domain.testing.shop import shop

GOOD = FlowTest(name="ventes", script=(Act(Key("1")),), expects=(ReachesQueue("sales"),))
BAD = FlowTest(name="rien", expects=(ReachesQueue("sales"), Visits("menu")))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    flow = with_tests(shop(), {TestId("test_1"): GOOD})
    there = tmp_path / "shop.yaml"
    there.write_bytes(cx.write(flow, name="Boutique"))
    return there


def test_a_call_is_told_line_by_line(file: Path) -> None:
    done = run("run", str(file), "--keys", "1", "--at", "2026-11-11T09:00")
    assert done.code == 0
    assert "Tapez 1 ou 2." in done.out


def test_a_call_as_json(file: Path) -> None:
    told = json.loads(run("run", str(file), "--keys", "2,7777", "--json").out)
    assert told["end"] == "person"
    assert told["variables"]["who"] == "7777"


def test_a_call_that_is_cut_off_says_so(file: Path) -> None:
    assert run("run", str(file), "--keys", "-,-").code == 1


def test_tests_in_a_file_are_run(file: Path) -> None:
    done = run("test", str(file))
    assert done.code == 0
    assert "ventes" in done.out


def test_a_test_that_fails_is_told_with_what_happened(file: Path) -> None:
    flow = with_tests(cx.read(file.read_bytes()).flow, {TestId("test_2"): BAD})
    file.write_bytes(cx.write(flow, name="Boutique"))
    done = run("test", str(file), "--json")
    assert done.code == 1
    told = json.loads(done.out)
    assert (told["passed"], told["failed"]) == (1, 1)
    assert [each["met"] for each in told["tests"][1]["expectations"]] == [False, True]
    assert told["tests"][1]["expectations"][0]["happened"]


@pytest.mark.parametrize("words", [("run", "nowhere.yaml"), ("test", "nowhere.yaml")])
def test_a_file_that_is_not_there_is_bad_usage(words: tuple[str, ...]) -> None:
    assert run(*words).code == 2


def test_a_moment_that_is_none_is_bad_usage(file: Path) -> None:
    assert run("run", str(file), "--at", "tomorrow").code == 2
