"""Numbers that are called or presented: what the contract and the regulator allow (``CID-nn``)."""

from collections.abc import Mapping

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis.about import Findings, Look, found
from cx_desktop.domain.flow.rules import Rule
from cx_desktop.domain.numbers import plan
from cx_desktop.domain.numbers.plan import Category, Verdict
from cx_desktop.domain.patch import Json

_CALLING = frozenset({"transfer_number", "outbound_call"})
_RULES: Mapping[Verdict, Rule] = {
    Verdict.FORBIDDEN: rules.NUMBER_FORBIDDEN,
    Verdict.EXCEPTION: rules.NUMBER_DOUBTFUL,
}


def about_numbers(look: Look) -> Findings:
    """The findings of the numbers a node calls and presents; variables are not judged."""
    if look.node.kind not in _CALLING:
        return
    called = _number(look.props["number"])
    if called is not None:
        yield from _about_called(look, called)
    number = _number(look.props["presented_number"])
    automated = look.node.kind == "outbound_call"
    if number is None or not (automated or look.props["caller_id"] == "custom"):
        return
    verdict, law = plan.presented(number, automated=automated)
    if verdict is not Verdict.ALLOWED:
        yield found(
            _RULES[verdict],
            look.node.id,
            name="presented_number",
            params={"value": number, "law": law},
        )


def _about_called(look: Look, number: str) -> Findings:
    if plan.costs_extra(number):
        yield found(rules.PREMIUM_NUMBER, look.node.id, name="number", params={"value": number})
    elif plan.category(number) in (Category.OVERSEAS, Category.FOREIGN):
        yield found(rules.OUT_OF_TERRITORY, look.node.id, name="number", params={"value": number})


def _number(value: Json) -> str | None:
    is_number = isinstance(value, str) and value.startswith("+") and value[1:].isdigit()
    return value if is_number and isinstance(value, str) else None
