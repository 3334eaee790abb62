"""The components of Call Flow Designer that we know, as data; code stays foreign, as it is."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.formats.threecx.markup import Component, packed
from cx_desktop.domain.flow.formats.threecx.values import (
    expression,
    our_name,
    plain,
    spoken,
    template,
)
from cx_desktop.domain.patch import Document, Json


class Known(NamedTuple):
    """What a component is to us: properties, and the formulas that could not be said."""

    props: Document
    lost: tuple[str, ...] = ()


class Rule(NamedTuple):
    """One type of component."""

    kind: str
    take: Callable[[Component], Known]
    branches: tuple[tuple[str, ...], ...] = ()
    """The exits of its branches, in their order."""
    onward: tuple[str, ...] = ("next",)
    """Exits that go on behind the component."""
    failing: tuple[str, ...] = ()
    """Exits that the error handler of the flow takes."""


def number(text: str, least: float, most: float) -> float | None:
    """A number that an attribute holds, within what a property allows."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text.strip()):
        return None
    value = min(max(float(text), least), most)
    return int(value) if value.is_integer() else value


def _without_gaps(**props: Json) -> Document:
    return {name: value for name, value in props.items() if value not in (None, "", [])}


def _is_on(component: Component, *names: str) -> bool:
    return component.get(*names).lower() == "true"


def _play(component: Component) -> Known:
    prompt = spoken(component.get("PromptList"))
    barge_in = _is_on(component, "AcceptDtmfInput", "AllowDtmfInput")
    return Known({**_without_gaps(prompt=prompt.parts), "barge_in": barge_in}, prompt.lost)


def asking(component: Component, prefix: str = "") -> Known:
    """What components that ask have in common: prompts, tries, and how long they wait."""

    def get(*names: str) -> str:
        return component.get(*(prefix + name for name in names))

    prompt, again = spoken(get("InitialPromptList")), spoken(get("SubsequentPromptList"))
    tries = number(get("MaxRetryCount"), 1, 10)
    props = _without_gaps(
        prompt=prompt.parts,
        retry_prompts=[again.parts] if again.parts and again.parts != prompt.parts else [],
        first_digit_timeout=number(get("FirstDigitTimeout", "Timeout", "InputTimeout"), 0.5, 120),
        inter_digit_timeout=number(get("InterDigitTimeout", "DtmfTimeout"), 0.5, 60),
        max_no_input=tries,
        max_invalid=tries,
        max_tries=tries,
    )
    props["barge_in"] = get("AcceptDtmfInput", "AllowDtmfInput").lower() == "true"
    return Known(props, (*prompt.lost, *again.lost))


_STOPS = {"DigitPound": "#", "DigitStar": "*"}


def collecting(
    component: Component, prefix: str = "", variable: str = "", *, is_secret: bool = False
) -> Known:
    """Digits that are asked for."""
    asked = asking(component, prefix)
    least = number(component.get(f"{prefix}MinDigits"), 0, 64)
    most = number(component.get(f"{prefix}MaxDigits"), 1, 64)
    own = _without_gaps(
        variable=variable or f"{component.name}.Buffer",
        min_digits=least,
        max_digits=most,
        terminator=_STOPS.get(component.get(f"{prefix}StopDigit"), "none"),
        sensitive=is_secret or None,
    )
    return Known({**asked.props, **own}, asked.lost)


def _collect(component: Component) -> Known:
    return collecting(component)


def _voice_input(component: Component) -> Known:
    asked = asking(component)
    props = _without_gaps(
        engine=component.get("LanguageCode") or "3CX",
        prompt=asked.props.get("prompt"),
        outcomes=[{"id": "valid", "label": "Valid Input"}],
        speech_timeout=number(component.get("InputTimeout"), 0.5, 60),
        result_variable=f"{component.name}.RecognizedText",
    )
    return Known(props, asked.lost)


def _transfer(component: Component) -> Known:
    destination = component.get("Destination")
    said = expression(destination)
    return Known(
        {"number": plain(destination), "transfer_mode": "blind"},
        (said.lost,) if said.lost else (),
    )


def _mailbox(component: Component) -> Known:
    return Known({"box": plain(component.get("Destination"))})


def _record(component: Component) -> Known:
    greeting = spoken(component.get("PromptList"))
    mail = template(component.get("To")).text
    props = _without_gaps(
        box=mail or component.name,
        greeting=greeting.parts,
        max_length=number(component.get("MaxTime"), 5, 600),
        notify=mail if re.fullmatch(r"[^@\s{}]+@[^@\s{}]+", mail) else "",
    )
    props["beep"] = component.get("Beep").lower() != "false"
    props["terminator"] = "#" if _is_on(component, "TerminateByDtmf") else "none"
    return Known(props, greeting.lost)


def _assign(component: Component) -> Known:
    said = expression(component.get("Expression"))
    name = our_name(component.get("VariableName"))
    row: Json = {"variable": name, "expression": said.text}
    return Known({"assignments": [row]}, (said.lost,) if said.lost else ())


def _increment(component: Component) -> Known:
    name = our_name(component.get("VariableName"))
    sign = "-" if component.type.startswith("Decrement") else "+"
    return Known({"assignments": [{"variable": name, "expression": f"{name} {sign} 1"}]})


def _shared_set(component: Component) -> Known:
    name = f"global.{_word(component.get('PropertyName', 'Name'))}"
    said = expression(component.get("PropertyValue", "Value"))
    row: Json = {"variable": name, "expression": said.text}
    props: Document = {"assignments": [row], "scope": "persistent"}
    return Known(props, (said.lost,) if said.lost else ())


def _shared_get(component: Component) -> Known:
    name = f"global.{_word(component.get('PropertyName', 'Name'))}"
    row: Json = {"variable": f"{component.name}.PropertyValue", "expression": name}
    return Known({"assignments": [row]})


def _word(formula: str) -> str:
    """A name that a formula gives, as part of the name of a variable."""
    return re.sub(r"\W+", "_", plain(formula)).strip("_") or "property"


def _call_data(component: Component) -> Known:
    name = f"data.{_word(component.get('DataName'))}"
    if component.type.startswith("Get"):
        return Known(
            {"assignments": [{"variable": f"{component.name}.DataValue", "expression": name}]}
        )
    said = expression(component.get("DataValue"))
    row: Json = {"variable": name, "expression": said.text}
    return Known({"assignments": [row]}, (said.lost,) if said.lost else ())


def _mapping(component: Component) -> list[Json]:
    return [
        {"path": entry.get("Path"), "variable": our_name(entry.get("Variable"))}
        for entry in packed(component.get("ResponseMappingsList", "OutputList"))
        if entry.get("Path") and entry.get("Variable")
    ]


def _timeout(component: Component) -> float | None:
    return number(component.get("Timeout"), 0.5, 30)


def _database(component: Component) -> Known:
    statement = component.get("SqlStatement")
    said = template(statement) if statement[:1] == '"' or "(" in statement.split(" ")[0] else None
    result = "QueryResult" if component.get("StatementType") == "Query" else "ScalarResult"
    props = _without_gaps(
        source="sql",
        query=said.text if said else statement,
        mapping=[{"path": result, "variable": f"{component.name}.{result}"}],
        lookup_timeout=_timeout(component),
    )
    return Known(props, (said.lost,) if said and said.lost else ())


def _web(component: Component) -> Known:
    uri, body = template(component.get("URI")), template(component.get("Content"))
    method = component.get("HttpRequestType").upper()
    headers: list[Json] = [
        {"name": entry.get("Name"), "value": template(entry.get("Value")).text}
        for entry in packed(component.get("HeaderList"))
        if entry.get("Name")
    ]
    result = "ResponseContent"
    props = _without_gaps(
        source="http",
        method=method if method in {"GET", "POST", "PUT", "PATCH", "DELETE"} else None,
        url=uri.text,
        body=body.text,
        headers=headers,
        mapping=[{"path": "$", "variable": f"{component.name}.{result}"}],
        lookup_timeout=_timeout(component),
    )
    return Known(props, tuple(filter(None, (uri.lost, body.lost))))


#: What says how a component looks, not what it asks for; and what nobody should read.
_NOT_ASKED = frozenset(
    {"Name", "Tag", "DebugModeActive", "Description", "Enabled", "ResponseMappingsList"}
)


def _request(component: Component) -> Known:
    """A component that asks the telephone system or a CRM: what it says is the query."""
    asked = (
        f"{name} = {plain(value)}"
        for name, value in component.attributes.items()
        if value and name not in _NOT_ASKED and "Password" not in name
    )
    kind = component.type.removesuffix("Component")
    mapping = _mapping(component) or _results(component)
    return Known(_without_gaps(source="crm", query="\n".join((kind, *asked)), mapping=mapping))


_RESULTS = {
    "FileManagementComponent": "Result",
    "TranscribeAudioComponent": "Transcript",
    "TcxGetDnPropertyComponent": "PropertyValue",
    "TcxGetExtensionStatusComponent": "CurrentProfileName",
    "CryptographyComponent": "Result",
}


def _results(component: Component) -> list[Json]:
    result = _RESULTS.get(component.type)
    return [{"path": result, "variable": f"{component.name}.{result}"}] if result else []


def _function(component: Component) -> Known:
    name = ".".join(
        filter(None, (component.get("ClassName", "ObjectType"), component.get("MethodName")))
    )
    props = _without_gaps(
        source="function",
        function=name or component.get("LibraryFileName"),
        mapping=[{"path": "ReturnValue", "variable": f"{component.name}.ReturnValue"}],
    )
    return Known(props)


def _subflow(component: Component) -> Known:
    path = component.get("RelativeFilePath", "FilePath")
    inputs: list[Json] = []
    lost: list[str] = []
    for entry in packed(component.get("PublicProperties")):
        if entry.get("Name") and entry.get("Value"):
            said = expression(entry.get("Value"))
            inputs.append({"variable": entry.get("Name"), "expression": said.text})
            lost.append(said.lost)
    flow = re.split(r"[\\/]", path)[-1].removesuffix(".comp")
    return Known(_without_gaps(flow=flow, inputs=inputs), tuple(filter(None, lost)))


def _mail(component: Component) -> Known:
    to, subject = template(component.get("To")), template(component.get("Subject"))
    body, sender = template(component.get("Body")), template(component.get("From"))
    props = _without_gaps(
        email_to=to.text,
        subject=subject.text,
        message=body.text,
        email_from=sender.text if "{" not in sender.text else "",
    )
    return Known(props, tuple(filter(None, (to.lost, subject.lost, body.lost))))


def _log(component: Component) -> Known:
    said = template(component.get("Text"))
    return Known({"label": said.text or component.name}, (said.lost,) if said.lost else ())


def _make_call(component: Component) -> Known:
    number_, origin = component.get("Destination"), component.get("Origin")
    props = _without_gaps(
        number=plain(number_),
        ring_timeout=number(component.get("Timeout", "TimeoutSeconds"), 5, 120),
    )
    return Known({**props, "detect_machine": False, "presented_number": plain(origin)})


def _nothing(_component: Component) -> Known:
    return Known({})


_INPUT = (("ok",), ("no_input", "invalid", "max_tries"))
_LOOKED_UP = ("ok", "not_found")
_FAILED = ("http_error", "timeout")
_KEPT = (("recorded",), ("empty",))


def _lookup(take: Callable[[Component], Known]) -> Rule:
    return Rule("lookup", take, (), _LOOKED_UP, _FAILED)


_REQUEST = _lookup(_request)

COMPONENTS: Mapping[str, Rule] = {
    "PromptPlaybackComponent": Rule("play", _play),
    "UserInputComponent": Rule("collect", _collect, _INPUT, ()),
    "VoiceInputComponent": Rule(
        "voicebot", _voice_input, (("case:valid",), ("no_match", "no_input", "error")), ()
    ),
    "TransferComponent": Rule("transfer_number", _transfer, (), ("failed",)),
    "RecordComponent": Rule("voicemail", _record, _KEPT, ("recorded", "empty"), ("error",)),
    "RecordAndEmailComponent": Rule("voicemail", _record, _KEPT, ("recorded", "empty"), ("error",)),
    "VariableAssignmentComponent": Rule("set_var", _assign),
    "IncrementVariableComponent": Rule("set_var", _increment),
    "DecrementVariableComponent": Rule("set_var", _increment),
    "TcxSetGlobalPropertyComponent": Rule("set_var", _shared_set),
    "TcxGetGlobalPropertyComponent": Rule("set_var", _shared_get),
    "AttachCallDataComponent": Rule("set_var", _call_data),
    "GetAttachedCallDataComponent": Rule("set_var", _call_data),
    "DatabaseAccessComponent": _lookup(_database),
    **dict.fromkeys(
        ("WebInteractionComponent", "WebServiceRestComponent", "WebServicesInteractionComponent"),
        _lookup(_web),
    ),
    "ExternalCodeExecutionComponent": _lookup(_function),
    **dict.fromkeys(
        (
            "CRMLookupComponent",
            "FileManagementComponent",
            "JsonXmlParserComponent",
            "TranscribeAudioComponent",
            "TextAnalyzerComponent",
            "SocketClientComponent",
        ),
        _REQUEST,
    ),
    "UserComponent": Rule("subflow", _subflow, (), ("next",), ("error",)),
    "EMailSenderComponent": Rule("send_email", _mail, (), ("sent", "failed")),
    "LoggerComponent": Rule("log", _log),
    "MakeCallComponent": Rule("outbound_call", _make_call, (), ("answered", "failed")),
    "DisconnectCallComponent": Rule("hangup", _nothing, (), ()),
}
_MAILBOX = Rule("voicemail", _mailbox, (), ("recorded", "empty"), ("error",))
_ASKS = re.compile(r"Tcx\w+Component")


def rule_of(component: Component) -> Rule | None:
    """The rule for a component, if we know its type."""
    if component.type == "TransferComponent" and _is_on(component, "TransferToVoicemail"):
        return _MAILBOX
    known = COMPONENTS.get(component.type)
    return known or (_REQUEST if _ASKS.fullmatch(component.type) else None)
