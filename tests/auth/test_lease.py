"""Only the service's own word gives leave to work offline, and only for a while."""

import base64
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.auth.lease import check, verify
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Grant, Lease
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language

KEY = Ed25519PrivateKey.from_private_bytes(b"7" * 32)
PUBLIC = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
END = datetime(2026, 11, 30, 13, 2, tzinfo=UTC)
LEASE = Lease("u", "ana", "device", START, END, (Grant("flow-designer", "p"),), 1)


def signed(lease: Lease, key: Ed25519PrivateKey = KEY) -> str:
    content = msgspec.json.encode(lease)
    return ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (content, key.sign(content))
    )


SIGNED = signed(LEASE)


def refused(text: str, key: str = PUBLIC) -> bool:
    try:
        assert verify(text, key) == LEASE, "another encoding of the very same bytes"
    except CXError as error:
        return error.key == "problem.lease-invalid"
    return False


def test_the_service_s_word_holds() -> None:
    assert verify(SIGNED, PUBLIC) == LEASE


def test_another_s_word_does_not() -> None:
    assert refused(signed(LEASE, Ed25519PrivateKey.from_private_bytes(b"8" * 32)))


@given(st.integers(0, len(SIGNED) - 2), st.characters(codec="ascii"))
def test_one_wrong_letter_breaks_it(place: int, letter: str) -> None:
    changed = SIGNED[:place] + letter + SIGNED[place + 1 :]
    assert changed == SIGNED or refused(changed) or verify(changed, PUBLIC) == LEASE


@given(st.text(max_size=60))
def test_any_text_is_refused(text: str) -> None:
    assert refused(text)
    assert refused(SIGNED, text)


def test_a_signed_value_of_another_kind_is_no_lease() -> None:
    content = b'{"verb": "wipe"}'
    parts = (content, KEY.sign(content))
    assert refused(".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts))


def told(now: datetime, device: str = "device") -> CXError:
    with pytest.raises(CXError) as raised:
        check(LEASE, now=now, device_id=device)
    return raised.value


def test_it_holds_until_its_last_moment() -> None:
    check(LEASE, now=START, device_id="device")
    check(LEASE, now=END - timedelta(microseconds=1), device_id="device")
    assert told(END).key == "problem.lease-over"
    assert told(END + timedelta(days=3000)).key == "problem.lease-over"


def test_it_does_not_hold_before_its_first_moment_or_on_another_device() -> None:
    assert told(START - timedelta(seconds=1)).key == "problem.lease-invalid"
    assert told(START, "other").key == "problem.lease-invalid"


def test_its_end_is_told_as_each_language_writes_it() -> None:
    end = END.astimezone()
    folder = resources() / "text"
    french, _ = Catalogue(folder, Language.FRENCH).explain(told(END))
    english, _ = Catalogue(folder, Language.ENGLISH).explain(told(END))
    assert f"le {end:%d/%m/%Y} à {end:%H}\u00a0h\u00a0{end:%M}" in french
    assert f"on {end:%Y-%m-%d} at {end:%H:%M}" in english
