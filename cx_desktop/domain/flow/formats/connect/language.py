"""The flow language of 2019: ``Actions`` with ``Parameters`` and ``Transitions``."""

from collections.abc import Iterator
from typing import cast

from cx_desktop.domain.flow.formats.connect.steps import (
    Source,
    Step,
    Way,
    position_of,
    title_of,
)
from cx_desktop.domain.flow.formats.shape import as_list, as_name, as_object, as_text
from cx_desktop.domain.patch import Document, Json

FORMAT = "connect-flowlang"


def parse(document: Document) -> Source:
    """The steps of a document, each with its own part of the metadata."""
    metadata = as_object(document.get("Metadata"), "Metadata")
    shown = as_object(metadata.get("ActionMetadata"), "Metadata.ActionMetadata")
    actions = as_list(document.get("Actions"), "Actions")
    steps = tuple(_step(each, f"Actions[{at}]", shown) for at, each in enumerate(actions))
    owned = {step.id for step in steps}
    rest = {key: value for key, value in document.items() if key != "Actions"}
    if "ActionMetadata" in metadata:
        strays = {key: value for key, value in shown.items() if key not in owned}
        rest["Metadata"] = {**metadata, "ActionMetadata": strays}
    return Source(as_text(document.get("StartAction"), "StartAction"), steps, rest)


def _step(value: Json, place: str, shown: Document) -> Step:
    action = as_object(value, place)
    identifier = as_name(action.get("Identifier"), f"{place}.Identifier")
    raw: Document = {"action": action}
    if identifier in shown:
        raw["metadata"] = shown[identifier]
    return step_of(raw, place)


def step_of(raw: Document, place: str) -> Step:
    """The step of an action and its metadata."""
    action = as_object(raw.get("action"), place)
    identifier = as_name(action.get("Identifier"), f"{place}.Identifier")
    metadata = as_object(raw.get("metadata"), f"Metadata.ActionMetadata.{identifier}")
    transitions = as_object(action.get("Transitions"), f"{place}.Transitions")
    return Step(
        id=identifier,
        type=as_name(action.get("Type"), f"{place}.Type"),
        parameters=as_object(action.get("Parameters"), f"{place}.Parameters"),
        ways=tuple(_ways(transitions, f"{place}.Transitions")),
        position=position_of(metadata),
        name=title_of(identifier, _shown_name(metadata)),
        raw=raw,
        place=place,
    )


def _ways(transitions: Document, place: str) -> Iterator[Way]:
    if "NextAction" in transitions:
        yield Way("next", target=as_text(transitions["NextAction"], f"{place}.NextAction"))
    for at, each in enumerate(as_list(transitions.get("Conditions"), f"{place}.Conditions")):
        where = f"{place}.Conditions[{at}]"
        condition = as_object(each, where)
        test = as_object(condition.get("Condition"), f"{where}.Condition")
        operands = as_list(test.get("Operands"), f"{where}.Condition.Operands")
        yield Way(
            "condition",
            as_text(test.get("Operator"), f"{where}.Condition.Operator"),
            ", ".join(str(operand) for operand in operands),
            as_text(condition.get("NextAction"), f"{where}.NextAction"),
        )
    for at, each in enumerate(as_list(transitions.get("Errors"), f"{place}.Errors")):
        where = f"{place}.Errors[{at}]"
        error = as_object(each, where)
        kind = as_text(error.get("ErrorType"), f"{where}.ErrorType")
        yield Way("error", kind, target=as_text(error.get("NextAction"), f"{where}.NextAction"))


def _shown_name(metadata: Document) -> str:
    """The name of the queue, prompt, function … that the vendor's editor shows with a step."""
    for value in (metadata.get("parameters"), metadata):
        if isinstance(value, dict):
            for each in value.values():
                if isinstance(each, dict):
                    name = each.get("displayName") or each.get("text")
                    if isinstance(name, str) and name:
                        return name
    name = metadata.get("promptName")
    return name if isinstance(name, str) else ""


def compose(source: Source) -> Document:
    """The document of these steps: parts that nobody changed are those of the file."""
    metadata = {step.id: step.raw["metadata"] for step in source.steps if "metadata" in step.raw}
    document: Document = {"Version": "2019-10-30"} | source.rest
    if "StartAction" in document or source.start:
        document["StartAction"] = source.start
    header = document.get("Metadata")
    header = dict(header) if isinstance(header, dict) else {}
    strays = header.get("ActionMetadata")
    if metadata or isinstance(strays, dict):
        header["ActionMetadata"] = (strays if isinstance(strays, dict) else {}) | metadata
        document["Metadata"] = header
    document["Actions"] = [step.raw["action"] for step in source.steps]
    return document


def raw_of(step: Step, before: Step | None) -> Document:
    """What the file says of a step: unchanged parts as they were, the rest put in its words."""
    action = cast("Document", before.raw["action"]) if before else {}
    raw: Document = {
        "action": {
            **action,
            "Identifier": step.id,
            "Type": step.type,
            "Parameters": step.parameters,
            "Transitions": _transitions(step.ways, action.get("Transitions")),
        }
    }
    metadata = before.raw.get("metadata") if before else None
    metadata = metadata if isinstance(metadata, dict) else {}
    if step.position is not None and (before is None or step.position != before.position):
        x, y = step.position
        metadata = {**metadata, "position": {"x": x, "y": y}}
    if metadata or (before and "metadata" in before.raw):
        raw["metadata"] = metadata
    return raw


def _transitions(ways: tuple[Way, ...], before: Json) -> Document:
    """The transitions in the vendor's shape; lists that were there stay, even empty."""
    known = before if isinstance(before, dict) else {}
    result: Document = {key: value for key, value in known.items() if key != "NextAction"}
    following = [way.target for way in ways if way.role == "next" and way.target]
    if following:
        result["NextAction"] = following[0]
    conditions: list[Json] = [
        {
            "NextAction": way.target,
            "Condition": {"Operator": way.name, "Operands": [way.value]},
        }
        for way in ways
        if way.role == "condition"
    ]
    errors: list[Json] = [
        {"NextAction": way.target, "ErrorType": way.name} for way in ways if way.role == "error"
    ]
    for name, entries in (("Conditions", conditions), ("Errors", errors)):
        if entries or name in known:
            result[name] = entries
    return result
