"""Prompts: what callers hear, as text for a synthetic voice or as a recorded file, per language."""

from cx_desktop.domain.prompts.prompt import Audio, Prompt, Spoken, prompt_of

__all__ = ["Audio", "Prompt", "Spoken", "prompt_of"]
