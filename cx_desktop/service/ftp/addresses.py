"""Which servers the service may speak to on somebody's word: those that all the world can reach.

Whoever may set up an export could else have the service knock at the doors behind its own. A
demonstration speaks to the computer that it runs on, and to nobody else.
"""

import ipaddress
import socket
from typing import TypeAlias

from cx_desktop.domain.recordings.exporting import Destination
from cx_desktop.service.config import ServiceConfig
from cx_desktop.service.ftp.remote import Trouble

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_of(wanted: Destination, config: ServiceConfig) -> str:
    """The address to connect to; looked up once, so that it is the one that was looked at."""
    host, port = wanted.address
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Trouble("unreachable", str(error)) from error
    for each in found:
        address = str(each[4][0])
        if _may_reach(ipaddress.ip_address(address), config):
            return address
    raise Trouble("forbidden-address", host)


def _may_reach(address: Address, config: ServiceConfig) -> bool:
    if config.is_demo:
        return address.is_loopback
    return config.may_reach_private or (address.is_global and not address.is_multicast)
