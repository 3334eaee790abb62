"""The second factor: six digits by RFC 6238, each step once, and recovery codes, each once."""

import base64
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from cx_desktop.service.keys import Keys
from cx_desktop.service.problems import Refusal
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import recovery_code, totp_use

STEP_SECONDS = 30
ACCEPTED_STEPS = (0, -1, 1)
#: Ten minutes either way: far enough to tell a wrong clock from a wrong code.
TOLD_STEPS = 20
RECOVERY_CODES = 10


def fresh_secret() -> str:
    """A new TOTP secret, base32."""
    return pyotp.random_base32()


def step_of(now: datetime) -> int:
    """The number of the 30-second step that a moment lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """The six digits of one step."""
    return pyotp.HOTP(secret).at(step)


def check_code(txn: Txn, user_id: str, secret: str, code: str) -> Refusal | None:
    """Use a code up; a refusal when it is wrong, was used, or belongs to a clock that is off."""
    now = step_of(txn.now)
    _forget_old_steps(txn, user_id, now)
    matching = [step for step in ACCEPTED_STEPS if _is(secret, now + step, code)]
    if matching:
        fresh = any(_use(txn, user_id, now + step) for step in matching)
        return None if fresh else Refusal("code-reused")
    off = next(
        (step for step in range(-TOLD_STEPS, TOLD_STEPS + 1) if _is(secret, now + step, code)), None
    )
    if off is None:
        return Refusal("wrong-code")
    _use(txn, user_id, now + off)  # having confirmed the code, never take it when its time comes
    return Refusal("clock-off", seconds=off * STEP_SECONDS)


def new_recovery_codes(txn: Txn, keys: Keys, user_id: str) -> tuple[str, ...]:
    """Ten fresh codes in place of all older ones; only their keyed digests are kept."""
    txn.connection.execute(delete(recovery_code).where(recovery_code.c.user_id == user_id))
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    txn.connection.execute(
        insert(recovery_code),
        [{"user_id": user_id, "hash": _recovery_hash(keys, user_id, code)} for code in codes],
    )
    return codes


def use_recovery_code(txn: Txn, keys: Keys, user_id: str, code: str) -> Refusal | None:
    """Use a recovery code up; a refusal when there is no such unused code."""
    used = txn.connection.execute(
        update(recovery_code)
        .where(
            recovery_code.c.user_id == user_id,
            recovery_code.c.hash == _recovery_hash(keys, user_id, code),
            recovery_code.c.used_at.is_(None),
        )
        .values(used_at=txn.now)
    )
    return None if used.rowcount == 1 else Refusal("wrong-code")


def recovery_codes_left(connection: Connection, user_id: str) -> int:
    """How many recovery codes are unused."""
    return connection.execute(
        select(func.count())
        .select_from(recovery_code)
        .where(recovery_code.c.user_id == user_id, recovery_code.c.used_at.is_(None))
    ).scalar_one()


def _is(secret: str, step: int, code: str) -> bool:
    return secrets.compare_digest(code_at(secret, step).encode(), code.encode())


def _use(txn: Txn, user_id: str, step: int) -> bool:
    """Mark a step as used; False when it already was. The primary key decides races."""
    marked = txn.connection.execute(
        upsert(totp_use).values(user_id=user_id, step=step).on_conflict_do_nothing()
    )
    return marked.rowcount == 1


def _forget_old_steps(txn: Txn, user_id: str, now: int) -> None:
    txn.connection.execute(
        delete(totp_use).where(totp_use.c.user_id == user_id, totp_use.c.step < now - TOLD_STEPS)
    )


def _recovery_code() -> str:
    """Sixty random bits as ``XXXX-XXXX-XXXX``."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode()[:12]
    return "-".join(letters[n : n + 4] for n in (0, 4, 8))


def _recovery_hash(keys: Keys, user_id: str, code: str) -> bytes:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return keys.tag(f"recovery {user_id} {plain}".encode())
