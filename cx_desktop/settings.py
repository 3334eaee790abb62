"""Where the program's files lie, and its settings, each declared once.

A setting is a field of ``AppSettings``; its words are ``settings.<field>.label`` and ``.help`` of
the catalogue, its choices ``settings.<field>.<choice>``. The settings page, ``--help`` and the
documentation read the same declarations. Secrets are no settings: they lie in the keyring.
"""

import locale
import os
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct


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


def _shown(section: Section) -> Meta:
    return Meta(extra={"section": section})


class AppSettings(Struct, frozen=True, omit_defaults=True):
    """Everything a person can set. The defaults are what a first start shows."""

    language: Annotated[Speech, _shown(Section.APPEARANCE)] = Speech.SYSTEM
    theme: Annotated[Scheme, _shown(Section.APPEARANCE)] = Scheme.SYSTEM
    text_size: Annotated[int, Meta(ge=80, le=200, multiple_of=10), _shown(Section.APPEARANCE)] = 100
    motion: Annotated[Motion, _shown(Section.APPEARANCE)] = Motion.SYSTEM
    idle_lock_minutes: Annotated[int, Meta(ge=1, le=240), _shown(Section.SECURITY)] = 15
    ca_file: Annotated[str, _shown(Section.NETWORK)] = ""
    is_metered: Annotated[bool, _shown(Section.NETWORK)] = False
    servers: Annotated[tuple[str, ...], _shown(Section.NETWORK)] = ()
    last_server: Annotated[str, _shown(Section.HIDDEN)] = ""
    last_username: Annotated[str, _shown(Section.HIDDEN)] = ""
    last_project: Annotated[str, _shown(Section.HIDDEN)] = ""
    tables: Annotated[dict[str, str], _shown(Section.HIDDEN)] = {}
    """Columns, widths and order of each table, in Qt's own words (base64)."""
    window: Annotated[str, _shown(Section.HIDDEN)] = ""
    """The window's place and size, in Qt's own words (base64)."""


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
    for field in msgspec.structs.fields(AppSettings):
        section, minimum, maximum, step = Section.HIDDEN, 0, 0, 1
        for meta in getattr(field.type, "__metadata__", ()):
            section = (meta.extra or {}).get("section", section)
            minimum = meta.ge if meta.ge is not None else minimum
            maximum = meta.le if meta.le is not None else maximum
            step = meta.multiple_of or step
        kind = getattr(field.type, "__origin__", field.type)
        shown.append(Declaration(field.name, section, kind, minimum, maximum, step))
    return tuple(shown)


class Folders(NamedTuple):
    """Where this program keeps its files."""

    config: Path
    data: Path

    @classmethod
    def of_this_user(cls) -> "Folders":
        """The folders that this system gives to programs."""
        from platformdirs import PlatformDirs  # noqa: PLC0415  (17 ms; start-up reads it once)

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


class SettingsFile:
    """The settings on disk: JSON, written whole or not at all.

    Fields that this version does not know are kept. A damaged file is set aside, never overwritten;
    ``set_aside`` then says where it lies, and the defaults hold.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, object] = {}
        self.set_aside: Path | None = None
        self.settings = self._read()

    def write(self, settings: AppSettings) -> None:
        """Keep these settings."""
        own = msgspec.to_builtins(settings)
        names = {field.name for field in msgspec.structs.fields(AppSettings)}
        foreign = {name: value for name, value in self._known.items() if name not in names}
        content = msgspec.json.format(msgspec.json.encode({**foreign, **own}), indent=2)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, content + b"\n")
        self.settings = settings

    def _read(self) -> AppSettings:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return AppSettings()
        try:
            self._known = msgspec.json.decode(content, type=dict[str, object])
            return msgspec.convert(self._known, AppSettings)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._known = {}
            self.set_aside = _set_aside(self._path)
            return AppSettings()


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    path.rename(aside)
    return aside


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file so that a crash leaves the old one or the new one, never a half."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


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
