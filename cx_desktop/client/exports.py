"""Where recordings are sent: looked at, tried, said."""

from cx_desktop.client.exchange import Exchange
from cx_desktop.protocol.exports import (
    ExportedFile,
    ExportedFiles,
    ExportOrder,
    ExportTrial,
    ExportTried,
    ExportView,
)


class ExportCalls:
    """The export of the recordings of projects to servers of the client's own."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def show(self, project_id: str) -> ExportView:
        """Where they are sent, and how that goes."""
        return self._exchange.ask("GET", _path(project_id), ExportView)

    def order(self, project_id: str, etag: str, order: ExportOrder) -> ExportView:
        """Say where, how and when; needs the step-up ``export``."""
        headers = {"if-match": etag}
        return self._exchange.ask("PUT", _path(project_id), ExportView, body=order, headers=headers)

    def try_out(self, project_id: str, trial: ExportTrial) -> ExportTried:
        """Who answers there, and whether a file can be written."""
        path = f"{_path(project_id)}/trials"
        return self._exchange.ask("POST", path, ExportTried, body=trial)

    def files(self, project_id: str, after: ExportedFile | None = None) -> ExportedFiles:
        """A page of the purge calendar, after the last file of the one before."""
        params = {} if after is None else {"day": after.delete_by.isoformat(), "path": after.path}
        return self._exchange.ask("GET", f"{_path(project_id)}/files", ExportedFiles, params=params)


def _path(project_id: str) -> str:
    return f"/projects/{project_id}/recording-export"
