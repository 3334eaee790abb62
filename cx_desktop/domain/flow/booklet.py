"""A flow on paper: its steps, exits and properties in words, and what the rules say of it."""

from collections.abc import Iterable, Iterator
from html import escape

from cx_desktop.domain.finding import Finding, Text, in_words
from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.wording import (
    exits_in_words,
    properties_in_words,
    step_words,
)

_CELL = 'style="padding: 2px 10px 2px 0; vertical-align: top"'


def booklet(
    flow: Flow, findings: Iterable[Finding], text: Text, context: Context | None = None
) -> str:
    """The pages behind the picture, as plain HTML: findings first, then step by step."""
    return "".join((*_findings(flow, findings, text), *_steps(flow, text, context or Context())))


def _findings(flow: Flow, findings: Iterable[Finding], text: Text) -> Iterator[str]:
    yield f"<h2>{escape(text('export.findings'))}</h2>"
    found = list(findings)
    if not found:
        yield f"<p>{escape(text('export.findings-none'))}</p>"
        return
    yield '<table width="100%">'
    for each in found:
        node = flow.nodes.get(NodeId(each.node)) if each.node else None
        where = step_words(node, text) if node else ""
        severity = text(f"export.severity.{each.severity}")
        yield _row(f"{each.rule} · {severity}", where, in_words(each, text))
    yield "</table>"


def _steps(flow: Flow, text: Text, context: Context) -> Iterator[str]:
    yield f"<h2>{escape(text('export.steps'))}</h2>"
    for node in flow.nodes.values():
        yield from _step(flow, node, text, context)


def _step(flow: Flow, node: Node, text: Text, context: Context) -> Iterator[str]:
    kind = text(f"kind.{kind_of(node).id}")
    words = step_words(node, text)
    yield f"<h3>{escape(words)}" + (f" · {escape(kind)}" if words != kind else "") + "</h3>"
    said = list(properties_in_words(node, text, context))
    ways = list(exits_in_words(flow, node, text))
    if said or ways:
        yield '<table width="100%">'
        for name, value in said:
            yield _row(name, value)
        for name, where in ways:
            yield _row(f"→ {name}", where)
        yield "</table>"


def _row(*cells: str) -> str:
    first, *others = cells
    inside = f'<td width="32%" {_CELL}><b>{escape(first)}</b></td>' + "".join(
        f"<td {_CELL}>{escape(each)}</td>" for each in others
    )
    return f"<tr>{inside}</tr>"
