"""The call from a second start of the program to the first, over a local socket."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 1500


class Listener(QObject):
    """Waits for the call, on a socket that only this user may open."""

    called = Signal()

    def __init__(self, name: str, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        QLocalServer.removeServer(name)  # a crash leaves the old one behind
        self._server.listen(name)

    def close(self) -> None:
        """Hear no more."""
        self._server.close()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.close()
            self.called.emit()


def call(name: str) -> bool:
    """Ask the first start to show its window; says whether it heard."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    return socket.waitForConnected(_PATIENCE_MS)
