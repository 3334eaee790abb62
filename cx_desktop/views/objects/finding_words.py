"""How findings are put into words and colours."""

from datetime import date

from msgspec.structs import replace

from cx_desktop.domain.finding import Finding, Severity, in_words
from cx_desktop.models.language import Language

TONE_BY_SEVERITY = {
    Severity.BLOCKING: "block",
    Severity.WARNING: "warn",
    Severity.INFORMATION: "info",
}
ICON_BY_SEVERITY = {
    Severity.BLOCKING: "warning-octagon",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "info",
}


def findings_words(language: Language, blocking: int, warnings: int) -> str:
    """« 1 bloquante · 2 avertissements », or that there are none."""
    parts = []
    if blocking:
        parts.append(language.plural("flows.findings.blocking", blocking))
    if warnings:
        parts.append(language.plural("flows.findings.warnings", warnings))
    return " · ".join(parts) or language.text("flows.findings.none")


def finding_words(language: Language, finding: Finding) -> str:
    """What a rule has to say, after the field or the exit it says it of."""
    said = _said(language, finding)
    if finding.property is not None:
        where = language.text(f"prop.{finding.property}")
    elif finding.exit is not None:
        where = language.text("flows.exit", exit=exit_words(language, finding.exit))
    else:
        return said
    return language.text("flows.summary.line", name=where, what=said)


def _said(language: Language, finding: Finding) -> str:
    """What a rule has to say; of the service's own rules and values this device knows little."""
    key = f"finding.{finding.rule}"
    if not language.catalogue.has(key):
        return language.text("flows.findings.unknown-rule", rule=finding.rule)
    if finding.params or "{" not in language.text(key):
        return in_words(_with_days(language, finding), language.text)
    return language.text(f"{key}.hint")


def _with_days(language: Language, finding: Finding) -> Finding:
    """The finding with its day as people write it."""
    day = finding.params.get("day")
    if not isinstance(day, str):
        return finding
    words = language.day(date.fromisoformat(day))
    return replace(finding, params={**finding.params, "day": words})


def exit_words(language: Language, way: str) -> str:
    """The name of an exit that may not be in the flow any more."""
    if way.startswith("key_"):
        return way.removeprefix("key_")
    key = f"exit.{way}"
    return language.text(key) if language.catalogue.has(key) else way.removeprefix("case:")
