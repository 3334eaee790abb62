"""Every word people read: present in both languages, well set in French, named in one way."""

import ast
import re
import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from cx_desktop.text.compile import CatalogueError, compile_texts

TEXTS = resources() / "text"
ROOT = Path(__file__).parent.parent.parent


def strings(language: Language) -> dict[str, tuple[str, ...]]:
    found = {}
    for source in sorted((TEXTS / language).glob("*.po")):
        with source.open("rb") as stream:
            for message in read_po(stream, locale=language.value):
                key = message.id if isinstance(message.id, str) else message.id[0]
                texts = (
                    (message.string,)
                    if isinstance(message.string, str)
                    else tuple(message.string or ())
                )
                if key:
                    found[key] = texts
    return found


FRENCH = strings(Language.FRENCH)
ENGLISH = strings(Language.ENGLISH)


def test_the_compiled_catalogue_is_current() -> None:
    for language, compiled in compile_texts(TEXTS).items():
        assert (TEXTS / f"{language}.mo").read_bytes() == compiled, "run: python3 dev.py text"


def test_both_languages_say_the_same_things() -> None:
    assert FRENCH.keys() == ENGLISH.keys()


FAULTS = {
    "a plain space before ; ! ?": re.compile(r"[ \u00a0][;!?](?!\w)"),
    "nothing before ; ! ? or : after a word": re.compile(
        r"[a-zà-ÿ»)][;!?](?![\w=/])|[a-zà-ÿ»]:(?=\s|$)"
    ),
    "a plain space before a colon": re.compile(r" :"),
    "guillemets without no-break spaces": re.compile(r"«(?![\u00a0\u202f])|(?<![\u00a0\u202f])»"),
    "a typewriter apostrophe": re.compile(r"\w'\w"),
    "three points": re.compile(r"\.\.\."),
    "tutoiement": re.compile(r"\b(tu|toi|ton|tes)\b", re.IGNORECASE),
    "a time as 14:02 or 14h02": re.compile(r"\b\d{1,2}(:\d\d|h\d\d)\b"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_french_is_well_set(fault: str) -> None:
    wrong = {
        key: text
        for key, texts in FRENCH.items()
        for text in texts
        if FAULTS[fault].search(text) and not key.endswith(".search")
    }
    assert not wrong


def test_english_uses_typographic_apostrophes_and_ellipses() -> None:
    wrong = {
        key: text
        for key, texts in ENGLISH.items()
        for text in texts
        if re.search(r"\w'\w|\.\.\.", text) and not key.endswith(".search")
    }
    assert not wrong


#: One word per thing (``docs/glossary.md``); these would be a second word for something.
SECOND_WORDS = {
    Language.FRENCH: r"\b(scénario|workflow|script vocal|nœuds?|noeud|login|déployer)\b",
    Language.ENGLISH: r"\b(workflow|scenario|deploy|sign-?on|log ?in|login|steps?)\b",
}


def is_vendors_words(key: str) -> bool:
    """Whether a text holds what people may type to find a kind of node, in anybody's words."""
    return key.startswith("kind.") and key.endswith(".search")


@pytest.mark.parametrize("language", Language)
def test_one_word_per_thing(language: Language) -> None:
    texts = FRENCH if language is Language.FRENCH else ENGLISH
    wrong = {
        key: text
        for key, forms in texts.items()
        for text in forms
        if re.search(SECOND_WORDS[language], text, re.IGNORECASE) and not is_vendors_words(key)
    }
    assert not wrong


def test_every_fault_of_the_world_has_a_title_and_a_hint() -> None:
    faults = {
        node.args[0].value
        for path in (ROOT / "cx_desktop").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"CXError", "Unreadable"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }
    missing = [
        f"{fault}.{part}"
        for fault in sorted(faults)
        for part in ("title", "hint")
        if f"{fault}.{part}" not in FRENCH
    ]
    assert not missing


def test_a_missing_key_shows_itself() -> None:
    assert Catalogue(TEXTS, Language.FRENCH).text("no.such.key") == "⟦no.such.key⟧"


def test_plurals_follow_each_language(tmp_path: Path) -> None:
    shutil.copytree(TEXTS, tmp_path / "text")
    for language, one, many in (
        ("fr", "{count} SVI", "{count} SVI"),
        ("en", "{count} flow", "{count} flows"),
    ):
        with (tmp_path / "text" / language / "zz.po").open("w", encoding="utf-8") as source:
            source.write(
                'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
                'msgid "zz.count"\nmsgid_plural "zz.count"\n'
                f'msgstr[0] "{one}"\nmsgstr[1] "{many} (s)"\n'
            )
    for language, compiled in compile_texts(tmp_path / "text").items():
        (tmp_path / "text" / f"{language}.mo").write_bytes(compiled)
    french = Catalogue(tmp_path / "text", Language.FRENCH)
    english = Catalogue(tmp_path / "text", Language.ENGLISH)
    assert french.plural("zz.count", 0) == "0 SVI"
    assert french.plural("zz.count", 2) == "2 SVI (s)"
    assert english.plural("zz.count", 0) == "0 flows (s)"
    assert english.plural("zz.count", 1) == "1 flow"


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ('msgid "zz.a"\nmsgstr "{name}"\n', 'msgid "zz.a"\nmsgstr "{title}"\n'),
        ('msgid "zz.a"\nmsgstr "a"\n', ""),
        ('msgid "app.name"\nmsgstr "a"\n', 'msgid "app.name"\nmsgstr "a"\n'),
        ('msgid "zz.a"\nmsgstr ""\n', 'msgid "zz.a"\nmsgstr "a"\n'),
    ],
    ids=["other placeholders", "one language only", "written twice", "empty"],
)
def test_contradicting_sources_are_refused(tmp_path: Path, french: str, english: str) -> None:
    shutil.copytree(TEXTS, tmp_path / "text")
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (tmp_path / "text" / "fr" / "zz.po").write_text(head + french, encoding="utf-8")
    (tmp_path / "text" / "en" / "zz.po").write_text(head + english, encoding="utf-8")
    with pytest.raises(CatalogueError):
        compile_texts(tmp_path / "text")
