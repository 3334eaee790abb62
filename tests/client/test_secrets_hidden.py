"""Values that carry secrets never show them, and a new one cannot be forgotten."""

import inspect
from datetime import UTC, datetime

import msgspec
import pytest
from msgspec import Struct

from cx_desktop import protocol
from cx_desktop.domain.redacted import Redacted
from cx_desktop.protocol import Challenge, Enrolment, SignedIn, Tokens, User

SECRET_FIELDS = {
    "password", "code", "recovery_code", "recovery_codes", "secret", "uri", "access_token",
    "refresh_token", "vault_key", "token", "signature",
}  # fmt: skip
NOW = datetime(2026, 11, 16, tzinfo=UTC)


def frames() -> list[type[Struct]]:
    found = [getattr(protocol, name) for name in protocol.__all__]
    return [each for each in found if inspect.isclass(each) and issubclass(each, Struct)]


@pytest.mark.parametrize("frame", frames(), ids=lambda frame: frame.__name__)
def test_a_frame_with_a_secret_in_it_hides_itself(frame: type[Struct]) -> None:
    names = {field.name for field in msgspec.structs.fields(frame)}
    is_secret = bool(names & SECRET_FIELDS) and frame.__name__ != "Fault"  # whose code is a name
    assert issubclass(frame, Redacted) is is_secret


def test_neither_repr_nor_rich_nor_nesting_shows_a_secret() -> None:
    tokens = Tokens("s3cret-access", NOW, "s3cret-refresh")
    user = User("u", "ana", "Ana", "fr", "Lumen")
    signed_in = SignedIn(tokens, user, "device", "lease", "s3cret-key", ("s3cret-code",))
    challenge = Challenge("c", NOW, Enrolment("s3cret", "otpauth://s3cret"))
    shown = f"{tokens} {tokens!r} {[signed_in]} {challenge} {signed_in.__rich_repr__()}"
    assert "s3cret" not in shown
    assert "Enrolment(…)" in shown


def test_hiding_changes_nothing_on_the_wire() -> None:
    tokens = Tokens("a", NOW, "r")
    text = b'{"access_token":"a","expires_at":"2026-11-16T00:00:00Z","refresh_token":"r"}'
    assert msgspec.json.encode(tokens) == text
    assert msgspec.json.decode(text, type=Tokens) == tokens


def test_a_misshapen_secret_is_not_repeated_in_the_fault() -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(b'{"access_token": 1, "refresh_token": "s3cret"}', type=Tokens)
    assert "s3cret" not in str(raised.value)
