"""What is said and what can be done: keys announced and linked, messages that hold too long."""

from collections.abc import Callable, Mapping

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, Look, found
from cx_desktop.domain.flow.analysis.announced import announced, asks_for_keys
from cx_desktop.domain.flow.analysis.texts import Said, said, said_by_all
from cx_desktop.domain.flow.behaviour.speech import WORDS_PER_MINUTE, seconds_of
from cx_desktop.domain.flow.checks import LONGEST_TEXT
from cx_desktop.domain.flow.expressions.template import Template
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS, rows
from cx_desktop.domain.patch import Document, Json
from cx_desktop.domain.sms import length_of

#: More choices than these nobody holds until the end (keys 0, * and # are habits, not choices).
MOST_CHOICES = 6

#: Longer than this nobody listens without being able to do something, in seconds.
LONGEST_SPEECH = 60

#: No text of so few characters takes two messages.
SHORTEST_PART = 35

_HABITS = frozenset("0*#")


def about_speech(look: Look) -> Findings:
    """The findings of what a node says."""
    yield from _SPEAKERS.get(look.node.kind, _nothing)(look)


def _nothing(_look: Look) -> Findings:
    yield from ()


def _menu(look: Look) -> Findings:
    prompt = said(look.props["prompt"], look.context, look.spoken)
    retries = said_by_all(look.props["retry_prompts"], look.context, look.spoken)
    keys = _keys(look.props["keys"])
    yield from _not_linked(look, "prompt", prompt, keys)
    yield from _not_linked(look, "retry_prompts", retries, keys)
    yield from _not_announced(look, prompt, retries, keys)
    yield from _too_many(look, keys)
    yield from _held(look, "prompt")


def _queue_treatment(look: Look) -> Findings:
    prompts = said_by_all(look.props["prompts"], look.context, look.spoken)
    keys = _keys(look.props["keys"])
    yield from _not_linked(look, "prompts", prompts, keys)
    yield from _not_announced(look, prompts, prompts, keys)


def _transfer_queue(look: Look) -> Findings:
    prompt = said(look.props["waiting_prompt"], look.context, look.spoken)
    yield from _not_linked(look, "waiting_prompt", prompt, {str(look.props["overflow_key"])})


def _collect(look: Look) -> Findings:
    prompt = said(look.props["prompt"], look.context, look.spoken)
    understood = {str(look.props["terminator"]), str(look.props["cancel_key"])}
    yield from _not_understood(look, "prompt", prompt, understood)
    yield from _held(look, "prompt")


def _voicemail(look: Look) -> Findings:
    greeting = said(look.props["greeting"], look.context, look.spoken)
    yield from _not_understood(look, "greeting", greeting, {str(look.props["terminator"])})


def _play(look: Look) -> Findings:
    yield from _held(look, "prompt")


def _keys(value: object) -> set[str]:
    return {each for each in value if each in TELEPHONE_KEYS} if isinstance(value, list) else set()


def _operator(look: Look) -> set[str]:
    """The key of the flow's operator, which every question understands."""
    return {"0"} if look.meta.get("operator") in look.nodes else set()


def _not_linked(look: Look, name: str, words: Said, keys: set[str]) -> Findings:
    """Each key that is announced and leads nowhere."""
    for key in announced(words.text).keys:
        if key not in keys and key not in _operator(look):
            yield found(rules.KEY_NOT_LINKED, look.node.id, name=name, params={"key": key})


def _not_understood(look: Look, name: str, words: Said, keys: set[str]) -> Findings:
    """« Puis dièse », where dièse means nothing; digits are what is asked for."""
    for key in announced(words.text).keys:
        if key in "*#" and key not in keys:
            yield found(rules.KEY_NOT_LINKED, look.node.id, name=name, params={"key": key})


def _not_announced(look: Look, prompt: Said, retries: Said, keys: set[str]) -> Findings:
    """Choices that a message which announces others leaves out."""
    first, again = announced(prompt.text), announced(retries.text)
    if not first.keys or not (prompt.is_whole and first.is_certain):
        return
    told = {*first.keys, *first.ranges, *again.keys, *again.ranges}
    kept = sorted(keys - told - _HABITS, key=TELEPHONE_KEYS.index)
    if kept:
        yield found(
            rules.KEY_NOT_ANNOUNCED, look.node.id, name="prompt", params={"keys": ", ".join(kept)}
        )


def _too_many(look: Look, keys: set[str]) -> Findings:
    choices = len(keys - _HABITS)
    if choices > MOST_CHOICES:
        yield found(
            rules.TOO_MANY_CHOICES,
            look.node.id,
            name="keys",
            params={"count": choices, "limit": MOST_CHOICES},
        )


def _held(look: Look, name: str) -> Findings:
    """A message that is long and cannot be interrupted."""
    if look.props["barge_in"] is True:
        return
    prompt = look.props[name]
    seconds = round(seconds_of(prompt, _lengths(look, prompt)))
    if seconds > LONGEST_SPEECH:
        yield found(
            rules.LONG_MESSAGE,
            look.node.id,
            name=name,
            params={"seconds": seconds, "limit": LONGEST_SPEECH},
        )


def _lengths(look: Look, prompt: Json) -> dict[str, float]:
    """How long the prompts of the project last at least that one is made of."""
    lengths: dict[str, float] = {}
    for part in rows(prompt):
        if part.get("type") == "audio":
            ref = str(part.get("ref"))
            facts = look.context.prompt(ref)
            pace = WORDS_PER_MINUTE / 60
            lengths[ref] = facts.lasts(look.spoken, pace=pace) if facts else 0.0
    return lengths


def _send_sms(look: Look) -> Findings:
    """A text that is billed several times; variables are not counted."""
    message = look.props["message"]
    if not isinstance(message, str) or not SHORTEST_PART < len(message) <= LONGEST_TEXT:
        return
    template = Template.read(message)
    fixed = "".join(each for each in template.parts if isinstance(each, str))
    count = length_of(fixed).parts
    if count > 1:
        shown = f"{count}+" if template.expressions else f"{count}"
        yield found(rules.SMS_PARTS, look.node.id, name="message", params={"count": shown})


def loses_digits(kind: str, props: Document, text: str) -> bool:
    """Whether a message asks for keys and drops those that are pressed while it is spoken."""
    return kind in _INTERRUPTIBLE and props["barge_in"] is not True and asks_for_keys(text)


_INTERRUPTIBLE = frozenset({"play", "menu", "collect"})

_SPEAKERS: Mapping[str, Callable[[Look], Findings]] = {
    "menu": _menu,
    "queue_treatment": _queue_treatment,
    "transfer_queue": _transfer_queue,
    "collect": _collect,
    "voicemail": _voicemail,
    "play": _play,
    "send_sms": _send_sms,
}
