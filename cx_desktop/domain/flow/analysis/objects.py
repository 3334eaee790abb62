"""What a node refers to, where it exists: whether it is any use."""

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, Look, found
from cx_desktop.domain.flow.checks import shown
from cx_desktop.domain.flow.references import Context, Reference, references_of
from cx_desktop.domain.flow.rules import Rule


def about_objects(look: Look) -> Findings:
    """The findings of the prompts, schedules and flows a node uses."""
    context = look.context
    for each in references_of(look.node):
        declared = look.kind.declared(each.property)
        if declared is not None and (declared.when is None or declared.when(look.props)):
            yield from _about(each, context)
            if each.refers_to == "prompt":
                yield from _about_language(each, look)


def _about_language(reference: Reference, look: Look) -> Findings:
    """A prompt that nobody has said in the language of the call; a sound alone has none."""
    facts = look.context.prompt(reference.target)
    spoken = look.spoken
    if facts is None or not spoken or not any(facts.words.values()):
        return
    if all(_family(each) != _family(spoken) for each in facts.words):
        names = look.context.prompts or {}
        value = shown(names.get(reference.target, reference.target))
        yield found(
            rules.LANGUAGE_MISSING,
            reference.node,
            name=reference.property,
            params={"value": value, "language": spoken},
        )


def _family(language: str) -> str:
    return language.partition("-")[0]


def _about(reference: Reference, context: Context) -> Findings:
    match reference.refers_to:
        case "prompt":
            facts = context.prompt(reference.target)
            if facts is not None and not facts.words:
                yield _said(reference, context, rules.EMPTY_OBJECT)
            elif facts is not None and not facts.is_live:
                yield _said(reference, context, rules.NOT_LIVE)
        case "schedule":
            yield from _about_schedule(reference, context)
        case "queue":
            yield from _about_queue(reference, context)
        case "flow":
            other = (context.flow_facts or {}).get(reference.target)
            if other is not None and other.is_empty:
                yield _said(reference, context, rules.EMPTY_OBJECT)
        case _:
            return


def _about_schedule(reference: Reference, context: Context) -> Findings:
    facts = (context.schedule_facts or {}).get(reference.target)
    if facts is None:
        return
    if not facts.opens:
        yield _said(reference, context, rules.NEVER_OPEN)
    elif not facts.closes:
        yield _said(reference, context, rules.NEVER_CLOSED)
    elif not facts.knows_holidays:
        yield _said(reference, context, rules.NO_HOLIDAYS)


def _about_queue(reference: Reference, context: Context) -> Findings:
    """A queue that nobody published, or whose opening hours never open."""
    facts = (context.queue_facts or {}).get(reference.target)
    if facts is None:
        return
    if not facts.is_live:
        yield _said(reference, context, rules.NOT_LIVE)
    hours = (context.schedule_facts or {}).get(facts.schedule)
    if hours is not None and not hours.opens:
        value = shown((context.schedules or {}).get(facts.schedule, facts.schedule))
        yield found(
            rules.NEVER_OPEN, reference.node, name=reference.property, params={"value": value}
        )


def _said(reference: Reference, context: Context, rule: Rule) -> Finding:
    names = context.names_of(reference.refers_to) or {}
    value = shown(names.get(reference.target, reference.target))
    return found(rule, reference.node, name=reference.property, params={"value": value})
