"""Prompts: what callers hear, as text for a synthetic voice or as a recorded file, per language."""

from cx_desktop.domain.prompts.findings import RULES, Around, findings
from cx_desktop.domain.prompts.orders import NEXT, is_outdated, moved, ordered
from cx_desktop.domain.prompts.prompt import (
    Audio,
    Music,
    OrderState,
    Prompt,
    Spoken,
    StudioOrder,
    prompt_of,
)
from cx_desktop.domain.prompts.wanted import languages_of
from cx_desktop.domain.prompts.words import WORDS_PER_UNIT, studio_units, units_of, words_in

__all__ = [
    "NEXT",
    "RULES",
    "WORDS_PER_UNIT",
    "Around",
    "Audio",
    "Music",
    "OrderState",
    "Prompt",
    "Spoken",
    "StudioOrder",
    "findings",
    "is_outdated",
    "languages_of",
    "moved",
    "ordered",
    "prompt_of",
    "studio_units",
    "units_of",
    "words_in",
]
