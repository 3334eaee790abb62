"""Real servers of files: OpenSSH for SFTP, Pure-FTPd for FTP and FTPS; skipped where not installed.

Both want to be started by root, to become the users who sign in.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import NamedTuple

import pytest
import trustme

USER = "exports"
#: A password for a server that lives as long as a test.
PASSWORD = secrets.token_urlsafe(12)


class FileServer(NamedTuple):
    """A server that runs; what is put on it can be looked at in ``folder``."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """It is gone in the middle of whatever it does, with its children."""
        for each in (*_below(self.process.pid), self.process.pid):
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(each, signal.SIGKILL)
        self.process.wait()


@contextmanager
def pure_ftpd(folder: Path, *, port: int = 0) -> Iterator[FileServer]:
    """FTP with TLS for who asks for it, and one user of its own."""
    program, passwords = _needed("pure-ftpd"), _needed("pure-pw")
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    certificate = folder / "ftp.pem"
    authority = trustme.CA().issue_cert("localhost", "127.0.0.1")
    certificate.write_bytes(
        authority.private_key_pem.bytes() + b"".join(p.bytes() for p in authority.cert_chain_pems)
    )
    database = folder / "users.pdb"
    listed = folder / "users"
    if not database.exists():
        # ``pure-pw useradd`` makes a digest that takes seconds to make, and to check.
        crypt = [_needed("openssl"), "passwd", "-6", "-stdin"]
        digest = subprocess.run(  # noqa: S603  (programs of the system)
            crypt, input=PASSWORD, capture_output=True, text=True, check=True
        ).stdout.strip()
        fields = [USER, digest, "65534", "65534", "", f"{home}/./", *[""] * 12]
        listed.write_text(":".join(fields) + "\n", encoding="utf-8")
        subprocess.run([passwords, "mkdb", database, "-f", listed], check=True)  # noqa: S603  (programs of the system)
    shutil.chown(home, 65534, 65534)
    _let_through(folder)
    at = port or _free_port()
    words = [program, "--bind", f"127.0.0.1,{at}", "--login", f"puredb:{database}"]
    words += ["--tls", "1", "--certfile", str(certificate), "--noanonymous", "--dontresolve"]
    words += ["--chrooteveryone", "--minuid", "1", "--passiveportrange", "10000:19999"]
    with _running(words, at) as process:
        yield FileServer(at, home, process)


@contextmanager
def openssh(folder: Path, public_key: str, *, port: int = 0) -> Iterator[FileServer]:
    """SFTP by OpenSSH, for this very user with this key; paths begin in ``folder``/home."""
    program = _needed("sshd")
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    host_key, allowed = folder / "host.key", folder / "allowed"
    if not host_key.exists():
        subprocess.run(  # noqa: S603  (programs of the system)
            [_needed("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(host_key)],
            check=True,
        )
    allowed.write_text(f"{public_key}\n", encoding="utf-8")
    Path("/run/sshd").mkdir(exist_ok=True)  # where it separates its privileges
    at = port or _free_port()
    settings = {
        "ListenAddress": f"127.0.0.1:{at}",
        "HostKey": str(host_key),
        "AuthorizedKeysFile": str(allowed),
        "StrictModes": "no",
        "UsePAM": "no",
        "PermitRootLogin": "yes",
        "PidFile": "none",
        "Subsystem": f"sftp internal-sftp -d {home}",
    }
    config = folder / "sshd_config"
    lines = [f"{name} {value}\n" for name, value in settings.items()]
    config.write_text("".join(lines), encoding="utf-8")
    with _running([program, "-D", "-e", "-f", str(config)], at) as process:
        yield FileServer(at, home, process)


def _needed(program: str) -> str:
    found = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        pytest.skip(f"{program} is not installed")
    if os.geteuid() != 0:
        pytest.skip(f"{program} wants to be started by root")
    return found


def _below(pid: int) -> Iterator[int]:
    """Its children and theirs, the youngest first."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended by itself
        return
    for child in children:
        yield from _below(int(child))
        yield int(child)


def _let_through(folder: Path) -> None:
    """Another user may enter the folders above, and no more."""
    for each in (folder, *folder.parents):
        if each.stat().st_uid == os.geteuid():
            each.chmod(each.stat().st_mode | 0o011)


def _free_port() -> int:
    """One that the system gives to nobody by itself, as it does with those above 32,768."""
    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) != 0:
                return port


@contextmanager
def _running(words: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    # Some close every file that they might have, one by one: a few are enough.
    few = ["/bin/sh", "-c", 'ulimit -n 256 && exec "$@"', "sh"]
    process = subprocess.Popen(  # noqa: S603  (programs of the system)
        [*few, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        for _ in range(500):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, f"{words[0]} ended with {process.returncode}"
            Event().wait(0.02)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()
