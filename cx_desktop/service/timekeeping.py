"""What the service does when its time has come, without anybody asking.

Failure policy: each turn is looked at anew and may fail; the next one does what it left. A fault of
ours in one duty holds up no other, and does not end the keeping of time.
"""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from cx_desktop.service import emergencies
from cx_desktop.service.objects import carrying_out
from cx_desktop.service.recordings import keeping, purging
from cx_desktop.service.service import Service

EVERY_SECONDS = 15.0

#: Each looks for what is due, does it, and says how much there was.
DUTIES: tuple[Callable[[Service], int], ...] = (
    emergencies.end_due,
    carrying_out.carry_out_due,
    keeping.apply_due,
    purging.purge_due,
)

_log = logging.getLogger("cx_desktop.service")


def tick(service: Service) -> None:
    """Do everything that is due now."""
    for duty in DUTIES:
        duty(service)


def turn(service: Service) -> None:
    """The same, whatever becomes of each duty."""
    for duty in DUTIES:
        try:
            duty(service)
        except OperationalError as error:
            _log.warning("What is due has to wait", exc_info=error)
        except Exception:  # noqa: BLE001  (a thread boundary: time goes on)
            _log.exception("A duty was not done")


async def keep_time(service: Service) -> None:
    """Look every now and then, until cancelled."""
    while True:
        await asyncio.to_thread(turn, service)
        await asyncio.sleep(EVERY_SECONDS)
