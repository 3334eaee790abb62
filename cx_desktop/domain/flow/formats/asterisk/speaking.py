"""Applications in which the caller listens, types or speaks."""

from collections.abc import Callable, Mapping
from itertools import islice

from cx_desktop.domain.flow.formats.asterisk.arguments import split
from cx_desktop.domain.flow.formats.asterisk.around import Around, with_number
from cx_desktop.domain.flow.formats.asterisk.draft import (
    ENDS,
    ONWARD,
    TYPED,
    Draft,
    Where,
    dialled,
    onward,
)
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.patch import Document, Json

Rule = Callable[[Around], Draft]

#: The engine's own waiting times where nothing sets them.
_RESPONSE, _DIGIT = 10, 5
#: Without a ``WaitExten`` keys count only while the sound plays.
_NO_WAIT = 0.5
_MOST_DIGITS = 64


def playback(around: Around) -> Draft:
    """Sounds one after the other."""
    return onward("play", {"prompt": around.sounds(around.arg(0))})


def spoken(number: int = 0) -> Rule:
    """A text that a synthetic voice reads."""

    def rule(around: Around) -> Draft:
        text = around.template(around.arg(number))
        return onward("play", {"prompt": [{"type": "text", "text": text}]})

    return rule


def said(how: str) -> Rule:
    """Something read out as digits, a number or letters."""

    def rule(around: Around) -> Draft:
        text = around.template(around.arg(0))
        return onward("play", {"prompt": [{"type": "say_as", "text": text, "as": how}]})

    return rule


def said_case(around: Around) -> Draft:
    """Letters, after an argument about their case."""
    text = around.template(around.arg(1) or around.arg(0))
    return onward("play", {"prompt": [{"type": "say_as", "text": text, "as": "characters"}]})


def said_instant(around: Around) -> Draft:
    """A date, a time of day, or both."""
    words = around.arg(2) or "ABdY"
    is_time = not set(words) & set("AaBbhdeYQq")
    text = around.template(around.arg(0)) if around.arg(0) else "{now}"
    part: Json = {"type": "say_as", "text": text, "as": "time" if is_time else "date"}
    return onward("play", {"prompt": [part]})


def waiting(around: Around) -> Draft:
    """A pause."""
    return onward("wait", with_number({}, "duration", _whole_second(around.number(around.arg(0)))))


def _whole_second(value: float | None) -> float | None:
    """A pause of ours is a second long at least; nobody hears the difference."""
    return None if value is None else max(value, 1)


def music(around: Around) -> Draft:
    """Music for a while."""
    props: Document = {"music": around.plain(around.arg(0))} if around.arg(0) else {}
    return onward("wait", with_number(props, "duration", around.number(around.arg(1))))


def background(around: Around) -> Draft:
    """A menu: sounds during which, and after which, the caller dials an extension."""
    prompt = around.sounds(around.arg(0))
    takes, wait = 0, None
    for step in around.following():
        if step.label:
            break
        app = step.app.lower()
        if app == "background":
            prompt.extend(around.sounds((split(step.data) or ("",))[0]))
        elif app == "waitexten":
            wait, takes = step.data, takes + 1
            break
        else:
            break
        takes += 1
    if wait is None:
        return _asked(around, prompt, _NO_WAIT, takes)
    seconds = around.number((split(wait) or ("",))[0])
    return _asked(around, prompt, seconds or around.timeout("response", _RESPONSE), takes)


def wait_exten(around: Around) -> Draft:
    """Time to dial an extension."""
    seconds = around.number(around.arg(0))
    return _asked(around, [], seconds or around.timeout("response", _RESPONSE), 0)


def _asked(around: Around, prompt: list[Json], wait: float, takes: int) -> Draft:
    """A menu, or a number to type where only longer extensions can be dialled."""
    plan, section = around.plan, around.section
    keys = [key for key in TELEPHONE_KEYS if plan.find(section, key) is not None]
    is_longer = plan.is_typed(section, besides=around.step.extension)
    timing: Document = {
        "first_digit_timeout": wait,
        "inter_digit_timeout": around.timeout("digit", _DIGIT),
    }
    silent = ONWARD if _goes_on(around, takes) or wait == _NO_WAIT else dialled("t")
    ways: dict[str, Where] = {"no_input": silent, "invalid": dialled("i")}
    if not keys and not is_longer:
        return _only_heard(prompt, wait, takes, silent)
    once: Document = {"max_tries": 0, "max_no_input": 1, "max_invalid": 1}
    if not keys:
        props = {
            "prompt": prompt,
            "variable": "called",
            "max_digits": plan.longest(section),
            "terminator": "#",
            **once,
            **timing,
        }
        return Draft("collect", props, {"ok": TYPED, "no_input": silent}, takes=takes)
    props = {"prompt": prompt, "keys": [*keys], **once, **timing, "result_variable": "called"}
    ways |= {f"key_{key}": dialled(key) for key in keys}
    if is_longer:
        ways["extension"] = TYPED
    return Draft("menu", props, ways, takes=takes)


def _goes_on(around: Around, takes: int) -> bool:
    """Whether there is a priority behind the waiting: silence leads there, and not to ``t``."""
    return any(True for _ in islice(around.following(), takes, None))


def _only_heard(prompt: list[Json], wait: float, takes: int, silent: Where) -> Draft:
    """What remains where nothing can be dialled: sounds, or a pause."""
    if prompt:
        props: Document = {"prompt": prompt, "barge_in": True}
        return Draft("play", props, {"next": silent, "error": silent}, takes=takes)
    return Draft("wait", {"duration": wait}, {"next": silent}, takes=takes)


def read(around: Around) -> Draft:
    """Digits that the caller types; nothing typed goes on too, with an empty variable."""
    options = around.arg(3)
    most = around.number(around.arg(2))
    tries = around.number(around.arg(4)) or 1
    props: Document = {
        "prompt": around.sounds(around.arg(1)),
        "variable": around.scope.variable(around.plain(around.arg(0)) or "READ").name,
        "max_digits": int(min(most, _MOST_DIGITS)) if most else _MOST_DIGITS,
        "max_no_input": max(int(tries), 1),
        "max_tries": 0,
        "terminator": "none" if options == "t" else "*" if "t(*)" in options else "#",
        "first_digit_timeout": around.number(around.arg(5))
        or around.timeout("response", _RESPONSE),
        "inter_digit_timeout": around.timeout("digit", _DIGIT),
    }
    return onward("collect", props, "ok", "no_input", "error")


def authenticate(around: Around) -> Draft:
    """A code that must be typed; three wrong ones end the call."""
    code = around.plain(around.arg(0))
    props: Document = {
        "prompt": around.sounds(around.arg(3) or "agent-pass"),
        "variable": "code",
        "sensitive": True,
        "max_tries": 3,
        **({"validation": "list", "allowed_values": code} if code.isdigit() else {}),
    }
    return Draft("collect", props, {"ok": ONWARD, "no_input": ENDS, "invalid": ENDS})


def privacy(around: Around) -> Draft:
    """The caller's number, asked for when none is shown."""
    tries = around.number(around.arg(0)) or 3
    props: Document = {
        "prompt": around.sounds("privacy-unident&privacy-prompt"),
        "variable": "caller",
        "min_digits": int(around.number(around.arg(1)) or 10),
        "max_tries": int(tries),
    }
    return onward("collect", props, "ok", "no_input", "invalid", "max_tries")


def voicemail(around: Around) -> Draft:
    """A message for a mailbox; 0 and * lead to the operator and the assistant, if there are any."""
    options = around.arg(1)
    box = around.plain(around.arg(0).partition("&")[0])
    number = box.partition("@")[0]
    greeting = [
        {"type": "audio", "ref": f"voicemail/{number}/{sound}"}
        for letter, sound in (("u", "unavail"), ("b", "busy"))
        if letter in options
    ]
    props: Document = {"box": box, "greeting": [*greeting]}
    if "s" not in options:
        props["greeting"] = [*greeting, {"type": "audio", "ref": "vm-intro"}]
    ways = dict.fromkeys(("recorded", "empty", "error"), ONWARD)
    for key, name in (("0", "o"), ("*", "a")):
        if around.plan.find(around.section, name) is not None:
            ways[f"key_{key}"] = dialled(name)
    return Draft("voicemail", props, ways)


def record(around: Around) -> Draft:
    """A message recorded into a file."""
    props: Document = {"box": around.plain(around.arg(0)), "greeting": []}
    props = with_number(props, "final_silence", around.number(around.arg(1)) or None)
    props = with_number(props, "max_length", around.number(around.arg(2)) or None)
    return onward("voicemail", props, "recorded", "empty", "error")


RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("playback", "controlplayback", "backgroundplayback"), playback),
    **dict.fromkeys(("background", "backgrounddetect"), background),
    **dict.fromkeys(("festival", "swift", "flite", "cepstral", "picotts", "espeak"), spoken()),
    **dict.fromkeys(("saydigits",), said("digits")),
    **dict.fromkeys(("saynumber", "sayordinal", "saycountedadj", "saycountednoun"), said("number")),
    **dict.fromkeys(("sayalpha", "sayphonetic"), said("characters")),
    "saymoney": said("amount"),
    "sayalphacase": said_case,
    **dict.fromkeys(("sayunixtime", "datetime"), said_instant),
    "wait": waiting,
    "waitexten": wait_exten,
    **dict.fromkeys(("musiconhold", "waitmusiconhold"), music),
    "read": read,
    "authenticate": authenticate,
    "privacymanager": privacy,
    "voicemail": voicemail,
    "record": record,
}
