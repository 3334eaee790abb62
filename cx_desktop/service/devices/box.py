"""The sealed packages of a service's folder, listed and opened by whoever runs the service.

Works while the service runs. Opening needs the key in ``escrow.key``, and is written down in the
audit like any other look at what people wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection, select

from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock, RandomIds
from cx_desktop.protocol.escrow import Contents, Unopened, unseal
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.keys import ESCROW_KEY, Keys
from cx_desktop.service.store import Txn
from cx_desktop.service.store.engine import engine_for
from cx_desktop.service.store.tables import device, device_order, escrow, person

DATABASE = "service.db"


class Sealed(Struct, frozen=True):
    """One package, as far as it can be known without its key."""

    id: str
    user: str
    device: str
    act: str
    at: datetime
    size: int


def packages(data_dir: Path) -> tuple[Sealed, ...]:
    """Every package, the oldest first."""
    columns = select(escrow.c.id, escrow.c.at, escrow.c.size, person.c.name.label("user"))
    query = (
        columns.add_columns(device.c.name.label("device"), device_order.c.act)
        .join(device, device.c.id == escrow.c.device_id)
        .join(person, person.c.id == device.c.user_id)
        .join(device_order, device_order.c.id == escrow.c.order_id)
        .order_by(escrow.c.at, escrow.c.id)
    )
    with _connected(data_dir) as connection:
        return tuple(Sealed(**row) for row in connection.execute(query).mappings())


def opened(data_dir: Path, package_id: str, clock: Clock) -> Contents:
    """What a package holds; that somebody looked is written down."""
    with _connected(data_dir) as connection:
        query = select(escrow.c.package).where(escrow.c.id == package_id)
        package = connection.execute(query).scalar()
        if package is None:
            raise CXError("problem.escrow-unknown", id=package_id)
        contents = _unsealed(data_dir, package_id, package)
        deed = Deed(
            who_id="",
            who_name="operator",
            verb="escrow.opened",
            entity="escrow",
            entity_id=package_id,
            detail=contents.source.username,
        )
        record(Txn(connection, now=clock.now(), ids=RandomIds(clock), epoch=""), deed)
    return contents


def _unsealed(data_dir: Path, package_id: str, package: bytes) -> Contents:
    if (data_dir / ESCROW_KEY).exists():  # else one would be made
        with suppress(Unopened):
            return unseal(package, Keys(data_dir).escrow)
    raise CXError("problem.escrow-unopened", id=package_id)


@contextmanager
def _connected(data_dir: Path) -> Iterator[Connection]:
    path = data_dir / DATABASE
    if not path.is_file():
        raise CXError("problem.backup-no-service", path=str(data_dir))
    engine = engine_for(path, begin="BEGIN IMMEDIATE", pool_size=1)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
