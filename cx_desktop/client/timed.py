"""The guarded verbs on timed publications: what was planned is moved, cancelled, done early."""

from urllib.parse import quote

from cx_desktop.client.exchange import Exchange
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import TimedMove


class TimedCalls:
    """Publications and returns at a set time."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def move(self, timed_id: str, times: TimedMove, idempotency_key: str) -> Document:
        """It has these times from now on."""
        return self._post(_path(timed_id, "move"), times, idempotency_key)

    def cancel(self, timed_id: str, idempotency_key: str) -> Document:
        """It does not happen; of one that failed, note is taken."""
        return self._post(_path(timed_id, "cancel"), None, idempotency_key)

    def carry_out(self, timed_id: str, idempotency_key: str) -> Document:
        """What comes next of it happens now."""
        return self._post(_path(timed_id, "carry-out"), None, idempotency_key)

    def _post(self, path: str, body: TimedMove | None, idempotency_key: str) -> Document:
        headers = {"idempotency-key": idempotency_key}
        return self._exchange.ask("POST", path, Document, body=body, headers=headers)


def _path(timed_id: str, verb: str) -> str:
    return f"/timed-publications/{quote(timed_id, safe='')}/{verb}"
