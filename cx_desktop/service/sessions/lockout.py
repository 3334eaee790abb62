"""Lock-out: waiting that grows with failures, per account name and per address.

A failure is written *before* the password is looked at and forgiven when it was right, so that many
guesses at once cannot slip in between. Names that no user has are locked just the same.
"""

from datetime import timedelta
from math import ceil

from msgspec import Struct
from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from cx_desktop.service.keys import Keys
from cx_desktop.service.problems import Refusal
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import failure


class Rule(Struct, frozen=True):
    """How many failures are free, and after how long a quiet time they are forgotten."""

    free: int
    forgotten_after: timedelta


ACCOUNT = Rule(free=5, forgotten_after=timedelta(hours=24))
ADDRESS = Rule(free=40, forgotten_after=timedelta(hours=1))
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


class Lockout:
    """The failures of one account name and of the address it is tried from."""

    def __init__(self, keys: Keys, *, username: str, address: str) -> None:
        self._account = keys.tag(f"account {username.casefold()}".encode())
        self._address = keys.tag(f"address {address}".encode())

    def enter(self, txn: Txn) -> Refusal | None:
        """Count an attempt; a refusal when this account or address has to wait."""
        refusal = self.waiting(txn)
        if refusal is None:
            _count(txn, self._account, ACCOUNT)
            _count(txn, self._address, ADDRESS)
        return refusal

    def waiting(self, txn: Txn) -> Refusal | None:
        """A refusal that tells how long to wait, if so."""
        until = txn.connection.execute(
            select(failure.c.locked_until)
            .where(failure.c.key.in_([self._account, self._address]))
            .where(failure.c.locked_until > txn.now)
            .order_by(failure.c.locked_until.desc())
        ).scalar()
        return None if until is None else _locked(until - txn.now)

    def fail(self, txn: Txn) -> Refusal | None:
        """Count a failure; a refusal when it was one too many."""
        return self.enter(txn) or self.waiting(txn)

    def forgive(self, txn: Txn) -> None:
        """Take back the attempt counted by ``enter``: it was no failure."""
        for key, rule in ((self._account, ACCOUNT), (self._address, ADDRESS)):
            count = txn.connection.execute(
                select(failure.c.count).where(failure.c.key == key)
            ).scalar()
            if count:
                _write(txn, key, count - 1, rule)

    def clear(self, txn: Txn) -> None:
        """Both factors were right: the account starts afresh; the address does not."""
        txn.connection.execute(delete(failure).where(failure.c.key == self._account))


def _count(txn: Txn, key: bytes, rule: Rule) -> None:
    query = select(failure).where(failure.c.key == key)
    known = txn.connection.execute(query).mappings().one_or_none()
    is_forgotten = known is None or txn.now - known["last_at"] > rule.forgotten_after
    _write(txn, key, 1 if is_forgotten or known is None else known["count"] + 1, rule)


def _write(txn: Txn, key: bytes, count: int, rule: Rule) -> None:
    over = count - rule.free
    wait = min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else None
    values = {
        "key": key,
        "count": count,
        "last_at": txn.now,
        "locked_until": None if wait is None else txn.now + wait,
    }
    txn.connection.execute(
        insert(failure).values(values).on_conflict_do_update(index_elements=["key"], set_=values)
    )


def _locked(remaining: timedelta) -> Refusal:
    seconds = max(1, ceil(remaining.total_seconds()))
    return Refusal("locked-out", retry_after=seconds, minutes=ceil(seconds / 60))
