"""What a service is started with."""

from pathlib import Path

from msgspec import Struct

from cx_desktop.ports import Clock, Ids


class ServiceConfig(Struct, frozen=True, kw_only=True):
    """A data folder, the world's ports, and how the service presents itself."""

    data_dir: Path
    clock: Clock
    ids: Ids
    name: str
    is_demo: bool = False
    lease_days: int = 14
