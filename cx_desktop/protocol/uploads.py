"""Files that are sent in parts."""

from typing import Annotated

from msgspec import Meta, Struct

#: Where a part begins, and how much is there.
OFFSET = "Upload-Offset"
#: The largest file that may be sent.
MOST_BYTES = 64 * 1024 * 1024


class Announced(Struct, frozen=True):
    """``POST /v1/blobs``: a file that is about to be sent for a project."""

    project_id: str
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Meta(ge=1, le=MOST_BYTES)]


class UploadView(Struct, frozen=True):
    """How much of a file is on the service."""

    id: str
    """Empty where nothing need be sent."""
    offset: int
    size: int
    is_complete: bool = False
