"""How edits that wait are put into words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET

from cx_desktop.domain.flow.diff import in_words
from cx_desktop.domain.flow.summary import Summary
from cx_desktop.domain.patch import Change, Document, Json, differences, disturbed, encode, read
from cx_desktop.models.language import Language
from cx_desktop.models.objects.facts import object_facts
from cx_desktop.models.objects.plan import Planned
from cx_desktop.models.outbox.details import Details
from cx_desktop.models.outbox.entries import Entry, File, Group, Listing, State
from cx_desktop.views.objects import change_list, summary_words
from cx_desktop.views.objects.changes import Changes

#: The icon and the tone of each state.
SIGN_BY_STATE = {
    State.WAITING: ("cloud-arrow-up", "info"),
    State.SENDING: ("arrows-clockwise", "info"),
    State.UNANSWERED: ("hourglass", "warn"),
    State.BEHIND: ("hourglass", "muted"),
    State.TOGETHER: ("hourglass", "muted"),
    State.FILE: ("speaker-high", "info"),
    State.REFUSED: ("warning-octagon", "block"),
    State.CONFLICT: ("git-merge", "block"),
}
ICON_BY_TYPE = {**change_list.ICON_BY_TYPE, "number": "phone", "worklist": "list-numbers"}
#: What is said of recordings has no name of its own.
ICON_BY_SAID = {"note": "note", "labels": "tag", "evaluation": "check-square"}
_FIELDS = frozenset({"name", "description", "archived", "label", "draft"})
#: Of a flow's draft, what the first key below it holds.
_PARTS = {"nodes": "nodes", "links": "links", "notes": "notes", "meta": "settings"}
_QUOTED, _NAMED = 90, 60
_KB, _MB, _GB = 1_000, 1_000_000, 1_000_000_000


def object_words(language: Language, entry: Entry) -> str:
    """« SVI « Accueil » »."""
    if entry.type in ICON_BY_SAID:
        return language.text(f"outbox.object.{entry.type}")
    if not entry.name:
        return language.text("outbox.object.unknown")
    kind = entry.type if entry.type in ICON_BY_TYPE else "other"
    return language.text(f"outbox.object.{kind}", name=_short(entry.name, _NAMED))


def place_words(language: Language, entry: Entry) -> str:
    """The object with its project."""
    named = object_words(language, entry)
    if not entry.project:
        return named
    return language.text("outbox.object.in", object=named, project=entry.project)


def group_words(language: Language, group: Group) -> str:
    """The object of some edits; of a gesture how many it is, and of what."""
    if not group.is_gesture:
        return place_words(language, group.first)
    names = dict.fromkeys(object_words(language, each) for each in group.entries)
    said = language.plural("outbox.gesture", len(group.entries))
    return language.text("outbox.gesture.of", said=said, objects=", ".join(names))


def row_words(language: Language, entry: Entry) -> str:
    """What an edit does; below a gesture also to what."""
    what = what_words(language, entry)
    if not entry.gesture:
        return what
    return language.text("outbox.gesture.row", object=object_words(language, entry), what=what)


def _action_words(language: Language, entry: Entry) -> str:
    """« Faire répondre « Accueil » »."""
    verb = entry.waiting.row.op.verb
    if verb == "assign" and entry.target:
        return language.text("outbox.act.assign", flow=_short(entry.target, _NAMED))
    return language.text("outbox.act.free" if verb == "assign" else f"outbox.act.{verb}")


def what_words(language: Language, entry: Entry) -> str:
    """What an edit does, in a line: a creation, a value, or how many places of what."""
    if entry.is_creation:
        return language.text("outbox.what.create")
    if entry.is_action:
        return _action_words(language, entry)
    if entry.type in ICON_BY_SAID:
        return language.text("outbox.what.content")
    changes = entry.waiting.row.op.changes
    parts = [value_words(language, each) for each in changes if each.path[0] != "draft"]
    drawn = [each for each in changes if each.path[0] == "draft"]
    if entry.type == "flow":
        parts += _counts(language, drawn)
    elif drawn:
        parts.append(language.text("outbox.what.content"))
    return " · ".join(parts) or language.text("settle.what.kept")


def _counts(language: Language, drawn: Iterable[Change]) -> Iterator[str]:
    """« 2 étapes · 1 lien »."""
    touched: dict[str, set[str]] = {}
    for each in drawn:
        part = _PARTS.get(each.path[1], "settings") if len(each.path) > 1 else "settings"
        touched.setdefault(part, set()).add(each.path[2] if len(each.path) > 2 else "")
    for part, places in touched.items():
        yield language.plural(f"outbox.what.{part}", len(places))


def value_words(language: Language, change: Change) -> str:
    """A place before and after: « Nom : A → B »."""
    return language.text(
        "outbox.what.value",
        field=_field(language, change),
        before=_quoted(language, change.was),
        after=_quoted(language, change.value),
    )


def _field(language: Language, change: Change) -> str:
    known = len(change.path) == 1 and change.path[0] in _FIELDS
    return language.text(f"outbox.field.{change.path[0]}") if known else " › ".join(change.path)


def _quoted(language: Language, value: Json) -> str:
    if value is UNSET or value in (None, "", [], {}):
        return language.text("outbox.what.nothing")
    if isinstance(value, bool):
        return language.text("outbox.what.yes" if value else "outbox.what.no")
    return _short(value if isinstance(value, str) else encode(value).decode(), _QUOTED)


def _short(words: str, most: int) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def state_words(language: Language, entry: Entry) -> str:
    """How an edit stands, in a word or two."""
    return language.text(f"outbox.state.{entry.state}")


def why_words(language: Language, entry: Entry, now: datetime) -> str:
    """What an edit waits for, or why it was not taken."""
    text = language.text
    if entry.error is not None:
        title, hint = language.explain(entry.error)
        return text("outbox.why.refused", title=f"{title.removesuffix('.')}.", hint=hint)
    if entry.state is State.CONFLICT:
        when = language.since(entry.waiting.disputed_at or now, now)
        who = entry.author.name if entry.author is not None else text("outbox.who.unknown")
        return text("outbox.why.conflict", who=who, when=when)
    if entry.behind is not None and entry.state is State.BEHIND:
        if entry.behind.is_creation:
            return text("outbox.why.creation", object=object_words(language, entry))
        return text("outbox.why.behind", state=state_words(language, entry.behind))
    if entry.state is State.TOGETHER:
        return text("outbox.why.together")
    if (until := entry.waiting.row.op.not_after) is not None and entry.state is State.WAITING:
        return text("outbox.why.until", when=language.day_and_time(until))
    if entry.state is State.FILE:
        return _file_reason(language, entry.files)
    return "" if entry.state is State.REFUSED else text(f"outbox.why.{entry.state}")


def _file_reason(language: Language, files: Sequence[File]) -> str:
    """Which file an edit waits for, and how much of it has gone."""
    size = size_words(language, sum(each.size for each in files))
    done = sum(each.done for each in files)
    if any(each.is_refused for each in files):
        return language.text("load.waits-refused", size=size)
    if done:
        percent = 100 * done // max(1, sum(each.size for each in files))
        return language.text("load.waits-part", size=size, percent=percent)
    return language.text("outbox.why.file", size=size)


def size_words(language: Language, size: int) -> str:
    """« 1,2 Mo »."""
    if size < _KB:
        return language.plural("outbox.size.bytes", size)
    if size < _MB:
        return language.text("outbox.size.kb", size=language.number(round(size / _KB)))
    if size < _GB:
        return language.text("outbox.size.mb", size=language.number(round(size / _MB, 1)))
    return language.text("outbox.size.gb", size=language.number(round(size / _GB, 1)))


def file_words(language: Language, file: File) -> str:
    """A file that waits, how much of it has gone, or why it does not go."""
    size = size_words(language, file.size)
    if file.is_refused:
        return language.text("load.file-refused", size=size)
    if file.done:
        return language.text("load.file-part", size=size, percent=file.percent)
    return language.text("outbox.file", size=size_words(language, file.size))


def listing_words(language: Language, listing: Listing, now: datetime) -> str:
    """How much waits, how much of it for a person; or since when nothing does."""
    if listing.empty_since is not None:
        return language.text("outbox.empty.since", when=language.since(listing.empty_since, now))
    decide = sum(each.state in (State.REFUSED, State.CONFLICT) for each in listing.entries)
    parts = [language.plural("outbox.total", len(listing.entries))] if listing.entries else []
    if decide:
        parts.append(language.plural("outbox.decide", decide))
    if listing.strays:
        parts.append(language.plural("outbox.strays", len(listing.strays)))
    return " ".join(parts)


def detail_lines(language: Language, details: Details, changes: Changes) -> tuple[str, ...]:
    """What an edit does, a line each."""
    entry = details.entry
    if details.after is None:
        return (language.text("outbox.left"),)
    if entry.is_action:
        return (_action_words(language, entry),)
    named = (each for each in entry.waiting.row.op.changes if each.path[0] != "draft")
    lines = [value_words(language, each) for each in named]
    if entry.is_creation:
        lines.append(language.text("outbox.what.create"))
    if details.changelog is not None:
        lines += _flow_lines(language, details)
    else:
        lines += _draft_lines(language, details, changes)
    lines += _their_lines(language, entry)
    lines += [file_words(language, each) for each in entry.files]
    return tuple(lines) or (language.text("outbox.same"),)


def _flow_lines(language: Language, details: Details) -> Iterator[str]:
    """What callers meet, then what is only drawn or unseen by them."""
    told, drawn = details.changelog, details.summary
    if told is None or drawn is None:
        return
    for each in told.statements:
        yield in_words(each, language.text, details.context)
    if told.is_empty:  # callers meet none of it: the drawing is told, node by node
        yield from _drawn_lines(language, drawn)
    if drawn.moved:
        yield language.plural("flows.summary.moved", drawn.moved)
    if drawn.notes:
        yield language.plural("flows.summary.notes", drawn.notes)


def _drawn_lines(language: Language, drawn: Summary) -> Iterator[str]:
    """What differs in a flow, node by node."""
    for key, some in (("added", drawn.added), ("removed", drawn.removed)):
        for named in some:
            counted = language.plural(f"flows.summary.{key}", 1)
            name = summary_words.node_words(language, named)
            yield language.text("flows.summary.line", name=counted, what=name)
    for changed in drawn.changed:
        yield summary_words.change_words(language, changed)
    for link in drawn.links:
        yield summary_words.link_words(language, link)
    for field in drawn.settings:
        yield summary_words.field_words(language, field)


def _their_lines(language: Language, entry: Entry) -> Iterator[str]:
    """What the service holds where an edit is in conflict; a draft is looked at in its place."""
    theirs = entry.waiting.theirs
    if theirs is None or entry.state is not State.CONFLICT:
        return
    for each in disturbed(theirs, entry.waiting.row.op.changes):
        if each.path[0] != "draft":
            value = _quoted(language, read(theirs, each.path))
            yield language.text("outbox.their-value", field=_field(language, each), value=value)


def _draft_lines(language: Language, details: Details, changes: Changes) -> tuple[str, ...]:
    """The words of the object's own page, or else its fields before and after."""
    old, new = _draft(details.before), _draft(details.after)
    if new is None or old == new:
        return ()
    try:
        facts = object_facts(details.after or {})
        planned = Planned(type=details.entry.type, facts=facts, number=0, live=old, new=new)
        said = changes.lines(planned)
    except msgspec.ValidationError:  # a newer program wrote it
        said = ()
    return said or tuple(value_words(language, each) for each in differences(old or {}, new))


def _draft(document: Document | None) -> Document | None:
    draft = (document or {}).get("draft")
    return draft if isinstance(draft, dict) else None


def as_text(language: Language, entries: Iterable[Entry], now: datetime) -> str:
    """Edits as lines that can be sent to somebody: nothing but what stands on the page."""
    lines: list[str] = []
    last = ""
    for each in entries:
        if each.object_id != last:
            last = each.object_id
            lines.append(place_words(language, each))
        said = (
            language.day_and_time(each.made_at),
            state_words(language, each),
            what_words(language, each),
            why_words(language, each, now),
        )
        lines.append("\t" + " · ".join(filter(None, said)))
    return "\n".join(lines)
