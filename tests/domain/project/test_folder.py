"""A project as files: one written form, read back equal, refused with file, line and remedy."""

import hashlib

import pytest
from hypothesis import given, settings

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.project import (
    Key,
    Measured,
    Project,
    Stated,
    files_of,
    project_in,
    project_of,
)
from tests.domain.project.strategies import entities, projects

CARD = b"format: 1\nproject: Lumen\n"


def measured(content: bytes, name: str, text: str) -> Measured:
    """Stands in for the ears: the real ones are tried in tests/cli."""
    blob = hashlib.sha256(content).hexdigest()
    audio: dict[str, object] = {"blob": blob, "bytes": len(content), "seconds": 2.0, "name": name}
    return Measured(content, audio | ({"text": text} if text else {}))


def refusal(files: dict[str, bytes]) -> CXError:
    with pytest.raises(CXError) as caught:
        project_in(files, measured)
    return caught.value


@given(projects())
@settings(max_examples=30, deadline=None)
def test_a_folder_written_read_and_written_again_is_the_same_byte_for_byte(
    project: Project,
) -> None:
    files = files_of(project)
    again = project_in(files, measured).project
    assert files_of(again) == files
    assert files_of(again, again.files) == files


@given(projects())
@settings(max_examples=30, deadline=None)
def test_what_a_service_holds_comes_out_as_the_same_files(project: Project) -> None:
    card: dict[str, object] = {
        "name": project.name,
        "organisation": project.organisation,
        "time_zone": project.time_zone,
        "features": list(project.features),
    }
    files = files_of(project_in(files_of(project), measured).project)
    there = project_of(card, entities(project), project.sounds)
    assert files_of(there) == files


@given(projects())
@settings(max_examples=30, deadline=None)
def test_files_are_named_as_every_system_takes_it(project: Project) -> None:
    paths = list(files_of(project))
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        assert path.isascii()
        assert path.count("/") <= 1
        assert not path.split("/")[-1].startswith((".", "-"))


def test_an_object_stays_in_the_file_where_it_stood() -> None:
    project = Project("Lumen", objects=(Stated("queue", "Ventes"),))
    known = {Key("queue", "Ventes"): "queues/sales.yaml"}
    assert set(files_of(project, known)) == {"project.yaml", "queues/sales.yaml"}


def test_a_schedule_reads_well() -> None:
    draft: dict[str, object] = {
        "exceptions": {},
        "weekly": {"tue": [["09:00", "12:00"], ["14:00", "18:00"]], "mon": [["09:00", "12:00"]]},
        "public_holidays": "fr",
        "time_zone": "Europe/Paris",
    }
    project = Project("Lumen", objects=(Stated("schedule", "Magasin d’été", "", draft),))
    assert files_of(project)["schedules/magasin-d-ete.yaml"].decode() == (
        "name: Magasin d’été\n"
        "schedule:\n"
        "  time_zone: Europe/Paris\n"
        "  weekly:\n"
        "    mon: [['09:00', '12:00']]\n"
        "    tue: [['09:00', '12:00'], ['14:00', '18:00']]\n"
        "  public_holidays: fr\n"
        "  exceptions: {}\n"
    )


def test_a_sound_that_somebody_put_in_its_place_is_measured_anew() -> None:
    project = Project(
        "Lumen",
        objects=(
            Stated(
                "prompt",
                "Bonjour",
                "",
                {"languages": {"fr-FR": {"text": "Bonjour.", "audio": {"blob": "0", "text": "B"}}}},
            ),
        ),
        sounds={"0": b"old"},
    )
    files = files_of(project) | {"prompts/bonjour.fr-FR.wav": b"new"}
    found = project_in(files, measured).project
    (prompt,) = found.objects
    digest = hashlib.sha256(b"new").hexdigest()
    assert prompt.draft == {
        "languages": {
            "fr-FR": {
                "text": "Bonjour.",
                "audio": {
                    "blob": digest,
                    "bytes": 3,
                    "seconds": 2.0,
                    "name": "bonjour.fr-FR.wav",
                    "text": "B",
                },
            }
        }
    }
    assert found.sounds == {digest: b"new"}


def test_a_folder_without_its_card_is_no_project() -> None:
    assert refusal({"flows/a.yaml": b""}).key == "problem.project-no-card"


def test_a_newer_folder_is_refused_with_the_reason() -> None:
    error = refusal({"project.yaml": b"project: Lumen\nformat: 9\n"})
    assert (error.key, error.params["line"]) == ("problem.project-newer", 2)


@pytest.mark.parametrize(
    ("path", "text", "key", "line"),
    [
        ("flows/a.yaml", "format: 1\nname: [\n", "flow-file-syntax", 3),
        ("flows/a.yaml", "format: 1\nname: &a Accueil\n", "flow-file-alias", 2),
        ("flows/a.yaml", "format: 1\n", "project-no-name", 1),
        ("queues/a.yaml", "name: A\ncolour: red\nqueue: {}\n", "project-unknown-field", 2),
        ("queues/a.yaml", "name: A\n", "project-no-part", 1),
        ("queues/a.yaml", "name: A\nqueue:\n  longest_wait: soon\n", "project-shape", 3),
        ("schedules/a.yaml", "name: A\nname: B\nschedule: {}\n", "flow-file-twice", 2),
        (
            "schedules/a.yaml",
            "name: A\nschedule:\n  weekly:\n    mon: [['9', '12:00']]\n",
            "project-shape",
            3,
        ),
        ("numbers.yaml", "numbers:\n  '+331':\n    flou: A\n", "project-shape", 1),
        (
            "prompts/a.yaml",
            "name: A\nprompt: {languages: {fr: {audio: {file: ../../etc/passwd}}}}\n",
            "project-sound-place",
            1,
        ),
        (
            "prompts/a.yaml",
            "name: A\nprompt: {languages: {fr: {audio: {file: a.wav}}}}\n",
            "project-sound-missing",
            1,
        ),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(path: str, text: str, key: str, line: int) -> None:
    error = refusal({"project.yaml": CARD, path: text.encode()})
    assert (error.key, error.params["file"]) == (f"problem.{key}", path)
    assert error.params["line"] == line


def test_two_objects_of_one_name_are_refused_with_both_files() -> None:
    text = b"name: Ventes\nqueue: {}\n"
    error = refusal({"project.yaml": CARD, "queues/a.yaml": text, "queues/b.yaml": text})
    assert error.key == "problem.project-name-twice"
    assert (error.params["first"], error.params["file"]) == ("queues/a.yaml", "queues/b.yaml")


def test_two_objects_of_one_name_on_the_service_are_refused() -> None:
    twins: list[dict[str, object]] = [
        {"type": "queue", "id": each, "name": "Ventes", "draft": {}} for each in ("1", "2")
    ]
    with pytest.raises(CXError) as caught:
        project_of({"name": "Lumen"}, twins, {})
    assert caught.value.key == "problem.project-twins"
    twins[0]["archived"] = True
    assert len(project_of({"name": "Lumen"}, twins, {}).objects) == 1
