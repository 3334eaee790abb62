"""A terminal: verbs run in this process, or as children, as a shell runs them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from tests.fakes.service import RunningService

ROOT = Path(__file__).parent.parent.parent


class Said(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def problem(self) -> dict[str, object]:
        """The one object on standard error."""
        found = json.loads(self.err)
        assert set(found) == {"error"}
        error = found["error"]
        assert isinstance(error, dict)
        return error


def cx(*words: str | Path, given: bytes = b"", **environment: str) -> Said:
    """Run a verb in this process; nobody sits at its terminal."""
    verb, *others = map(str, words)
    app = import_module(f"cx_desktop.cli.{verb}").app
    result = CliRunner().invoke(app, others, input=given, env=environment)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


def child(*words: str | Path, given: bytes = b"", **environment: str) -> Said:
    """Run ``cx-desktop`` in a process of its own; nobody sits at its terminal."""
    result = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-m", "cx_desktop", *map(str, words)],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )
    return Said(result.returncode, result.stdout.decode(), result.stderr.decode())


class Desk:
    """Who works at the terminal: an account of the service, its secrets in a file."""

    def __init__(self, folder: Path, service: RunningService, role: str = "administrator") -> None:
        self.service = service
        self.account = service.account(role)
        self.file = folder / "credentials.yaml"
        self.file.write_text(
            f"server: {service.url}\nusername: {self.account.username}\n"
            f"password: '{self.account.password}'\ntotp_secret: {self.account.totp_secret}\n",
            encoding="utf-8",
        )
        self.file.chmod(0o600)

    def cx(self, *words: str | Path, run: Callable[..., Said] = cx) -> Said:
        """Run a verb signed in, in English; each time the codes before are a while ago."""
        self.service.clock.advance(timedelta(minutes=2))
        said = run(*words, "--credentials-file", self.file, "--language", "en")
        for secret in (self.account.password, str(self.account.totp_secret)):
            assert secret not in said.out + said.err
        return said
