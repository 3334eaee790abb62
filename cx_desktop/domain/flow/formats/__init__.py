"""Flow files: what reading one gives, and how an unreadable one says where it is wrong."""

from msgspec import Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.patch import Document


class ImportNote(Struct, frozen=True, omit_defaults=True):
    """Something the reader of a file has to tell: what it left out, guessed or kept verbatim.

    ``key`` is a catalogue entry (``import.…``), ``params`` fill its placeholders; ``node`` says
    which step of the imported flow it concerns.
    """

    key: str
    params: dict[str, str | int] = {}
    node: str | None = None


class Imported(Struct, frozen=True):
    """A flow read from a file, the name of the file's format, and what to tell about it."""

    flow: Flow
    format: str
    name: str = ""
    description: str = ""
    notes: tuple[ImportNote, ...] = ()
    handles: tuple[str, ...] = ()
    """What other flows of the same file may call it by."""
    schedules: dict[str, Document] = {}
    """The schedules that the file writes out, by the names the flow calls them, where certain."""


class Written(Struct, frozen=True):
    """A flow as the file of another product, and what of it could not be said there."""

    data: bytes
    notes: tuple[ImportNote, ...] = ()


class Unreadable(CXError):  # noqa: N818 - it says what the file is, and people read it
    """A file that cannot be read as a flow, and where it is wrong.

    ``place`` says it in the words of the format (« Actions[3].Type »), ``line`` and ``column``
    where the format has lines, counted from one. All three are parameters of the texts.
    """

    def __init__(
        self,
        key: str,
        *,
        place: str = "",
        line: int = 0,
        column: int = 0,
        **params: str | int,
    ) -> None:
        super().__init__(key, retryable=False, place=place, line=line, column=column, **params)
        self.place = place
        self.line = line
        self.column = column
