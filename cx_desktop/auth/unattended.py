"""A session for one run of a command: signed in with both factors, signed out at its end.

The password and the secret of the codes come from a file that only its owner can read, or somebody
types them. The session is never kept. The device's key is kept beside such a file, so that a
machine is one device to the service however often it signs in; else it is new each time.

Failure policy: codes are made by the service's clock, so that a wrong one here does no harm. Each
code counts once; where the present ones are used up, the next one is waited for, once.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import msgspec
import pyotp

from cx_desktop.auth.credentials import SessionCredentials
from cx_desktop.auth.device import DeviceKey
from cx_desktop.auth.files import read_small, write_atomically
from cx_desktop.client.bearer import Bearer
from cx_desktop.client.service import Offset, ServiceClient, clock_offset
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.flow.formats.plain_yaml import read as read_yaml
from cx_desktop.domain.redacted import Redacted
from cx_desktop.ports import Clock
from cx_desktop.protocol import SignInRequest, StepUp, User, Verification

_STEP = 30
#: The codes that the service takes: of now, of next and of just before.
_NEAR = (0, 1, -1)
_MOST_BYTES = 64 << 10
_REUSED = "problem.code-reused"

Answer = TypeVar("Answer")


class Account(Redacted, frozen=True, forbid_unknown_fields=True):
    """Who signs in where; what is absent is asked for."""

    server: str = ""
    username: str = ""
    password: str = ""
    totp_secret: str = ""


class Asking(Redacted, frozen=True):
    """How somebody is asked, and how time passes."""

    code: Callable[[], str]
    """A verification code; raises ``CXError`` where nobody can be asked."""
    pause: Callable[[float], object]
    """Waits so many seconds."""


class Visit:
    """A signed-in run."""

    def __init__(self, client: ServiceClient, user: User, codes: "Codes") -> None:
        self.client = client
        self.user = user
        self._codes = codes
        self._held: set[str] = set()

    def __repr__(self) -> str:
        return "Visit(…)"

    def step_up(self, verb: str) -> None:
        """Give a fresh code for a class of verbs."""
        self._codes.use(lambda code: self.client.sessions.step_up(StepUp(code=code, verb=verb)))
        self._held.add(verb)

    def step_up_once(self, verb: str) -> None:
        """Give a code unless this run has given one: the service holds it for a while."""
        if verb not in self._held:
            self.step_up(verb)


class KeptDevice:
    """A device's key and id in a file of their own, which nobody else can read.

    Failure policy: a file that cannot be written or read is no file; the device is then a new one.
    """

    is_lasting = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def __repr__(self) -> str:
        return "KeptDevice(…)"

    def get(self, name: str) -> str | None:
        """What is kept under a name."""
        return self._read().get(name)

    def set(self, name: str, value: str) -> None:
        """Keep it, if the disk lets us."""
        kept = msgspec.json.encode({**self._read(), name: value})
        with suppress(CXError, OSError):
            write_atomically(self._path, kept)

    def delete(self, name: str) -> None:
        """Forget it."""
        kept = {key: value for key, value in self._read().items() if key != name}
        with suppress(CXError, OSError):
            write_atomically(self._path, msgspec.json.encode(kept))

    def _read(self) -> dict[str, str]:
        with suppress(CXError, OSError, msgspec.MsgspecError):
            content = read_small(self._path)
            if content is not None:
                return msgspec.json.decode(content, type=dict[str, str])
        return {}


@contextmanager
def visit(
    account: Account,
    client: ServiceClient,
    *,
    asking: Asking,
    clock: Clock,
    kept: KeptDevice | None = None,
) -> Iterator[Visit]:
    """Sign in, and out again whatever happens."""
    offset = clock_offset(client, clock)
    codes = Codes(account.totp_secret, offset, asking, clock)
    known = f"{client.address} {account.username.strip().casefold()}"
    device = DeviceKey.of(kept or SessionCredentials(), known)
    sessions = client.sessions
    request = SignInRequest(
        username=account.username.strip(),
        password=account.password,
        device=device.facts((kept and kept.get(known)) or ""),
    )
    challenge = sessions.sign_in(request)
    if challenge.enrolment is not None:
        raise CXError("problem.enrol-first")
    signed_in = codes.use(lambda code: sessions.verify(challenge.id, Verification(code=code)))
    if kept is not None:
        kept.set(known, signed_in.device_id)
    bearer = Bearer(
        device_id=signed_in.device_id,
        refresh_token=signed_in.tokens.refresh_token,
        access_token=signed_in.tokens.access_token,
        sign=device.sign,
        persist=lambda _tokens: None,
    )
    inside = client.signed_in(bearer)
    with ExitStack() as leaving:
        leaving.callback(_sign_out, inside)
        yield Visit(inside, signed_in.user, codes)


def account_from(path: Path) -> Account:
    """The account that a file holds; refused where others can read the file too."""
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if os.name == "posix" and stat.S_ISREG(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise CXError("problem.credentials-open", file=str(path))
            content = stream.read(_MOST_BYTES)
    except OSError as error:
        reason = error.strerror or ""
        raise CXError("problem.credentials-unreadable", file=str(path), reason=reason) from error
    try:
        return msgspec.convert(read_yaml(content).value, Account)
    except (Unreadable, msgspec.ValidationError):
        # Without its cause: what stands in the file stays out of every traceback.
        raise CXError("problem.credentials-malformed", file=str(path)) from None


class Codes:
    """Fresh codes, from the account's secret or from somebody, by the service's clock."""

    def __init__(self, secret: str, offset: Offset, asking: Asking, clock: Clock) -> None:
        self._secret = "".join(secret.split()).upper()
        self._offset = offset
        self._asking = asking
        self._clock = clock

    def __repr__(self) -> str:
        return "Codes(…)"

    def use(self, call: Callable[[str], Answer]) -> Answer:
        """Give a code that has not been used yet."""
        if not self._secret:
            return call(self._asking.code())
        for is_last in (False, True):
            now = self._now()
            for near in _NEAR:
                with suppress(_Reused):
                    return self._tried(call, int(now) // _STEP + near)
            if not is_last:
                self._asking.pause(_STEP - now % _STEP + 1)
        raise CXError(_REUSED, retryable=True)

    def _tried(self, call: Callable[[str], Answer], step: int) -> Answer:
        try:
            return call(self._code(step))
        except CXError as error:
            if error.key == _REUSED:
                raise _Reused from error
            raise

    def _code(self, step: int) -> str:
        try:
            return pyotp.HOTP(self._secret).at(step)
        except ValueError:  # not base32; without its cause, which shows it
            raise CXError("problem.credentials-secret") from None

    def _now(self) -> float:
        return (self._clock.now() + self._offset.ahead).timestamp()


class _Reused(Exception):  # noqa: N818  (an answer, and the next code is tried)
    """The service has seen this code before."""


def _sign_out(client: ServiceClient) -> None:
    with suppress(CXError):
        client.sessions.sign_out()
    if client.bearer is not None:
        client.bearer.forget()
