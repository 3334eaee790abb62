"""Guarded verbs that were decided without a network: only in time, only on what was looked at.

The moment after which an action never happens is judged by the service's own clock, and what it
was decided on by the ETag, which also tells one epoch from another. A refusal is kept like any
result: an action that came too late once stays so, whatever the clocks do afterwards.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

from cx_desktop.domain.access import LONGEST_WAIT, can_wait, code_before
from cx_desktop.protocol import Assignment, Op
from cx_desktop.service import numbers
from cx_desktop.service.actor import Actor
from cx_desktop.service.objects import deeds, verbs
from cx_desktop.service.objects.types import object_type
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.store import Entity, Txn


def act(txn: Txn, actor: Actor, op: Op) -> Entity:
    """Do what was decided, or refuse it for good."""
    if (code := code_before(op.entity, op.verb)) is not None:
        raise Refusal("step-up-required", verb=code.value)
    if not can_wait(op.entity, op.verb):
        raise malformed("/verb", "unknown-action", f"{op.entity} cannot {op.verb} later")
    if not op.if_match:
        raise Refusal("version-required")
    if op.not_after is None:
        raise malformed("/not_after", "missing", "Say until when it may happen")
    if op.not_after > txn.now + LONGEST_WAIT:
        raise malformed("/not_after", "too-far", f"At most {LONGEST_WAIT.days} days ahead")
    if txn.now > op.not_after:
        raise Refusal("expired", not_after=deeds.instant(op.not_after))
    return _DEEDS[op.verb](txn, actor, op)


def _assign(txn: Txn, actor: Actor, op: Op) -> Entity:
    try:
        assignment = msgspec.convert(op.value or {}, Assignment)
    except msgspec.ValidationError as error:
        raise malformed("/value", "shape", str(error)) from error
    return numbers.assign(txn, actor, op.id, op.if_match, assignment)


def _archive(txn: Txn, actor: Actor, op: Op) -> Entity:
    return verbs.archive(txn, actor, object_type(op.entity), op.id, op.if_match)


def _restore(txn: Txn, actor: Actor, op: Op) -> Entity:
    return verbs.restore(txn, actor, object_type(op.entity), op.id, op.if_match)


_DEEDS: Mapping[str, Callable[[Txn, Actor, Op], Entity]] = MappingProxyType(
    {"assign": _assign, "archive": _archive, "restore": _restore}
)
