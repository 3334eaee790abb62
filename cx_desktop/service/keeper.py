"""Does the service's own duties again and again, whatever becomes of each.

Failure policy: a duty looks anew each time and may fail; the next time does what it left. A fault
of ours in one holds up no other, and does not end the keeping of time.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import TypeAlias

from sqlalchemy.exc import OperationalError

from cx_desktop.service.service import Service

Duty: TypeAlias = Callable[[Service], object]

_log = logging.getLogger("cx_desktop.service")


def attempt(service: Service, duties: Iterable[Duty]) -> None:
    """Do each of these, whatever becomes of the others."""
    for duty in duties:
        try:
            duty(service)
        except OperationalError as error:
            _log.warning("What is due has to wait", exc_info=error)
        except Exception:  # noqa: BLE001  (a thread boundary: time goes on)
            _log.exception("A duty was not done")


async def again_and_again(service: Service, *duties: Duty, seconds: float) -> None:
    """Do them every so often on a thread, until cancelled."""
    while True:
        await asyncio.to_thread(attempt, service, duties)
        await asyncio.sleep(seconds)
