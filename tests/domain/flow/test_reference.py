"""The reference page is made from the declarations; run this module to make it anew."""

from pathlib import Path

from cx_desktop.domain.flow.kinds import KINDS
from cx_desktop.domain.flow.reference import reference
from cx_desktop.domain.flow.rules import RULES
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language

PAGE = Path(__file__).parents[3] / "docs" / "flow-reference.md"


def page() -> str:
    return reference(Catalogue(resources() / "text", Language.ENGLISH).text)


def test_the_reference_page_is_current() -> None:
    said = PAGE.read_text(encoding="utf-8")
    assert said == page(), "run: .venv/bin/python -m tests.domain.flow.test_reference"


def test_every_kind_property_and_rule_is_on_it() -> None:
    said = page()
    assert "⟦" not in said
    for kind in KINDS.values():
        assert f"`{kind.id}`" in said
        assert all(f"| `{each.name}` |" in said for each in kind.properties)
        assert all(f"| `{each.id}` |" in said for each in kind.exits)
    assert all(f"| {rule} |" in said for rule in RULES)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
