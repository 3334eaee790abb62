"""``docs/cli.md`` says what the command line takes and prints, from its own declarations.

``python -m tests.cli.test_reference`` writes it anew.
"""

import enum
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import msgspec
import typer

from cx_desktop.cli import (
    backup,
    emergency,
    escrow,
    flow,
    flow_calls,
    flow_convert,
    flow_versions,
    project,
    project_reports,
    restore,
    sync,
    telling,
)
from tests.text.test_catalogue import ENGLISH, FRENCH

PAGE = Path(__file__).parent.parent.parent / "docs" / "cli.md"

GROUPS = (flow, project, emergency, escrow)
#: Verbs without verbs below them.
SINGLES = (backup, restore, sync)

#: What a verb prints on standard error on its way, with ``--json``, an object a line.
PROGRESS = {"sync": (sync.SyncEvent, sync.RepairEvent)}

#: What each verb prints with ``--json``, and what its exit codes say.
VERBS: dict[str, tuple[type[msgspec.Struct], str]] = {
    "flow check": (flow.Report, "0 nothing but information, 1 findings, 2 error"),
    "flow convert": (flow_convert.ConvertReport, "0 done, 2 error"),
    "flow document": (flow_convert.ConvertReport, "0 done, 2 error"),
    "flow diff": (flow_versions.DiffReport, "0 callers notice nothing, 1 they do, 2 error"),
    "flow merge": (flow_versions.MergeReport, "0 clean, 1 somebody has to decide, 2 error"),
    "flow run": (flow_calls.CallReport, "0 done, 1 the call was cut off or went round, 2 error"),
    "flow test": (flow_calls.SuiteReport, "0 passed, 1 a test has not, 2 error"),
    "escrow list": (escrow.EscrowReport, "0 done, 1 error, 2 bad usage"),
    "escrow open": (escrow.OpenedReport, "0 done, 1 error, 2 bad usage"),
    "project export": (project_reports.ExportReport, "0 done, 1 error"),
    "project check": (
        project_reports.CheckReport,
        "0 nothing but information, 2 something, 1 error",
    ),
    "project plan": (project_reports.PlanReport, "0 nothing would change, 2 changes, 1 error"),
    "project apply": (project_reports.ApplyReport, "0 done, 2 not agreed to, 1 error"),
    "project import": (project_reports.ApplyReport, "0 done, 2 not agreed to, 1 error"),
    "emergency status": (emergency.StatusReport, "0 nothing is closed, 2 something is, 1 error"),
    "emergency close": (emergency.ActReport, "0 done, 2 not agreed to, 1 error"),
    "emergency reopen": (emergency.ActReport, "0 done, 2 not agreed to, 1 error"),
    "backup": (backup.BackupReport, "0 done, 1 it could not be done, 2 bad usage"),
    "restore": (restore.RestoreReport, "0 done, 1 it could not be done, 2 bad usage"),
    "sync": (
        sync.SyncReport,
        "0 everything is synced, 2 something waits for a person, 1 error, or ended before",
    ),
}

INTRODUCTION = """\
# The command line

Made from the declarations in `cx_desktop/cli/` by `python -m tests.cli.test_reference`.

In the place of a flow file, `-` is standard input or standard output. With `--json` a verb prints
one JSON object, whose shape stands below and only ever gains fields. What goes wrong is told on
standard error, with `--json` as one object of one shape:

```
{"error": {"type": "…/problems/<name>", "title": "…", "detail": "what to do",
           "file": "…", "line": 3}}
```

## A project as a folder

| In the folder | Says |
|---|---|
| `project.yaml` | `format: 1`, the project's name, time zone and subscribed features |
| `numbers.yaml` | each number, its label, and the flow that answers it |
| `flows/*.yaml` | a flow each, in our format ([flows](flows.md)) |
| `schedules/*.yaml` | `name`, `description`, and below `schedule:` what it is |
| `queues/*.yaml` | the same with `queue:` |
| `forms/*.yaml` | the same with `form:`: sections and questions by which calls are judged |
| `prompts/*.yaml`, `prompts/*.wav` | the same with `prompt:`, and its sounds beside it |

A sound may be replaced by any file of sound: it is converted for the telephone and measured anew.
Objects are called by their names, within their type and wherever they refer to each other; give an
object another name in the program, not in its file, or it is a new object. Files may be called as
you like: an export leaves an object in the file where it stood. Other files in the folder are left
alone. Nothing is ever deleted on the service.

`plan` and `apply` ask the service; what was planned with `--out` is applied exactly, or refused
once anything that matters has changed. A run that broke off is continued by running it again.
`apply` changes drafts; with `--publish` callers hear them, flows together with the newer versions
of the prompts they play, and numbers lead where `numbers.yaml` says. Numbers themselves and their
labels are the operator's; what the contract has subscribed is told, not changed.

## Other products' files

`flow convert FILE DIR/`, `project export DIR --from FILE` and `project import FILE` take every flow
of a file. Hours that a dialplan of Asterisk or FreeSWITCH or a 3CX designer writes out become
schedules beside the flows where they are certain: days of the week with times, over midnight too,
in a time zone. Days of a month, months of every year and hours that are known only during a call
are told instead. Nobody has decided on public holidays there, so nobody has in these schedules.

## Signing in

`--credentials-file` names a file that only its owner can read (mode 0600):

```
server: https://cx.example
username: claire.martin
password: …
totp_secret: …
```

The environment variable `CX_DESKTOP_CREDENTIALS` may name it instead. What the file does not say
is asked at the terminal. Secrets are never arguments, nor in the environment, in logs or in plans.
A verification code counts once: where a run needs one too many, it waits for the next, 30 seconds
at most. `export` and `import` without `--online` ask for the password alone and open this device's
copy, with the window closed.

`sync` keeps its session in the profile, so that it needs a code at its first run only, or when the
session is over. The device's key and secret, for which a window has the key ring, are kept beside
the credentials' file under its name with `.device` (mode 0600); the profile's folder alone opens
nothing. One program at a time works on a profile: the second is refused.
"""


def in_english(text: str | None) -> str:
    """A help text as the English catalogue says it, whatever this computer speaks."""
    for texts in (ENGLISH, FRENCH):
        for key, forms in texts.items():
            if forms[0] == text:
                return ENGLISH[key][0]
    return text or ""


def type_name(kind: object) -> str:
    """A type as readers of JSON call it."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return f"[{type_name(inside[0])}]"
    if origin is dict:
        return f"{{{type_name(inside[0])}: {type_name(inside[1])}}}"
    if origin is types.UnionType or origin is typing.Union:
        return " or ".join(type_name(each) for each in inside)
    names = {str: "text", int: "number", float: "number", bool: "true or false", object: "anything"}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return " or ".join(f'"{each.value}"' for each in kind)
    if isinstance(kind, type):
        return names.get(kind, "null" if kind is types.NoneType else kind.__name__)
    return str(kind)


def structs(shape: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """A shape and those inside it."""
    yield shape
    for kind in typing.get_type_hints(shape).values():
        for each in (kind, *typing.get_args(kind)):
            if isinstance(each, type) and issubclass(each, msgspec.Struct):
                yield from structs(each)


def fields(shape: type[msgspec.Struct]) -> str:
    return ", ".join(
        f"{name}: {type_name(kind)}" for name, kind in typing.get_type_hints(shape).items()
    )


def options(command: object) -> Iterator[str]:
    for each in command.params:  # type: ignore[attr-defined]  # typer's commands have no public type
        if each.name == "help":
            continue
        is_option = each.param_type_name == "option"
        called = (
            ", ".join(f"`{word}`" for word in each.opts)
            if is_option
            else f"`{each.metavar or each.name.upper()}`"
        )
        yield f"| {called} | {in_english(each.help)} |"


def section(verb: str, command: object) -> list[str]:
    shape, codes = VERBS[verb]
    lines = [in_english(command.help), ""]  # type: ignore[attr-defined]  # as above
    lines += [f"Exit codes: {codes}.", "", "| | |", "|---|---|", *options(command), ""]
    known = dict.fromkeys(structs(shape))
    lines += ["```", *(f"{each.__name__}: {fields(each)}" for each in known), "```", ""]
    if verb in PROGRESS:
        lines += ["On its way, on standard error, an object a line:", ""]
        told = dict.fromkeys(each for shape in PROGRESS[verb] for each in structs(shape))
        lines += ["```", *(f"{each.__name__}: {fields(each)}" for each in told), "```", ""]
    return lines


def page() -> str:
    lines = [INTRODUCTION]
    for module in GROUPS:
        group = typer.main.get_command(module.app)
        lines += [f"## cx-desktop {group.name}", "", in_english(group.help), ""]
        for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]  # as above
            lines += [f"### {group.name} {name}", "", *section(f"{group.name} {name}", command)]
    for module in SINGLES:
        command = typer.main.get_command(module.app)
        lines += [f"## cx-desktop {command.name}", "", *section(str(command.name), command)]
    return "\n".join(lines).rstrip() + "\n"


def test_the_page_of_the_command_line_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.cli.test_reference"


def test_every_verb_says_what_it_prints() -> None:
    told = {
        f"{group.name} {name}"
        for group in (typer.main.get_command(module.app) for module in GROUPS)
        for name in group.commands  # type: ignore[attr-defined]  # as above
    }
    told |= {str(typer.main.get_command(module.app).name) for module in SINGLES}
    assert told == set(VERBS)


def test_every_verb_takes_json_and_a_language() -> None:
    for module in GROUPS:
        for command in typer.main.get_command(module.app).commands.values():  # type: ignore[attr-defined]
            words = {word for each in command.params for word in each.opts}
            assert {"--json", "--language"} <= words, command.name
    for module in SINGLES:
        command = typer.main.get_command(module.app)
        assert {"--json", "--language"} <= {word for each in command.params for word in each.opts}


def test_an_error_has_one_shape() -> None:
    assert list(typing.get_type_hints(telling.Failed)) == ["error"]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
