"""What the doctor looks at in a profile's copy: the file, its own truth, and the service's.

Failure policy: a probe never raises; without a network it says what it could not look at.
"""

from collections.abc import Iterator

from cx_desktop.cache import Cache, Checked, Repaired, StalePage
from cx_desktop.cli.headless import OpenProfile
from cx_desktop.cli.probes import Check, State
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import SystemClock
from cx_desktop.sync.repair import Repair, Unsettled
from cx_desktop.sync.wire import EpochMoved

_OLD_DAYS = 1


def sync_checks(place: OpenProfile, *, is_repair: bool) -> tuple[Check, ...]:
    """Everything about one copy; mended first, where that is asked for."""
    clock = SystemClock()
    repair = Repair(place.cache, place.opened.client, clock)
    mended = _mended(place, repair) if is_repair else ()
    return (*mended, *_file(place.cache), *_edits(place.cache), *_service(place.cache, repair))


def _mended(place: OpenProfile, repair: Repair) -> tuple[Check, ...]:
    """Sync, compare, mend, and read anew what differs too much."""
    engine = place.engine(lambda _status: None)
    told: list[Checked] = []
    engine.each_repair(told.append)
    try:
        engine.sync_once()
        told.append(repair.check(repair.read))
        if any(each.anew for each in told):
            engine.sync_once()
    except (CXError, EpochMoved) as error:
        return (_unknown("repair", error),)
    finally:
        engine.stop()
    done = [_repaired(each) for checked in told for each in checked.repaired]
    done += [
        Check("repair", State.OK, "doctor.sync.anew", {"stream": each})
        for checked in told
        for each in checked.anew
    ]
    return tuple(done) or (Check("repair", State.OK, "doctor.sync.nothing-to-repair"),)


def _repaired(each: Repaired) -> Check:
    params: dict[str, str | int] = {
        "stream": each.stream,
        "added": each.added,
        "changed": each.changed,
        "removed": each.removed,
        "readable": each.readable,
    }
    return Check("repair", State.OK, "doctor.sync.repaired", params)


def _file(cache: Cache) -> Iterator[Check]:
    damaged = cache.repairs.damaged_pages()
    if damaged:
        params: dict[str, str | int] = {"count": damaged}
        hint = "doctor.sync.damaged.hint"
        yield Check("file", State.FAIL, "doctor.sync.damaged", params, hint)
    else:
        yield Check("file", State.OK, "doctor.sync.sound")
    faults = cache.sync.verify()
    if not faults:
        yield Check("contents", State.OK, "doctor.sync.consistent")
    for fault in faults:
        yield Check("contents", State.FAIL, "doctor.sync.contradiction", {"fault": fault})


def _edits(cache: Cache) -> Iterator[Check]:
    unsent, disputed = cache.unsent(), len(cache.conflicts())
    unreadable = cache.sync.quarantined()
    days = (SystemClock().now() - unsent.oldest).days if unsent.oldest is not None else 0
    params: dict[str, str | int] = {"count": unsent.count, "days": days, "disputed": disputed}
    if not (unsent.count or disputed):
        yield Check("outbox", State.OK, "doctor.sync.all-sent")
    elif disputed or days >= _OLD_DAYS:
        yield Check("outbox", State.WARN, "doctor.sync.outbox", params, "doctor.sync.outbox.hint")
    else:
        yield Check("outbox", State.OK, "doctor.sync.outbox", params)
    for each in unreadable:
        told: dict[str, str | int] = {"stream": each.stream, "id": each.id, "error": each.error}
        yield Check(
            "quarantine", State.WARN, "doctor.sync.unreadable", told, "doctor.sync.repair.hint"
        )


def _service(cache: Cache, repair: Repair) -> Iterator[Check]:
    for state in cache.sync.streams():
        if state.name not in repair.read:
            yield Check("service", State.OK, "doctor.sync.unread", {"stream": state.name})
            continue
        yield _compared(state.name, repair)


def _compared(stream: str, repair: Repair) -> Check:
    try:
        found = repair.compared(stream)
    except (Unsettled, StalePage):
        hint = "doctor.sync.moved.hint"
        return Check("service", State.WARN, "doctor.sync.moved", {"stream": stream}, hint)
    except (CXError, EpochMoved) as error:
        return _unknown(stream, error)
    params: dict[str, str | int] = {
        "stream": stream,
        "here": found.here.rows,
        "there": found.there.rows,
        "ranges": len(found.ends),
    }
    if found.is_equal:
        return Check("service", State.OK, "doctor.sync.equal", params)
    return Check("service", State.FAIL, "doctor.sync.differs", params, "doctor.sync.repair.hint")


def _unknown(what: str, error: Exception) -> Check:
    """What could not be looked at, and the reason's own hint."""
    key = error.key if isinstance(error, CXError) else "problem.page-damaged"
    params = dict(error.params) if isinstance(error, CXError) else {}
    return Check(
        "service", State.WARN, "doctor.sync.unknown", params | {"stream": what}, f"{key}.hint"
    )
