"""The endpoints of devices: for administrators, and for the devices themselves."""

from litestar import Response
from litestar.enums import HttpMethod

from cx_desktop.domain.access import Verb
from cx_desktop.protocol.directives import (
    Deposit,
    DeviceChallenge,
    DeviceName,
    Obeyed,
    SignedDirective,
)
from cx_desktop.service.call import Asked, answer, nothing
from cx_desktop.service.contract import BYTES, endpoint
from cx_desktop.service.devices import escrow, proving, registry
from cx_desktop.service.devices.shapes import DeviceList, DeviceView
from cx_desktop.service.problems import Refusal


@endpoint(HttpMethod.GET, "/v1/devices", verb=Verb.DEVICE_READ, answer=DeviceList)
def devices(call: Asked) -> Response[bytes]:
    """The computers of users who have no access beyond one's own administration."""
    call.looked(Verb.DEVICE_READ)
    with call.service.store.read() as connection:
        return answer(DeviceList(registry.listed(connection, call.actor)))


@endpoint(
    HttpMethod.POST, "/v1/devices/{device_id}/lock", verb=Verb.DEVICE_REVOKE, answer=DeviceView
)
def lock_device(call: Asked) -> Response[bytes]:
    """End its sessions; what it holds stays locked until both factors are given there."""
    with call.service.store.write() as txn:
        return answer(registry.lock(txn, call.actor, call.path["device_id"]))


@endpoint(
    HttpMethod.POST, "/v1/devices/{device_id}/revoke", verb=Verb.DEVICE_REVOKE, answer=DeviceView
)
def revoke_device(call: Asked) -> Response[bytes]:
    """Shut it out for good; what it holds stays there, locked."""
    with call.service.store.write() as txn:
        return answer(registry.revoke(txn, call.actor, call.path["device_id"]))


@endpoint(HttpMethod.POST, "/v1/devices/{device_id}/wipe", verb=Verb.DEVICE_WIPE, answer=DeviceView)
def wipe_device(call: Asked) -> Response[bytes]:
    """Shut it out, and order it to seal its unsent edits and to give up all it holds."""
    with call.service.store.write() as txn:
        return answer(registry.wipe(txn, call.actor, call.path["device_id"]))


@endpoint(
    HttpMethod.POST,
    "/v1/devices/self/challenge",
    verb=None,
    body=DeviceName,
    answer=DeviceChallenge,
    status=201,
)
def challenge_device(call: Asked) -> Response[bytes]:
    """Something for a device to sign, within two minutes."""
    name = call.body(DeviceName).device_id
    return answer(proving.challenge(call.service, name), status=201)


@endpoint(
    HttpMethod.GET,
    "/v1/devices/self/directive",
    verb=None,
    answer=SignedDirective,
    is_proven=True,
)
def own_directive(call: Asked) -> Response[bytes]:
    """What the device that signed this request is to do: a signed ``Directive``."""
    with call.service.store.write() as txn:
        found, nonce = proving.proven(txn, call)
        return answer(SignedDirective(proving.directive_for(txn, call.service, found, nonce)))


@endpoint(
    HttpMethod.POST,
    "/v1/devices/self/escrow",
    verb=None,
    takes=BYTES,
    answer=Deposit,
    is_directed=True,
    problems=("storage-full",),
)
def deposit(call: Asked) -> Response[bytes]:
    """Hand over a sealed package of unsent edits; the same one again changes nothing."""
    if call.headers.get("content-type", "").split(";")[0].strip().lower() != BYTES:
        raise Refusal("unsupported-media-type")
    directive = proving.shown(call)
    with call.service.store.write() as txn:
        return answer(escrow.take(txn, call.service.keys, directive, call.raw))


@endpoint(
    HttpMethod.POST,
    "/v1/devices/self/wiped",
    verb=None,
    body=Obeyed,
    status=204,
    is_directed=True,
)
def obeyed(call: Asked) -> Response[bytes]:
    """Say that what a directive orders is done."""
    directive, done = proving.shown(call), call.body(Obeyed)
    with call.service.store.write() as txn:
        escrow.obeyed(txn, directive, done)
    return nothing()


ROUTES = (
    devices,
    lock_device,
    revoke_device,
    wipe_device,
    challenge_device,
    own_directive,
    deposit,
    obeyed,
)
