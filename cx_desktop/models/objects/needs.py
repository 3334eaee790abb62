"""Which drafts belong together: what would be missed, what is ahead, what follows of itself."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from cx_desktop.domain.flow.summary import are_same
from cx_desktop.domain.objects import Target, refers
from cx_desktop.domain.patch import Document
from cx_desktop.models.objects.plan import Need, Plan, Planned


def targets_of(kind: str, document: Document) -> tuple[Target, ...]:
    """What a document refers to, each once; nothing of one that this program cannot read."""
    try:
        return tuple(dict.fromkeys(refers(kind, document)))
    except msgspec.ValidationError:  # a newer program wrote it
        return ()


def linked(objects: list[Planned]) -> list[Planned]:
    """The objects with what they use of each other, and whether they are needed."""
    ids = {each.id for each in objects}
    known = [
        replace(
            each,
            uses=tuple(target.id for target in targets_of(each.type, each.new) if target.id in ids),
        )
        for each in objects
    ]
    needed = _missed(known, {each.id for each in known if each.need is Need.ASKED})
    return [
        replace(each, need=Need.NEEDED) if each.id in needed and each.need is Need.OFFERED else each
        for each in known
    ]


def whole(plan: Plan, chosen: frozenset[str]) -> frozenset[str]:
    """What is chosen, with what callers would miss of what was chosen just now."""
    return chosen | _missed(plan.objects, chosen - plan.chosen)


def is_chosen(planned: Planned, asked: Iterable[Planned]) -> bool:
    """Whether it goes live unless somebody decides otherwise.

    A prompt is published to be heard, so flows that would only take it up are published, too.
    """
    if planned.need is Need.FOLLOWS:
        is_for_prompts = all(each.type == "prompt" for each in asked)
        return is_for_prompts and not planned.why_not and not is_ahead(planned)
    return planned.need is not Need.OFFERED


def is_ahead(planned: Planned) -> bool:
    """Whether callers do not hear the draft yet."""
    facts = planned.facts
    if planned.live is None:
        return True
    if facts.live_draft_ver == facts.draft_ver:
        return False
    if planned.type == "flow":
        return not are_same(planned.live, planned.new)
    return planned.live != planned.new


def _missed(objects: Iterable[Planned], going: Iterable[str]) -> frozenset[str]:
    """What these objects use, and callers would hear nothing of unless it goes live, too."""
    by_id = {each.id: each for each in objects}
    found: set[str] = set()
    waiting = list(going)
    while waiting:
        for used in by_id[waiting.pop()].uses:
            if used not in found and by_id[used].is_first and not by_id[used].why_not:
                found.add(used)
                waiting.append(used)
    return frozenset(found)
