"""Loudspeaker and microphone of this computer, by Qt Multimedia.

They are looked for each time they are needed: headsets come and go.
"""

import array
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtMultimedia import (
    QAudio,
    QAudioDevice,
    QAudioFormat,
    QAudioSink,
    QAudioSource,
    QMediaDevices,
)

from cx_desktop.models.prompts.devices import Played, Recorded

_LINE_RATE = 8_000
_FULL = 32_768


class QtDevices(QObject):
    """The devices that the system's settings name."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sink: QAudioSink | None = None
        self._buffer: QBuffer | None = None
        self._source: QAudioSource | None = None
        self._input: QIODevice | None = None
        self._recorded = bytearray()
        self._done: Callable[[], object] = _nothing
        self._heard: Callable[[float], object] = _ignored

    def why_not_play(self) -> str:
        """The key of the reason why nothing can be heard; "" when something can."""
        return "prompts.no-output" if QMediaDevices.defaultAudioOutput().isNull() else ""

    def why_not_record(self) -> str:
        """The key of the reason why nothing can be recorded; "" when something can."""
        return "prompts.no-input" if QMediaDevices.defaultAudioInput().isNull() else ""

    def rate(self) -> int:
        """That of the line where the device takes it, else the one it likes best."""
        device = QMediaDevices.defaultAudioOutput()
        if device.isFormatSupported(_format(_LINE_RATE)):
            return _LINE_RATE
        return device.preferredFormat().sampleRate() or _LINE_RATE

    def play(self, sound: Played, done: Callable[[], object]) -> None:
        """Play a sound from its start; ``done`` when it has come to its end."""
        self.silence()
        self._done = done
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(sound.frames))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        device = QMediaDevices.defaultAudioOutput()
        self._sink = QAudioSink(device, _format(sound.rate), self)
        self._sink.stateChanged.connect(self._on_state_changed)
        self._sink.start(self._buffer)

    def silence(self) -> None:
        """Play no further."""
        sink, buffer = self._sink, self._buffer
        self._sink = self._buffer = None
        self._done = _nothing
        if sink is not None and buffer is not None:
            sink.stop()
            sink.deleteLater()
            buffer.deleteLater()

    def record(self, heard: Callable[[float], object]) -> None:
        """Begin to record; ``heard`` is told now and then how loud it is, from 0 to 1."""
        self.finish()
        self._heard = heard
        self._recorded.clear()
        device = QMediaDevices.defaultAudioInput()
        self._source = QAudioSource(device, _recording_format(device), self)
        self._input = self._source.start()
        if self._input is not None:
            self._input.readyRead.connect(self._take)

    def finish(self) -> Recorded:
        """What was recorded since ``record``; empty where nothing was."""
        source = self._source
        if source is None:
            return Recorded(b"", _LINE_RATE, 1)
        self._take()
        self._heard = _ignored
        source.stop()
        self._source = self._input = None
        source.deleteLater()
        shape = source.format()
        made = Recorded(bytes(self._recorded), shape.sampleRate(), shape.channelCount())
        self._recorded.clear()
        return made

    def _take(self) -> None:
        if self._input is None:
            return
        chunk = bytes(self._input.readAll().data())
        self._recorded += chunk
        samples = array.array("h", chunk[: len(chunk) // 2 * 2])
        if samples:
            self._heard(max(*samples, -min(samples)) / _FULL)

    def _on_state_changed(self, state: QAudio.State) -> None:
        sink = self._sink
        if sink is None or state not in (QAudio.State.IdleState, QAudio.State.StoppedState):
            return
        done = self._done
        self.silence()
        done()


def _format(rate: int, channels: int = 1) -> QAudioFormat:
    shape = QAudioFormat()
    shape.setSampleRate(rate)
    shape.setChannelCount(channels)
    shape.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return shape


def _recording_format(device: QAudioDevice) -> QAudioFormat:
    """What the device likes best, in one channel where it can."""
    liked = device.preferredFormat()
    one = _format(liked.sampleRate())
    return (
        one if device.isFormatSupported(one) else _format(liked.sampleRate(), liked.channelCount())
    )


def _nothing() -> None:
    """Nobody waits for the end."""


def _ignored(_level: float) -> None:
    """Nobody looks how loud it is."""
