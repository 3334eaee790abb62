"""Formulas, durations and audio of Architect, said in our words or left as they are."""

import pytest

from cx_desktop.domain.flow.expressions import Template, parse
from cx_desktop.domain.flow.formats.genesys.values import LANGUAGE, seconds, spoken
from cx_desktop.domain.patch import Json


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ('Flow.a == "x" and IsSet(Flow.b)', 'Flow.a = "x" and not blank(Flow.b)'),
        ("Length(ToString(Flow.a)) > 3", "len(text(Flow.a)) > 3"),
        ('Append("a", Flow.b)', '"a" & Flow.b'),
        (
            "If(IsNotSetOrEmpty(Flow.a), 0, ToInt(Flow.a))",
            "if blank(Flow.a) then 0 else number(Flow.a)",
        ),
        ("ToPhoneNumber(Call.Ani).e164", "caller"),
        ("Flow.list[0].name", "Flow.list[0].name"),
        ("Flow.a == NOT_SET", 'Flow.a = ""'),
        ("Random(1, 2)", None),
        ("Flow.a ==", None),
        ("(" * 60 + "1" + ")" * 60, None),
    ],
)
def test_formulas_are_said_in_our_language_or_not_at_all(formula: str, said: str | None) -> None:
    assert LANGUAGE.said(formula) == said
    if said is not None:
        parse(said)


def test_a_duration_is_its_seconds() -> None:
    assert seconds({"lit": {"minutes": "1", "seconds": "30"}}) == 90
    assert seconds({"lit": {"ms": "500"}}) == 0.5
    assert seconds({"exp": "MakeDuration(0, 0, 2, 0, 0)"}) == 120
    assert seconds({"exp": "MakeDuration(0, 0, Flow.m, 0, 0)"}) is None
    assert seconds({"noValue": "true"}) is None


@pytest.mark.parametrize(
    ("audio", "parts"),
    [
        ({"tts": "50 {%"}, [{"type": "text", "text": "50 {{%"}]),
        ({"exp": 'ToAudio(FindUserPrompt("Hi"))'}, [{"type": "audio", "ref": "Hi"}]),
        ({"exp": "Prompt.Hello"}, [{"type": "audio", "ref": "Hello"}]),
        (
            {"exp": 'Append(ToAudioTTS("You are "), ToAudioNumber(Flow.n))'},
            [
                {"type": "text", "text": "You are "},
                {"type": "say_as", "text": "{Flow.n}", "as": "number"},
            ],
        ),
        ({"exp": "Shuffle(Flow.a)"}, []),
        ({"noValue": "true"}, []),
    ],
)
def test_what_is_said_becomes_the_parts_of_a_prompt(audio: Json, parts: list[Json]) -> None:
    assert spoken(audio).parts == parts
    for part in parts:
        if isinstance(part, dict) and part["type"] == "text":
            Template.parse(str(part["text"]))
