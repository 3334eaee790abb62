"""What the files of a project folder are called: readable, and safe on every system."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from cx_desktop.domain.project.kinds import KINDS
from cx_desktop.domain.project.project import Key

CARD = "project.yaml"
NUMBERS = "numbers.yaml"
SUFFIX = ".yaml"
_LONGEST = 60
#: What Windows takes for a device, whatever follows the dot.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$")


def paths_of(keys: Iterable[Key], known: Mapping[Key, str]) -> dict[Key, str]:
    """Where each object stands: where it stood before, else under its name.

    Names that would be one file's are told apart by a few signs of a digest.
    """
    found: dict[Key, str] = {key: known[key] for key in keys if key in known}
    taken = {path.casefold() for path in found.values()}
    fresh = [key for key in keys if key not in found]
    wanted = Counter(_path(key) for key in fresh)
    for key in fresh:
        path = _path(key)
        if wanted[path] > 1 or path.casefold() in taken:
            path = _path(key, f"-{_digest(key.name)}")
        found[key] = path
        taken.add(path.casefold())
    return found


def sound_path(path: str, language: str) -> str:
    """The file of a sound beside the prompt that plays it."""
    tongue = re.sub(r"[^A-Za-z0-9-]+", "-", language)[:20] or "sound"
    if tongue != language:
        tongue += f"-{_digest(language)}"
    return f"{stem_of(path)}.{tongue}.wav"


def stem_of(path: str) -> str:
    """A path without the ending of its file."""
    folder, slash, name = path.rpartition("/")
    stem, dot, _ = name.rpartition(".")
    return f"{folder}{slash}{stem if dot else name}"


def parted(path: str) -> tuple[str, str, str]:
    """The folder of a file, its name, and the ending of that."""
    folder, _, name = path.rpartition("/")
    return folder, name, name[name.rfind(".") :] if "." in name else ""


def beside(path: str, name: str) -> str:
    """A file in the same folder."""
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}{name}"


def is_plain_name(name: str) -> bool:
    """Whether a name leads nowhere but to a file beside."""
    return bool(name) and not re.search(r'[\x00-\x1f/\\:*?"<>|]', name) and name not in {".", ".."}


def _path(key: Key, distinct: str = "") -> str:
    plain = unicodedata.normalize("NFKD", key.name.replace("’", "-")).encode("ascii", "ignore")
    slug = re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")[:_LONGEST].strip("-")
    if not slug or _DEVICES.match(slug):
        slug = f"{key.type}-{slug}".strip("-")
        distinct = distinct or (f"-{_digest(key.name)}" if not plain.strip() else "")
    return f"{KINDS[key.type].plural}/{slug}{distinct}{SUFFIX}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]
