"""The first export format: ``modules`` with ``parameters`` and ``branches``.

Its modules are told in the words of the flow language, so that one set of rules reads both; the
tables of ``modules`` lead both ways.
"""

from collections.abc import Iterator
from typing import cast

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats.connect.modules import (
    ANY_TARGET,
    BRANCHES,
    BY_LANGUAGE_TYPE,
    BY_TYPE,
    METRICS,
    NAMESPACE_OF,
    NAMESPACES,
    OPERATOR_OF,
    OPERATORS,
    WORDS,
    Module,
)
from cx_desktop.domain.flow.formats.connect.steps import (
    Source,
    Step,
    Way,
    position_of,
)
from cx_desktop.domain.flow.formats.shape import as_list, as_name, as_object, as_text
from cx_desktop.domain.patch import Change, Document, Json, apply, read

FORMAT = "connect-legacy"


def parse(document: Document) -> Source:
    """The steps of a document, in the words of the flow language."""
    modules = as_list(document.get("modules"), "modules")
    steps = tuple(_step(each, f"modules[{at}]") for at, each in enumerate(modules))
    rest = {key: value for key, value in document.items() if key != "modules"}
    return Source(as_text(document.get("start"), "start"), steps, rest)


def _step(value: Json, place: str) -> Step:
    return step_of({"module": as_object(value, place)}, place)


def step_of(raw: Document, place: str) -> Step:
    """The step of a module."""
    module = as_object(raw.get("module"), place)
    identifier = as_name(module.get("id"), f"{place}.id")
    kind = as_name(module.get("type"), f"{place}.type")
    target = module.get("target")
    target = target if isinstance(target, str) else ""
    known = BY_TYPE.get((kind, target)) or ANY_TARGET.get(kind)
    metadata = as_object(module.get("metadata"), f"{place}.metadata")
    entries = as_list(module.get("parameters"), f"{place}.parameters")
    shown, parameters = _parameters(entries, known, f"{place}.parameters")
    return Step(
        id=identifier,
        type=known.language_type if known else f"{kind}/{target}" if target else kind,
        parameters=parameters,
        ways=tuple(_ways(module.get("branches"), f"{place}.branches", kind)),
        position=position_of(metadata),
        name=shown,
        raw=raw,
        place=place,
    )


def _ways(value: Json, place: str, kind: str) -> Iterator[Way]:
    for at, each in enumerate(as_list(value, place)):
        branch = as_object(each, f"{place}[{at}]")
        yield _way(branch, f"{place}[{at}]", kind)


def _way(branch: Document, place: str, kind: str) -> Way:
    name = as_text(branch.get("condition"), f"{place}.condition")
    target = as_text(branch.get("transition"), f"{place}.transition")
    if name == "Evaluate":
        operator = as_text(branch.get("conditionType"), f"{place}.conditionType")
        value = branch.get("conditionValue")
        said = "" if value is None else str(value)
        return Way("condition", OPERATORS.get(operator, operator or "Equals"), said, target)
    if kind == "CheckStaffing" and name in {"True", "False"}:
        return (
            Way("condition", "NumberGreaterThan", "0", target)
            if name == "True"
            else Way("error", "NoMatchingCondition", target=target)
        )
    known = BRANCHES.get(name)
    return known._replace(target=target) if known else Way("condition", name, name, target)


def _parameters(entries: list[Json], module: Module | None, place: str) -> tuple[str, Document]:
    """The name of the object a module uses, and its parameters in the flow language's words."""
    result: Document = {}
    shown = ""
    listed: list[Json] = []
    for at, each in enumerate(entries):
        entry = as_object(each, f"{place}[{at}]")
        name = as_name(entry.get("name"), f"{place}[{at}].name")
        resource = entry.get("resourceName")
        shown = shown or (resource if isinstance(resource, str) else "")
        path = module.parameters.get(name, (name,)) if module else (name,)
        value = _value(name, entry)
        key = entry.get("key")
        if module and module.type == "LoopPrompts" and name in {"Text", "AudioPrompt"}:
            listed.append({"Text" if name == "Text" else "PromptId": value})
        elif isinstance(key, str) and name in {"Attribute", "Parameter"}:
            result = apply(result, [Change((*path, key), value)])
        else:
            result = apply(result, [Change(path, value)])
    if listed:
        result["Messages"] = listed
    return shown, _completed(result, module)


def _completed(parameters: Document, module: Module | None) -> Document:
    """Parameters that the flow language puts together from several of the first format."""
    if module is None:
        return parameters
    result: Document = {**module.implied, **parameters}
    if module.type == "CheckAttribute":
        namespace = result.pop("Namespace", None)
        result["ComparisonValue"] = _formula(result.get("ComparisonValue"), namespace)
    if module.language_type == "UpdateContactEventHooks":
        hook = str(result.pop("Type", "CustomerQueue"))
        flow = result.pop("ContactFlowId", None)
        result["EventHooks"] = {hook: flow} if isinstance(flow, str) else {}
    return result


def _value(name: str, entry: Document) -> Json:
    value = entry.get("value")
    if isinstance(value, bool | int | float):
        value = str(value)
    if name == "Attribute" and "key" not in entry:
        return value
    if name == "Status" and isinstance(value, str):
        return METRICS.get(value, value)
    if name == "LoggingBehavior" and isinstance(value, str):
        return WORDS.get(value, value)
    namespace = entry.get("namespace")
    return _formula(value, namespace) if namespace else value


def _formula(value: Json, namespace: Json) -> Json:
    """A value of a namespace as the flow language says it: ``$.Attributes.name``."""
    if not isinstance(value, str) or not isinstance(namespace, str) or not namespace:
        return value
    return f"$.{NAMESPACES.get(namespace, namespace)}.{value}"


def _plain(value: Json) -> tuple[Json, str | None]:
    """A value and its namespace, from the words of the flow language."""
    if isinstance(value, str) and value.startswith("$.") and value.count(".") >= 2:
        namespace, _, name = value.removeprefix("$.").partition(".")
        return name, NAMESPACE_OF.get(namespace, namespace)
    return value, None


def compose(source: Source) -> Document:
    """The document of these steps: parts that nobody changed are those of the file."""
    modules: list[Json] = [step.raw["module"] for step in source.steps]
    document: Document = {"modules": modules} | source.rest
    if "start" in document or source.start:
        document["start"] = source.start
    return document


def raw_of(step: Step, before: Step | None) -> Document:
    """What the file says of a step: unchanged parts as they were, the rest put in its words."""
    known = cast("Document", before.raw["module"]) if before else {}
    module = BY_LANGUAGE_TYPE.get(step.type)
    if before is None and module is None:
        raise CXError("problem.import-no-such-step", node=step.name or step.id, kind=step.type)
    raw: Document = {**known, "id": step.id}
    if before is None and module is not None:
        raw |= {"type": module.type, "parameters": [], "branches": [], "metadata": {}}
        if module.target:
            raw["target"] = module.target
    if before is None or step.parameters != before.parameters:
        raw["parameters"] = list(_entries(step, before, raw, module))
    if before is None or step.ways != before.ways:
        raw["branches"] = list(_branches(step.ways, before, raw))
    if step.position is not None and (before is None or step.position != before.position):
        metadata = raw.get("metadata")
        x, y = step.position
        raw["metadata"] = {
            **(metadata if isinstance(metadata, dict) else {}),
            "position": {"x": x, "y": y},
        }
    return {"module": raw}


def _entries(
    step: Step, before: Step | None, raw: Document, module: Module | None
) -> Iterator[Json]:
    """The parameters of a module: those that did not change, then those that did."""
    paths = dict(module.parameters) if module else {}
    old = before.parameters if before else {}
    changed = {
        name for name, path in paths.items() if read(step.parameters, path) != read(old, path)
    }
    gathered = {"Messages": ("Text", "AudioPrompt"), "EventHooks": ("Type", "ContactFlowId")}
    for name, parts in gathered.items():
        if step.parameters.get(name) != old.get(name):
            changed.update(parts)
    if "ComparisonValue" in step.parameters and "Attribute" in changed:
        changed.add("Namespace")
    entries = raw.get("parameters")
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or entry.get("name") not in changed:
            yield entry
    yield from _new_entries(step.parameters, paths, changed)


def _new_entries(
    parameters: Document, paths: dict[str, tuple[str, ...]], changed: set[str]
) -> Iterator[Json]:
    for name in sorted(changed & paths.keys()):
        value = read(parameters, paths[name])
        if isinstance(value, dict):
            for key, each in value.items():
                plain, namespace = _plain(each)
                yield {"name": name, "key": key, "value": plain, "namespace": namespace}
        elif isinstance(value, str):
            yield from _entry(name, value)
    if "ContactFlowId" in changed:
        yield from _hook_entries(parameters.get("EventHooks"))
    if "AudioPrompt" in changed:
        yield from _message_entries(parameters.get("Messages"))


def _entry(name: str, value: str) -> Iterator[Json]:
    plain, namespace = _plain(value)
    if name == "Attribute":
        yield {"name": "Attribute", "value": plain}
        yield {"name": "Namespace", "value": namespace or "User Defined"}
    else:
        yield {"name": name, "value": _legacy_word(plain), "namespace": namespace}


def _hook_entries(hooks: Json) -> Iterator[Json]:
    for hook, flow in hooks.items() if isinstance(hooks, dict) else ():
        yield {"name": "Type", "value": hook}
        yield {"name": "ContactFlowId", "value": flow}


def _message_entries(messages: Json) -> Iterator[Json]:
    for message in messages if isinstance(messages, list) else ():
        for key, value in message.items() if isinstance(message, dict) else ():
            yield {"name": "AudioPrompt" if key == "PromptId" else "Text", "value": value}


def _legacy_word(value: Json) -> Json:
    words = {new: old for old, new in (WORDS | METRICS).items()}
    return words.get(value, value) if isinstance(value, str) else value


def _branches(ways: tuple[Way, ...], before: Step | None, raw: Document) -> Iterator[Json]:
    """The branches of a module: known ones with their present targets, then new ones."""
    entries = raw.get("branches")
    old = list(entries) if isinstance(entries, list) else []
    known = [
        (way._replace(target=""), entry)
        for way, entry in zip(before.ways if before else (), old, strict=False)
    ]
    for way in ways:
        bare = way._replace(target="")
        at = next((at for at, (other, _) in enumerate(known) if other == bare), None)
        entry = known.pop(at)[1] if at is not None else _branch(bare)
        yield {**(entry if isinstance(entry, dict) else {}), "transition": way.target}


def _branch(way: Way) -> Document:
    name = next((name for name, known in BRANCHES.items() if known == way), None)
    if name is not None:
        return {"condition": name}
    if way.role == "condition":
        return {
            "condition": "Evaluate",
            "conditionType": OPERATOR_OF.get(way.name, way.name),
            "conditionValue": way.value,
        }
    return {"condition": "Error" if way.role == "error" else "Success"}
