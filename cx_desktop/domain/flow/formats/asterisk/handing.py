"""Applications that hand the call to somebody, keep something, or say something to the log."""

import re
from collections.abc import Callable, Mapping

from cx_desktop.domain.flow.expressions import render
from cx_desktop.domain.flow.formats.asterisk.arguments import parted, pieces, split, unquoted
from cx_desktop.domain.flow.formats.asterisk.around import Around, with_number
from cx_desktop.domain.flow.formats.asterisk.draft import ENDS, ONWARD, Draft, dialled, onward
from cx_desktop.domain.patch import Document, Json

Rule = Callable[[Around], Draft]

_LANGUAGES: Mapping[str, str] = {
    "fr": "fr-FR",
    "en": "en-US",
    "en_us": "en-US",
    "en_gb": "en-GB",
    "gb": "en-GB",
    "de": "de-DE",
    "es": "es-ES",
    "it": "it-IT",
    "nl": "nl-NL",
    "pt": "pt-PT",
    "ar": "ar",
}
_CAUSES: Mapping[str, str] = {
    "17": "busy",
    "busy": "busy",
    "21": "rejected",
    "call_rejected": "rejected",
    **dict.fromkeys(("34", "38", "42", "congestion", "switch_congestion"), "congestion"),
}
_DIALLED = re.compile(r"(?:^|/)(?:\+|00)([1-9][0-9]{3,14})(?=$|[@/:])")
_LOOKED_UP = re.compile(
    r"\s*(CURL|ODBC_\w+|LDAPGET|ENUMLOOKUP|SHELL|REALTIME\w*)\s*\(", re.IGNORECASE
)
_SETTING = re.compile(r"(?:CHANNEL|TIMEOUT|LANGUAGE|MUSICCLASS|JITTERBUFFER|VOLUME|AGC|DENOISE)\(")


def answer(around: Around) -> Draft:
    """The call is taken; a delay may follow, in milliseconds."""
    delay = around.number(around.arg(0), per=1000)
    return onward("answer", with_number({}, "delay", delay or None))


def hang_up(around: Around) -> Draft:
    """The end of the call."""
    cause = _CAUSES.get(around.arg(0).lower(), "normal")
    return Draft("hangup", {} if cause == "normal" else {"cause": cause}, {})


def ended(cause: str) -> Rule:
    """An end of the call with a tone of its own."""
    return lambda _around: Draft("hangup", {"cause": cause}, {})


def logged(number: int = 0) -> Rule:
    """Words for the log: everything after so many arguments."""

    def rule(around: Around) -> Draft:
        args = around.args
        words = ", ".join(args[number:] if len(args) > number else args)
        return onward("log", {"label": around.template(words) or around.step.app})

    return rule


def number_of(dialled_text: str, around: Around) -> str:
    """A dialled string as the number of a transfer: E.164 where it is one, else as it is said."""
    first = split(dialled_text, "&")[0] if dialled_text.strip() else ""
    fixed = around.scope.fixed(first)
    if fixed is not None:
        found = _DIALLED.search(fixed)
        return f"+{found[1]}" if found else "{" + render(around.scope.text(first)) + "}"
    written = around.template(first)
    return written if written[:1].isalpha() else "{" + render(around.scope.text(first)) + "}"


def dial(around: Around) -> Draft:
    """A number or a telephone is called; without an answer the call goes on here."""
    options = around.arg(2)
    comes_back = "g" in re.sub(r"\([^()]*\)", "", options)
    props: Document = {
        "number": number_of(around.arg(0), around),
        "transfer_mode": "return" if comes_back else "attended",
    }
    props = with_number(props, "ring_timeout", around.number(around.arg(1)) or None)
    ways = dict.fromkeys(("no_answer", "busy", "failed"), ONWARD)
    return Draft("transfer_number", props, {**ways, "answered": ONWARD} if comes_back else ways)


def retry_dial(around: Around) -> Draft:
    """A number is called again and again."""
    args = around.args
    step = around.step._replace(data=",".join(args[3:]))
    return dial(around._replace(step=step))


def follow_me(around: Around) -> Draft:
    """Somebody is called wherever they are."""
    props: Document = {"number": "{" + render(around.scope.text(around.arg(0))) + "}"}
    return onward("transfer_number", props, "no_answer", "busy", "failed")


def transfer(around: Around) -> Draft:
    """The call is given away to another exchange."""
    props: Document = {"number": number_of(around.arg(0), around), "transfer_mode": "blind"}
    return Draft("transfer_number", props, {"failed": ONWARD})


def originate(around: Around) -> Draft:
    """Another call is made."""
    props: Document = {"number": number_of(around.arg(0), around), "detect_machine": False}
    return onward("outbound_call", props, "answered", "failed")


def queue(around: Around) -> Draft:
    """Waiting for an agent; whatever ends it without one goes on at the next priority."""
    options = re.sub(r"\([^()]*\)", "", around.arg(1))
    limit = around.number(around.arg(4))
    props: Document = {"queue": around.plain(around.arg(0)), "max_wait": limit or 0}
    ways = dict.fromkeys(("full", "no_agent", "failed"), ONWARD)
    if limit:
        ways["timeout"] = ONWARD
    if "c" in options:
        ways["queued"] = ONWARD
    return Draft("transfer_queue", props, ways)


def agi(around: Around) -> Draft:
    """A program beside the exchange; a synthetic voice among them speaks."""
    program = around.plain(around.arg(0))
    if re.search(r"tts|polly|festival|flite|picotts", program, re.IGNORECASE) and around.arg(1):
        text = around.template(around.arg(1))
        return onward("play", {"prompt": [{"type": "text", "text": text}]})
    return _looked_up({"source": "function", "function": program or "agi"})


def _looked_up(props: Document) -> Draft:
    """A lookup that goes on at the next priority, however it ended."""
    return onward("lookup", props, "ok", "http_error", "timeout", "not_found")


def set_variables(around: Around) -> Draft:
    """Variables, or what the engine keeps beside them."""
    name, value = parted(around.data, "=")
    looked_up = _lookup(name, value, around)
    if looked_up is not None:
        return looked_up
    if _SETTING.match(name.upper()):
        return onward("config", _language(name, around.plain(value)))
    return _assigned({name: value}, around)


def set_several(around: Around) -> Draft:
    """Several variables at once."""
    return _assigned(dict(parted(each, "=") for each in around.args), around)


def _assigned(values: Mapping[str, str], around: Around) -> Draft:
    scopes = {_kept(name) for name in values}
    rows: list[Json] = [
        {
            "variable": around.scope.variable(_bare(name)).name,
            "expression": around.expression(unquoted(value)),
        }
        for name, value in values.items()
        if name.strip()
    ]
    props: Document = {"assignments": rows}
    return onward("set_var", {**props, "scope": "persistent"} if "persistent" in scopes else props)


def _bare(name: str) -> str:
    """The name of a variable without what says who inherits it."""
    found = re.fullmatch(r"(?:GLOBAL|SHARED)\((.*)\)", name.strip())
    return (found[1] if found else name.strip()).lstrip("_") or name


def _kept(name: str) -> str:
    return "persistent" if re.match(r"\s*(?:GLOBAL|DB)\(", name) else "call"


def _language(name: str, value: str) -> Document:
    if "language" not in name.lower():
        return {}
    known = _LANGUAGES.get(value.lower()) or _LANGUAGES.get(value.lower()[:2])
    return {"language": known} if known else {}


def set_language(around: Around) -> Draft:
    """The old way to choose the language."""
    return onward("config", _language("language", around.plain(around.arg(0))))


def configured(_around: Around) -> Draft:
    """A setting of the call."""
    return onward("config")


def silenced(_around: Around) -> Draft:
    """The call is left out of the records."""
    return onward("config", {"logging": "off"})


def _lookup(name: str, value: str, around: Around) -> Draft | None:
    """A variable that is asked for elsewhere: an address, a database, a program."""
    asked = next(
        (each for each in pieces(value) if each.opening == "{" and _LOOKED_UP.match(each.text)),
        None,
    )
    if asked is None:
        return None
    function, _, given = asked.text.partition("(")
    args = split(given.rstrip().removesuffix(")"))
    props = _request(function.strip(), args, around)
    names = re.fullmatch(r"ARRAY\((.*)\)", name.strip())
    variables = split(names[1]) if names else (_bare(name),)
    paths = [f"$[{at}]" for at in range(len(variables))] if names else ["$"]
    mapping = [
        {"path": path, "variable": around.scope.variable(_bare(each)).name}
        for path, each in zip(paths, variables, strict=True)
    ]
    return _looked_up({**props, "mapping": [*mapping]})


def _request(function: str, args: tuple[str, ...], around: Around) -> Document:
    if function.upper() == "CURL":
        props: Document = {"url": around.template(args[0] if args else "")}
        if len(args) > 1:
            return {**props, "method": "POST", "body": around.template(args[1])}
        return props
    if function.upper().startswith("ODBC_"):
        return {"source": "sql", "query": f"{function}({', '.join(args)})"}
    return {"source": "function", "function": function}


def recording(action: str) -> Rule:
    """A recording of the call begins, pauses or ends."""
    return lambda _around: onward("recording", {"action": action}, "next", "error")


def message(around: Around) -> Draft:
    """A text message."""
    number = render(around.scope.text(around.arg(0)))
    props: Document = {"recipient": "{" + number + "}", "message": "{MESSAGE_body}"}
    return onward("send_sms", props, "sent", "failed")


def directory(around: Around) -> Draft:
    """People found by the keys of their names: not ours, but its ways out are known."""
    ways = {"next": ONWARD}
    for way, name in (("operator", "o"), ("assistant", "a")):
        if around.plan.find(around.section, name) is not None:
            ways[way] = dialled(name)
    return Draft("foreign", {}, ways, note="app", app=around.step.app)


def foreign(around: Around) -> Draft:
    """An application that has no kind of ours."""
    return Draft("foreign", {}, {"next": ONWARD}, note="app", app=around.step.app)


def foreign_end(around: Around) -> Draft:
    """An application that never gives the call back."""
    return Draft("foreign", {}, {"next": ENDS}, note="app", app=around.step.app)


RULES: Mapping[str, Rule] = {
    "answer": answer,
    "hangup": hang_up,
    "busy": ended("busy"),
    "congestion": ended("congestion"),
    **dict.fromkeys(("noop", "userevent", "dumpchan", "queuelog", "celgenuserevent"), logged()),
    **dict.fromkeys(("verbose", "log"), logged(1)),
    **dict.fromkeys(("dial", "dialandexec"), dial),
    "retrydial": retry_dial,
    "followme": follow_me,
    "transfer": transfer,
    "originate": originate,
    "queue": queue,
    **dict.fromkeys(("agi", "eagi", "fastagi", "deadagi", "asyncagi"), agi),
    **dict.fromkeys(("set", "setvar", "setglobalvar", "importvar"), set_variables),
    "mset": set_several,
    **dict.fromkeys(("setlanguage", "language"), set_language),
    **dict.fromkeys(
        (
            "setmusiconhold",
            "startmusiconhold",
            "stopmusiconhold",
            "setcallerpres",
            "setcidname",
            "setcidnum",
            "setcallerid",
            "setamaflags",
            "setaccount",
            "setcdruserfield",
            "sipaddheader",
            "sipremoveheader",
            "resetcdr",
        ),
        configured,
    ),
    "nocdr": silenced,
    **dict.fromkeys(("mixmonitor", "monitor"), recording("start")),
    **dict.fromkeys(("stopmixmonitor", "stopmonitor"), recording("stop")),
    "pausemonitor": recording("pause"),
    "unpausemonitor": recording("resume"),
    "messagesend": message,
    "directory": directory,
    **dict.fromkeys(("disa", "park", "stasis"), foreign_end),
}
