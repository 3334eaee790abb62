"""Disputed places of a flow in words: names of steps, exits and fields, and what each holds."""

from collections.abc import Iterator
from typing import cast

import msgspec
from msgspec import UNSET

from cx_desktop.domain.flow.diff import Field, field_in_words
from cx_desktop.domain.flow.graph import Flow, NodeId, flow_of
from cx_desktop.domain.flow.kind import Property
from cx_desktop.domain.flow.kinds import KINDS, SETTINGS, kind_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.wording import step_words
from cx_desktop.domain.patch import Document, Json, read, same
from cx_desktop.models.language import Language
from cx_desktop.models.objects.conflicts import Place
from cx_desktop.views.flows.places import place_words
from cx_desktop.views.objects.settle_words import Versions, plain


class FlowVersions:
    """Puts disputed places of one flow into words."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.context = Context()
        self.mine: Document = {}
        self.theirs: Document = {}

    def know(self, mine: Document, theirs: Document) -> None:
        """The drafts with all of mine, and with all of theirs."""
        self.mine, self.theirs = mine, theirs

    def __call__(self, place: Place) -> Versions:
        """The three versions of a place."""
        name = place_words(self._language, [place], _both(self.mine, self.theirs))
        values = (place.base, place.mine, place.theirs)
        if place.kept is not None:
            said = (self._before(place), *(self._kept(place, each) for each in values[1:]))
        else:
            said = tuple(self._value(place, each) for each in values)
        return Versions(name, *said)

    def _value(self, place: Place, value: Json) -> str:
        inside = place.inside
        if inside[0] == "links":
            return self._step(value)
        declared = self._declared(place)
        if inside[0] in {"nodes", "meta"} and (declared is not None or inside[-1] in _OWN):
            default = declared.default if declared is not None else None
            now = default if value is UNSET else value
            field = Field(inside[-1], declared, now, now)
            return field_in_words(field, self._language.text, self.context)[2]
        return plain(self._language, value)

    def _step(self, value: Json) -> str:
        for draft in (self.mine, self.theirs):
            node = _flow(draft).nodes.get(NodeId(value)) if isinstance(value, str) else None
            if node is not None:
                return step_words(node, self._language.text)
        return self._language.text("flows.summary.nowhere") if value is UNSET else str(value)

    def _declared(self, place: Place) -> Property | None:
        inside = place.inside
        if inside[0] == "meta":
            return next((each for each in SETTINGS if each.name == inside[1]), None)
        for draft in (self.mine, self.theirs):
            node = _flow(draft).nodes.get(NodeId(inside[1]))
            if node is not None:
                return next((p for p in kind_of(node).properties if p.name == inside[-1]), None)
        return None

    def _before(self, place: Place) -> str:
        """What a part was before anybody touched it."""
        fields = list(self._fields(UNSET, place.base))
        return " · ".join(fields) or plain(self._language, UNSET)

    def _kept(self, place: Place, value: Json) -> str:
        """What became of a part: gone, or how it is now."""
        text = self._language.text
        if value is UNSET:
            return text("settle.removed")
        told = " · ".join(self._fields(place.base, value))
        return text("settle.kept.changed", what=told) if told else text("settle.kept.led-to")

    def _fields(self, old: Json, new: Json) -> Iterator[str]:
        """« titre : Ventes »: what of a part is not as it was."""
        before, after = _entry(old), _entry(new)
        kind = next((k for each in (after, before) if isinstance(k := each.get("kind"), str)), "")
        known = KINDS[kind].properties if kind in KINDS else ()
        declared = {each.name: each for each in known}
        for name in dict.fromkeys((*before, *after)):
            was, now = before.get(name), after.get(name)
            if name in _UNSAID or same(was, now):
                continue
            field = Field(name, declared.get(name), was, now)
            said = field_in_words(field, self._language.text, self.context)
            yield self._language.text("flows.summary.line", name=said[0], what=said[2])


_OWN = frozenset({"title", "kind"})
#: Of a part, what is not told: where it lies, and how the file it came from said it.
_UNSAID = frozenset({"x", "y", "id", "origin", "width", "height"})


def _entry(value: Json) -> Document:
    """A node's fields and properties as one; of anything else its fields."""
    entry = cast("Document", value) if isinstance(value, dict) else {}
    props = entry.get("props")
    rest = {key: each for key, each in entry.items() if key != "props"}
    return rest | cast("Document", props) if isinstance(props, dict) else rest


def _flow(draft: Document) -> Flow:
    try:
        return flow_of(draft)
    except msgspec.ValidationError:  # a newer program wrote it
        return Flow()


def _both(mine: Document, theirs: Document) -> Document:
    """All nodes and tests that one of two drafts has, for their names."""
    both: Document = {}
    for part in ("nodes", "tests"):
        entries = [read(each, (part,)) for each in (theirs, mine)]
        both[part] = {
            key: value for each in entries if isinstance(each, dict) for key, value in each.items()
        }
    return both
