"""A project's copy on this device: exported and changed without any network."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from cx_desktop.auth.gate import Gate
from cx_desktop.auth.profile import KnownAccount, Profiles
from cx_desktop.cache import Cache
from cx_desktop.cli.project_cache import Copy, Device, opened
from cx_desktop.cli.project_folder import project_from, write_folder
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document
from cx_desktop.domain.project import Act, Wishes, files_of, plan, project_of
from cx_desktop.ports import RandomIds
from cx_desktop.sync import Engine
from tests.fakes.credentials import MemoryCredentials
from tests.fakes.seat import CHEAP
from tests.fakes.service import RunningService


class Place:
    """A computer on which somebody has signed in, synced, and left; the service is gone since."""

    def __init__(self, folder: Path) -> None:
        self.credentials = MemoryCredentials()
        self.service = RunningService()
        with self.service:
            account = self.service.account("administrator")
            self.password = account.password
            clock = self.service.clock
            self.device = Device(folder / "profiles", self.credentials, clock, RandomIds(clock))
            gate = Gate(
                profiles=Profiles(self.device.profiles),
                credentials=self.credentials,
                clock=clock,
                connect=lambda server: ServiceClient(build_http(server, loopback_only=True)),
                cost=CHEAP,
            )
            gate.begin(self.service.url, account.username, account.password)
            clock.advance(timedelta(seconds=30))
            found = gate.verify(code=self.service.code(account.username))
            cache = Cache.open(
                found.profile.folder, found.cache_key, clock=clock, ids=self.device.ids
            )
            engine = Engine(
                cache=cache,
                client=found.client,
                device_id=found.device_id,
                clock=clock,
                random=Random(1),  # noqa: S311  (repeatable pauses, not secrets)
                on_status=lambda _status: None,
            )
            engine.sync_once()
            cache.close()
            gate.lock(found)

    def open(self) -> "Opening":
        return Opening(self)


class Opening:
    def __init__(self, place: Place) -> None:
        self._opened = opened(place.device, "", "", lambda _account: place.password)

    def __enter__(self) -> Copy:
        return self._opened.__enter__()

    def __exit__(self, *fault: object) -> None:
        self._opened.__exit__(None, None, None)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("place"))


def _typed(password: str, _account: KnownAccount) -> str:
    return password


def lumen(copy: Copy) -> Document:
    return copy.project("Maison Lumen")


def test_the_copy_is_exported_without_a_network(place: Place, tmp_path: Path) -> None:
    with place.open() as copy:
        project = lumen(copy)
        entities = copy.entities(str(project["id"]))
        sounds = copy.sounds(str(project["id"]), entities)
        found = project_of(project, entities, sounds)
    write_folder(tmp_path, files_of(found))
    assert files_of(project_from(tmp_path).project) == files_of(found)
    assert len(list(found.of_type("flow"))) >= 6


def test_a_folder_becomes_drafts_that_wait_to_be_sent(place: Place, tmp_path: Path) -> None:
    with place.open() as copy:
        project = lumen(copy)
        entities = copy.entities(str(project["id"]))
        write_folder(tmp_path, files_of(project_of(project, entities, {})))
        (tmp_path / "queues" / "soir.yaml").write_text("name: Soir\nqueue: {}\n", encoding="utf-8")
        stated = project_from(tmp_path).project
        wanted = plan(stated, copy.present(project), Wishes(), lambda _key: copy.ids.new())
        assert [(each.act, each.name) for each in wanted.steps] == [(Act.CREATE, "Soir")]
        copy.take(wanted, stated)
        assert copy.cache.unsent().count == 1
    with place.open() as copy:
        assert "Soir" in [row.data["name"] for row in copy.cache.rows("queue")]
        assert plan(stated, copy.present(lumen(copy)), Wishes()).is_empty


def test_a_wrong_password_and_an_unknown_account_are_refused(place: Place) -> None:
    for server, username, password, key in (
        ("", "", "wrong", "problem.wrong-vault-password"),
        ("https://elsewhere.example", "", place.password, "problem.project-which-account"),
        ("", "nobody", place.password, "problem.project-which-account"),
    ):
        with (
            pytest.raises(CXError) as caught,
            opened(place.device, server, username, partial(_typed, password)),
        ):
            pass
        assert caught.value.key == key


def test_the_window_and_a_verb_do_not_write_at_once(place: Place) -> None:
    with place.open(), pytest.raises(CXError) as caught, place.open():
        pass
    assert caught.value.key == "problem.profile-in-use"


def test_a_project_is_chosen_by_its_name(place: Place) -> None:
    with place.open() as copy, pytest.raises(CXError) as caught:
        copy.project("Lune")
    assert caught.value.key == "problem.project-which"
