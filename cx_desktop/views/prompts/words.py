"""How prompts, their sounds and their orders are put into words."""

from collections.abc import Iterator, Sequence

import msgspec

from cx_desktop.domain.patch import Document, Path
from cx_desktop.domain.prompts import Audio, Prompt, Spoken, prompt_of, units_of, words_in
from cx_desktop.models.language import Language
from cx_desktop.models.objects.plan import Planned

#: How a prompt is heard in a language: icon by what it is.
ICON_BY_WAY = {"recorded": "microphone", "synthetic": "robot", "silent": "circle-dashed"}
_MINUTE = 60


def way_of(spoken: Spoken) -> str:
    """Whether a file is played, a synthetic voice reads, or nothing is heard."""
    if spoken.audio is not None:
        return "recorded"
    return "synthetic" if spoken.is_heard else "silent"


def language_name(language: Language, code: str) -> str:
    """« français »; a code that nobody has a name for stays as it is."""
    key = f"choice.language.{code}"
    return language.text(key) if language.catalogue.has(key) else code


def language_title(language: Language, code: str) -> str:
    """« Français », « Anglais (Royaume-Uni) »."""
    name = language_name(language, code)
    return name[:1].upper() + name[1:]


def count_words(language: Language, text: str) -> str:
    """« 23 mots · 1 unité de studio »."""
    words = words_in(text)
    return " · ".join(
        (
            language.plural("prompts.words", words),
            language.plural("prompts.units", units_of(words)),
        )
    )


def seconds_words(language: Language, seconds: float) -> str:
    """« 12,3 s », « 2 min 05 s »."""
    if seconds < _MINUTE:
        return language.text("prompts.seconds", seconds=language.number(round(seconds, 1)))
    minutes, rest = divmod(round(seconds), _MINUTE)
    return language.text("prompts.minutes", minutes=minutes, seconds=f"{rest:02}")


def loudness_words(language: Language, loudness: float | None) -> str:
    """« −19 LUFS », or that nothing is heard."""
    if loudness is None:
        return language.text("prompts.nothing-heard")
    return language.text("prompts.loudness", value=language.number(round(loudness)))


def audio_words(language: Language, audio: Audio) -> str:
    """« accueil.wav · 12,3 s · −19 LUFS »."""
    loudness = None if audio.is_silent else audio.loudness
    said = [
        audio.name or language.text("prompts.recording"),
        seconds_words(language, audio.seconds),
        *([loudness_words(language, loudness)] if audio.is_silent or loudness is not None else []),
    ]
    return " · ".join(said)


def languages_words(language: Language, prompt: Prompt) -> str:
    """« français (fichier), anglais (voix de synthèse) »."""
    return ", ".join(
        language.text(f"prompts.way.{way_of(spoken)}", language=language_name(language, code))
        for code, spoken in prompt.languages.items()
    )


def text_of(prompt: Prompt) -> str:
    """Everything that is written, for the search."""
    return " ".join(each.text for each in prompt.languages.values())


def length_of(prompt: Prompt) -> float:
    """How long its longest file is."""
    return max((each.audio.seconds for each in prompt.languages.values() if each.audio), default=0)


def words_of(prompt: Prompt) -> int:
    """How many words it has, in all of its languages."""
    return sum(words_in(each.text) for each in prompt.languages.values())


def changed(language: Language, planned: Planned) -> Sequence[str]:
    """What callers will hear otherwise, a line each."""
    before, after = _read(planned.live), _read(planned.new)
    if after is None:
        return ()
    lines: list[str] = []
    codes = dict.fromkeys((*(before.languages if before else ()), *after.languages))
    for code in codes:
        old = before.languages.get(code) if before else None
        lines += _changed_in(language, code, old, after.languages.get(code))
    if before is not None and before.music != after.music:
        lines.append(language.text("prompts.change.music"))
    return lines


def _changed_in(
    language: Language, code: str, old: Spoken | None, new: Spoken | None
) -> Iterator[str]:
    named: dict[str, str | int] = {"language": language_name(language, code)}
    if old is None or new is None:
        yield language.text(f"prompts.change.{'added' if old is None else 'removed'}", **named)
        return
    if (old.audio and old.audio.blob) != (new.audio and new.audio.blob):
        what = "sound" if new.audio else "voice"
        yield language.text(f"prompts.change.{what}", **named)
    if old.text != new.text:
        yield language.text(
            "prompts.change.text",
            **named,
            before=count_words(language, old.text),
            after=count_words(language, new.text),
        )


def _read(document: Document | None) -> Prompt | None:
    try:
        return prompt_of(document) if document is not None else None
    except msgspec.ValidationError:
        return None


def placed(language: Language, path: Path, document: Document) -> tuple[str, str]:
    """What a place of a draft is called, and what it holds."""
    if path[0] != "languages" or len(path) < 2:
        return language.text("settle.place.music"), ""
    prompt = _read(document)
    spoken = prompt.languages.get(path[1]) if prompt is not None else None
    field = path[2] if len(path) > 2 and path[2] in {"text", "audio", "order"} else "all"
    name = language.text(f"settle.place.prompt.{field}", language=language_title(language, path[1]))
    if spoken is None:
        return name, ""
    audio = audio_words(language, spoken.audio) if spoken.audio is not None else ""
    order = language.text(f"prompts.order.{spoken.order.state}") if spoken.order else ""
    said = {"text": spoken.text, "audio": audio, "order": order}
    return name, said.get(field, "") or (spoken.text if field == "all" else "")
