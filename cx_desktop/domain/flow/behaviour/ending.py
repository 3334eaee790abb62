"""How the steps behave that end the call or this flow, and the steps of other products."""

from collections.abc import Iterator

from cx_desktop.domain.flow.behaviour.move import Cost, End, Move
from cx_desktop.domain.flow.behaviour.shapes import said
from cx_desktop.domain.flow.behaviour.step import Step


def hangup(step: Step) -> Iterator[Move]:
    """Says its message, if it has one, and ends the call.

    With the cause `busy`, `rejected` or `congestion` the caller hears the network's tone for it.
    Who hangs up during the message has heard the goodbye all the same. A call that ends here
    without a word since the caller last did something counts as dropped.
    """
    prompt = step.prompt()
    cost = Cost(1, step.lasts(prompt))
    yield Move(
        exit=None,
        end=_end(step, is_told=bool(said(prompt))),
        least=cost,
        most=cost,
        prompts=said(prompt),
        tells=True if said(prompt) else None,
    )


def _end(step: Step, *, is_told: bool) -> End:
    if is_told:
        return End.GOODBYE
    return End.REFUSED if step.text("cause") in ("busy", "rejected", "congestion") else End.HUNG_UP


def returned(step: Step) -> Iterator[Move]:
    """The sub-flow is over: the call goes back to the flow that called it, with an outcome.

    Its values are evaluated here and set in the calling flow. In a flow that no other has called
    the call ends.
    """
    yield Move(exit=None, end=End.RETURNED, outcome=step.text("outcome"))


def foreign(step: Step) -> Iterator[Move]:
    """A step of another product: nobody knows which of its exits is taken, so any may be.

    In simulation the world says which; else it is the first. One without exits ends the call.
    """
    if not step.extra_exits:
        yield Move(exit=None, end=End.DROPPED)
