"""The rules a prompt is judged by, and what they have to say about one.

``Finding.node`` is the language in question, ``None`` where it is the prompt as a whole.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.expressions import ExpressionError, Template
from cx_desktop.domain.flow.rules import Rule
from cx_desktop.domain.prompts.orders import is_outdated
from cx_desktop.domain.prompts.prompt import Audio, OrderState, Prompt, Spoken

NOT_DECLARED = Rule("STU-02", Severity.BLOCKING)
VOICE_WITH_MUSIC = Rule("TTS-02", Severity.BLOCKING)
SAYS_NOTHING = Rule("PRM-01", Severity.BLOCKING)
LANGUAGE_EMPTY = Rule("PRM-02", Severity.WARNING)
LANGUAGE_WANTED = Rule("PRM-03", Severity.WARNING)
SILENT = Rule("PRM-04", Severity.BLOCKING)
CLIPPED = Rule("PRM-05", Severity.WARNING)
TOO_QUIET = Rule("PRM-06", Severity.WARNING)
TOO_LOUD = Rule("PRM-07", Severity.WARNING)
LONG_SILENCE = Rule("PRM-08", Severity.INFORMATION)
NO_VOICE = Rule("PRM-09", Severity.BLOCKING)
NOT_SENT = Rule("PRM-10", Severity.BLOCKING)
PLACEHOLDER = Rule("PRM-11", Severity.WARNING)
RECORDED_VARIABLE = Rule("PRM-12", Severity.WARNING)
OTHER_WORDS = Rule("PRM-13", Severity.INFORMATION)
ORDER_OUTDATED = Rule("PRM-14", Severity.WARNING)

RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        *(NOT_DECLARED, VOICE_WITH_MUSIC, SAYS_NOTHING, LANGUAGE_EMPTY, LANGUAGE_WANTED),
        *(SILENT, CLIPPED, TOO_QUIET, TOO_LOUD, LONG_SILENCE, NO_VOICE, NOT_SENT),
        *(PLACEHOLDER, RECORDED_VARIABLE, OTHER_WORDS, ORDER_OUTDATED),
    )
}

#: Between these a caller neither strains to hear nor takes the receiver away, in LUFS.
QUIETEST, LOUDEST = -32.0, -12.0
#: How often sound may be cut off before it is heard as a rattle.
MOST_CLIPPED = 3
LONGEST_SILENCE = 1.5

VOICE_FEATURE = "tts"


class Around(Struct, frozen=True):
    """What is known around a prompt; ``None`` means not known: nothing is then said about it."""

    features: frozenset[str] | None = None
    wanted: Mapping[str, str] | None = None
    """The languages in which flows play it, each with the name of such a flow."""
    held: frozenset[str] | None = None
    """The files that the service holds."""


NOTHING_KNOWN = Around()


def findings(prompt: Prompt, around: Around = NOTHING_KNOWN) -> tuple[Finding, ...]:
    """Everything the rules have to say, blocking ones first."""
    found = [*_of_whole(prompt, around)]
    for language, spoken in prompt.languages.items():
        found += _of_language(language, spoken, prompt, around)
    order = list(Severity)
    return tuple(sorted(found, key=lambda each: order.index(each.severity)))


def _found(rule: Rule, where: str | None = None, /, **params: str | int) -> Finding:
    return Finding(rule=rule.id, severity=rule.severity, node=where, params=params)


def _of_whole(prompt: Prompt, around: Around) -> Iterator[Finding]:
    if not prompt.heard:
        yield _found(SAYS_NOTHING)
        return
    if prompt.music is not None and not prompt.music.sacem.strip():
        yield _found(NOT_DECLARED)
    for language, flow in (around.wanted or {}).items():
        if _family(language) not in map(_family, prompt.heard):
            yield _found(LANGUAGE_WANTED, language, language=language, flow=flow)


def _family(language: str) -> str:
    """French is French: a call in fr-CA hears what was recorded for fr-FR."""
    return language.partition("-")[0]


def _of_language(
    language: str, spoken: Spoken, prompt: Prompt, around: Around
) -> Iterator[Finding]:
    if spoken.audio is not None:
        yield from _of_audio(language, spoken.audio, around)
        yield from _of_words(language, spoken, spoken.audio)
    elif spoken.is_synthetic:
        yield from _of_voice(language, spoken, prompt, around)
    elif prompt.heard and language not in (around.wanted or {}):
        yield _found(LANGUAGE_EMPTY, language, language=language)
    if is_outdated(spoken) and spoken.order and spoken.order.state is not OrderState.ACCEPTED:
        yield _found(ORDER_OUTDATED, language)


def _of_audio(language: str, audio: Audio, around: Around) -> Iterator[Finding]:
    if around.held is not None and audio.blob not in around.held:
        yield _found(NOT_SENT, language)
    if audio.is_silent:
        yield _found(SILENT, language)
        return
    if audio.clipped > MOST_CLIPPED:
        yield _found(CLIPPED, language, count=audio.clipped)
    if audio.loudness is not None and audio.loudness < QUIETEST:
        yield _found(TOO_QUIET, language, value=round(audio.loudness))
    if audio.loudness is not None and audio.loudness > LOUDEST:
        yield _found(TOO_LOUD, language, value=round(audio.loudness))
    longest = max(audio.silent_start, audio.silent_end)
    if longest > LONGEST_SILENCE:
        yield _found(LONG_SILENCE, language, seconds=round(longest))


def _of_words(language: str, spoken: Spoken, audio: Audio) -> Iterator[Finding]:
    """What is written beside a file: it is what the file says, for the rules and for people."""
    if variables := _variables(spoken.text):
        yield _found(RECORDED_VARIABLE, language, name=min(variables))
    if audio.text and audio.text.split() != spoken.text.split():
        yield _found(OTHER_WORDS, language)


def _of_voice(language: str, spoken: Spoken, prompt: Prompt, around: Around) -> Iterator[Finding]:
    if prompt.music is not None:
        yield _found(VOICE_WITH_MUSIC, language)
    if around.features is not None and VOICE_FEATURE not in around.features:
        yield _found(NO_VOICE, language)
    try:
        Template.parse(spoken.text)
    except ExpressionError as error:
        start = max(0, error.start)
        yield _found(PLACEHOLDER, language, value=spoken.text[start : start + 30])


def _variables(text: str) -> frozenset[str]:
    return Template.read(text).variables
