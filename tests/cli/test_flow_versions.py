"""``cx-desktop flow diff`` and ``merge`` on files, with the exit codes that scripts rely on."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cx_desktop.domain.flow.edits import link, set_prop, set_title
from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.graph import ExitId, NodeId, Slot
from cx_desktop.domain.patch import Change
from cx_desktop.settings import resources
from tests.cli.test_flow import run

DEMO = resources() / "demo" / "flows" / "en"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    file = tmp_path / "base.yaml"
    file.write_bytes((DEMO / "accueil-principal.yaml").read_bytes())
    return file


def changed(base: Path, name: str, *changes: Change) -> Path:
    read = cx.read(base.read_bytes())
    file = base.with_name(name)
    file.write_bytes(cx.write(read.flow.with_changes(changes), name=read.name))
    return file


def menu_of(base: Path) -> tuple[NodeId, ExitId, NodeId]:
    """A menu, one of its keys, and another step."""
    flow = cx.read(base.read_bytes()).flow
    menu = next(each for each in flow.nodes.values() if each.kind == "menu")
    key = next(way for way in flow.links[menu.id] if way.startswith("key_"))
    other = next(
        each.id
        for each in flow.nodes.values()
        if each.kind == "transfer_queue" and each.id != flow.links[menu.id][key]
    )
    return menu.id, key, other


def test_no_difference_exits_0(base: Path) -> None:
    said = run("diff", base, changed(base, "same.yaml"), "--language", "en")
    assert (said.code, said.out.strip()) == (0, "Callers notice nothing.")


def test_a_key_that_leads_elsewhere_is_told(base: Path) -> None:
    menu, key, other = menu_of(base)
    new = changed(base, "new.yaml", *link(Slot(menu, key), other))
    said = run("diff", base, new, "--language", "en")
    assert said.code == 1
    assert f"pressing {key.removeprefix('key_')} now reaches" in said.out
    report = json.loads(run("diff", "--json", base, new).out)
    assert (report["changes"][0]["kind"], report["changes"][0]["node"]) == ("leads", menu)


def test_other_words_are_counted(base: Path) -> None:
    menu = menu_of(base)[0]
    flow = cx.read(base.read_bytes()).flow
    prompt = [{"type": "text", "text": "One two three."}]
    new = changed(base, "new.yaml", *set_prop(flow, menu, "prompt", prompt))
    report = json.loads(run("diff", "--json", base, new).out)
    assert report["changes"][0]["kind"] == "says"
    assert report["words"] < 0
    assert "words" in run("diff", base, new, "--language", "en").out


def test_what_cannot_be_read_exits_2(base: Path, tmp_path: Path) -> None:
    said = run("diff", "--json", base, tmp_path / "nowhere.yaml")
    assert said.code == 2
    assert json.loads(said.err)["error"]["type"].endswith("flow-file-unreachable")


def test_two_versions_come_together_in_mine(base: Path) -> None:
    menu, key, other = menu_of(base)
    mine = changed(base, "mine.yaml", *set_title(menu, "Mine"))
    theirs = changed(base, "theirs.yaml", *link(Slot(menu, key), other))
    said = run("merge", base, mine, theirs, "--language", "en")
    assert (said.code, said.out.strip()) == (0, "Merged; nothing to decide.")
    merged = cx.read(mine.read_bytes()).flow
    assert merged.nodes[menu].title == "Mine"
    assert merged.target(menu, key) == other


def test_what_both_changed_is_said_and_exits_1(base: Path, tmp_path: Path) -> None:
    menu = menu_of(base)[0]
    mine = changed(base, "mine.yaml", *set_title(menu, "Mine"))
    theirs = changed(base, "theirs.yaml", *set_title(menu, "Theirs"))
    before, out = mine.read_bytes(), tmp_path / "out.yaml"
    said = run("merge", base, mine, theirs, "--out", out, "--language", "en")
    assert said.code == 1
    assert f"nodes/{menu}/title: mine is “Mine”, theirs is “Theirs”" in said.out
    assert mine.read_bytes() == before
    assert cx.read(out.read_bytes()).flow.nodes[menu].title == "Theirs"
    report = json.loads(run("merge", "--json", base, mine, theirs, "--out", out).out)
    assert report["disputes"][0]["mine"] == "Mine"


def test_git_merges_flows_with_it(base: Path, tmp_path: Path) -> None:
    """The verb is a merge driver: two branches that changed different steps come together."""
    found = shutil.which("git")
    if found is None:
        pytest.skip("there is no git on this machine")
    menu, key, other = menu_of(base)
    folder = tmp_path / "repository"
    folder.mkdir()

    def git(*words: str) -> None:
        subprocess.run(  # noqa: S603  (words of this test)
            [found, "-c", "user.name=t", "-c", "user.email=t@example.org", *words],
            cwd=folder,
            check=True,
            capture_output=True,
        )

    def put(file: Path, branch: str) -> None:
        git("checkout", "-q", "-B", branch, *(["main"] if branch != "main" else []))
        (folder / "flow.yaml").write_bytes(file.read_bytes())
        git("commit", "-qam", branch)

    git("init", "-q", "-b", "main")
    (folder / ".gitattributes").write_text("*.yaml merge=flow\n", encoding="utf-8")
    (folder / "flow.yaml").write_bytes(base.read_bytes())
    git("add", ".")
    git("commit", "-qm", "base")
    driver = f"{sys.executable} -m cx_desktop flow merge %O %A %B"
    git("config", "merge.flow.driver", driver)
    put(changed(base, "theirs.yaml", *link(Slot(menu, key), other)), "theirs")
    put(changed(base, "mine.yaml", *set_title(menu, "Mine")), "mine")
    git("merge", "-q", "theirs")
    merged = cx.read((folder / "flow.yaml").read_bytes()).flow
    assert (merged.nodes[menu].title, merged.target(menu, key)) == ("Mine", other)
