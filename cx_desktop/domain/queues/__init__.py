"""Queues: where calls wait for an agent."""

from cx_desktop.domain.queues.judging import RULES, facts_of_queue, facts_of_queues, findings
from cx_desktop.domain.queues.queue import NOTHING_DECIDED, Queue, Then, queue_of

__all__ = [
    "NOTHING_DECIDED",
    "RULES",
    "Queue",
    "Then",
    "facts_of_queue",
    "facts_of_queues",
    "findings",
    "queue_of",
]
