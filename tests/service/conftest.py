"""A running service, and people who use it."""

from collections.abc import Callable, Iterator

import pytest

from tests.fakes.service import RunningService
from tests.service.visitor import Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture
def service() -> Iterator[RunningService]:
    with RunningService() as running:
        yield running


@pytest.fixture
def visit(service: RunningService) -> Iterator[Visit]:
    """Somebody by user name, at a computer of their own, not signed in yet."""
    visitors: list[Visitor] = []

    def visitor(username: str) -> Visitor:
        password = next(each.password for each in service.accounts if each.username == username)
        visitors.append(Visitor(service, username, password))
        return visitors[-1]

    yield visitor
    for each in visitors:
        each.close()


@pytest.fixture
def claire(visit: Visit) -> Visitor:
    """The administrator, signed in."""
    return visit("claire.martin").sign_in()


@pytest.fixture
def leo(visit: Visit) -> Visitor:
    """A flow designer of one project, signed in."""
    return visit("leo.bernard").sign_in()
