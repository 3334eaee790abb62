"""Up to which place in the order of commits a verified backup holds everything."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from cx_desktop.service.store.tables import counter

_NAME = "durable_seq"


def durable_seq(connection: Connection) -> int:
    """The highest place that is in a verified backup; clients may let go of what is up to it."""
    found = connection.execute(select(counter.c.value).where(counter.c.name == _NAME)).scalar()
    return int(found or 0)


def set_durable_seq(connection: Connection, seq: int) -> None:
    """A verified backup holds everything up to ``seq``; never less than an earlier one."""
    if seq > durable_seq(connection):
        connection.execute(
            insert(counter)
            .values(name=_NAME, value=seq)
            .on_conflict_do_update(index_elements=["name"], set_={"value": seq})
        )
