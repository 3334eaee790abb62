"""All rows of some ranges of a stream, as one sealed page."""

import pytest

from cx_desktop.protocol.digest import range_name
from cx_desktop.sync.wire import Question, read_page
from tests.service.visitor import Visitor


def rows(visitor: Visitor, depth: int, *ends: str) -> set[str]:
    path = f"/v1/sync/range?stream=config&depth={depth}&ends={','.join(ends)}"
    answer = visitor.get(path)
    assert answer.status_code == 200
    question = Question("config", range_name(depth, ends or ("",)), visitor.epoch)
    page = read_page(answer.content.splitlines(), question)
    assert page.unfit == ()
    return {row.id for row in page.rows}


def test_ranges_bring_what_ends_so_and_nothing_else(leo: Visitor) -> None:
    everything = {str(each["id"]) for each in leo.entities("config")}
    assert rows(leo, 0) == everything
    ends = sorted({each[-2:] for each in everything})[:3]
    assert rows(leo, 2, *ends) == {each for each in everything if each[-2:] in ends}
    assert rows(leo, 4, "0000") == set()


def test_ranges_of_what_one_may_not_see_are_empty(leo: Visitor, claire: Visitor) -> None:
    unseen = {str(each["id"]) for each in claire.entities("config")} - rows(leo, 0)
    assert unseen
    assert not rows(leo, 2, *sorted({each[-2:] for each in unseen})[:200]) & unseen


@pytest.mark.parametrize("asked", ["depth=2&ends=abc", "depth=2&ends=", "depth=2&ends=zz"])
def test_ends_have_as_many_signs_as_was_said(leo: Visitor, asked: str) -> None:
    assert leo.get(f"/v1/sync/range?stream=config&{asked}").status_code == 400
