"""Queues: where calls wait for an agent."""

from cx_desktop.domain.queues.queue import Queue, queue_of

__all__ = ["Queue", "queue_of"]
