"""The loudspeaker or headset of this computer, by Qt Multimedia.

Sound is pushed into a buffer of four tenths of a second: the GUI thread may be busy for as long.
``docs/decisions/017`` says why recordings are not played by ``QMediaPlayer``.
"""

from collections.abc import Callable

from PySide6.QtCore import QIODevice, QObject
from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices, QtAudio

_BUFFER_US = 400_000
_FRAME = 4


class QtOutput(QObject):
    """Plays on the device that the system names when something starts; a lost one is told."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._devices: QMediaDevices | None = None
        self._sink: QAudioSink | None = None
        self._into: QIODevice | None = None
        self._device = b""
        self._rate = 0
        self._written = 0
        self._lost: Callable[[], object] = _nobody

    def why_not(self) -> str:
        """The key of the reason why nothing can be heard; "" when something can."""
        is_missing = QMediaDevices.defaultAudioOutput().isNull()
        return "problem.no-audio-output" if is_missing else ""

    def rate(self, wanted: int) -> int:
        """That of the recording where the device takes it, else the one it likes best."""
        device = QMediaDevices.defaultAudioOutput()
        if device.isFormatSupported(_format(wanted)):
            return wanted
        return device.preferredFormat().sampleRate() or wanted

    def start(self, rate: int, lost: Callable[[], object]) -> None:
        """Begin on the system's device; ``lost`` when it goes away."""
        self.stop()
        if self._devices is None:  # asking for devices takes its time: not before somebody listens
            self._devices = QMediaDevices(self)
            self._devices.audioOutputsChanged.connect(self._on_outputs_changed)
        device = QMediaDevices.defaultAudioOutput()
        shape = _format(rate)
        self._device, self._rate, self._lost = bytes(device.id().data()), rate, lost
        self._sink = QAudioSink(device, shape, self)
        self._sink.setBufferSize(shape.bytesForDuration(_BUFFER_US))
        self._sink.stateChanged.connect(self._on_state_changed)
        self._into = self._sink.start()

    def write(self, frames: bytes) -> int:
        """Give it sound; how many bytes it took."""
        sink, into = self._sink, self._into
        if sink is None or into is None:
            return 0
        room = min(len(frames), sink.bytesFree()) // _FRAME * _FRAME
        taken = max(0, into.write(frames[:room])) if room else 0
        self._written += taken
        return taken

    def heard(self) -> float:
        """How many seconds of what was written since ``start`` have been heard."""
        sink = self._sink
        if sink is None or not self._rate:
            return 0.0
        waiting = max(0, sink.bufferSize() - sink.bytesFree())
        return max(0, self._written - waiting) / _FRAME / self._rate

    def stop(self) -> None:
        """Fall silent, and forget what was written."""
        sink = self._sink
        self._sink = self._into = None
        self._written, self._lost = 0, _nobody
        if sink is not None:
            sink.stateChanged.disconnect(self._on_state_changed)
            sink.reset()
            sink.stop()
            sink.deleteLater()

    def _on_outputs_changed(self) -> None:
        here = {bytes(each.id().data()) for each in QMediaDevices.audioOutputs()}
        if self._sink is not None and self._device not in here:
            self._lost()

    def _on_state_changed(self, state: QtAudio.State) -> None:
        sink = self._sink
        if sink is None or state is not QtAudio.State.StoppedState:
            return
        if sink.error() not in (QtAudio.Error.NoError, QtAudio.Error.UnderrunError):
            self._lost()


def _format(rate: int) -> QAudioFormat:
    shape = QAudioFormat()
    shape.setSampleRate(rate)
    shape.setChannelCount(2)
    shape.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return shape


def _nobody() -> None:
    """Nobody waits to hear of it."""
