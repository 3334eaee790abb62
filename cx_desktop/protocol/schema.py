"""The ways of speaking sync, numbered; what both sides know is agreed on in hello.

1: creations and patches. 2: ``group``, edits that are done all or none. 3: ``action``, a guarded
verb that waits for the network. A number is added when ops or frames mean something that a program
of the last number would get wrong; fields that may be passed over need none. A service takes pushes
of its number and the two before, so that an update strands nobody's edits.
"""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

#: A count or a version as it may be sent: any database and any JSON reader can hold it.
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]

GROUPS = 2
ACTIONS = 3


class Schema(Struct, frozen=True):
    """The range of sync schemas that one side speaks."""

    min: Count
    max: Count

    def speaks(self, number: int) -> bool:
        """Whether a number lies in it."""
        return self.min <= number <= self.max

    def agreed(self, other: "Schema") -> int | None:
        """The highest number that both speak, if there is one."""
        number = min(self.max, other.max)
        return number if self.speaks(number) and other.speaks(number) else None


#: What this program speaks: its own number and the two before.
SCHEMA = Schema(1, 3)


class Dialect(Struct, frozen=True):
    """What a service speaks, and since when its streams have the columns they have."""

    schema: Schema = SCHEMA
    columns: Mapping[str, tuple[int, ...]] = {}
    """By family of streams: the numbers with which their rows got columns, beside the first. A
    cursor from before is void for who speaks such a number: this stream alone is read anew."""

    def columns_of(self, family: str, spoken: int) -> int:
        """The number whose columns somebody gets who speaks this one."""
        return max((each for each in self.columns.get(family, ()) if each <= spoken), default=1)
