"""Pages that a server makes: JSP, PHP and their like around and inside of VoiceXML.

What only frames the document is taken away; a value that the server puts in is left open. Where
the server decides which markup there is at all, no one can say what callers meet: it is refused.
"""

import re

from cx_desktop.domain.flow.formats import ImportNote, Unreadable

#: What stands where the server would put a value.
OPEN = "…"

_QUIET = re.compile(r"<%--.*?--%>|<%[@!].*?%>|\{#.*?#\}", re.DOTALL)
_VALUE = re.compile(
    r"<%=.*?%>|<\?=.*?\?>|<\?php\s+(?:echo|print)\b(?:(?!\?>)[^;])*;?\s*\?>|\{\{.*?\}\}",
    re.DOTALL | re.IGNORECASE,
)
_DECISION = re.compile(
    r"<%.*?(?:%>|\Z)|<\?(?!xml[\s-])(?:php\b|\s).*?(?:\?>|\Z)|\{%.*?%\}|</?(?:c|jsp|s|xsl):[a-z-]+",
    re.DOTALL | re.IGNORECASE,
)
_BEGINNING = re.compile(r"<(?:[\w.-]+:)?vxml[\s>]")
_END = re.compile(r"</(?:[\w.-]+:)?vxml\s*>")
_COMMENT = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)


def without_server_code(text: str) -> tuple[str, tuple[ImportNote, ...]]:
    """A document as far as it is one by itself, and what to tell about the rest.

    Raises ``Unreadable`` with the line where the server decides what the document is.
    """
    if not re.search(r"<%|<\?(?!xml)|\{[%{#]|<(?:c|jsp|s|xsl):", text):
        return text, ()
    plain = _QUIET.sub(_lines, text)
    line = 1 + next((plain.count("\n", 0, each.start()) for each in _VALUE.finditer(plain)), 0)
    plain, count = _VALUE.subn(lambda found: OPEN + _lines(found), plain)
    plain = _framed(plain)
    hidden = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), plain)
    decision = _DECISION.search(hidden)
    if decision is not None:
        line = hidden.count("\n", 0, decision.start()) + 1
        raise Unreadable("problem.import-server-code", place=f"{line}:1", line=line, column=1)
    notes = ImportNote("import.voicexml-server-values", {"count": count, "line": line})
    return plain, (notes,) if count else ()


def _framed(text: str) -> str:
    """The document without what stands before and behind it, lines kept."""
    beginning = _BEGINNING.search(text)
    if beginning is None:
        return text
    ends = list(_END.finditer(text))
    end = ends[-1].end() if ends else len(text)
    before = _DECISION.sub(_lines, text[: beginning.start()])
    return before + text[beginning.start() : end]


def _lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")
