"""What each application of FreeSWITCH becomes: kind, properties and ways out."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.formats.freeswitch.values import (
    expression,
    our_name,
    quoted_words,
    template,
)
from cx_desktop.domain.patch import Document, Json


class Deed(NamedTuple):
    """What an application does: a node, the exits by which the call goes on, those that end it."""

    kind: str
    props: Document
    onward: tuple[str, ...] = ("next",)
    ends: tuple[str, ...] = ()
    called: str | None = None
    """What ``called`` must be before it, as a formula."""


Rule = Callable[[str], Deed]

_CAUSES: Mapping[str, str] = {
    "USER_BUSY": "busy",
    "CALL_REJECTED": "rejected",
    **dict.fromkeys(("SWITCH_CONGESTION", "NORMAL_CIRCUIT_CONGESTION"), "congestion"),
}
_SAID: Mapping[str, str] = {
    "number": "number",
    "items": "number",
    "telephone_number": "telephone",
    "telephone_extension": "telephone",
    "currency": "amount",
    "current_date": "date",
    "current_time": "time",
    "short_date_time": "date",
    "name_spelled": "characters",
    "name_phonetic": "characters",
}
_DIALLED = re.compile(r"(?:^|/)(?:\+|00)([1-9][0-9]{3,14})(?=$|[@/|,])")
_LARGEST = 1e6


def read(app: str, data: str) -> Deed:
    """What an application becomes; one that we do not know stays foreign."""
    return RULES.get(app.strip().lower(), _foreign)(data.strip())


def _foreign(_data: str) -> Deed:
    return Deed("foreign", {})


def prompt_of(text: str) -> list[Json]:
    """Sounds, phrases and texts, as a prompt."""
    return [_part(each.strip()) for each in _files(text) if each.strip()]


def _files(text: str) -> list[str]:
    return text.removeprefix("file_string://").split("!") if "file_string://" in text else [text]


def _part(text: str) -> Json:
    if text.startswith("say:"):
        said = re.sub(r"^say:(?:[\w-]+:[\w-]+:)?", "", text)
        return {"type": "text", "text": template(said)}
    return {"type": "audio", "ref": template(text)}


def number(text: str, *, per: float = 1) -> float | None:
    """A number that is written out; milliseconds become seconds with ``per``."""
    found = re.fullmatch(r"\+?([0-9]{1,9}(?:\.[0-9]{1,6})?)", text.strip())
    if found is None:
        return None
    value = min(float(found[1]) / per, _LARGEST)
    return int(value) if value.is_integer() else value


def with_number(props: Document, name: str, value: float | None) -> Document:
    """Properties with a number, if it is known."""
    return props if value is None else {**props, name: value}


def _playback(data: str) -> Deed:
    return Deed("play", {"prompt": prompt_of(data)})


def _phrase(data: str) -> Deed:
    return Deed("play", {"prompt": [{"type": "audio", "ref": f"phrase:{data.replace(',', ':')}"}]})


def _speak(data: str) -> Deed:
    said = data.rsplit("|", maxsplit=1)[-1]
    return Deed("play", {"prompt": [{"type": "text", "text": template(said)}]})


def _say(data: str) -> Deed:
    words = quoted_words(data)
    kind = words[1].lower() if len(words) > 1 else ""
    how = _SAID.get(kind, "number")
    if how == "number" and len(words) > 2 and words[2].lower() == "iterated":
        how = "digits"
    text = template(" ".join(words[3:] or words[-1:]))
    return Deed("play", {"prompt": [{"type": "say_as", "text": text, "as": how}]})


def _tones(data: str) -> Deed:
    return Deed("play", {"prompt": [{"type": "audio", "ref": f"tone_stream://{data}"}]})


def _sleep(data: str) -> Deed:
    seconds = number(data, per=1000)
    return Deed("wait", with_number({}, "duration", seconds and max(seconds, 1)))


def _digits(data: str) -> Deed:
    """``play_and_get_digits``: least, most, tries, wait, terminators, sounds, variable, pattern."""
    words = [*quoted_words(data), *[""] * 10]
    props: Document = {
        "prompt": prompt_of(words[5]),
        "variable": our_name(words[7] or "digits"),
        "terminator": _terminator(words[4]),
    }
    tries = max(int(number(words[2]) or 1), 1)
    props |= {"max_no_input": tries, "max_invalid": tries, "max_tries": 0}
    for name, word in (("min_digits", words[0]), ("max_digits", words[1])):
        props = with_number(props, name, number(word))
    props = with_number(props, "first_digit_timeout", number(words[3], per=1000))
    props = with_number(props, "inter_digit_timeout", number(words[9], per=1000))
    if words[6]:
        props["retry_prompts"] = [[*prompt_of(words[6]), *prompt_of(words[5])]]
    if words[8]:
        props |= {"validation": "pattern", "expected_pattern": _whole(words[8])}
    return Deed("collect", props, ("ok", "no_input", "invalid"))


def _whole(pattern: str) -> str:
    return pattern.removeprefix("^").removesuffix("$") or ".*"


def _terminator(word: str) -> str:
    return next((sign for sign in ("#", "*") if sign in word), "none")


def _read(data: str) -> Deed:
    """``read``: least, most, sound, variable, wait, terminators."""
    words = [*quoted_words(data), *[""] * 6]
    props: Document = {
        "prompt": prompt_of(words[2]),
        "variable": our_name(words[3] or "digits"),
        "max_tries": 0,
        "max_no_input": 1,
        "max_invalid": 1,
        "terminator": _terminator(words[5]),
    }
    for name, word in (("min_digits", words[0]), ("max_digits", words[1])):
        props = with_number(props, name, number(word))
    props = with_number(props, "first_digit_timeout", number(words[4], per=1000))
    return Deed("collect", props, ("ok", "no_input", "invalid"))


def _bridge(data: str) -> Deed:
    timeout = re.search(r"(?:call_timeout|leg_timeout|originate_timeout)=([0-9]{1,5})", data)
    plain = re.sub(r"^\s*(?:\{[^{}$]*(?:\$\{[^}]*\}[^{}$]*)*\}|\[[^\]]*\]|<[^>]*>)+", "", data)
    first = re.split(r"[,|]|:_:", plain, maxsplit=1)[0].strip()
    props: Document = {"number": transferred(first), "transfer_mode": "return"}
    props = with_number(props, "ring_timeout", number(timeout[1]) if timeout else None)
    return Deed("transfer_number", props, ("answered", "no_answer", "busy", "failed"))


def transferred(text: str) -> str:
    """A dialled string as the number of a transfer: E.164 where it is one, else as it is said."""
    found = _DIALLED.search(text)
    if found is not None:
        return f"+{found[1]}"
    written = template(text)
    has_variable = "{" in written and written[:1].isalpha()
    return written if has_variable else "{" + expression(text) + "}"


def _blind(data: str) -> Deed:
    props: Document = {"number": transferred(data.removeprefix("sip:")), "transfer_mode": "blind"}
    return Deed("transfer_number", props, ("failed",))


def _attended(data: str) -> Deed:
    props: Document = {"number": transferred(data), "transfer_mode": "attended"}
    return Deed("transfer_number", props, ("no_answer", "busy", "failed"))


def _hangup(data: str) -> Deed:
    cause = _CAUSES.get(data.upper(), "normal")
    return Deed("hangup", {} if cause == "normal" else {"cause": cause}, ())


def _respond(data: str) -> Deed:
    code = data[:3]
    cause = {"486": "busy", "600": "busy", "503": "congestion"}.get(code, "rejected")
    return Deed("hangup", {"cause": cause}, ())


def _set(data: str) -> Deed:
    return _assigned([data])


def _several(data: str) -> Deed:
    separator = data[2:3] if data.startswith("^^") else " "
    text = data[3:] if data.startswith("^^") else data
    return _assigned(text.split(separator))


def _assigned(pairs: list[str]) -> Deed:
    rows: list[Json] = []
    for pair in pairs:
        name, _, text = pair.partition("=")
        name = name.strip().removeprefix("nolocal:").removeprefix("_nolocal_")
        if name:
            rows.append({"variable": our_name(name), "expression": expression(text.strip())})
    return Deed("set_var", {"assignments": rows})


def _kept(data: str) -> Deed:
    return _assigned([data])._replace(
        props={**_assigned([data]).props, "scope": "persistent"},
    )


def _unset(data: str) -> Deed:
    return _assigned([f"{data}="])


def _log(data: str) -> Deed:
    level, _, words = data.partition(" ")
    text = words if level.isupper() and words else data
    return Deed("log", {"label": template(text) or "log"})


def _info(data: str) -> Deed:
    return Deed("log", {"label": template(data) or "info"})


def _voicemail(data: str) -> Deed:
    words = data.split()
    if "check" in words:
        return Deed("foreign", {})
    box = template("@".join(reversed(words[-2:])) if len(words) > 1 else data)
    greeting: Json = [{"type": "audio", "ref": f"voicemail/{box}"}]
    return Deed("voicemail", {"box": box, "greeting": greeting}, ("recorded", "empty", "error"))


def _record(data: str) -> Deed:
    words = [*quoted_words(data), *[""] * 4]
    props: Document = {"box": words[0], "greeting": []}
    props = with_number(props, "max_length", number(words[1]) or None)
    props = with_number(props, "final_silence", number(words[3]) or None)
    return Deed("voicemail", props, ("recorded", "empty", "error"))


def _fifo(data: str) -> Deed:
    words = data.split()
    if "in" not in words[1:2]:
        return Deed("foreign", {})
    props: Document = {"queue": words[0], "max_wait": 0}
    if len(words) > 3 and words[3] != "undef":
        props["music"] = words[3]
    return Deed("transfer_queue", props, ("full", "no_agent", "failed"), ("queued",))


def _callcenter(data: str) -> Deed:
    props: Document = {"queue": data, "max_wait": 0}
    return Deed("transfer_queue", props, ("full", "no_agent", "failed"), ("queued",))


def _transfer(data: str) -> Deed:
    """Another number of the dialplan, here or in another context."""
    words = data.split()
    if words[:1] in (["-bleg"], ["-both"]):
        return Deed("foreign", {})
    target, context = _destination([word for word in words if word != "-aleg"])
    return Deed("goto_flow", {"flow": context}, (), called=target)


def _executed(data: str) -> Deed:
    target, context = _destination(data.split())
    inputs: Json = [{"variable": "called", "expression": target}]
    return Deed("subflow", {"flow": context, "inputs": inputs}, ("next",), ("error",))


def _destination(words: list[str]) -> tuple[str, str]:
    """What is to be called, as a formula, and in which context; "" is this one.

    A dialplan of another sort than XML, such as ``enum``, stands for its context.
    """
    called, sort, context = (*words, "", "", "")[:3]
    return expression(called), context or ("" if sort.upper() == "XML" else sort)


def _ivr(data: str) -> Deed:
    return Deed("subflow", {"flow": data}, ("next",), ("error",))


def _recording(action: str) -> Rule:
    return lambda _data: Deed("recording", {"action": action}, ("next", "error"))


def _simple(kind: str) -> Rule:
    return lambda _data: Deed(kind, {})


def _lookup(function: str) -> Rule:
    def rule(data: str) -> Deed:
        named = f"{function} {data}".strip()
        props: Document = {"source": "function", "function": named[:200]}
        return Deed("lookup", props, ("ok", "http_error", "timeout", "not_found"))

    return rule


def _curl(data: str) -> Deed:
    words = data.split()
    props: Document = {"url": template(words[0] if words else "")}
    if "post" in words[1:]:
        props["method"] = "POST"
    return Deed("lookup", props, ("ok", "http_error", "timeout", "not_found"))


def _originate(data: str) -> Deed:
    props: Document = {"number": transferred(data.partition(" ")[0]), "detect_machine": False}
    return Deed("outbound_call", props, ("answered", "failed"))


RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("answer", "pre_answer"), _simple("answer")),
    **dict.fromkeys(
        ("playback", "endless_playback", "loop_playback", "play_fsv", "playback_fsv"), _playback
    ),
    "phrase": _phrase,
    "speak": _speak,
    "say": _say,
    "gentones": _tones,
    **dict.fromkeys(("sleep", "wait_for_silence"), _sleep),
    "wait_for_answer": _simple("wait"),
    "play_and_get_digits": _digits,
    "read": _read,
    "bridge": _bridge,
    **dict.fromkeys(("deflect", "redirect"), _blind),
    "att_xfer": _attended,
    "hangup": _hangup,
    "respond": _respond,
    **dict.fromkeys(("set", "export", "bridge_export", "set_profile_var"), _set),
    "set_global": _kept,
    "multiset": _several,
    **dict.fromkeys(("unset", "multiunset"), _unset),
    "log": _log,
    **dict.fromkeys(("info", "eval", "event", "verbose_events"), _info),
    "voicemail": _voicemail,
    "record": _record,
    "fifo": _fifo,
    "callcenter": _callcenter,
    "transfer": _transfer,
    "execute_extension": _executed,
    "ivr": _ivr,
    "record_session": _recording("start"),
    "stop_record_session": _recording("stop"),
    "record_session_mask": _recording("pause"),
    "record_session_unmask": _recording("resume"),
    **dict.fromkeys(
        ("set_user", "privacy", "set_name", "set_audio_level", "set_mute", "send_display"),
        _simple("config"),
    ),
    "curl": _curl,
    **{name: _lookup(name) for name in ("db", "hash", "enum", "lcr", "nibblebill", "cidlookup")},
    "originate": _originate,
}
