"""What a service is started with."""

from pathlib import Path

from msgspec import Struct

from cx_desktop.ports import Clock, Ids
from cx_desktop.protocol import Dialect


class PasswordCost(Struct, frozen=True):
    """What it costs to try a password (argon2id); the default is RFC 9106's for 64 MiB."""

    kibibytes: int = 65_536
    passes: int = 3
    lanes: int = 4


class SuiteLimits(Struct, frozen=True):
    """How far the tests of flows are run for one publication, all of them together."""

    calls: int = 2_000
    steps: int = 400_000
    seconds: int = 20


class ServiceConfig(Struct, frozen=True, kw_only=True):
    """A data folder, the world's ports, and how the service presents itself."""

    data_dir: Path
    clock: Clock
    ids: Ids
    name: str
    is_demo: bool = False
    may_reach_private: bool = False
    """Whether recordings may be sent to servers that not all the world can reach."""
    lease_days: int = 14
    password_cost: PasswordCost = PasswordCost()
    suite_limits: SuiteLimits = SuiteLimits()
    dialect: Dialect = Dialect()
    on_request: frozenset[str] = frozenset()
    """The verbs that the provider carries out itself when it is asked to."""
