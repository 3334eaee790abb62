"""What is seen at a glance to be right: never anything that a closer look finds fault with."""

from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.checks import faults, is_plainly_sound
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.variables import formulas_of, read_by
from tests.domain.flow.playable import TRULY, flow_by
from tests.domain.flow.strategies import nodes


@given(st.data())
def test_a_value_that_is_plainly_sound_has_no_fault(data: st.DataObject) -> None:
    node = data.draw(nodes("a"))
    for declared in kind_of(node).properties:
        value = node.props.get(declared.name, declared.default)
        if is_plainly_sound(declared, value):
            assert list(faults(declared, value)) == []


@given(TRULY.map(lambda chance: flow_by(chance, 20)))
def test_no_formula_is_overlooked_in_a_text_that_looks_plain(flow: Flow) -> None:
    for node in flow.nodes.values():
        kind = kind_of(node)
        props = kind.filled(node.props)
        read = {each.property for each in read_by(node)}
        for declared in kind.properties:
            matters = declared.when is None or declared.when(props)
            found = formulas_of(declared, props[declared.name], kind=node.kind) if matters else ()
            if any(getattr(each, "variables", ()) for each in found):
                assert declared.name in read
