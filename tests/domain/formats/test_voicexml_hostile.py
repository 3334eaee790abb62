"""Documents of VoiceXML that were harmed, or never made sense: read, or refused."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.expressions import parse
from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.flow.formats.detect import read_all
from cx_desktop.domain.flow.formats.voicexml.script import condition_in_ours, value_in_ours
from tests.domain.formats.samples import DATA, real
from tests.domain.formats.test_trees_hostile import check

GOOD = [path.read_bytes() for path in (DATA / "voicexml").iterdir()]
GOOD += [each.path.read_bytes() for each in real() if each.format == "voicexml"]

ELEMENTS = (
    "block field menu choice option prompt audio value filled if elseif else goto clear assign var "
    "noinput nomatch catch help error throw reprompt exit disconnect return submit transfer record "
    "subdialog param data initial object property grammar rule one-of item script log foreach link "
    "form vxml enumerate say-as break"
)
NAMES = (
    "id name cond expr next nextitem event count dtmf value type src dest namelist mode bargein "
    "timeout repeat maxtime"
)
VALUES = (
    "a b #a #b a.vxml 1 2 noinput nomatch error a==1 digits true dtmf undefined a+1 0- tel:+331"
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(NAMES.split()),
    st.sampled_from([*VALUES.split(), "digits?length=3", "", "'x'"]),
    max_size=4,
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    """Any element of the language with any content, whether or not it may stand there."""
    name, attributes = draw(st.sampled_from(ELEMENTS.split())), draw(ATTRIBUTES)
    inner = draw(st.lists(elements(depth - 1), max_size=4)) if depth else []
    said = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{said}>{draw(st.sampled_from(['', 'Hello', ' ']))}{''.join(inner)}</{name}>"


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_file_with_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from(GOOD))
    at = data.draw(st.integers(0, len(good)))
    upto = data.draw(st.integers(at, min(len(good), at + 60)))
    with suppress(Unreadable):
        check(read_all(good[:at] + data.draw(st.binary(max_size=12)) + good[upto:]))


@settings(max_examples=80, deadline=None)
@given(st.lists(elements(), min_size=1, max_size=5))
def test_elements_where_they_do_not_belong_are_read_or_refused(inside: list[str]) -> None:
    forms = "".join(
        f'<form id="{name}">{each}</form>' for name, each in zip("ab", inside, strict=False)
    )
    text = f'<vxml version="2.1">{forms}{"".join(inside)}</vxml>'
    with suppress(Unreadable):
        check(read_all(text.encode()))


@settings(max_examples=80, deadline=None)
@given(st.text("ab1.'\"=!<>&|+-*/%()[]?: ,$_xyz", max_size=40))
def test_any_script_is_said_in_our_language_or_not_at_all(script: str) -> None:
    said = value_in_ours(script)
    if said is not None:
        parse(said)
    condition_in_ours(script)


CHAIN = "".join(
    f"<form id='f{at}'><block><goto next='#f{at + 1}'/></block></form>" for at in range(500)
)
CIRCLE = (
    "<form id='a'><block><goto next='#b'/></block></form>"
    "<form id='b'><block><goto next='#a'/></block></form>"
)


@pytest.mark.parametrize(
    "body",
    [
        "<form><block>" + "<if cond='x'>a" * 55 + "</if>" * 55 + "</block></form>",
        "<form><block>" + "<if cond='x == 1'>a</if>" * 500 + "</block></form>",
        "<form>" + "<block>a</block>" * 500 + "</form>",
        CHAIN,
        CIRCLE,
        "<form><field name='a'><noinput><throw event='noinput'/></noinput></field></form>",
        "<form><catch event='a'><throw event='a'/></catch><block><throw event='a'/></block></form>",
    ],
)
def test_what_is_deep_or_long_or_goes_in_circles_is_read(body: str) -> None:
    check(read_all(f"<vxml version='2.1'>{body}</vxml>".encode()))
