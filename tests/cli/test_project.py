"""``cx-desktop project``: a folder and the real service, over HTTP, with real codes."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cx_desktop.auth.unattended import Asking, account_from, visit
from cx_desktop.cli.project_folder import project_from, read_folder, write_folder
from cx_desktop.cli.project_service import Doing, present_of, project_named, surely
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.project import Step, Wishes, files_of, plan
from cx_desktop.ports import RandomIds
from cx_desktop.service.store.tables import device
from tests.cli.terminal import Desk, Said, cx
from tests.domain.formats.samples import OWN
from tests.fakes.service import RunningService

PROJECT = "Maison Lumen"
SHOP = "schedules/magasin-paris.yaml"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with RunningService() as service:
        yield Desk(tmp_path, service)


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> Path:
    """The project as the service has it."""
    said = desk.cx("project", "export", tmp_path / "p", "--online", "--project", PROJECT)
    assert (said.code, said.err) == (0, "")
    return tmp_path / "p"


def reopen_at_nine(folder: Path) -> None:
    file = folder / SHOP
    text = file.read_text(encoding="utf-8")
    assert "'10:00'" in text
    file.write_text(text.replace("'10:00'", "'09:00'", 1), encoding="utf-8")


def acts(said: Said, part: str = "steps") -> list[tuple[object, object, object]]:
    steps = said.json[part]
    assert isinstance(steps, list)
    return [(each["act"], each["type"], each["name"]) for each in steps]


def test_a_folder_just_written_is_no_change_and_reads_as_it_was_written(
    desk: Desk, folder: Path
) -> None:
    files = read_folder(folder)
    assert {"project.yaml", "numbers.yaml", SHOP, "flows/accueil-principal.yaml"} <= set(files)
    assert any(path.endswith(".wav") for path in files)
    again = project_from(folder).project
    assert files_of(again, again.files) == files
    said = desk.cx("project", "plan", folder, "--json")
    assert (said.code, said.json["steps"]) == (0, [])


def test_a_change_is_planned_in_words_applied_and_then_no_change_any_more(
    desk: Desk, folder: Path
) -> None:
    reopen_at_nine(folder)
    (folder / "queues" / "soir.yaml").write_text("name: Soir\nqueue: {}\n", encoding="utf-8")
    said = desk.cx("project", "plan", folder)
    assert said.code == 2
    assert "~ change: schedule “Magasin Paris”" in said.out
    assert "+ create: queue “Soir”" in said.out
    assert "09:00" in said.out
    said = desk.cx("project", "apply", folder, "--yes", "--json")
    assert said.code == 0
    assert acts(said, "done") == [
        ("change", "schedule", "Magasin Paris"),
        ("create", "queue", "Soir"),
    ]
    assert desk.cx("project", "plan", folder).code == 0
    assert desk.cx("project", "apply", folder, "--yes", "--json").json["done"] == []


def test_callers_hear_it_once_it_is_published_with_a_message_and_a_code(
    desk: Desk, folder: Path
) -> None:
    reopen_at_nine(folder)
    words = ("--publish", "Nous ouvrons à 9 h", "--yes", "--json")
    done = acts(desk.cx("project", "apply", folder, *words), "done")
    assert ("publish", "schedule", "Magasin Paris") in done
    said = desk.cx("project", "plan", folder, "--publish", "Encore", "--json")
    assert (said.code, said.json["steps"], said.json["unheard"]) == (0, [], [])


def test_an_evaluation_form_is_weighed_anew_in_its_file(desk: Desk, folder: Path) -> None:
    file = next(iter(sorted((folder / "forms").glob("*.yaml"))))
    text = file.read_text(encoding="utf-8")
    assert "weight: 2" in text
    file.write_text(text.replace("weight: 2", "weight: 3", 1), encoding="utf-8")
    said = desk.cx("project", "apply", folder, "--publish", "Politesse d’abord", "--yes", "--json")
    done = [act for act, kind, _name in acts(said, "done") if kind == "form"]
    assert (said.code, done) == (0, ["change", "publish"])
    assert desk.cx("project", "plan", folder).code == 0


def test_a_form_that_no_reviewer_can_fill_in_is_told_before_it_is_sent(folder: Path) -> None:
    (folder / "forms" / "vide.yaml").write_text(
        "name: Vide\ndescription: ''\nform:\n  sections: {}\n  questions: {}\n", encoding="utf-8"
    )
    said = cx("project", "check", folder, "--json")
    assert said.code == 2
    assert "FRM-01" in said.out


def test_a_sound_put_in_the_folder_is_sent_and_played(desk: Desk, folder: Path) -> None:
    sounds = sorted((folder / "prompts").glob("*.wav"))
    shutil.copyfile(sounds[0], sounds[1])
    said = desk.cx("project", "apply", folder, "--yes", "--json")
    assert said.code == 0
    assert len(acts(said, "done")) == 1
    assert desk.cx("project", "plan", folder).code == 0
    there = folder.with_name("there")
    desk.cx("project", "export", there, "--online", "--project", PROJECT)
    assert (there / "prompts" / sounds[1].name).read_bytes() == sounds[0].read_bytes()


def test_a_plan_is_kept_and_done_exactly(desk: Desk, folder: Path, tmp_path: Path) -> None:
    reopen_at_nine(folder)
    plan = tmp_path / "plan.json"
    assert desk.cx("project", "plan", folder, "--out", plan).code == 2
    kept = plan.read_text(encoding="utf-8")
    assert desk.account.password not in kept
    assert str(desk.account.totp_secret) not in kept
    said = desk.cx("project", "apply", plan, "--json")
    assert (said.code, said.problem["title"]) == (1, "1 changes wait for your word")
    assert desk.cx("project", "apply", plan, "--yes").code == 0
    said = desk.cx("project", "apply", plan, "--yes", "--json")
    assert (said.code, said.json["done"]) == (0, [])


def test_a_plan_is_refused_once_the_service_says_something_else(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    reopen_at_nine(folder)
    plan = tmp_path / "plan.json"
    desk.cx("project", "plan", folder, "--out", plan)
    file = other / SHOP
    text = file.read_text(encoding="utf-8").replace("'19:00'", "'20:00'", 1)
    file.write_text(text, encoding="utf-8")
    assert desk.cx("project", "apply", other, "--yes").code == 0
    said = desk.cx("project", "apply", plan, "--yes", "--json")
    assert said.code == 1
    assert str(said.problem["type"]).endswith("/project-plan-outdated")


def test_a_plan_is_refused_once_the_folder_says_something_else(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    reopen_at_nine(folder)
    plan = tmp_path / "plan.json"
    desk.cx("project", "plan", folder, "--out", plan)
    (folder / "queues" / "soir.yaml").write_text("name: Soir\nqueue: {}\n", encoding="utf-8")
    said = desk.cx("project", "apply", plan, "--yes", "--json")
    assert str(said.problem["type"]).endswith("/project-folder-changed")


def test_what_is_not_in_the_folder_is_archived_only_where_that_is_asked(
    desk: Desk, folder: Path
) -> None:
    queue = folder / "queues" / "soir.yaml"
    queue.write_text("name: Soir\nqueue: {}\n", encoding="utf-8")
    desk.cx("project", "apply", folder, "--yes")
    queue.unlink()
    said = desk.cx("project", "plan", folder, "--json")
    assert (said.code, said.json["missing"]) == (0, [{"type": "queue", "name": "Soir"}])
    said = desk.cx("project", "apply", folder, "--archive-missing", "--yes", "--json")
    assert acts(said, "done") == [("archive", "queue", "Soir")]
    queue.write_text("name: Soir\nqueue: {}\n", encoding="utf-8")
    said = desk.cx("project", "apply", folder, "--yes", "--json")
    assert acts(said, "done") == [("restore", "queue", "Soir")]


def test_what_a_role_may_not_is_refused_and_nothing_is_half_said(
    folder: Path, desk: Desk, tmp_path: Path
) -> None:
    reopen_at_nine(folder)
    (tmp_path / "w").mkdir()
    watcher = Desk(tmp_path / "w", desk.service, "supervisor")
    said = watcher.cx("project", "apply", folder, "--yes", "--json")
    assert said.code == 1
    assert said.out == ""
    assert said.problem["title"]


def test_credentials_that_others_can_read_are_refused(desk: Desk, folder: Path) -> None:
    desk.file.chmod(0o644)
    said = desk.cx("project", "plan", folder, "--json")
    assert (said.code, said.out) == (1, "")
    assert str(said.problem["type"]).endswith("/credentials-open")


def test_the_environment_may_name_the_file_of_the_credentials(desk: Desk, folder: Path) -> None:
    said = cx("project", "plan", folder, "--json", CX_DESKTOP_CREDENTIALS=str(desk.file))
    assert said.code == 0


def test_a_machine_is_one_device_however_often_it_signs_in(desk: Desk, folder: Path) -> None:
    assert desk.service.service is not None

    def devices() -> int:
        assert desk.service.service is not None
        with desk.service.service.store.read() as connection:
            return connection.execute(select(func.count()).select_from(device)).scalar_one()

    before = devices()
    for _ in range(2):
        assert desk.cx("project", "plan", folder).code == 0
    assert devices() == before
    kept = desk.file.with_name(f"{desk.file.name}.device")
    assert kept.stat().st_mode & 0o077 == 0
    kept.write_bytes(b"damaged")
    assert desk.cx("project", "plan", folder).code == 0
    assert devices() == before + 1


def test_what_the_service_finds_is_told_thing_by_thing(desk: Desk, folder: Path) -> None:
    flow = folder / "flows" / "neuf.yaml"
    flow.write_text("format: 1\nname: Neuf\nnodes:\n  start:\n    kind: start\n", encoding="utf-8")
    said = desk.cx("project", "apply", folder, "--publish", "Neuf", "--yes", "--json")
    assert (said.code, said.out) == (1, "")
    reasons = said.problem["reasons"]
    assert isinstance(reasons, list)
    assert {each["code"] for each in reasons} >= {"FLW-01"}
    assert all(each["message"] for each in reasons)


def test_nobody_at_the_terminal_and_no_file_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text("format: 1\nproject: Lumen\n", encoding="utf-8")
    said = cx("project", "plan", tmp_path, "--json", CX_DESKTOP_CREDENTIALS="")
    assert said.code == 1
    assert str(said.problem["type"]).endswith("/credentials-needed")


def test_bad_usage_is_an_error_and_not_a_change(tmp_path: Path) -> None:
    assert cx("project", "plan").code == 1
    assert cx("project", "plan", tmp_path, "--colour").code == 1


def test_a_folder_is_checked_without_any_network(desk: Desk, folder: Path) -> None:
    desk.service.stop()
    said = cx("project", "check", folder, "--json", "--language", "en")
    assert said.code == 0
    objects = said.json["objects"]
    assert isinstance(objects, dict)
    assert objects["flows"] == len(list((folder / "flows").iterdir()))
    file = folder / SHOP
    text = file.read_text(encoding="utf-8").replace("Europe/Paris", "Europe/Lumen")
    file.write_text(text, encoding="utf-8")
    said = cx("project", "check", folder, "--language", "en")
    assert said.code == 2
    assert f"[blocking] SCH-06 {SHOP}" in said.out


def test_a_fault_in_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text("format: 1\nproject: Lumen\n", encoding="utf-8")
    (tmp_path / "queues").mkdir()
    (tmp_path / "queues" / "a.yaml").write_text("name: A\nqueue: [\n", encoding="utf-8")
    said = cx("project", "check", tmp_path, "--json")
    assert said.code == 1
    assert (said.problem["file"], said.problem["line"]) == ("queues/a.yaml", 3)
    assert "queues/a.yaml" in cx("project", "check", tmp_path).err


def test_another_products_file_becomes_a_folder(tmp_path: Path) -> None:
    said = cx("project", "export", tmp_path / "p", "--from", OWN / "language.json", "--json")
    assert said.code == 0
    assert cx("project", "check", tmp_path / "p", "--json").code in {0, 2}
    (flow,) = (tmp_path / "p" / "flows").iterdir()
    assert flow.read_bytes().startswith(b"format: 1")


def test_another_projects_folder_is_not_written_over(desk: Desk, folder: Path) -> None:
    before = read_folder(folder)
    for words in (
        ("project", "export", folder, "--from", OWN / "language.json"),
        ("flow", "convert", OWN / "language.json", f"{folder}/"),
    ):
        said = cx(*words, "--json")
        assert said.code in {1, 2}
        assert str(said.problem["type"]).endswith("/project-other")
    said = desk.cx("project", "export", folder, "--online", "--project", "Lumen Pro", "--json")
    assert str(said.problem["type"]).endswith("/project-other")
    assert read_folder(folder) == before


class TestHostileFolders:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        folder = tmp_path / "p"
        (folder / "queues").mkdir(parents=True)
        (folder / "project.yaml").write_text("format: 1\nproject: Lumen\n", encoding="utf-8")
        return folder

    def refused(self, folder: Path) -> tuple[str, object]:
        with pytest.raises(CXError) as caught:
            project_from(folder)
        return caught.value.key.removeprefix("problem."), caught.value.params["file"]

    def test_a_link_out_of_the_folder_is_not_followed(self, project: Path) -> None:
        secret = project.parent / "secret.yaml"
        secret.write_text("name: A\nqueue: {}\n", encoding="utf-8")
        (project / "queues" / "a.yaml").symlink_to(secret)
        assert self.refused(project) == ("project-link", "queues/a.yaml")

    def test_a_folder_that_is_a_link_out_is_not_followed(self, project: Path) -> None:
        (project / "flows").symlink_to("/etc")
        assert self.refused(project) == ("project-link", "flows")

    def test_links_in_a_circle_are_refused(self, project: Path) -> None:
        (project / "queues" / "a.yaml").symlink_to(project / "queues" / "b.yaml")
        (project / "queues" / "b.yaml").symlink_to(project / "queues" / "a.yaml")
        assert self.refused(project) == ("project-link", "queues/a.yaml")

    def test_a_link_inside_the_folder_is_as_good_as_the_file(self, project: Path) -> None:
        (project / "shared.yaml").write_text("name: A\nqueue: {}\n", encoding="utf-8")
        (project / "queues" / "a.yaml").symlink_to(project / "shared.yaml")
        assert [each.name for each in project_from(project).project.objects] == ["A"]

    def test_a_pipe_is_no_file(self, project: Path) -> None:
        os.mkfifo(project / "queues" / "a.yaml")
        assert self.refused(project) == ("project-no-file", "queues/a.yaml")

    def test_a_huge_file_is_not_read(self, project: Path) -> None:
        with (project / "queues" / "a.yaml").open("wb") as file:
            file.truncate(1 << 40)
        assert self.refused(project) == ("project-file-too-large", "queues/a.yaml")

    def test_a_sound_that_is_none_is_told_by_its_name(self, project: Path) -> None:
        (project / "prompts").mkdir()
        (project / "prompts" / "a.wav").write_bytes(b"no sound")
        (project / "prompts" / "a.yaml").write_text(
            "name: A\nprompt: {languages: {fr-FR: {audio: {file: a.wav}}}}\n", encoding="utf-8"
        )
        assert self.refused(project)[0] == "audio-unreadable"

    def test_files_of_others_are_left_alone(self, project: Path) -> None:
        (project / "README.md").write_text("ours", encoding="utf-8")
        (project / "queues" / ".a.yaml.swp").write_bytes(b"\0")
        (project / "queues" / "notes.txt").write_text("ours", encoding="utf-8")
        found = project_from(project).project
        write_folder(project, files_of(found))
        assert (project / "queues" / "notes.txt").exists()
        assert (project / "README.md").exists()

    def test_a_folder_that_is_no_project_is_not_written_over(self, tmp_path: Path) -> None:
        (tmp_path / "numbers.yaml").write_text("mine", encoding="utf-8")
        with pytest.raises(CXError) as caught:
            write_folder(tmp_path, {"project.yaml": b"", "numbers.yaml": b""})
        assert caught.value.key == "problem.project-not-empty"
        assert (tmp_path / "numbers.yaml").read_text(encoding="utf-8") == "mine"


def test_a_plan_that_is_none_is_refused(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps({"format": 1}), encoding="utf-8")
    said = desk.cx("project", "apply", tmp_path / "plan.json", "--yes", "--json")
    assert str(said.problem["type"]).endswith("/project-no-plan")


def test_a_whole_project_moves_to_another_service_byte_for_byte(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    with RunningService(language="en") as service:
        there = Desk(tmp_path / "there", service)
        words = ("--publish", "Comme à Paris", "--archive-missing", "--yes", "--json")
        said = there.cx("project", "apply", folder, *words)
        assert (said.code, said.err) == (0, "")
        again = there.cx("project", "plan", folder, *words[:3], "--json")
        assert (again.code, again.json["steps"]) == (0, [])
        moved = tmp_path / "there" / "p"
        there.cx("project", "export", moved, "--online", "--project", PROJECT)
    ours, theirs = read_folder(folder), read_folder(moved)
    del ours["numbers.yaml"], theirs["numbers.yaml"]  # labels of numbers are the operator's
    assert theirs == ours


def test_a_run_that_broke_off_is_continued(desk: Desk, folder: Path) -> None:
    for name in ("soir", "nuit", "week-end"):
        file = folder / "queues" / f"{name}.yaml"
        file.write_text(f"name: {name}\nqueue: {{}}\n", encoding="utf-8")
    account = account_from(desk.file)
    client = ServiceClient(build_http(desk.service.url, loopback_only=True))
    asking = Asking(code=lambda: "", pause=lambda _seconds: None)
    ids = RandomIds(desk.service.clock)
    done: list[str] = []

    def break_off(step: Step) -> None:
        done.append(step.name)
        raise CXError("problem.interrupted", host="test")

    stated = project_from(folder).project
    desk.service.clock.advance(timedelta(minutes=2))
    with visit(account, client, asking=asking, clock=desk.service.clock) as inside:
        present = present_of(inside.client, project_named(inside.client, PROJECT))
        wanted = plan(stated, present, Wishes(), lambda _key: ids.new())
        doing = Doing(inside, wanted, stated.sounds, ids=ids, told=break_off)
        with pytest.raises(CXError):
            doing.drafts()
    client.close()
    assert len(done) == 1
    said = desk.cx("project", "apply", folder, "--yes", "--json")
    assert {name for _, _, name in acts(said, "done")} | set(done) == {"soir", "nuit", "week-end"}
    assert desk.cx("project", "plan", folder).code == 0


def test_where_an_answer_is_lost_the_same_is_asked_again_under_the_same_key() -> None:
    keys: list[str] = []

    def lose_the_first(key: str) -> dict[str, object]:
        keys.append(key)
        if len(keys) == 1:
            raise CXError("problem.timeout", retryable=True, host="test")
        return {"done": True}

    assert surely(lose_the_first, "k1") == {"done": True}
    assert keys == ["k1", "k1"]
    with pytest.raises(CXError):
        surely(refuse, "k2")


def refuse(_key: str) -> dict[str, object]:
    raise CXError("problem.forbidden")


def test_a_code_that_was_used_is_followed_by_the_next_one(desk: Desk) -> None:
    account = account_from(desk.file)
    clock = desk.service.clock
    waited: list[float] = []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        clock.advance(timedelta(seconds=seconds))

    asking = Asking(code=lambda: "", pause=pause)
    for _ in range(4):
        client = ServiceClient(build_http(desk.service.url, loopback_only=True))
        with visit(account, client, asking=asking, clock=clock) as inside:
            assert inside.user.username == desk.account.username
        client.close()
    assert len(waited) == 1
    assert waited[0] <= 31
