"""The table of VoiceXML's elements, held against the schema of the recommendation by example."""

import pytest
from defusedxml.ElementTree import fromstring

from cx_desktop.domain.flow.formats.voicexml.elements import ELEMENTS, SPOKEN_FOREACH, faults_of

BLOCK = "<form><block>{}</block></form>"
FIELD = "<form><field name='x'>{}</field></form>"
PROMPT = "<form><block><prompt>{}</prompt></block></form>"
GRAMMAR = "<form><field name='x'><grammar>{}</grammar></field></form>"


def faults(inside: str) -> list[str]:
    text = f"<vxml xmlns='http://www.w3.org/2001/vxml' version='2.1'>{inside}</vxml>"
    return list(faults_of(fromstring(text)))


@pytest.mark.parametrize(
    "inside",
    [
        "<data name='d' src='x' fetchaudio='y' method='post' enctype='z' namelist='a b'/>",
        BLOCK.format("<foreach array='a' item='i'><prompt>x</prompt><log/></foreach>"),
        BLOCK.format("<disconnect namelist='a'/>"),
        BLOCK.format("<script srcexpr='a'/>"),
        PROMPT.format("<foreach array='a' item='i'>x<value expr='i'/><break/></foreach>"),
        PROMPT.format("<mark nameexpr='a'/><p><s>x<voice><p>y</p></voice></s></p>"),
        PROMPT.format("<audio src='a' maxage='1'>x<desc>y</desc></audio>"),
        PROMPT.format("<enumerate>x<s>y</s></enumerate>"),
        PROMPT.format("<say-as interpret-as='vxml:digits'><value expr='x'/></say-as>"),
        BLOCK.format("<prompt version='1.0' bargeintype='speech' timeout='3s'>x</prompt>"),
        FIELD.format("<option dtmf='1' accept='exact' value='a'>x</option>"),
        FIELD.format("<grammar srcexpr='a' xml:base='b' mode='dtmf'/>"),
        GRAMMAR.format(
            "<rule id='r'><item repeat='1-' xml:lang='fr'><ruleref uri='#s'/></item></rule>"
        ),
        "<form><transfer destexpr='a' type='consultation' aaiexpr='b'/></form>",
        "<form><subdialog srcexpr='a'><param name='p' expr='1'/></subdialog></form>",
        "<menu accept='approximate'><choice dtmf='1' next='#a' fetchaudio='b'>x</choice></menu>",
    ],
)
def test_what_the_schema_has_is_taken(inside: str) -> None:
    assert faults(inside) == []


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        (FIELD.format("<data name='d' src='x'/>"), "field/data"),
        ("<menu><script/></menu>", "menu/script"),
        ("<menu><choice next='#a'><audio src='x'/></choice></menu>", "choice/audio"),
        ("<form><transfer><data name='d' src='x'/></transfer></form>", "transfer/data"),
        (PROMPT.format("<p><p>x</p></p>"), "p/p"),
        (PROMPT.format("<s><p>x</p></s>"), "s/p"),
        (PROMPT.format("<emphasis><s>x</s></emphasis>"), "emphasis/s"),
        (PROMPT.format("<audio src='a'><lexicon uri='b'/></audio>"), "audio/lexicon"),
        (PROMPT.format("<voice><foreach array='a' item='i'/></voice>"), "voice/foreach"),
        (PROMPT.format("<foreach array='a' item='i'><log/></foreach>"), f"{SPOKEN_FOREACH}/log"),
        (BLOCK.format("<foreach array='a' item='i'><break/></foreach>"), "foreach/break"),
        (GRAMMAR.format("<rule id='r'><ruleref uri='#s' xml:lang='fr'/></rule>"), "ruleref@"),
        (BLOCK.format("<throw event='a' next='b'/>"), "throw@next"),
        (BLOCK.format("<field name='x'/>"), "block/field"),
        (BLOCK.format("<speak/>"), "{http://www.w3.org/2001/vxml}speak"),
        ("<form><field name='x' cols='2'/></form>", "field@cols"),
    ],
)
def test_what_the_schema_has_not_is_told(inside: str, fault: str) -> None:
    (found,) = faults(inside)
    assert found.startswith(fault)


def test_every_element_that_may_stand_somewhere_has_a_row() -> None:
    named = {name for _, content in ELEMENTS.values() for name in content}
    assert named <= ELEMENTS.keys()
    assert ELEMENTS.keys() - named == {"vxml", SPOKEN_FOREACH}
