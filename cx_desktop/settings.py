"""Where the program's files lie, and its settings, each declared once.

A setting is a field of ``AppSettings``; its words are ``settings.<field>.label`` and ``.help`` of
the catalogue, its choices ``settings.<field>.<choice>``. The settings page, ``--help`` and the
documentation read the same declarations. Secrets are no settings: they lie in the keyring.
"""

import json
import locale
import os
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, NamedTuple, get_origin


class Section(StrEnum):
    """Where a setting stands on the settings page."""

    APPEARANCE = "appearance"
    SECURITY = "security"
    NETWORK = "network"
    HIDDEN = "hidden"
    """Kept by the program itself, such as the last server; not on the page."""


class Scheme(StrEnum):
    """Light or dark."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Motion(StrEnum):
    """Whether things may move to show where they went."""

    SYSTEM = "system"
    FULL = "full"
    REDUCED = "reduced"


class Speech(StrEnum):
    """The language of the interface."""

    SYSTEM = "system"
    FRENCH = "fr"
    ENGLISH = "en"


class Shown(NamedTuple):
    """Where a setting stands, and between which bounds a number may be."""

    section: Section
    minimum: int = 0
    maximum: int = 0
    step: int = 1


_NO_TABLES: Mapping[str, str] = MappingProxyType({})


class AppSettings(NamedTuple):
    """Everything a person can set. The defaults are what a first start shows."""

    language: Annotated[Speech, Shown(Section.APPEARANCE)] = Speech.SYSTEM
    theme: Annotated[Scheme, Shown(Section.APPEARANCE)] = Scheme.SYSTEM
    text_size: Annotated[int, Shown(Section.APPEARANCE, 80, 200, 10)] = 100
    motion: Annotated[Motion, Shown(Section.APPEARANCE)] = Motion.SYSTEM
    idle_lock_minutes: Annotated[int, Shown(Section.SECURITY, 1, 240)] = 15
    ca_file: Annotated[str, Shown(Section.NETWORK)] = ""
    is_metered: Annotated[bool, Shown(Section.NETWORK)] = False
    servers: Annotated[tuple[str, ...], Shown(Section.NETWORK)] = ()
    last_server: Annotated[str, Shown(Section.HIDDEN)] = ""
    last_username: Annotated[str, Shown(Section.HIDDEN)] = ""
    last_project: Annotated[str, Shown(Section.HIDDEN)] = ""
    window: Annotated[str, Shown(Section.HIDDEN)] = ""
    """The window's place and size, in Qt's own words (base64)."""
    tables: Annotated[Mapping[str, str], Shown(Section.HIDDEN)] = _NO_TABLES
    """Columns, widths and order of each table, in Qt's own words (base64)."""

    @property
    def appearance(self) -> "AppSettings":
        """Only what concerns the eye: the rest as at a first start."""
        return AppSettings(
            language=self.language,
            theme=self.theme,
            text_size=self.text_size,
            motion=self.motion,
        )

    def but(self, values: Mapping[str, object]) -> "AppSettings":
        """These settings with other values here and there."""
        old = self._asdict()
        return AppSettings._make(values.get(name, old[name]) for name in self._fields)


class Declaration(NamedTuple):
    """One setting as its field declares it."""

    name: str
    section: Section
    kind: type
    minimum: int = 0
    maximum: int = 0
    step: int = 1

    @property
    def label_key(self) -> str:
        """The key of its name."""
        return f"settings.{self.name}.label"

    @property
    def help_key(self) -> str:
        """The key of the sentence below it."""
        return f"settings.{self.name}.help"


def declarations() -> tuple[Declaration, ...]:
    """Every setting, in the order of the page."""
    shown = []
    for name, annotated in AppSettings.__annotations__.items():
        (where,) = annotated.__metadata__
        kind = get_origin(annotated.__origin__) or annotated.__origin__
        shown.append(Declaration(name, where.section, kind, *where[1:]))
    return tuple(shown)


class Folders(NamedTuple):
    """Where this program keeps its files."""

    config: Path
    data: Path

    @classmethod
    def of_this_user(cls) -> "Folders":
        """The folders that this system gives to programs: those of platformdirs.

        Where they are two variables and a default (freedesktop's base directories), they are read
        here: platformdirs takes 4 ms to load, of a start that takes a bare window 130.
        """
        if sys.platform.startswith("linux"):
            return cls(
                config=_base("XDG_CONFIG_HOME", ".config") / "cx-desktop",
                data=_base("XDG_DATA_HOME", ".local/share") / "cx-desktop",
            )
        from platformdirs import PlatformDirs  # noqa: PLC0415  (for start-up, as said above)

        dirs = PlatformDirs("cx-desktop", appauthor=False, roaming=False)
        return cls(config=Path(dirs.user_config_dir), data=Path(dirs.user_data_dir))

    @property
    def profiles(self) -> Path:
        """One folder per (server, user)."""
        return self.data / "profiles"

    @property
    def demo(self) -> Path:
        """Everything of the demo: wiped by its reset."""
        return self.data / "demo"


def _base(variable: str, default: str) -> Path:
    named = os.environ.get(variable, "").strip()
    return Path(named) if named else Path.home() / default


class SettingsFile:
    """The settings on disk: JSON, written whole or not at all.

    Fields that this version does not know are kept. A damaged file is set aside, never overwritten;
    ``set_aside`` then says where it lies, and the defaults hold.
    """

    def __init__(self, path: Path, *, default: AppSettings | None = None) -> None:
        self._path = path
        self._default = default or AppSettings()
        self._known: dict[str, object] = {}
        self.set_aside: Path | None = None
        self.settings = self._read()

    def write(self, settings: AppSettings) -> None:
        """Keep these settings."""
        changed = {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in settings._asdict().items()
            if value != AppSettings._field_defaults[name]
        }
        foreign = {k: value for k, value in self._known.items() if k not in AppSettings._fields}
        content = json.dumps({**foreign, **changed}, indent=2, ensure_ascii=False)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, content.encode() + b"\n")
        self.settings = settings

    def _read(self) -> AppSettings:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return self._default
        try:
            self._known = _mapping(json.loads(content))
            return _checked(self._known)
        except (ValueError, RecursionError):
            self._known = {}
            self.set_aside = _set_aside(self._path)
            return AppSettings()


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError  # noqa: TRY004  (a damaged file, not a wrong call)
    return value


def _checked(known: dict[str, object]) -> AppSettings:
    """The settings that a file holds; raises when one of them cannot be what it says."""
    return AppSettings().but(
        {each.name: _value(each, known[each.name]) for each in declarations() if each.name in known}
    )


def _value(declared: Declaration, value: object) -> object:
    """A value of the kind that is declared, or ``ValueError``."""
    kind = declared.kind
    if issubclass(kind, StrEnum):
        return kind(str(value))
    if kind is tuple and isinstance(value, list):
        value = tuple(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(declared.name)
    parts = value.values() if isinstance(value, Mapping) else value
    if isinstance(parts, Iterable) and not all(isinstance(each, str) for each in parts):
        raise ValueError(declared.name)
    if kind is int and not declared.minimum <= int(str(value)) <= declared.maximum:
        raise ValueError(declared.name)
    return value


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    path.rename(aside)
    return aside


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file so that a crash leaves the old one or the new one, never a half."""
    temporary = path.with_name(f".{path.name}-{os.urandom(6).hex()}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def spoken(speech: Speech) -> str:
    """The language code to speak: the chosen one, or this system's if we have it, or French."""
    if speech is not Speech.SYSTEM:
        return speech.value
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    code = (named or locale.getlocale()[0] or "").lower()
    return "en" if code.startswith("en") else "fr"


def resources() -> Path:
    """The folder of the program's own data: texts, theme, OpenAPI document, demo flows."""
    installed = Path(__file__).parent / "_resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"
