"""The page of the language is made from its declarations; run this module to make it anew."""

from pathlib import Path

import pytest

from cx_desktop.domain.flow import expression_page
from cx_desktop.domain.flow.expressions import check, parse
from cx_desktop.domain.flow.expressions.signatures import SIGNATURES
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language

PAGE = Path(__file__).parents[3] / "docs" / "expressions.md"


def page() -> str:
    return expression_page.page(Catalogue(resources() / "text", Language.ENGLISH).text)


def test_the_page_is_current() -> None:
    said = PAGE.read_text(encoding="utf-8")
    assert said == page(), "run: .venv/bin/python -m tests.domain.expressions.test_page"
    assert "⟦" not in said


@pytest.mark.parametrize("name", SIGNATURES)
def test_the_example_of_a_function_works(name: str) -> None:
    example = SIGNATURES[name].example
    assert f"{name}(" in example
    assert check(parse(example), {}) == ()
    assert expression_page.shown(example) != "an error"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
