"""The house keeps its shape: layers, sizes and seams are checked, not remembered."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

PACKAGE = Path(__file__).parent.parent / "cx_desktop"
MODULES = sorted(PACKAGE.rglob("*.py"))

#: Where ``except Exception`` may stand: once per boundary at which a bug changes threads, or
#: leaves Python for Qt.
THREAD_BOUNDARIES = {
    "overrides.py": 1,
    "tasks.py": 1,
    "cache/writer.py": 2,
    "auth/credentials.py": 1,
    "service/keeper.py": 1,
    "service/objects/carrying_out.py": 1,
}


def test_every_module_keeps_to_its_layer() -> None:
    assert lint_imports(no_cache=True) == 0


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_outgrows_one_idea(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            methods = [
                each
                for each in node.body
                if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
            ]
            assert len(methods) <= 20, f"{node.name} has {len(methods)} public methods"


def test_bugs_are_caught_only_at_thread_boundaries() -> None:
    found: dict[str, int] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and _catches_everything(node):
                name = str(path.relative_to(PACKAGE))
                found[name] = found.get(name, 0) + 1
    assert found == THREAD_BOUNDARIES


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (
        isinstance(handler.type, ast.Name) and handler.type.id in {"Exception", "BaseException"}
    )


def test_what_qt_calls_fails_in_python() -> None:
    """See ``cx_desktop/overrides.py``."""
    with_qt = [
        path
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0] in {"app", "models", "views", "tasks.py"}
    ]
    assert not [path for path in with_qt if "typing_extensions import override" in path.read_text()]


def test_no_file_is_a_drawer() -> None:
    drawers = {"helpers", "helper", "manager", "utils", "util", "base", "common", "misc", "handler"}
    assert not [path for path in MODULES if drawers & {path.stem, *path.parent.parts[-1:]}]


def test_names_of_other_places_stay_out() -> None:
    """Neither registry hosts nor paths of a developer's machine belong in the repository."""
    root = PACKAGE.parent
    files = [path for pattern in ("*.lock", "*.toml", "*.in") for path in root.rglob(pattern)]
    places = ("pypi.org", "pythonhosted", "registry.npmjs", "deb.debian.org")
    told = [p for p in files if ".venv" not in p.parts]
    assert told
    assert not [path for path in told if any(place in path.read_text() for place in places)]
