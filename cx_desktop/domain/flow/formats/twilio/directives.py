"""Parts of a Terraform template that stand there under a condition: ``%{ if … }``."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

_TEXT_OR_DIRECTIVE = re.compile(r'"(?:[^"\\\n]|\\.)*"|%\{~?\s*(\w+)[^{}\n]*\}')
#: What every widget has.
_TYPE = re.compile(r"""(?:^|[\s{,"])type"?\s*[:=]""")


def has_directives(text: str) -> bool:
    """Whether parts of a text stand there only under a condition: ``%{ if … }``."""
    return "%{" in text and any(match[1] for match in _TEXT_OR_DIRECTIVE.finditer(text))


def without_directives(text: str) -> tuple[str, ...]:
    """The text without directives, in the ways that it may be meant, likeliest first.

    The last one is that without any choice, for a text that is wrong in itself.
    """
    if not has_directives(text):
        return (text,)
    choices = (_every, _widgets_and_first, _first, _last, _every)
    return tuple(_chosen(text, each) for each in choices)


class _Branch(NamedTuple):
    """What stands under a condition, or under its contrary."""

    text: str
    is_else: bool


_Choice: TypeAlias = Callable[[_Branch], bool]


def _every(_branch: _Branch) -> bool:
    return True


def _first(branch: _Branch) -> bool:
    return not branch.is_else


def _last(branch: _Branch) -> bool:
    return branch.is_else


def _widgets_and_first(branch: _Branch) -> bool:
    """Every branch with widgets in it, of the others the first."""
    return not branch.is_else or _TYPE.search(branch.text) is not None


class _Open(NamedTuple):
    """A directive whose end has not come yet, and its finished branches."""

    is_condition: bool
    done: list[_Branch]
    pieces: list[str]


def _chosen(text: str, is_kept: _Choice) -> str:
    """The text with the branches that are kept; line ends stay, so that places are the file's."""
    stack = [_Open(False, [], [])]
    at = 0
    for match in _TEXT_OR_DIRECTIVE.finditer(text):
        if not match[1]:
            continue
        stack[-1].pieces.append(text[at : match.start()])
        at = match.end()
        if match[1] in {"if", "for"}:
            stack.append(_Open(match[1] == "if", [], []))
        elif match[1] == "else" and stack[-1].is_condition:
            _finish(stack[-1])
        elif match[1] in {"endif", "endfor"} and len(stack) > 1:
            closed = stack.pop()
            _finish(closed)
            stack[-1].pieces.extend(_joined(_kept(branch, is_kept) for branch in closed.done))
    for opened in stack:
        _finish(opened)
    return "".join(branch.text for opened in stack for branch in opened.done) + text[at:]


def _joined(branches: Iterable[str]) -> Iterator[str]:
    """Branches one after the other, never run together into one word."""
    has_words = False
    for each in branches:
        if has_words and each.strip():
            yield ","
        yield each
        has_words = has_words or bool(each.strip())


def _finish(opened: _Open) -> None:
    opened.done.append(_Branch("".join(opened.pieces), bool(opened.done)))
    opened.pieces.clear()


def _kept(branch: _Branch, is_kept: _Choice) -> str:
    return branch.text if is_kept(branch) else "\n" * branch.text.count("\n")
