"""A file on its way in: what is understood, what is refused and where, and stopping half-way."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.formats.naming import readable
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.layout.metrics import Box, size_of
from cx_desktop.domain.flow.references import Context, references
from cx_desktop.models.import_flow import FlowImport, Preview, Understood, chosen
from cx_desktop.ports import RandomIds
from cx_desktop.tasks import Tasks
from tests.fakes.clock import FakeClock

CONNECT = {
    "Version": "2019-10-30",
    "StartAction": "hello",
    "Metadata": {"entryPointPosition": {"x": 0, "y": 0}, "ActionMetadata": {}},
    "Actions": [
        {
            "Identifier": "hello",
            "Type": "MessageParticipant",
            "Parameters": {"Text": "Bonjour"},
            "Transitions": {
                "NextAction": "strange",
                "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}],
                "Conditions": [],
            },
        },
        {
            "Identifier": "strange",
            "Type": "SomethingOfTomorrow",
            "Parameters": {"A": "1"},
            "Transitions": {"NextAction": "bye", "Errors": [], "Conditions": []},
        },
        {
            "Identifier": "bye",
            "Type": "DisconnectParticipant",
            "Parameters": {},
            "Transitions": {},
        },
    ],
}

FLOW = Flow(
    nodes={
        NodeId("start"): Node(NodeId("start"), "start"),
        NodeId("queue"): Node(
            NodeId("queue"), "transfer_queue", props={"queue": "Ventes"}, x=720.0
        ),
    },
    links={NodeId("start"): {ExitId("next"): NodeId("queue")}},
)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    tasks = Tasks(parent=qapp)
    yield tasks
    tasks.close()


@pytest.fixture
def importing(tasks: Tasks) -> FlowImport:
    return FlowImport(
        context=Context, tasks=tasks, ids=RandomIds(FakeClock()), may_make_schedules=lambda: True
    )


#: Two contexts that ask the same hours.
DIALPLAN = """
[boutique]
exten => s,1,Answer()
 same => n,GotoIfTime(09:00-18:00,mon-fri,*,*?open)
 same => n,Playback(ferme)
 same => n,Hangup()
 same => n(open),Dial(SIP/100)
 same => n,Hangup()
"""


def all_understood(importing: FlowImport, path: Path, qtbot: QtBot) -> Understood:
    with qtbot.waitSignal(importing.understood, timeout=10_000) as told:
        importing.read(path)
    assert told.args is not None
    found: Understood = told.args[0]
    return found


def understood(importing: FlowImport, path: Path, qtbot: QtBot) -> Preview:
    found = all_understood(importing, path, qtbot)
    assert found.is_single
    return found.flows[0]


def refused(importing: FlowImport, path: Path, qtbot: QtBot) -> CXError:
    with qtbot.waitSignal(importing.failed, timeout=10_000) as told:
        importing.read(path)
    assert told.args is not None
    error: CXError = told.args[0]
    return error


def test_a_connect_flow_is_counted_drawn_and_its_strange_step_told(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "Accueil export"
    path.write_bytes(msgspec.json.encode(CONNECT))
    preview = understood(importing, path, qtbot)
    assert preview.format == "connect-flowlang"
    assert preview.foreign == 1
    assert dict(preview.kinds)["play"] == 1
    assert [note.key for note in preview.notes if note.node == "strange"]
    boxes = [
        Box(node.x, node.y, node.x + size_of(node)[0], node.y + size_of(node)[1])
        for node in preview.flow.nodes.values()
    ]
    assert not any(one.overlaps(other) for one in boxes for other in boxes if one is not other)
    assert preview.routes


def test_a_file_of_ours_keeps_its_places_and_its_name(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "export.yaml"
    path.write_bytes(cx.write(FLOW, name="Accueil"))
    preview = understood(importing, path, qtbot)
    assert (preview.format, preview.name, preview.foreign) == ("cx", "Accueil", 0)
    assert preview.flow.nodes[NodeId("queue")].x == 720.0


def test_names_in_a_file_become_objects_of_the_project(
    tasks: Tasks, tmp_path: Path, qtbot: QtBot
) -> None:
    context = Context(queues={"q-1": "Ventes"})
    importing = FlowImport(
        context=lambda: context,
        tasks=tasks,
        ids=RandomIds(FakeClock()),
        may_make_schedules=lambda: True,
    )
    path = tmp_path / "export.yaml"
    path.write_bytes(cx.write(FLOW, name="Accueil"))
    preview = understood(importing, path, qtbot)
    assert preview.flow.nodes[NodeId("queue")].props["queue"] == "q-1"


def test_a_file_that_is_no_flow_is_refused_with_its_place(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rien.json"
    path.write_text('{"Actions": [', encoding="utf-8")
    error = refused(importing, path, qtbot)
    assert error.key.startswith("problem.import-")


def test_a_file_that_went_away_is_explained(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    error = refused(importing, tmp_path / "parti.json", qtbot)
    assert error.key == "problem.file-unreadable"
    assert error.params["name"] == "parti.json"


def test_a_huge_file_is_refused_before_it_is_read(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "grand.json"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert refused(importing, path, qtbot).key == "problem.import-too-large"


def test_what_was_cancelled_is_never_delivered(
    importing: FlowImport, tasks: Tasks, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "accueil.json"
    path.write_bytes(msgspec.json.encode(CONNECT))
    heard: list[object] = []
    importing.understood.connect(heard.append)
    importing.read(path)
    importing.cancel()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert heard == []


TEMPLATE = Path(__file__).parent.parent / "data" / "connect" / "template.yaml"


def test_the_flows_of_a_template_come_together_and_lead_to_each_other(
    importing: FlowImport, qtbot: QtBot
) -> None:
    found = all_understood(importing, TEMPLATE, qtbot)
    day, night = found.flows
    assert (day.name, night.name) == ("Jour", "Nuit")
    assert [each.target for each in references(day.flow)] == [night.id]


def test_a_flow_taken_without_the_other_calls_it_what_the_file_called_it(
    importing: FlowImport, qtbot: QtBot
) -> None:
    found = all_understood(importing, TEMPLATE, qtbot)
    (alone,) = chosen(found.flows[:1])
    assert [each.target for each in references(alone.flow)] == ["${Night}"]
    both = chosen(found.flows)
    assert [each.target for each in references(both[0].flow)] == [found.flows[1].id]


@pytest.mark.parametrize(
    ("reference", "identity"),
    [
        ("${aws_connect_contact_flow.night.contact_flow_id}", ""),
        ("arn:aws:connect:eu-west-3:1:instance/2/contact-flow/n-1", "n-1"),
    ],
)
def test_flows_of_a_terraform_file_or_an_answer_find_each_other(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot, reference: str, identity: str
) -> None:
    leave = {"Identifier": "a", "Type": "TransferToFlow", "Transitions": {}}
    day = leave | {"Parameters": {"ContactFlowId": reference}}
    texts = [
        msgspec.json.encode({"Version": "2019-10-30", "StartAction": "a", "Actions": actions})
        for actions in ([day], [])
    ]
    flows = {
        "day": {"name": "Day", "content": texts[0].decode()},
        "night": {"name": "Night", "Id": identity, "content": texts[1].decode()},
    }
    path = tmp_path / "main.tf.json"
    path.write_bytes(msgspec.json.encode({"resource": {"aws_connect_contact_flow": flows}}))
    found = all_understood(importing, path, qtbot)
    assert [each.name for each in found.flows] == ["Day", "Night"]
    assert [each.target for each in references(found.flows[0].flow)] == [found.flows[1].id]


def test_the_name_of_a_file_is_made_readable_and_unique(
    tasks: Tasks, tmp_path: Path, qtbot: QtBot
) -> None:
    context = Context(flows={"f-1": "Accueil du soir"})
    importing = FlowImport(
        context=lambda: context,
        tasks=tasks,
        ids=RandomIds(FakeClock()),
        may_make_schedules=lambda: True,
    )
    path = tmp_path / "accueil_du_soir.json"
    path.write_bytes(msgspec.json.encode(CONNECT))
    assert understood(importing, path, qtbot).name == "Accueil du soir 2"


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("language.json", "Language"),
        ("001 Context - Main.JSON", "001 Context - Main"),
        ("flow.json.tftpl", "Flow"),
        ("v1.2_accueil.yaml", "V1.2 accueil"),
        ("x" * 300 + ".json", "X" + "x" * 99),
        (".json", ""),
    ],
)
def test_file_names_become_names(filename: str, name: str) -> None:
    assert readable(filename) == name


def test_hours_that_a_file_writes_out_become_schedules(
    importing: FlowImport, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "extensions.conf"
    path.write_text(DIALPLAN)
    preview = understood(importing, path, qtbot)
    (made,) = preview.schedules
    asked = [each.target for each in references(preview.flow) if each.refers_to == "schedule"]
    assert asked == [made.id]
    assert made.draft["weekly"]
    assert "import.hours-made" in {note.key for note in preview.notes}


def test_hours_are_left_to_those_who_may_make_schedules(
    tasks: Tasks, tmp_path: Path, qtbot: QtBot
) -> None:
    ids = RandomIds(FakeClock())
    importing = FlowImport(context=Context, tasks=tasks, ids=ids, may_make_schedules=lambda: False)
    path = tmp_path / "extensions.conf"
    path.write_text(DIALPLAN)
    preview = understood(importing, path, qtbot)
    assert preview.schedules == ()
    assert "import.asterisk-hours" in {note.key for note in preview.notes}


def test_a_schedule_of_the_same_name_is_taken_as_it_is(
    tasks: Tasks, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "extensions.conf"
    path.write_text(DIALPLAN)
    ids = RandomIds(FakeClock())
    first = FlowImport(context=Context, tasks=tasks, ids=ids, may_make_schedules=lambda: True)
    (made,) = understood(first, path, qtbot).schedules
    context = Context(schedules={"s-1": made.name})
    again = FlowImport(
        context=lambda: context, tasks=tasks, ids=ids, may_make_schedules=lambda: True
    )
    preview = understood(again, path, qtbot)
    assert preview.schedules == ()
    assert [each.target for each in references(preview.flow) if each.refers_to == "schedule"] == [
        "s-1"
    ]
