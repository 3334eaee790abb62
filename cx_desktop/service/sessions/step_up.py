"""Step-up: a fresh code before an act that cannot be taken back lightly."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from cx_desktop.domain.access import StepUpClass
from cx_desktop.protocol import SteppedUp, StepUp
from cx_desktop.service.actor import Actor
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import codes, people
from cx_desktop.service.sessions.lockout import Lockout
from cx_desktop.service.sessions.tokens import still
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import step_up as table

HELD_FOR = timedelta(minutes=10)
#: One act only, to be done at once.
UNHELD_FOR = timedelta(minutes=2)


def step_up(service: Service, actor: Actor, request: StepUp, address: str) -> SteppedUp:
    """Take a fresh code for one class of verbs."""
    classes = {each.value: each for each in StepUpClass}
    asked = classes.get(request.verb)
    if asked is None:
        raise malformed("/verb", "unknown-class", f"One of {', '.join(sorted(classes))}")
    with service.store.write() as txn:
        still(txn, actor)
        refusal = _refused(service, txn, actor, request.code, address)
        record(
            txn,
            Deed(
                who_id=actor.user_id,
                who_name=actor.name,
                verb=f"step-up.{refusal.name if refusal else 'done'}",
                detail=asked.value,
            ),
        )
        until = txn.now + (HELD_FOR if asked.is_held else UNHELD_FOR)
        if refusal is None:
            _hold(txn, actor, asked, until)
    if refusal is not None:
        raise refusal
    return SteppedUp(verb=asked.value, until=until)


def require_step_up(txn: Txn, actor: Actor, asked: StepUpClass) -> None:
    """Refuse unless a fresh code was given; one that is not held is used up by this."""
    where = (
        table.c.session_id == actor.session_id,
        table.c.verb == asked.value,
        table.c.until > txn.now,
    )
    if txn.connection.execute(select(table.c.until).where(*where)).first() is None:
        raise Refusal("step-up-required", verb=asked.value)
    if not asked.is_held:
        txn.connection.execute(delete(table).where(*where))


def _refused(service: Service, txn: Txn, actor: Actor, code: str, address: str) -> Refusal | None:
    lockout = Lockout(service.keys, username=actor.username, address=address)
    account = people.by_id(txn.connection, actor.user_id)
    secret = account and people.totp_secret(service.keys, account)
    if not secret:
        return Refusal("wrong-code")
    refusal = lockout.waiting(txn) or codes.check_code(txn, actor.user_id, secret, code)
    if refusal is None or refusal.name in ("code-reused", "locked-out"):
        return refusal
    return lockout.fail(txn) or refusal


def _hold(txn: Txn, actor: Actor, asked: StepUpClass, until: object) -> None:
    values = {"session_id": actor.session_id, "verb": asked.value, "until": until}
    txn.connection.execute(
        insert(table)
        .values(values)
        .on_conflict_do_update(index_elements=["session_id", "verb"], set_=values)
    )
