"""What the service does when its time has come, without anybody asking."""

from collections.abc import Callable

from cx_desktop.service import emergencies
from cx_desktop.service.keeper import again_and_again
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


def tick(service: Service) -> None:
    """Do everything that is due now."""
    for duty in DUTIES:
        duty(service)


async def keep_time(service: Service) -> None:
    """Look every now and then, until cancelled."""
    await again_and_again(service, *DUTIES, seconds=EVERY_SECONDS)
