"""``cx-desktop flow run`` and ``test``: simulated calls of a flow file, without any network.

``run`` plays one call; exit code 1 says that it was cut off or went round in circles. ``test`` runs
the tests in the file; exit code 1 says that one has not passed. 2 is bad usage, or a file that
cannot be read. A file knows schedules by name only: they are open unless a test says otherwise.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from msgspec import Struct

from cx_desktop.cli.flow_files import FAILED, FOUND, flows_in
from cx_desktop.cli.telling import (
    HELP,
    JsonOption,
    LanguageOption,
    catalogue,
    faults_told,
    print_json,
    say,
)
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.analysis.witness import STARTED
from cx_desktop.domain.flow.behaviour import Digits, End, HangUp, Key, Silence, Stimulus
from cx_desktop.domain.flow.expressions import as_text
from cx_desktop.domain.flow.formats import Imported
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.references import references
from cx_desktop.domain.flow.simulate import Who, World, spelled, transcript
from cx_desktop.domain.flow.testing import (
    Act,
    Given,
    Ran,
    Result,
    Told,
    coverage,
    gone_through,
    met,
    play,
    possible_in,
    run_all,
)
from cx_desktop.domain.flow.testing.wording import told_of, with_names
from cx_desktop.text import Catalogue

app = typer.Typer()

#: How calls end that nobody meant to end so.
_BAD_ENDS = frozenset({End.DROPPED, End.STUCK})
_ZONE = "Europe/Paris"
#: How a turn of the caller is written that is no key.
_TURNS: dict[str, Stimulus] = {"-": Silence(), "": Silence(), "hangup": HangUp()}

FileArgument = Annotated[Path, typer.Argument(help=HELP.text("flow-check.help.file"))]


class LineReport(Struct, frozen=True):
    """One line of a call as ``run --json`` prints it."""

    seconds: float
    who: Who
    node: str
    message: str


class CallReport(Struct, frozen=True):
    """What ``run --json`` prints."""

    file: str
    end: str
    seconds: float
    lines: tuple[LineReport, ...]
    variables: dict[str, str]


class ExpectationReport(Struct, frozen=True):
    """One expectation as ``test --json`` prints it."""

    expected: str
    met: bool
    happened: str


class TestReport(Struct, frozen=True):
    """One test as ``test --json`` prints it."""

    __test__ = False  # not one of pytest's

    id: str
    name: str
    passed: bool
    left_over: int
    expectations: tuple[ExpectationReport, ...]


class SuiteReport(Struct, frozen=True):
    """What ``test --json`` prints; ``covered`` of ``exits`` were gone through by a test."""

    file: str
    passed: int
    failed: int
    covered: int
    exits: int
    tests: tuple[TestReport, ...]


@app.command("run", help=HELP.text("flow-run.help"))
def run_call(
    file: FileArgument,
    *,
    keys: Annotated[str, typer.Option(help=HELP.text("flow-run.help.keys"))] = "",
    at: Annotated[str, typer.Option(metavar="ISO", help=HELP.text("flow-run.help.at"))] = "",
    caller: Annotated[str, typer.Option(help=HELP.text("flow-run.help.caller"))] = "",
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Play one call of a flow."""
    texts = catalogue(language)
    with faults_told(texts, as_json=as_json, code=FAILED, file=file):
        flows = flows_in(file)
        given = Given(at=_moment(at), caller=caller)
    world, name = _world(flows)
    played = play(name, met(world, given), tuple(_turns(keys)))
    call = played.call
    lines = tuple(
        LineReport(round(line.at, 1), line.who, line.node, spelled(line, texts.text))
        for line in transcript(call)
    )
    end = call.end or End.STUCK
    if as_json:
        values = {key: as_text(value) for key, value in call.variables.items()}
        print_json(CallReport(str(file), end, round(call.cost.seconds, 1), lines, values))
    else:
        for line in lines:
            say(f"{_clock(line.seconds)}  {line.message}", sys.stdout)
    if end in _BAD_ENDS:
        raise typer.Exit(FOUND)


@app.command("test", help=HELP.text("flow-test.help"))
def run_tests(
    file: FileArgument, *, as_json: JsonOption = False, language: LanguageOption = None
) -> None:
    """Run the tests in a flow file."""
    texts = catalogue(language)
    with faults_told(texts, as_json=as_json, code=FAILED, file=file):
        flows = flows_in(file)
    world, name = _world(flows)
    ran = run_all(flows[0].flow, name, world)
    covered = gone_through(each.played.call for each in ran.results.values())
    exits = coverage(name, covered, possible_in(world.flows, name))
    report = SuiteReport(
        file=str(file),
        passed=sum(each.has_passed for each in ran.results.values()),
        failed=len(ran.failed),
        covered=len(exits.possible_exits) - len(exits.missing),
        exits=len(exits.possible_exits),
        tests=tuple(_reported(flows[0].flow, ran, texts)),
    )
    if as_json:
        print_json(report)
    else:
        _print_suite(report, texts)
    if report.failed:
        raise typer.Exit(FOUND)


def _world(flows: tuple[Imported, ...]) -> tuple[World, str]:
    """The world that a file alone makes, and the flow in it that calls come into."""
    named = {each.name or f"flow {number}": each.flow for number, each in enumerate(flows)}
    opening = {
        each.target: "open"
        for flow in named.values()
        for each in references(flow)
        if each.refers_to == "schedule"
    }
    return World(flows=named, started=STARTED, zone=_ZONE, schedules=opening), next(iter(named))


def _moment(said: str) -> datetime:
    if not said:
        return datetime.now(ZoneInfo(_ZONE))
    try:
        return datetime.fromisoformat(said)
    except ValueError as error:
        raise CXError("problem.not-a-moment", said=said) from error


def _turns(keys: str) -> Iterator[Act]:
    """What the caller does at each turn: a key, several, a dash for nothing, ``hangup``."""
    for turn in keys.split(",") if keys else ():
        typed = turn.strip()
        if typed in _TURNS:
            yield Act(_TURNS[typed])
        else:
            yield Act(Key(typed) if len(typed) == 1 else Digits(typed))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _reported(flow: Flow, ran: Ran, texts: Catalogue) -> Iterator[TestReport]:
    names = {str(key): node.title for key, node in flow.nodes.items() if node.title}
    for key, result in ran.results.items():
        yield TestReport(
            id=key,
            name=result.test.name,
            passed=result.has_passed,
            left_over=result.left_over,
            expectations=tuple(_judged(result, names, texts)),
        )
    for key in ran.unreadable:
        yield TestReport(id=key, name="", passed=False, left_over=0, expectations=())


def _judged(result: Result, names: dict[str, str], texts: Catalogue) -> Iterator[ExpectationReport]:
    def words(told: Told) -> str:
        told = with_names(told, {"node": names})
        terms = {name: texts.text(key) for name, key in told.terms.items()}
        return texts.text(told.key, **told.params, **terms)

    for each in result.verdicts:
        instead = words(each.instead) if each.instead is not None else ""
        yield ExpectationReport(words(told_of(each.expectation)), each.is_met, instead)


def _print_suite(report: SuiteReport, texts: Catalogue) -> None:
    for test in report.tests:
        verdict = texts.text("flow-test.passed" if test.passed else "flow-test.failed")
        say(f"{verdict} {test.name or test.id}", sys.stdout)
        for each in test.expectations:
            if not each.met:
                say(f"    {each.expected}", sys.stdout)
                say(f"    → {each.happened}", sys.stdout)
        if test.left_over:
            say(f"    {texts.plural('simulator.tests.left-over', test.left_over)}", sys.stdout)
    numbers = {"failed": report.failed, "covered": report.covered, "exits": report.exits}
    say(texts.plural("flow-test.sum", len(report.tests), **numbers), sys.stdout)
