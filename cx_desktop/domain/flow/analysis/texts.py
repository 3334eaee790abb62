"""What a prompt says, as far as it can be known without hearing it."""

from typing import NamedTuple

from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Document, Json


class Said(NamedTuple):
    """The words of a prompt."""

    text: str
    is_whole: bool
    """Whether these are all its words: no part is a sound whose words nobody wrote down."""


SILENCE = Said("", is_whole=True)


def said(prompt: Json, context: Context, language: str = "") -> Said:
    """The words of one prompt: of its texts, and of its recordings where they are written down."""
    if not prompt or not isinstance(prompt, list):
        return SILENCE
    texts = []
    is_whole = True
    for part in prompt:
        if isinstance(part, dict) and part.get("type") != "say_as":
            words = _words(part, context, language)
            texts.append(words)
            is_whole = is_whole and bool(words) and not words.isspace()
    return Said("\n".join(texts), is_whole)


def _words(part: Document, context: Context, language: str) -> str:
    if part.get("type") == "audio":
        facts = context.prompt(str(part.get("ref", "")))
        return facts.text(language) if facts else ""
    words = part.get("text")
    return words if isinstance(words, str) else ""


def said_by_all(prompts: Json, context: Context, language: str = "") -> Said:
    """The words of several prompts, one per attempt."""
    every = [said(each, context, language) for each in prompts] if isinstance(prompts, list) else []
    return Said("\n".join(each.text for each in every), all(each.is_whole for each in every))
