"""Finding and replacing words in the texts of a flow, with what would be wrong afterwards.

Nothing is changed here: a replacement is a set of changes that an edit makes, as any other.
"""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow import edits
from cx_desktop.domain.flow.checks import Fault, faults
from cx_desktop.domain.flow.edits import Changes
from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.passages import Inside, Passage, Step, number_text, passages
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.seeking import Seeker, Span
from cx_desktop.domain.patch import Change, Json, Path, coalesce

#: How much text is shown on either side of what was found.
AROUND = 40
#: A replacement may not make a text longer than this.
LONGEST = 10_000


class Hit(Struct, frozen=True):
    """One place in one text that holds what is wanted."""

    passage: Passage
    span: Span

    @property
    def before(self) -> str:
        """The text in front of it, cut."""
        start = max(0, self.span.start - AROUND)
        return _line(self.passage.text[start : self.span.start], is_cut=start > 0)

    @property
    def found(self) -> str:
        """What stands there."""
        return _line(self.passage.text[self.span.start : self.span.end])

    @property
    def after(self) -> str:
        """The text behind it, cut."""
        text = self.passage.text
        end = min(len(text), self.span.end + AROUND)
        return _line(text[self.span.end : end], is_cut_after=end < len(text))


class Refusal(Struct, frozen=True):
    """Why a place stays as it is: ``replace.refused.<key>``, or what a rule says of the result."""

    key: str
    fault: Fault | None = None


NAME = Refusal("name")
NOT_A_NUMBER = Refusal("number")
TOO_LONG = Refusal("long")


class Replacing(Struct, frozen=True):
    """What a replacement does to one flow: its changes, and the hits that stay as they are."""

    changes: Changes = ()
    done: tuple[Hit, ...] = ()
    refused: Mapping[Hit, Refusal] = {}


def find(flow: Flow, seeker: Seeker, context: Context | None = None) -> tuple[Hit, ...]:
    """Every place of a flow that holds what is wanted, in the order of its nodes."""
    return tuple(
        Hit(passage, span)
        for passage in passages(flow, context)
        for span in seeker.spans(passage.text)
    )


def replace(flow: Flow, seeker: Seeker, by: str, hits: Iterable[Hit]) -> Replacing:
    """Put other words at these places; a property whose value would be wrong stays as it is.

    Hits that are no longer there are left out. Raises ``CXError`` for a replacement that names a
    group which the expression has not.
    """
    chosen: dict[Path, list[Hit]] = {}
    refused: dict[Hit, Refusal] = {}
    for hit in hits:
        if hit.passage.is_name:
            refused[hit] = NAME
        else:
            chosen.setdefault(hit.passage.path, []).append(hit)
    changes: list[Change] = []
    done: list[Hit] = []
    for path, there in chosen.items():
        made = _replaced(flow, seeker, by, path, there)
        if isinstance(made, Refusal):
            refused |= dict.fromkeys(there, made)
        elif made:
            changes += made
            done += there
    return Replacing(coalesce(changes), tuple(done), refused)


def value_at(flow: Flow, path: Path) -> Json:
    """What stands at a place of a flow; ``None`` when nothing does."""
    match path:
        case ("nodes", node, "title") if node in flow.nodes:
            return flow.nodes[NodeId(node)].title
        case ("nodes", node, "props", name) if node in flow.nodes:
            return flow.nodes[NodeId(node)].props.get(name)
        case ("notes", note, "text"):
            return next((each.text for key, each in flow.notes.items() if key == note), None)
        case _:
            return None


def _replaced(
    flow: Flow, seeker: Seeker, by: str, path: Path, hits: list[Hit]
) -> Changes | Refusal:
    """The changes of one atom, or why it stays; nothing where the words are gone."""
    before = value_at(flow, path)
    spans: dict[Inside, set[Span]] = {}
    for hit in hits:
        spans.setdefault(hit.passage.inside, set()).add(hit.span)
    texts = {hit.passage.inside: hit.passage.text for hit in hits}
    after = before
    for inside, places in spans.items():
        text = _text_at(before, inside)
        if text != texts[inside]:
            return ()
        words = seeker.replaced(text, frozenset(places), by)
        if len(words) > LONGEST:
            return TOO_LONG
        value = _number(words) if hits[0].passage.is_number else words
        if value is None:
            return NOT_A_NUMBER
        after = _put(after, inside, value)
    refusal = _refusal(flow, path, before, after)
    return refusal if refusal is not None else _changes(flow, path, before, after)


def _changes(flow: Flow, path: Path, before: Json, after: Json) -> Changes:
    if after == before:
        return ()
    if path[0] == "nodes" and len(path) > 3:
        made = edits.set_prop(flow, NodeId(path[1]), path[3], after)
        return tuple(
            msgspec.structs.replace(each, was=before) if each.path == path else each
            for each in made
        )
    return (Change(path, after, before),)


def _refusal(flow: Flow, path: Path, before: Json, after: Json) -> Refusal | None:
    """What would be wrong with a property that is not wrong already."""
    if path[0] != "nodes" or len(path) < 4:
        return None
    declared = kind_of(flow.nodes[NodeId(path[1])]).declared(path[3])
    if declared is None:
        return None
    known = {each.rule for each in faults(declared, before)}
    worse = next(
        (
            each
            for each in faults(declared, after)
            if each.rule.severity is Severity.BLOCKING and each.rule not in known
        ),
        None,
    )
    if worse is not None:
        return Refusal("rule", worse)
    if declared.is_required and after in ("", None):
        return Refusal("empty")
    return None


def _text_at(value: Json, inside: Inside) -> str | None:
    for step in inside:
        value = _below(value, step)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value)
    return value if isinstance(value, str) else None


def _below(value: Json, step: Step) -> Json:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _put(value: Json, inside: Inside, part: Json) -> Json:
    """The value with another part at a place; what does not change is shared."""
    if not inside:
        return part
    step, rest = inside[0], inside[1:]
    if isinstance(value, dict):
        return value | {step: _put(value[step], rest, part)}
    if isinstance(value, list) and isinstance(step, int):
        return [_put(each, rest, part) if at == step else each for at, each in enumerate(value)]
    return value


def _number(text: str) -> float | None:
    """The number that a text is; a whole one without a fraction."""
    try:
        number = float(text)
    except ValueError:
        return None
    if not abs(number) < 1e9:
        return None
    return int(number) if number.is_integer() else number


def _line(text: str, *, is_cut: bool = False, is_cut_after: bool = False) -> str:
    """A text on one line, with a sign where it was cut."""
    line = "".join(" " if each.isspace() else each for each in text)
    return f"{'…' if is_cut else ''}{line}{'…' if is_cut_after else ''}"
