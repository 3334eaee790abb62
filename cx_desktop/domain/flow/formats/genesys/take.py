"""What the body of an action says, as properties of ours; formulas it cannot say are told."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from cx_desktop.domain.flow.formats.genesys.tree import outcome_id
from cx_desktop.domain.flow.formats.genesys.values import (
    expression,
    fields,
    formula_of,
    is_given,
    items,
    language_of,
    name_of,
    number,
    seconds,
    single,
    spoken,
    template,
    text,
)
from cx_desktop.domain.patch import Document, Json


class Known(NamedTuple):
    """What an action is to us: properties, and the formulas that could not be said."""

    props: Document
    lost: tuple[str, ...] = ()


def _gathered(**parts: Known | Json) -> Known:
    """Properties from their values; what a part lost is gathered, what it does not say left out."""
    props: Document = {}
    lost: list[str] = []
    for name, part in parts.items():
        lost.extend(part.lost if isinstance(part, Known) else ())
        value = part.props.get("") if isinstance(part, Known) else part
        if value not in (None, "", []):
            props[name] = value
    return Known(props, tuple(lost))


def _prompt(value: Json) -> Known:
    said = spoken(value)
    return Known({"": said.parts}, (said.lost,) if said.lost else ())


def _template(value: Json) -> Known:
    said = template(value)
    return Known({"": said.text}, (said.lost,) if said.lost else ())


def bounded(value: float | None, least: float, most: float) -> float | None:
    """A number within what a property allows."""
    return None if value is None else min(max(value, least), most)


def play(_kind: str, body: Document, _defaults: Document) -> Known:
    """What is played."""
    value = body.get("audio") or body.get("prompt")
    taken = _gathered(prompt=_prompt(value))
    barge_in = spoken(value).barge_in
    return taken if barge_in is None else Known(taken.props | {"barge_in": barge_in}, taken.lost)


def announce(kind: str, body: Document, _defaults: Document) -> Known:
    """Places and waiting times that the vendor says in its own words."""
    subject = {"playEstimatedWaitTime": "estimatedWaitTime", "playPositionInQueue": "position"}
    value = expression(body.get(subject.get(kind, "")) or body.get("value"))
    name = "Call.EstimatedWaitTime" if kind == "playEstimatedWaitTime" else "Call.PositionInQueue"
    said = value.text if value.text != '""' else name
    return Known({"prompt": [{"type": "say_as", "text": "{" + said + "}", "as": "number"}]})


def _music(value: Json) -> Known:
    """A prompt by its name, or by a variable that holds one."""
    formula = formula_of(value)
    if _VARIABLE.fullmatch(formula):
        return Known({"": [{"type": "audio", "ref": formula}]})
    return _prompt(value)


_VARIABLE = re.compile(r"[A-Za-z]+(\.\w+)+")


def hold(_kind: str, body: Document, _defaults: Document) -> Known:
    """Music while waiting in a queue."""
    style = fields(body.get("playStyle"))
    music = body.get("prompt") or body.get("audio")
    taken = _gathered(
        prompts=_music(music),
        period=bounded(seconds(style.get("duration") or body.get("duration")), 1, 600),
    )
    prompt = taken.props.pop("prompts", [{"type": "audio", "ref": "on_hold_music"}])
    return Known({"prompts": [prompt], **taken.props}, taken.lost)


def wait(_kind: str, body: Document, _defaults: Document) -> Known:
    """A pause."""
    value = body.get("duration") or body.get("timeout")
    duration = seconds(value)
    lost = (formula_of(value),) if duration is None and formula_of(value) else ()
    return Known(_gathered(duration=bounded(duration, 1, 600)).props, lost)


def collect(_kind: str, body: Document, defaults: Document) -> Known:
    """Digits, asked for once."""
    digits = fields(body.get("digits"))
    exact = number(digits.get("exact")) if "exact" in digits else None
    between = fields(digits.get("range"))
    timeout = seconds(body.get("noEntryTimeout")) or seconds(defaults.get("noEntryTimeout"))
    return _gathered(
        prompt=_prompt(body.get("inputAudio") or body.get("audio")),
        variable=formula_of(body.get("inputData")) or name_of(body.get("inputData")),
        min_digits=bounded(exact if exact is not None else number(between.get("min")), 0, 64),
        max_digits=bounded(exact if exact is not None else number(between.get("max")), 1, 64),
        terminator="none" if exact is not None else "#",
        first_digit_timeout=bounded(timeout, 0.5, 120),
        inter_digit_timeout=bounded(seconds(body.get("interDigitTimeout")), 0.5, 60),
        confirm=text(body.get("verificationType")) not in ("", "none"),
        sensitive=any("secure" in key.lower() for key in fields(body.get("inputData"))),
        max_no_input=1,
        max_invalid=1,
        max_tries=0,
    )


def data_action(_kind: str, body: Document, defaults: Document) -> Known:
    """A data action or bridge action: a function of the vendor's."""
    category, inside = single(body.get("category"))
    action, details = single(inside.get("dataAction") or inside.get("bridgeAction"))
    name = " / ".join(filter(None, (category, action))) or text(body.get("name"))
    waiting = body.get("processingPrompt")
    waiting = waiting if is_given(waiting) else defaults.get("processingPrompt")
    return _gathered(
        source="function",
        function=name,
        mapping=list(_outputs(details.get("successOutputs"))),
        waiting_prompt=_prompt(waiting),
        lookup_timeout=bounded(seconds(body.get("timeout")), 0.5, 30),
        retries=0,
    )


def _outputs(value: Json) -> Iterator[Json]:
    for path, each in fields(value).items():
        variable = formula_of(each)
        if variable:
            yield {"path": path, "variable": variable}


_TABLE_RESULTS = ("foundOutputs", "successOutputs", "outputs")


def table(_kind: str, body: Document, _defaults: Document) -> Known:
    """A row of a data table, by its key."""
    table, inside = single(body.get("dataTable"))
    key = template(body.get("lookupValue"))
    found = next((inside[name] for name in _TABLE_RESULTS if name in inside), None)
    return _gathered(
        source="crm",
        query=f"{table}\n{key.text}".strip() or "dataTableLookup",
        mapping=list(_outputs(found)),
        retries=0,
    )


#: What stands in the place of a name where none was given.
_NO_NAMES = frozenset({"lit", "exp", "var", "noValue", "none"})
_NOT_ASKED = frozenset(
    {"name", "outputs", "failureOutputs", "refId", "processingPrompt", "pre", "post"}
)


def request(kind: str, body: Document, _defaults: Document) -> Known:
    """A step that asks the vendor's own service: what it says is the query."""
    asked = [kind]
    results: list[Json] = []
    for key, value in body.items():
        variable = text(fields(value).get("var"))
        if variable:
            results.append({"path": key, "variable": variable})
        elif key not in _NOT_ASKED and (is_given(value) or not isinstance(value, dict)):
            asked.append(f"{key} = {_word(value)}")
    return _gathered(source="crm", query="\n".join(asked), mapping=results, retries=0)


def _word(value: Json) -> str:
    said = formula_of(value) or name_of(value)
    return said if said.isprintable() and said else json.dumps(value, ensure_ascii=False)[:2000]


def statements(_kind: str, body: Document, _defaults: Document) -> Known:
    """Assignments, one per statement that names a variable."""
    rows: list[Json] = []
    lost: list[str] = []
    for each in items(body.get("statements")):
        sort, inside = single(each)
        variable = name_of(inside.get("variable")) or formula_of(inside.get("variable"))
        said = expression(inside.get("value"), is_text=sort.startswith("string"))
        rows.append({"variable": variable or sort, "expression": said.text})
        lost.append(said.lost)
    return Known({"assignments": rows}, tuple(filter(None, lost)))


def attributes(kind: str, body: Document, _defaults: Document) -> Known:
    """Data of the conversation, written from values or read into variables."""
    rows: list[Json] = []
    lost: list[str] = []
    for each in items(body.get("attributes")):
        _, inside = single(each)
        name = _variable(name_of(inside.get("name")) or formula_of(inside.get("name")))
        if kind.startswith("get"):
            target = formula_of(inside.get("variable") or inside.get("value"))
            rows.append({"variable": target or name, "expression": name})
        else:
            said = expression(inside.get("value"))
            rows.append({"variable": name, "expression": said.text})
            lost.append(said.lost)
    return Known({"assignments": rows}, tuple(filter(None, lost)))


def _variable(name: str) -> str:
    """A name of an attribute as the name of a variable."""
    plain = re.sub(r"\W+", "_", name).strip("_") or "attribute"
    return plain if not plain[0].isdigit() else f"_{plain}"


def schedule(_kind: str, body: Document, _defaults: Document) -> Known:
    """Opening hours by their name."""
    value = body.get("scheduleGroup") or body.get("schedule") or body.get("inServiceSchedules")
    formula = formula_of(value)
    return Known(_gathered(schedule=name_of(value)).props, (formula,) if formula else ())


def queue_of(value: Json) -> Known:
    """Which queue is meant: one by name, or whichever an earlier step has found."""
    if formula_of(value):
        return Known({"queue_from": "earlier"}, (formula_of(value),))
    return _gathered(queue=name_of(value))


def to_queue(_kind: str, body: Document, _defaults: Document) -> Known:
    """A queue that callers wait in."""
    queue = queue_of(body.get("targetQueue") or body.get("targetGroup") or body.get("queue"))
    more = _gathered(waiting_prompt=_prompt(body.get("preTransferAudio")))
    return Known({**queue.props, "max_wait": 0, **more.props}, (*queue.lost, *more.lost))


def to_number(_kind: str, body: Document, defaults: Document) -> Known:
    """A number, or a user's telephone."""
    value = body.get("targetNumber") or body.get("targetUser") or body.get("phoneNumber")
    said = expression(value) if formula_of(value) else None
    timeout = seconds(body.get("connectTimeout")) or seconds(defaults.get("connectTimeout"))
    taken = _gathered(
        number=said.text if said else name_of(value),
        ring_timeout=bounded(timeout, 5, 120),
        announce=_prompt(body.get("preTransferAudio")),
    )
    return Known(taken.props, (*taken.lost, *((said.lost,) if said and said.lost else ())))


def voicemail(_kind: str, body: Document, _defaults: Document) -> Known:
    """A mailbox."""
    _, inside = single(body.get("destination"))
    owner = next(
        (inside[key] for key in ("targetQueue", "targetUser", "targetGroup") if key in inside),
        body.get("targetGroup") or body.get("targetUser") or body.get("targetQueue"),
    )
    greeting = inside.get("voicemailGreeting") or body.get("voicemailGreeting")
    return _gathered(
        box=name_of(owner) or formula_of(owner),
        greeting=_prompt(greeting if is_given(greeting) else body.get("preTransferAudio")),
    )


def callback(_kind: str, body: Document, _defaults: Document) -> Known:
    """A callback, already agreed to."""
    queue = queue_of(body.get("targetQueue") or body.get("queue"))
    wanted = expression(body.get("callbackNumber"))
    is_caller = wanted.text in {'""', "caller"}
    return Known(
        {
            **queue.props,
            "offer": False,
            **(
                {"number_from": "caller"}
                if is_caller
                else {"number_from": "collected", "number": wanted.text}
            ),
        },
        tuple(filter(None, (*queue.lost, wanted.lost))),
    )


def to_flow(_kind: str, body: Document, _defaults: Document) -> Known:
    """Another flow."""
    value = body.get("targetFlow") or body.get("flow") or body.get("targetSecureFlow")
    name = name_of(value) or single(value)[0]
    return _gathered(flow="" if name in _NO_NAMES else name)


def module(_kind: str, body: Document, _defaults: Document) -> Known:
    """A common module, with what it is given and gives back."""
    name, versions = single(body.get("commonModule") or body.get("module"))
    _, inside = single(versions)
    inputs: list[Json] = []
    lost: list[str] = []
    for variable, value in fields(inside.get("inputs")).items():
        said = expression(value)
        inputs.append({"variable": variable, "expression": said.text})
        lost.append(said.lost)
    results: list[Json] = [
        {"variable": target, "expression": path}
        for path, value in fields(inside.get("outputs")).items()
        if (target := formula_of(value))
    ]
    taken = _gathered(flow=name, inputs=inputs, outputs=results)
    return Known(taken.props, tuple(filter(None, lost)))


def bot(kind: str, body: Document, _defaults: Document) -> Known:
    """A bot by its name."""
    found = next((value for key, value in body.items() if "bot" in key.lower()), None)
    name = name_of(found) or single(found)[0] or kind
    return _gathered(engine=name, prompt=_prompt(body.get("prompt") or body.get("question")))


def language(_kind: str, body: Document, _defaults: Document) -> Known:
    """The language from here on."""
    return _gathered(language=language_of(name_of(body.get("language"))) or "inherit")


def label(kind: str, body: Document, _defaults: Document) -> Known:
    """A point of the call that statistics count."""
    return _gathered(label=text(body.get("name")).replace("{", "{{") or kind)


def recording(kind: str, body: Document, _defaults: Document) -> Known:
    """Recording switched on or off."""
    wanted = name_of(body.get("enabled") or body.get("enableRecording") or body.get("record"))
    is_off = wanted == "false" or kind.startswith(("disable", "suppress", "stop"))
    return Known({"action": "stop" if is_off else "start"})


def message(_kind: str, body: Document, _defaults: Document) -> Known:
    """A text message."""
    return _gathered(
        message=_template(body.get("messageBody") or body.get("message") or body.get("body")),
        recipient=name_of(body.get("to") or body.get("toAddress")),
    )


def mail(_kind: str, body: Document, _defaults: Document) -> Known:
    """An e-mail."""
    sender, receiver = body.get("from"), body.get("to")
    return _gathered(
        email_to=_template(receiver).props.get("") or "{Message.senderAddress}",
        subject=_template(body.get("subject")).props.get("") or "Re: {Email.Message.subject}",
        message=_template(body.get("messageBody") or body.get("body")),
        email_from=name_of(sender) if "@" in name_of(sender) else "",
    )


def nothing(_kind: str, _body: Document, _defaults: Document) -> Known:
    """An action that says nothing more."""
    return Known({})


def ending(_kind: str, body: Document, _defaults: Document) -> Known:
    """How a flow or task ended."""
    value = body.get("exitReason") or body.get("outputPath") or body.get("outcome")
    name = name_of(value) or single(value)[0]
    return _gathered(outcome="" if name in _NO_NAMES else outcome_id(name))


def variables(value: Json) -> Known:
    """The variables that something declares, set to what they begin with.

    What has no value is NOT_SET, which reads as blank; what is given from outside is left alone.
    """
    rows: list[Json] = []
    lost: list[str] = []
    for each in items(value):
        sort, inside = single(each)
        name = text(inside.get("name"))
        if not name or text(inside.get("isInput")) == "true":
            continue
        said = expression(inside.get("initialValue"), is_text=sort.startswith("string"))
        rows.append({"variable": name, "expression": said.text})
        lost.append(said.lost)
    return Known({"assignments": rows} if rows else {}, tuple(filter(None, lost)))
