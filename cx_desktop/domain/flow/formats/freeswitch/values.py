"""Texts of FreeSWITCH with ``${name}``, ``$${name}`` and ``$1`` in them, in our language."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from cx_desktop.domain.flow.expressions import Expression, Template, render
from cx_desktop.domain.flow.expressions.tree import Operation, Operator, Variable
from cx_desktop.domain.patterns import compiles

_KNOWN: Mapping[str, str] = {
    "destination_number": "called",
    "sip_to_user": "called",
    "caller_id_number": "caller",
    "effective_caller_id_number": "caller",
    "ani": "caller",
    "caller_id_name": "caller_name",
    "uuid": "call_id",
    "default_language": "language",
}
_VARIABLE = re.compile(r"\$\$?\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}|\$([0-9])")
_PLAIN = re.compile(r"[^\W\d]\w*")
_LONGEST_NAME = 80
#: A formula that puts more texts together than our language takes keeps the rest as it is.
_MOST_VARIABLES = 40
#: A pattern that is nothing but a text.
_LITERAL = re.compile(r"(?:[\w @.,:;/~#%&=<>!\"'-]|\\[^\w])*")
_LIST = re.compile(r"\^\(?((?:[\w\\*#.-]+\|)+[\w\\*#.-]+)\)?\$")


def our_name(name: str) -> str:
    """What a variable of FreeSWITCH is called in our language."""
    known = _KNOWN.get(name.strip())
    if known is not None:
        return known
    plain = re.sub(r"\W+", "_", name).strip("_")[:_LONGEST_NAME]
    return plain if _PLAIN.fullmatch(plain) else f"v_{plain}"


def parts_of(text: str) -> Iterator[str | Expression]:
    """A text in literal parts and variables."""
    at = 0
    for found in islice(_VARIABLE.finditer(text), _MOST_VARIABLES):
        if found.start() > at:
            yield text[at : found.start()]
        yield Variable(our_name(found[1]) if found[1] is not None else f"${found[2]}")
        at = found.end()
    if at < len(text):
        yield text[at:]


def template(text: str) -> str:
    """A text with ``{name}`` where FreeSWITCH has a variable."""
    return Template(tuple(parts_of(text))).render()


def value(text: str) -> Expression:
    """The same as a formula."""
    return Template(tuple(parts_of(text))).as_expression()


def expression(text: str) -> str:
    """The same as the text of a formula."""
    return render(value(text))


def is_fixed(text: str) -> bool:
    """Whether a text is the same at every call."""
    return _VARIABLE.search(text) is None


def field(name: str) -> Expression:
    """What a condition looks at: the name of a field, or a text with variables."""
    return Variable(our_name(name)) if is_fixed(name) else value(name)


def unescaped(pattern: str) -> str:
    """A pattern that is nothing but a text, as that text."""
    return re.sub(r"\\(.)", r"\1", pattern)


def case_of(pattern: str) -> tuple[str, str] | None:
    """A pattern as the operator and value of a case; None when it is not one of our language.

    FreeSWITCH finds a pattern anywhere; ours match as a whole.
    """
    if pattern == "^$":
        return "blank", ""
    if pattern in {".+", "^.+$", "^(.+)$", "^.*$", "(.+)"}:
        return "not_blank", ""
    if pattern in {"(?!^$)", "^(?!$)"}:
        return "not_blank", ""
    excluded = re.fullmatch(r"\^\(\?!([^()]*)\$\)", pattern)
    if excluded is not None and _LITERAL.fullmatch(excluded[1]):
        return "not_equals", unescaped(excluded[1])
    inside = pattern.removeprefix("^").removesuffix("$")
    is_whole = pattern.startswith("^") and pattern.endswith("$")
    if is_whole and inside and _LITERAL.fullmatch(inside):
        return "equals", unescaped(inside)
    listed = _LIST.fullmatch(pattern)
    if listed is not None and "." not in listed[1].replace("\\.", ""):
        return "in", ",".join(unescaped(each) for each in listed[1].split("|"))
    whole = _anywhere(pattern)
    return ("matches", whole) if compiles(whole) else None


def _anywhere(pattern: str) -> str:
    """A pattern that is found anywhere, as one that matches the whole text."""
    is_alternative = re.search(r"(?<!\\)\|", re.sub(r"\([^()]*\)", "", pattern)) is not None
    if is_alternative:
        return f"(?s:.*(?:{pattern}).*)"
    start = "" if pattern.startswith("^") else ".*"
    is_closed = pattern.endswith("$") and not pattern.endswith("\\$")
    inside = pattern.removeprefix("^")
    return f"{start}{inside[:-1] if is_closed else inside}{'' if is_closed else '.*'}"


def quoted_words(text: str) -> list[str]:
    """The words of a text, with quotes around those that have blanks in them."""
    found = re.findall(r"'((?:[^'\\]|\\.)*)'|\"([^\"]*)\"|((?:\$\{[^}]*\}|\S)+)", text)
    return [one or two or three for one, two, three in found]


def compared(one: Expression, other: Expression) -> str:
    """Whether two values are the same, as a formula."""
    return render(Operation(Operator.EQUAL, one, other))
