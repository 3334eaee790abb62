"""The core's thoughts about long loads: how much at once, how far they are, what goes first.

Edits go before settings, these before the newest rows of each large stream, these before history.
So a load is left at its next mark when news came, and each large stream gives its newest part
before any gives its history. Where a part takes much longer or shorter than it should, the load is
left too, and goes on in parts of another size.
"""

from itertools import islice

import msgspec

from cx_desktop.protocol import is_large
from cx_desktop.sync import pace
from cx_desktop.sync.events import Break, Next, Part, Pulled, PullSnapshot, State
from cx_desktop.sync.pace import Load

#: Parts of a large stream are never larger: a mark vouches for what a computer holds in memory.
MOST_OF_PART = 10_000
#: What the first question of a stream asks for, whatever the line.
_FIRST = 2_500


def size_of(state: State, stream: str) -> int:
    """How many rows of a stream to ask for at once."""
    most = MOST_OF_PART if _is_load(state, stream) else state.limits.page_max
    return min(most, state.sizes.get(stream, _FIRST))


def snapshot(state: State, stream: str) -> PullSnapshot:
    """Ask for a stream as a whole; a large one in parts that fit the line."""
    return PullSnapshot(stream, size_of(state, stream) if is_large(stream) else 0)


def came(state: State, part: Part) -> Next:
    """A part of a long load: how far it is now, and whether something else goes first."""
    before = state.loads.get(part.stream) or Load(
        part.stream, total=max(part.rows, state.totals.get(part.stream, 0))
    )
    size = size_of(state, part.stream)
    most = min(MOST_OF_PART, 2 * part.more)
    fit = pace.next_size(size, rows=size, seconds=part.seconds, most=most)
    load = before.after(rows=part.rows, more=part.more, seconds=part.seconds)
    state = msgspec.structs.replace(state, hold=part.hold, loads={**state.loads, part.stream: load})
    if not is_large(part.stream):
        return state, ()
    is_first = part.rows == part.more
    others = any(is_large(name) for name in islice(state.to_pull, 1, None))
    asks_otherwise = max(fit, part.more) >= 2 * min(fit, part.more)
    sizes = {**state.sizes, part.stream: fit}
    state = msgspec.structs.replace(state, sizes=sizes)
    leaves = state.poked or part.hold.stops_loads or (is_first and others) or asks_otherwise
    return state, (Break(),) if leaves else ()


def measured(state: State, event: Pulled) -> State:
    """A page or a whole load came: the next page fits the line, and a load is over."""
    if event.is_snapshot:
        return over(state, event.stream)
    if not event.seconds:
        return state
    size = size_of(state, event.stream)
    most = state.limits.page_max
    fit = pace.next_size(size, rows=event.rows, seconds=event.seconds, most=most)
    return msgspec.structs.replace(state, sizes={**state.sizes, event.stream: fit})


def slower(state: State, stream: str) -> State:
    """A page never came: a smaller one may."""
    if not stream:
        return state
    sizes = {**state.sizes, stream: pace.halved(size_of(state, stream))}
    return msgspec.structs.replace(state, sizes=sizes)


def over(state: State, stream: str) -> State:
    """A load is done with, or begins anew: what was measured of it says nothing more."""
    return msgspec.structs.replace(
        state,
        loads={name: load for name, load in state.loads.items() if name != stream},
        sizes={name: size for name, size in state.sizes.items() if name != stream},
    )


def _is_load(state: State, stream: str) -> bool:
    return any(each.name == stream and each.is_load for each in state.known)
