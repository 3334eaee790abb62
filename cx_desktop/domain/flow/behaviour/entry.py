"""How the steps behave by which a call begins."""

from collections.abc import Iterator

from cx_desktop.domain.flow.behaviour.move import Move
from cx_desktop.domain.flow.behaviour.shapes import by_itself, hang_ups, outcome
from cx_desktop.domain.flow.behaviour.step import Step


def start(_step: Step) -> Iterator[Move]:
    """The call enters here and goes on at once.

    Its `spoken_language` is the `language` of the call. When the call has lasted
    `max_call_duration` seconds, whatever it is doing, it goes to the flow's step for that, once;
    without one it ends.
    """
    yield by_itself("next")


def answer(step: Step) -> Iterator[Move]:
    """The caller hears ringing for `delay` seconds, then the call is picked up.

    A call that no such step has picked up is picked up by the first step that speaks.
    """
    delay = step.number("delay")
    yield by_itself("next", seconds=delay)
    yield from hang_ups(step, delay)


def outbound_call(step: Step) -> Iterator[Move]:
    """Rings `number` for at most `ring_timeout` seconds.

    Who answers leaves by `answered`; an answering machine by `machine`, if it is told from a
    person; no answer, a busy line and a number that cannot be called leave by `failed`.
    """
    ring = step.number("ring_timeout")
    yield from outcome(step, "answered", most=ring)
    yield from outcome(step, "machine", most=ring)
    yield from outcome(step, "failed", most=ring)
