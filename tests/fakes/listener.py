"""A program that plays files by the real player on the real device, one after the other.

``python -m tests.fakes.listener '[{"file": …, "speed": …}, …]'`` prints a line for each that ended,
and ``paused`` where the device went away. A process of its own, since Qt looks for the server of
sound but once.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from cx_desktop.models.recordings.player import Heard, Player, PlayerState, Voices
from cx_desktop.models.recordings.qt_output import QtOutput
from cx_desktop.tasks import Tasks
from tests.fakes.recorded import Held

#: Between two sounds nothing is heard, so that whoever listens tells them apart.
_GAP_MS = 500


class Listener:
    """Plays a list of wishes, then ends the program."""

    def __init__(self, app: QCoreApplication, wishes: list[dict[str, object]]) -> None:
        self._app = app
        self._wishes = wishes
        self.tasks = Tasks()
        self.player = Player(self.tasks, QtOutput())
        self.player.ended.connect(self._on_ended)
        self.player.headset_lost.connect(self._on_lost)
        self.player.changed.connect(self._on_changed)
        self.player.moved.connect(self._on_moved)
        self._began = 0.0

    def next(self) -> None:
        if not self._wishes:
            self._app.quit()
            return
        wish = self._wishes.pop(0)
        content = Path(str(wish["file"])).read_bytes()
        player = self.player
        player.set_speed(float(str(wish.get("speed", 1.0))))
        player.skip_silence(bool(wish.get("skips_silence", False)))
        player.hear(Voices(wish.get("voices", "both")))
        self._began = time.monotonic()
        player.take(Heard("r", float(str(wish.get("seconds", 60))), lambda: Held(content)))
        player.play()

    def _on_moved(self, place: float) -> None:
        if place and self._began:
            print(f"first {time.monotonic() - self._began:.3f}", flush=True)
            self._began = 0.0

    def _on_ended(self) -> None:
        print("ended", flush=True)
        QTimer.singleShot(_GAP_MS, self.next)

    def _on_lost(self) -> None:
        print("paused", flush=True)
        QTimer.singleShot(_GAP_MS, self._app.quit)

    def _on_changed(self) -> None:
        if self.player.state is PlayerState.FAILED:
            print(f"failed {self.player.problem}", flush=True)
            self._app.exit(1)


def main() -> None:
    app = QCoreApplication(sys.argv)
    listener = Listener(app, json.loads(sys.argv[1]))
    QTimer.singleShot(_GAP_MS, listener.next)
    code = app.exec()
    listener.player.close()
    listener.tasks.close()
    listener.tasks.let_go()
    sys.exit(code)


if __name__ == "__main__":
    main()
