"""How the steps behave that hand the call to somebody, or to another flow."""

from collections.abc import Iterator

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour.asking import YES
from cx_desktop.domain.flow.behaviour.data import assignments
from cx_desktop.domain.flow.behaviour.move import Constant, Cost, End, Given, Move, Reached, Sets
from cx_desktop.domain.flow.behaviour.shapes import by_itself, failure, hang_ups, outcome, said
from cx_desktop.domain.flow.behaviour.step import Step
from cx_desktop.domain.flow.behaviour.stimuli import Key, Outcome, Silence, Speech, Stimulus
from cx_desktop.domain.flow.graph import ExitId, NodeId

#: The variable that holds the queue an earlier step has set.
QUEUE = "queue"

#: How long a caller waits for the answer to an offer.
PATIENCE = 5.0

#: The beep of a voicemail.
BEEP = 0.5

_ANSWERED = ExitId("answered")


def transfer_number(step: Step) -> Iterator[Move]:
    """Rings the number for at most `ring_timeout` seconds and connects the caller to who answers.

    `blind` hands the call over at once: unless that fails, the flow is done. `attended` keeps it
    until somebody answers: the conversation ends the call. `return` takes the call back after the
    conversation, by `answered`. `announce` is said to the called person. A number that cannot be
    called leaves by `failed`. The conversation itself is not counted in any duration.
    """
    ring = step.number("ring_timeout")
    announce = step.lasts(step.prompt("announce"))
    is_blind = step.text("transfer_mode") == "blind"
    rings = ring if is_blind else ring + announce
    talked = Move(
        exit=_ANSWERED if step.has(_ANSWERED) else None,
        end=None if step.has(_ANSWERED) else End.PERSON,
        reached=Reached.PERSON,
        stimuli=(Outcome(_ANSWERED),),
        longest=(Outcome(_ANSWERED, seconds=rings),),
        least=Cost(1, 0.0 if is_blind else announce),
        most=Cost(1, rings),
        tells=False,
    )
    yield talked
    yield from outcome(step, "no_answer", least=ring, most=ring)
    yield from outcome(step, "busy", most=ring)
    yield from outcome(step, "failed", most=ring)
    yield from hang_ups(step, rings)


def set_queue(step: Step) -> Iterator[Move]:
    """Notes the queue, its priority and skills for the steps that follow; nobody waits yet.

    The variable `queue` holds it. `error` is taken when there is no such queue.
    """
    yield by_itself("next", sets=(Sets(QUEUE, Constant(step.text("queue"))),))
    yield from failure(step, "error")


def transfer_queue(step: Step) -> Iterator[Move]:
    """Lets the caller wait in the queue for an agent, for at most `max_wait` seconds.

    0 waits until the call's longest duration. A queue that takes nobody more leaves by `full`, one
    where nobody is signed in by `no_agent`, both at once. `overflow_key` leaves the queue by
    `overflow`; other keys do nothing. After the conversation the call leaves by `queued`, if it is
    linked, else it ends. `failed` is taken when there is no such queue, or none has been set. The
    conversation itself is not counted in any duration.
    """
    longest = min(step.number("max_wait") or step.setting.longest_call, step.setting.longest_call)
    prompts = said(step.prompt("waiting_prompt"))
    for move in outcome(step, "queued", most=longest, prompts=prompts):
        yield replace(move, reached=Reached.PERSON, tells=False)
    yield from outcome(step, "full")
    yield from outcome(step, "no_agent")
    yield from (
        replace(move, tells=False)
        for move in outcome(step, "timeout", least=longest, most=longest, prompts=prompts)
    )
    if step.has("overflow"):
        key = step.text("overflow_key")
        yield Move(
            exit=ExitId("overflow"),
            stimuli=(Key(key),),
            longest=(Key(key, longest),),
            least=Cost(1, keys=1),
            most=Cost(1, longest, keys=1),
            prompts=prompts,
            tells=False,
        )
    yield from failure(step, "failed")
    yield from hang_ups(step, longest, prompts=prompts)


def callback(step: Step) -> Iterator[Move]:
    """Offers to call back, if it makes the offer itself, and notes the number.

    Key 1 accepts, at any moment of the offer; any other key, and silence for 5 seconds, refuse.
    Then a number that cannot be called back (hidden, or wrong) leaves by `invalid_number`, unless
    an earlier step has checked it. `failed` is taken when the queue takes no callbacks.
    """
    prompt = step.prompt("offer_prompt") if step.is_on("offer") else None
    length = step.lasts(prompt) + PATIENCE if step.is_on("offer") else 0.0
    yes: tuple[Stimulus, ...] = (Key(YES),) if step.is_on("offer") else ()
    late: tuple[Stimulus, ...] = (Key(YES, length),) if step.is_on("offer") else ()
    for way in ("accepted", "invalid_number", "failed"):
        for move in outcome(step, way):
            yield replace(
                move,
                reached=Reached.CALLBACK if way == "accepted" else None,
                stimuli=(*yes, *move.stimuli),
                longest=(*late, *move.stimuli),
                least=Cost(1, keys=len(yes)),
                most=Cost(1, length, keys=len(yes)),
                prompts=said(prompt),
                tells=False if yes else None,
            )
    if step.has("refused"):
        yield Move(
            exit=ExitId("refused"),
            stimuli=(Silence(),),
            longest=(Silence(),),
            most=Cost(1, length, keys=1),
            prompts=said(prompt),
            tells=False,
        )
    yield from hang_ups(step, length, prompts=said(prompt))


def voicemail(step: Step) -> Iterator[Move]:
    """Says its greeting, beeps, and records what the caller says.

    The message is over after `final_silence` seconds without speech, or at `max_length` seconds.
    Who says nothing, or only presses the closing key, leaves by `empty`; who hangs up by `hangup`,
    and what was said until then is kept. `error` is taken when the box cannot be used. The
    greeting cannot be interrupted.
    """
    greeting = step.prompt("greeting")
    before = step.lasts(greeting) + (BEEP if step.is_on("beep") else 0.0)
    silence, longest = step.number("final_silence"), step.number("max_length")
    most = before + longest + silence
    heard = Move(exit=None, prompts=said(greeting), tells=False)
    yield replace(
        heard,
        exit=ExitId("recorded"),
        reached=Reached.MESSAGE,
        stimuli=(Speech(),),
        longest=(Speech(lasts=longest),),
        least=Cost(1, before + min(silence, longest)),
        most=Cost(1, most),
    )
    yield replace(
        heard,
        exit=ExitId("empty"),
        stimuli=(Silence(),),
        longest=(Silence(),),
        least=Cost(1, before),
        most=Cost(1, before + silence, keys=1),
    )
    yield from failure(step, "error")
    yield from hang_ups(step, most, prompts=said(greeting))


def subflow(step: Step) -> Iterator[Move]:
    """Goes through another flow and comes back by the exit of the outcome it returns.

    `inputs` are evaluated here and are variables of the other flow; a `return` gives values back
    to this one, and `outputs` are then evaluated with the variables of the other flow and set
    here. Without outcomes it comes back by `next`. It leaves by `error` when there is no such
    flow, when it returns an outcome that is not declared here, and when flows are nested more than
    10 deep. When the other flow ends the call, the call ends.
    """
    for way in step.exits:
        if way != "error":
            yield from outcome(step, way, sets=outputs(step))
    yield from failure(step, "error")


def outputs(step: Step) -> tuple[Sets, ...]:
    """The variables that get a value when a sub-flow is over."""
    return tuple(
        replace(each, what=Given("returned", getattr(each.what, "expression", "")))
        for each in assignments(step, "outputs")
    )


def inputs(step: Step) -> tuple[Sets, ...]:
    """The variables of its own that a sub-flow begins with."""
    return assignments(step, "inputs", "flow")


def goto_flow(step: Step) -> Iterator[Move]:
    """The call goes on in another flow, and does not come back.

    Calls that came into this flow as a sub-flow do not return either. Without such a flow the
    call goes to this flow's step for errors; without one it ends.
    """
    yield Move(exit=None, flow=step.text("flow"))


def goto_node(step: Step) -> Iterator[Move]:
    """The call goes on at another step of this flow, as if by a link.

    When there is no such step it goes to the flow's step for errors; without one it ends.
    """
    yield Move(exit=None, jump=NodeId(step.text("target")))
