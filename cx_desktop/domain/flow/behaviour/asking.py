"""How the steps behave that ask the caller something."""

from collections.abc import Iterator

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour.attempts import Limits, before_leaving, before_success
from cx_desktop.domain.flow.behaviour.listening import (
    Listening,
    Typing,
    limits_of,
    listening_of,
    script,
)
from cx_desktop.domain.flow.behaviour.move import Constant, Cost, Given, Move, Sets
from cx_desktop.domain.flow.behaviour.shapes import failure, hang_ups, said
from cx_desktop.domain.flow.behaviour.step import Step
from cx_desktop.domain.flow.behaviour.stimuli import Digits, Key, Silence, Speech, Stimulus
from cx_desktop.domain.flow.behaviour.validation import check_of, refused, shortest
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.kinds.asking import can_be_invalid
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS

#: The key that says yes: to an offer, and to digits that were read back.
YES = "1"
NO = "2"

#: The exit of a menu for key 0 where the flow has an operator for it.
OPERATOR = ExitId("operator")

#: The value a collection stores for a silence, where it does (as Amazon Connect does).
TIMEOUT = "Timeout"

#: What asking for the confirmation takes, the digits aside.
SECONDS_TO_CONFIRM = 4.0
SECONDS_PER_DIGIT = 0.5


def keys_of(step: Step) -> tuple[str, ...]:
    """The keys that a step offers."""
    return tuple(each.removeprefix("key_") for each in step.exits if each.startswith("key_"))


def menu(step: Step) -> Iterator[Move]:
    """Says its message and waits `first_digit_timeout` seconds for one key.

    A key on offer leaves by its exit; any other key is not valid. After a silence or a key that is
    not valid it asks again, with the next of `retry_prompts` (the last one again when they run
    out). `max_no_input` silences leave by `no_input`, `max_invalid` invalid keys by `invalid`, and
    `max_tries` failures in all by `max_tries`: this limit weighs more where a try reaches two,
    unless all tries failed alike.
    Interruptible, it takes keys from the first moment, and those typed during interruptible
    messages before it unless `flush_buffer`; else keys typed while it speaks are lost. With
    `speech`, whatever is said leaves by `speech`. The key, or what was said, is kept in
    `result_variable`. Where the flow has a step for key 0, an unused key 0 leads there.
    """
    listening = listening_of(step)
    offered, leading = keys_of(step), accepted(step)
    invalid = next((key for key in TELEPHONE_KEYS if key not in leading), None)
    wrong: tuple[Stimulus, ...] = (Key(invalid),) if invalid else ()
    faults = before_success(limits_here(step, wrong)).longest
    before, last = script(faults, wrong), len(faults)
    window = listening.window_at(last)
    success = _success(listening, step, wrong, Typing())
    result = step.text("result_variable")
    sets = (Sets(result, Given("key")),) if result else ()
    for key in leading:
        way = ExitId(f"key_{key}") if key in offered else None
        yield replace(
            success,
            exit=way or OPERATOR,
            jump=None if way else step.setting.operator,
            stimuli=(Key(key),),
            longest=(*before, Key(key, window)),
            sets=sets,
        )
    if step.has("speech"):
        yield replace(
            success,
            exit=ExitId("speech"),
            stimuli=(Speech(),),
            longest=(*before, Speech(after=window)),
            sets=(Sets(result, Given("speech")),) if result else (),
            least=replace(success.least, keys=0),
        )
    yield from _failures(step, listening, wrong, Typing())
    yield from _interruptions(step, listening, wrong, success.most)


def accepted(step: Step) -> tuple[str, ...]:
    """The keys that lead somewhere from a menu: those on offer, and the flow's operator key."""
    offered = keys_of(step)
    return (*offered, "0") if step.setting.operator and "0" not in offered else offered


def collect(step: Step) -> Iterator[Move]:
    """Says its message and takes digits until the closing key, the greatest length, or a pause.

    The first key must come within `first_digit_timeout` seconds of the message's end, each other
    one within `inter_digit_timeout` of the one before; keys that are neither closing nor
    correction key belong to the input. The correction key clears the input and listens again; it
    is no try, nor is the closing key with nothing typed, unless an empty input is accepted. What
    was typed is checked: length, then `validation`, then, with `confirm`, it is read back and key 1
    says yes; anything else counts as not valid. Tries are counted as in a menu.
    Accepted input is kept in `variable` and leaves by `ok`. With `store_timeout` the first silence
    leaves by `ok` as well, with the value “Timeout”: there is no exit for silence.
    """
    listening = listening_of(step)
    example, wrong = shortest(check_of(step)), _refused_script(step)
    good = _accepted_script(step, example or "")
    if example is not None or step.text("validation") in _UNSURE:
        success = _success(listening, step, wrong, _typing(step, accepted=True))
        last = len(before_success(limits_here(step, wrong)).longest)
        before = script(before_success(limits_here(step, wrong)).longest, wrong)
        yield replace(
            success,
            exit=ExitId("ok"),
            stimuli=good,
            longest=(*before, *_late(good, listening.window_at(last))),
            sets=_kept(step, Given("digits")),
            is_certain=example is not None,
        )
    if not step.has("no_input"):
        yield _stored_silence(step, listening, wrong)
    yield from _failures(step, listening, wrong, _typing(step, accepted=False))
    most = _success(listening, step, wrong, _typing(step, accepted=True)).most
    yield from _interruptions(step, listening, wrong, most)


#: Checks of which no example need be found although there is one.
_UNSURE = frozenset({"pattern"})


def limits_here(step: Step, wrong: tuple[Stimulus, ...]) -> Limits:
    """How often a menu or a collection asks again, where this is the way to be refused."""
    return limits_of(
        step,
        can_be_silent=step.kind.id == "menu" or step.has("no_input"),
        can_be_invalid=bool(wrong),
    )


def _success(listening: Listening, step: Step, wrong: tuple[Stimulus, ...], typing: Typing) -> Move:
    limits = limits_here(step, wrong)
    failing = before_success(limits)
    return Move(
        exit=None,
        least=listening.least(failing, Typing(), typing),
        most=listening.most(failing, _wrong_typing(step), typing),
        prompts=listening.said(1),
        tells=False,
    )


def _wrong_typing(step: Step) -> Typing:
    return Typing() if step.kind.id == "menu" else _typing(step, accepted=False)


def _failures(
    step: Step,
    listening: Listening,
    wrong: tuple[Stimulus, ...],
    typing: Typing,
) -> Iterator[Move]:
    """The exits for too many failures, where a call can come to them."""
    limits = limits_here(step, wrong)
    for way in ("no_input", "invalid", "max_tries"):
        faults = before_leaving(limits, ExitId(way)) if step.has(way) else None
        if faults is not None:
            yield Move(
                exit=ExitId(way),
                stimuli=script(faults.shortest, wrong),
                longest=script(faults.longest, wrong),
                least=listening.least(faults, typing),
                most=listening.most(faults, typing),
                prompts=listening.said(len(faults.shortest)),
                tells=False,
            )


def _interruptions(
    step: Step, listening: Listening, wrong: tuple[Stimulus, ...], most: Cost
) -> Iterator[Move]:
    """A failure of the line, and the caller who hangs up: at any try."""
    faults = before_success(limits_here(step, wrong)).longest
    before, window = script(faults, wrong), listening.window_at(len(faults))
    for move in failure(step, "error"):
        yield replace(move, longest=(*before, *move.stimuli), most=most)
    for move in hang_ups(step, window, prompts=listening.said(1)):
        yield replace(move, longest=(*before, *move.longest), most=most)


def _stored_silence(step: Step, listening: Listening, wrong: tuple[Stimulus, ...]) -> Move:
    failing = before_success(limits_here(step, wrong))
    typing, silence = _typing(step, accepted=False), Typing(0, 0)
    return Move(
        exit=ExitId("ok"),
        stimuli=(Silence(),),
        longest=(*script(failing.longest, wrong), Silence()),
        least=Cost(1, min(listening.lengths) + listening.patience),
        most=listening.most(failing, typing, silence),
        sets=_kept(step, Constant(TIMEOUT)),
        prompts=listening.said(1),
        tells=False,
    )


def _kept(step: Step, what: Given | Constant) -> tuple[Sets, ...]:
    name = step.text("variable")
    return (Sets(name, what),) if name else ()


def _typing(step: Step, *, accepted: bool) -> Typing:
    """What typing an input takes."""
    least, most = step.whole("min_digits"), step.whole("max_digits")
    closing = step.text("terminator") in ("*", "#")
    confirm = step.is_on("confirm")
    gaps = most * step.number("inter_digit_timeout")
    asked = SECONDS_TO_CONFIRM + SECONDS_PER_DIGIT * most + step.number("first_digit_timeout")
    return Typing(
        least_keys=(max(least, 0) + confirm) if accepted else 1,
        most_keys=most + closing + confirm,
        most_seconds=gaps + (asked if confirm else 0.0),
        least_seconds=SECONDS_TO_CONFIRM + SECONDS_PER_DIGIT * least
        if confirm and accepted
        else 0.0,
    )


def _accepted_script(step: Step, example: str) -> tuple[Stimulus, ...]:
    typed = Digits(_closed(step, example))
    return (typed, Key(YES)) if step.is_on("confirm") else (typed,)


def _refused_script(step: Step) -> tuple[Stimulus, ...]:
    """What a caller does to be refused; nothing when every input is accepted."""
    if not can_be_invalid(step.props):
        return ()
    wrong = refused(check_of(step))
    if wrong is not None:
        return (Digits(_closed(step, wrong)),)
    good = shortest(check_of(step))
    is_asked = good is not None and step.is_on("confirm")
    return (Digits(_closed(step, good or "")), Key(NO)) if is_asked else ()


def _closed(step: Step, typed: str) -> str:
    """An input with its closing key, where it has one and needs it."""
    terminator = step.text("terminator")
    is_full = len(typed) >= step.whole("max_digits")
    return typed if is_full or terminator not in ("*", "#") else typed + terminator


def _late(script: tuple[Stimulus, ...], window: float) -> tuple[Stimulus, ...]:
    """The same script, begun at the last moment."""
    first, *rest = script
    return (replace(first, after=window), *rest) if isinstance(first, Digits) else script


def voicebot(step: Step) -> Iterator[Move]:
    """Says its message, if any, and gives what the caller says to the speech engine.

    The engine answers with one of the outcomes, or with none (`no_match`). Silence for
    `speech_timeout` seconds leaves by `no_input`, a failure of the engine by `error`. It asks
    once. What was said is kept in `result_variable`. In simulation you say which outcome the
    engine would have found.
    """
    prompt = step.prompt()
    length, patience = step.lasts(prompt), step.number("speech_timeout")
    result = step.text("result_variable")
    heard = Move(
        exit=None,
        least=Cost(1, 0.0),
        most=Cost(1, length + patience),
        prompts=said(prompt),
        tells=False,
        sets=(Sets(result, Given("speech")),) if result else (),
    )
    for way in (*(each for each in step.exits if each.startswith("case:")), ExitId("no_match")):
        intent = way.removeprefix("case:") if way.startswith("case:") else ""
        yield replace(
            heard,
            exit=way,
            stimuli=(Speech(intent=intent),),
            longest=(Speech(intent=intent, after=length + patience),),
        )
    yield replace(
        heard,
        exit=ExitId("no_input"),
        stimuli=(Silence(),),
        longest=(Silence(),),
        least=Cost(1, length + patience),
        sets=(),
    )
    yield from failure(step, "error")
    yield from hang_ups(step, length + patience, prompts=said(prompt))
