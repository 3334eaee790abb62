"""What is said and what can be done: keys announced and linked, messages that hold too long."""

from collections.abc import Callable, Mapping

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, Look, found
from cx_desktop.domain.flow.analysis.announced import announced, asks_for_keys
from cx_desktop.domain.flow.analysis.texts import Said, said, said_by_all
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.patch import Document

#: More choices than these nobody holds until the end (keys 0, * and # are habits, not choices).
MOST_CHOICES = 6

#: Longer than this nobody listens without being able to do something, in seconds.
LONGEST_SPEECH = 60

_WORDS_PER_SECOND = 2.5
_HABITS = frozenset("0*#")


def about_speech(look: Look) -> Findings:
    """The findings of what a node says."""
    yield from _SPEAKERS.get(look.node.kind, _nothing)(look)


def _nothing(_look: Look) -> Findings:
    yield from ()


def _menu(look: Look) -> Findings:
    prompt = said(look.props["prompt"], look.context)
    retries = said_by_all(look.props["retry_prompts"], look.context)
    keys = _keys(look.props["keys"])
    yield from _not_linked(look, "prompt", prompt, keys)
    yield from _not_linked(look, "retry_prompts", retries, keys)
    yield from _not_announced(look, prompt, retries, keys)
    yield from _too_many(look, keys)
    yield from _held(look, "prompt", prompt)


def _queue_treatment(look: Look) -> Findings:
    prompts = said_by_all(look.props["prompts"], look.context)
    keys = _keys(look.props["keys"])
    yield from _not_linked(look, "prompts", prompts, keys)
    yield from _not_announced(look, prompts, prompts, keys)


def _transfer_queue(look: Look) -> Findings:
    prompt = said(look.props["waiting_prompt"], look.context)
    yield from _not_linked(look, "waiting_prompt", prompt, {str(look.props["overflow_key"])})


def _collect(look: Look) -> Findings:
    prompt = said(look.props["prompt"], look.context)
    understood = {str(look.props["terminator"]), str(look.props["cancel_key"])}
    yield from _not_understood(look, "prompt", prompt, understood)
    yield from _held(look, "prompt", prompt)


def _voicemail(look: Look) -> Findings:
    greeting = said(look.props["greeting"], look.context)
    yield from _not_understood(look, "greeting", greeting, {str(look.props["terminator"])})


def _play(look: Look) -> Findings:
    yield from _held(look, "prompt", said(look.props["prompt"], look.context))


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


def _held(look: Look, name: str, words: Said) -> Findings:
    """A message that is long and cannot be interrupted."""
    if look.props["barge_in"] is True:
        return
    seconds = round(len(words.text.split()) / _WORDS_PER_SECOND)
    if seconds > LONGEST_SPEECH:
        yield found(
            rules.LONG_MESSAGE,
            look.node.id,
            name=name,
            params={"seconds": seconds, "limit": LONGEST_SPEECH},
        )


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
}
