"""Files on their way to real servers: whole or not at all, to nobody but the confirmed one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from msgspec.structs import replace

from cx_desktop.domain.recordings.exporting import Destination
from cx_desktop.service.ftp.lines import identity_of, signed_in
from cx_desktop.service.ftp.remote import PARTIAL, Remote, Secret, Trouble
from tests.fakes.file_servers import PASSWORD, USER, FileServer, openssh, pure_ftpd

SOUND = b"RIFF" + bytes(range(256)) * 4_000
_KEY = Ed25519PrivateKey.generate()
HERE = "127.0.0.1"
KEY = _KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
PUBLIC = _KEY.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


class Place:
    """A server, and how the service reaches it."""

    def __init__(self, server: FileServer, wanted: Destination, secret: Secret) -> None:
        self.server = server
        self.secret = secret
        self.wanted = replace(wanted, host=HERE, port=server.port)
        self.wanted = replace(self.wanted, identity=identity_of(self.wanted, address=HERE))

    def line(self, folder: str = "") -> AbstractContextManager[Remote]:
        return signed_in(replace(self.wanted, folder=folder), self.secret, address=HERE)

    def put(self, path: str, content: bytes = SOUND, **other: object) -> None:
        with signed_in(replace(self.wanted, **other), self.secret, address=HERE) as remote:
            remote.put(path, parts(content), len(content))


def parts(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 10_000):
        yield content[start : start + 10_000]


def sftp(folder: Path) -> Iterator[Place]:
    with openssh(folder, PUBLIC) as server:
        yield Place(server, Destination(transport="sftp", user="root"), Secret("", KEY))


def ftps(folder: Path) -> Iterator[Place]:
    with pure_ftpd(folder) as server:
        yield Place(server, Destination(transport="ftps", user=USER), Secret(PASSWORD, KEY))


def ftp(folder: Path) -> Iterator[Place]:
    with pure_ftpd(folder) as server:
        wanted = Destination(transport="ftp", user=USER, accepts_plain=True)
        yield Place(server, wanted, Secret(PASSWORD, KEY))


@pytest.fixture(params=[sftp, ftps, ftp], ids=lambda each: each.__name__)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    make: Callable[[Path], Iterator[Place]] = request.param
    yield from make(tmp_path)


def files(place: Place) -> dict[str, bytes]:
    folder = place.server.folder
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_file_arrives_in_folders_that_are_made_for_it_and_goes_again(place: Place) -> None:
    place.put("2026-11/ventes.ogg", folder="appels/2026")
    assert files(place) == {"appels/2026/2026-11/ventes.ogg": SOUND}
    with signed_in(
        replace(place.wanted, folder="appels/2026"), place.secret, address=HERE
    ) as remote:
        assert remote.remove("2026-11/ventes.ogg")
        assert not remote.remove("2026-11/ventes.ogg")
    assert files(place) == {}


def test_sent_again_it_takes_the_place_of_what_is_there(place: Place) -> None:
    place.put("a.ogg", b"old")
    place.put("a.ogg")
    assert files(place) == {"a.ogg": SOUND}


def test_what_breaks_off_has_never_its_name_and_is_removed_with_it(place: Place) -> None:
    class Away(Exception):  # noqa: N818  (it is what happens)
        pass

    def broken() -> Iterator[bytes]:
        yield SOUND[:50_000]
        raise Away

    with pytest.raises(Away), place.line() as remote:
        remote.put("a.ogg", broken(), len(SOUND))
    assert set(files(place)) <= {f"a.ogg{PARTIAL}"}
    with place.line() as remote:
        remote.remove("a.ogg")
    assert files(place) == {}


def test_less_than_announced_is_no_file(place: Place) -> None:
    with (
        pytest.raises(Trouble) as told,
        place.line() as remote,
    ):
        remote.put("a.ogg", parts(SOUND[:-1]), len(SOUND))
    assert told.value.code == "cut-off"
    assert "a.ogg" not in files(place)


def test_a_server_that_dies_in_the_middle_is_said_to_be_out_of_reach(place: Place) -> None:
    def killing() -> Iterator[bytes]:
        yield SOUND[:50_000]
        place.server.kill()
        yield from parts(SOUND * 20)

    with (
        pytest.raises(Trouble) as told,
        place.line() as remote,
    ):
        remote.put("a.ogg", killing(), len(SOUND) * 21)
    assert told.value.code == "unreachable"
    assert "a.ogg" not in files(place)


def test_nothing_is_said_to_another_server_than_the_confirmed_one(place: Place) -> None:
    if place.wanted.transport == "ftp":
        pytest.skip("plain FTP knows nobody")
    with pytest.raises(Trouble) as told:
        place.put("a.ogg", identity="SHA256:AAAA")
    assert told.value.code == "other-identity"
    assert files(place) == {}


def test_a_certificate_that_nobody_confirmed_and_no_authority_vouches_for_is_refused(
    tmp_path: Path,
) -> None:
    for place in ftps(tmp_path):
        with pytest.raises(Trouble) as told:
            place.put("a.ogg", identity="")
        assert told.value.code == "other-identity"


def test_a_wrong_secret_is_told_as_such(place: Place) -> None:
    other = Ed25519PrivateKey.generate()
    key = other.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    wrong = Secret("wrong" if place.secret.password else "", key)
    with pytest.raises(Trouble) as told, signed_in(place.wanted, wrong, address=HERE):
        pass
    assert told.value.code == "sign-in"


def test_a_folder_that_may_not_be_written_is_told(place: Place) -> None:
    if place.wanted.transport == "sftp":
        place.server.folder.joinpath("file").write_bytes(b"")  # root may write everywhere else
        folder = "file"
    else:
        place.server.folder.joinpath("locked").mkdir(mode=0o555)
        folder = "locked"
    with pytest.raises(Trouble) as told:
        place.put("below/a.ogg", folder=folder)
    assert told.value.code == "refused"


def test_where_nobody_answers_it_is_out_of_reach(place: Place) -> None:
    place.server.kill()
    with pytest.raises(Trouble) as told:
        place.put("a.ogg")
    assert told.value.code == "unreachable"
    if place.wanted.transport != "ftp":
        with pytest.raises(Trouble) as told:
            identity_of(place.wanted, address=HERE)
        assert told.value.code == "unreachable"
