"""A call that shows it: a world and what happens in it, tried in the simulator before it is shown.

What a way asks of variables is given to them where they come from: before the call, typed, or in
the answer of a lookup. Where that cannot be found the way is not shown: a witness is never wrong.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.bounds import is_usual
from cx_desktop.domain.flow.analysis.exploration import Exploration
from cx_desktop.domain.flow.analysis.instants import Calendars, asked_on
from cx_desktop.domain.flow.analysis.moving import TAKES_TOO_LONG, Passage
from cx_desktop.domain.flow.analysis.places import Place
from cx_desktop.domain.flow.behaviour import (
    ANONYMOUS,
    Chosen,
    Digits,
    End,
    Given,
    Outcome,
    Stimulus,
    Subject,
)
from cx_desktop.domain.flow.expressions import Value, as_text, value_of
from cx_desktop.domain.flow.expressions.examples import counter_example, example_of
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.simulate import Call, World, advance, begin
from cx_desktop.domain.flow.simulate.events import Entered, Left
from cx_desktop.domain.patch import Document, Json

Way: TypeAlias = Sequence[tuple[Place, Passage]]

#: A Monday morning, and numbers that nobody has.
STARTED = datetime(2026, 11, 23, 9, tzinfo=UTC)
CALLER = "+33199001234"
CALLED = "+33199004321"

#: How many ways are tried before none is shown.
MOST_TRIES = 40


class Claim(Struct, frozen=True, omit_defaults=True):
    """What a call is to show: that a node is come to, or left by an exit, or an end is met.

    With an exit and an end: that after the exit nothing but the end comes. With a variable: that
    nothing has set it when the node is come to.
    """

    flow: str
    node: NodeId | None = None
    exit: ExitId | None = None
    end: End | None = None
    blank: str = ""


class Witness(Struct, frozen=True):
    """A call that shows what it claims; each entry of the script is one step of the simulator."""

    claim: Claim
    flow: str
    world: World
    script: tuple[Stimulus | None, ...]


def witness(exploration: Exploration, claim: Claim, around: World | None = None) -> Witness | None:
    """The shortest call found that shows a claim, or ``None`` where none was confirmed.

    ``around`` is the world of the project: where it has the calendars of schedules, the call comes
    in at an instant at which these stand as it needs them.
    """
    ways = islice(_ways_to(exploration, claim), MOST_TRIES)
    around = around or World(flows=exploration.ground.flows, started=STARTED)
    calendars = Calendars(around)
    tried = (_tried(exploration, way, claim, around, calendars) for way in ways)
    return next((each for each in tried if each is not None and confirms(each)), None)


def built(exploration: Exploration, way: Way, claim: Claim) -> Witness | None:
    """The call that goes a way, as far as its data can be found; hours stand as it needs them."""
    around = World(flows=exploration.ground.flows, started=STARTED)
    return _tried(exploration, way, claim, around, Calendars(around))


def claim_of(finding: Finding, flow: str) -> Claim | None:
    """What a call would have to do to show a finding; ``None`` where no call can."""
    if finding.node is None or finding.rule in _NEVER:
        return None
    node, way = NodeId(finding.node), finding.exit
    end = End.DROPPED if finding.rule == rules.SILENT_END.id else None
    blank = str(finding.params.get("names", "")) if finding.rule in _UNSET else ""
    exit_id = ExitId(way) if way is not None else None
    return Claim(flow, node, exit_id, end, blank.partition(", ")[0])


_UNSET = frozenset({rules.UNSET_HEARD.id, rules.UNSET_KEPT.id})
#: Findings about what no call does.
_NEVER = frozenset({"FLW-02", "FLW-06", "FLW-10", "FLW-25"})


def confirms(shown: Witness) -> bool:
    """Whether the simulator, given this world and script, does what is claimed."""
    call = begin(shown.flow, shown.world)
    for each in shown.script:
        call = advance(call, each)
    return _shows(call, shown.claim)


def _shows(call: Call, claim: Claim) -> bool:
    if claim.end is not None and call.end is not claim.end:
        return False
    if claim.end is not None and claim.exit is None:
        return True
    if claim.blank and as_text(call.values.get(claim.blank, "")):
        return False
    kind = Entered if claim.exit is None else Left
    return any(
        isinstance(each, kind)
        and (each.flow, each.node) == (claim.flow, claim.node)
        and (claim.exit is None or getattr(each, "exit", None) == claim.exit)
        for each in call.events
    )


def _ways_to(exploration: Exploration, claim: Claim) -> Iterator[Way]:
    """Ways that may show a claim, the shortest first."""
    if claim.blank:
        yield from _ways_around(exploration, claim)
        return
    for place, passages in exploration.passages.items():
        if claim.end is None and claim.exit is None:
            if (place.flow, place.node) == (claim.flow, claim.node):
                yield exploration.way_to(place)
            continue
        for each in passages:
            if each.move is not TAKES_TOO_LONG and _fits(place, each, claim):
                way = (*exploration.way_to(place), (place, each))
                yield way if claim.end is None else _to_its_end(exploration, way)


def _ways_around(exploration: Exploration, claim: Claim) -> Iterator[Way]:
    """Ways to a node on which nothing sets a variable, the shortest first."""
    if exploration.start is None:
        return
    came: dict[Place, tuple[Place, Passage] | None] = {exploration.start: None}
    waiting = deque([exploration.start])
    while waiting:
        place = waiting.popleft()
        if (place.flow, place.node) == (claim.flow, claim.node):
            yield _back(came, place)
            continue
        for each in exploration.passages.get(place, ()):
            is_new = each.place is not None and each.place not in came
            if is_new and each.place and not _sets(each, claim.blank):
                came[each.place] = (place, each)
                waiting.append(each.place)


def _back(came: Mapping[Place, tuple[Place, Passage] | None], place: Place) -> Way:
    way: list[tuple[Place, Passage]] = []
    step = came[place]
    while step is not None:
        way.append(step)
        step = came[step[0]]
    return tuple(reversed(way))


def _sets(passage: Passage, name: str) -> bool:
    moves = (passage.move, passage.back) if passage.back else (passage.move,)
    return any(sets.variable == name for move in moves for sets in move.sets)


def _to_its_end(exploration: Exploration, way: Way) -> Way:
    """A way that goes on by itself as long as it can."""
    steps = list(way)
    for _ in range(MOST_TRIES):
        place = steps[-1][1].place
        following = exploration.passages.get(place, ()) if place is not None else ()
        usual = [each for each in following if is_usual(each.move)]
        if place is None or len(usual) != 1:
            break
        steps.append((place, usual[0]))
    return steps


def _fits(place: Place, passage: Passage, claim: Claim) -> bool:
    if claim.exit is None:
        return passage.end is claim.end
    claimed = (claim.flow, claim.node, claim.exit)
    if passage.back is not None and place.frames:
        frame = place.frames[-1]
        return (frame.flow, frame.node, passage.back.exit) == claimed
    return (place.flow, place.node, passage.move.exit) == claimed


def _tried(
    exploration: Exploration, way: Way, claim: Claim, around: World, calendars: Calendars
) -> Witness | None:
    """The call that goes a way."""
    if exploration.start is None or any(each.move is TAKES_TOO_LONG for _, each in way):
        return None
    call = _Script(way)
    ground = exploration.ground
    asked = asked_on(way, lambda place: ground.at(place.flow, place.node).step, around)
    started = calendars.when(asked) if asked else around.started
    if started is None or not all(call.meets(number) for number in range(len(way))):
        return None
    for each in asked:
        call.leaves_alone(each.number)
    world = World(
        flows=ground.flows,
        started=started,
        caller=call.caller,
        called=call.called,
        variables=call.variables,
        zone=around.zone,
        schedules=around.schedules if asked else {},
        queues=around.queues if asked else {},
        lengths=around.lengths,
        texts=around.texts,
    )
    return Witness(claim, exploration.start.flow, world, tuple(call.script))


class _Script:
    """What happens on a way, and the data it needs."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._parts: list[list[Stimulus | None]] = [
            list(each.move.stimuli) or [None] for _, each in way
        ]
        self.variables: dict[str, Value] = {}
        self.caller = CALLER
        self.called = CALLED

    @property
    def script(self) -> Iterable[Stimulus | None]:
        """Everything that happens, in order."""
        return (each for part in self._parts for each in part)

    def leaves_alone(self, number: int) -> None:
        """Let the world decide on a passage."""
        self._parts[number] = [None]

    def meets(self, number: int) -> bool:
        """Give what one passage needs to what it depends on; whether that could be done."""
        when = self._way[number][1].move.when
        if when is None or when.subject in (Subject.METRIC, Subject.VARIABLE):
            return True
        if when.subject is Subject.CALLER:
            return self._calls_from(when)
        value = _value_for(when, of_caller=False)
        return value is not None and self._gives(when.of.strip(), value, number)

    def _calls_from(self, when: Chosen) -> bool:
        value: Value | None = "" if when.index == ANONYMOUS else _value_for(when, of_caller=True)
        if value is not None:
            self.caller = as_text(value)
        return value is not None

    def _gives(self, name: str, value: Value, number: int) -> bool:
        """Let a variable have a value before a passage: where it was last set, or from outside."""
        for index in range(number - 1, -1, -1):
            for each in self._way[index][1].move.sets:
                if each.variable == name:
                    is_given = isinstance(each.what, Given)
                    return not is_given or self._answers(index, each.what, value)
        if name in ("called", "caller"):
            setattr(self, name, as_text(value))
        else:
            self.variables.setdefault(name, value)
        return True

    def _answers(self, index: int, given: object, value: Value) -> bool:
        """Type a value, or let a lookup answer it."""
        part = self._parts[index]
        source, detail = getattr(given, "source", ""), getattr(given, "detail", "")
        first = part[0]
        if source == "digits" and isinstance(first, Digits):
            closing = first.keys[-1:] if first.keys[-1:] in "*#" else ""
            part[0] = replace(first, keys=as_text(value) + closing)
            return True
        if source == "lookup" and isinstance(part[-1], Outcome):
            body = part[-1].body if isinstance(part[-1].body, dict) else {}
            part[-1] = replace(part[-1], body=_with_field(body, detail, as_text(value)))
            return True
        return False


def _value_for(when: Chosen, *, of_caller: bool) -> Value | None:
    cases = [(each.operator, value_of(each.value)) for each in when.cases]
    if when.index is None:
        return counter_example(cases, of_caller=of_caller)
    return example_of(cases, when.index, of_caller=of_caller)


def _with_field(body: Document, path: str, value: str) -> Document:
    """An answer in which the field of a path has a value; lists are not made."""
    names = [each for each in path.removeprefix("$").split(".") if each]
    if not names:
        return body
    first, *rest = names
    inner = body.get(first)
    kept: Document = inner if isinstance(inner, dict) else {}
    field: Json = _with_field(kept, ".".join(rest), value) if rest else value
    return body | {first: field}
