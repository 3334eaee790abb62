"""What the documents say is so: links lead somewhere, verbs and settings are told, pages current.

``python -m tests.test_docs`` writes ``docs/settings.md`` anew.
"""

import re
from pathlib import Path

import pytest

from cx_desktop.cli import VERBS
from cx_desktop.settings import Section, declarations, resources
from cx_desktop.text import Catalogue, Language

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SETTINGS_PAGE = ROOT / "docs" / "settings.md"


def settings_page() -> str:
    """The page of all settings, from their declarations and the catalogue."""
    words = Catalogue(resources() / "text", Language.ENGLISH)
    lines = [
        "# Settings",
        "",
        "Made from the declarations in `cx_desktop/settings.py` by `python -m tests.test_docs`.",
        "They are kept in `settings.json` in this system’s folder for programs’ settings.",
    ]
    for section in Section:
        shown = [each for each in declarations() if each.section is section]
        if section is Section.HIDDEN or not shown:
            continue
        lines += ["", f"## {words.text(f'settings.section.{section}')}", ""]
        lines += ["| Setting | Name in the file | What it does |", "|---|---|---|"]
        lines += [
            f"| {words.text(each.label_key)} | `{each.name}` | {words.text(each.help_key)} |"
            for each in shown
        ]
    return "\n".join([*lines, ""])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    told = re.findall(r"`(docs/[\w/.-]+|[A-Z]+\.md)`", page.read_text(encoding="utf-8"))
    local = [page.parent / each for each in targets if "://" not in each]
    local += [ROOT / each for each in told]
    assert not [str(each) for each in local if not each.exists()]


def test_every_verb_of_the_command_line_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = {verb for verb in VERBS if f"cx-desktop {verb}" in readme}
    assert told == set(VERBS) - {"open"}


def test_every_setting_is_documented() -> None:
    assert SETTINGS_PAGE.read_text(encoding="utf-8") == settings_page()


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name[:3] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert sorted(numbers) == [f"{n:03}" for n in range(1, len(numbers) + 1)]


if __name__ == "__main__":
    SETTINGS_PAGE.write_text(settings_page(), encoding="utf-8")
