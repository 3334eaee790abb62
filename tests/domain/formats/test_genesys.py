"""Flows of Genesys Architect: a tree of actions, read as the graph that callers walk."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cx_desktop.domain.flow.formats import Imported, Unreadable, cx
from cx_desktop.domain.flow.formats.detect import read_all, read_any
from cx_desktop.domain.flow.formats.genesys import plain_yaml_of
from cx_desktop.domain.flow.formats.incoming import yaml_of
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.layout import has_overlaps
from cx_desktop.domain.patch import Json
from tests.domain.formats.samples import DATA, real

OWN = DATA / "genesys"
RECEPTION = read_all((OWN / "reception.yaml").read_bytes())
QUEUE = read_any((OWN / "queue.yaml").read_bytes())
FLOW = RECEPTION[0].flow
TASK = RECEPTION[1].flow


def corpus() -> list[Path]:
    return [each.path for each in real() if each.format == "genesys-architect"]


def steps_in(value: Json) -> Iterator[str]:
    """The type of every action, choice, menu, task and state below a place of a file."""
    if isinstance(value, list):
        for each in value:
            yield from steps_in(each)
    elif isinstance(value, dict):
        for key, inside in value.items():
            if key in {"actions", "choices", "menus", "tasks", "states"}:
                for each in inside if isinstance(inside, list) else ():
                    yield next(iter(each))
            yield from steps_in(inside)


def titled(flow: Flow, title: str, kind: str = "") -> Node:
    return next(
        node for node in flow.nodes.values() if node.title == title and kind in ("", node.kind)
    )


def behind(flow: Flow, node: Node, way: str) -> Node:
    return flow.nodes[flow.links[node.id][ExitId(way)]]


def kept(notes: Imported) -> set[str]:
    return {each.key for each in notes.notes}


def flow_of(actions: str, before: str = "") -> Flow:
    """A flow of one task with these actions, each line of which is indented as it stands."""
    inside = "\n".join(f"          {line}" for line in actions.strip("\n").splitlines())
    text = (
        f"inboundCall:\n  name: Test\n{before}"
        '  startUpRef: "/inboundCall/tasks/task[t]"\n'
        f"  tasks:\n    - task:\n        name: Main\n        refId: t\n        actions:\n{inside}\n"
    )
    return read_any(text.encode()).flow


def test_a_call_is_greeted_and_comes_to_where_the_flow_says_it_starts() -> None:
    start = FLOW.nodes[FLOW.start or NodeId("")]
    variables = behind(FLOW, start, "next")
    assert variables.props["assignments"] == [
        {"variable": "Flow.dossier", "expression": '""'},
        {"variable": "Flow.essais", "expression": "0"},
    ]
    greeting = behind(FLOW, variables, "next")
    assert greeting.props["prompt"] == [{"type": "text", "text": "Bonjour, clinique des Tilleuls."}]
    assert behind(FLOW, greeting, "next").title == "Ouverture"


def test_an_output_that_the_file_leaves_out_goes_on_behind_its_action() -> None:
    hours = titled(FLOW, "Horaires")
    assert behind(FLOW, hours, "closed").kind == "voicemail"
    assert behind(FLOW, hours, "holiday").kind == "hangup"
    assert behind(FLOW, hours, "open").title == "Au menu"
    assert behind(FLOW, hours, "exceptional").title == "Au menu"


def test_what_comes_behind_a_branch_is_what_follows_the_action_that_branched() -> None:
    flow = flow_of(
        """
- decision:
    name: Ask
    condition:
      exp: Flow.a == "1"
    outputs:
      yes:
        actions:
          - playAudio:
              name: Inside
              audio:
                tts: One
- disconnect:
    name: Bye
"""
    )
    ask = titled(flow, "Ask")
    assert behind(flow, ask, "case:yes").title == "Inside"
    assert behind(flow, titled(flow, "Inside"), "next").title == "Bye"
    assert behind(flow, ask, "default").title == "Bye"
    assert ask.props["operand"] == "Flow.a"
    assert ask.props["cases"] == [{"id": "yes", "label": "", "operator": "equals", "value": "1"}]


def test_a_menu_has_its_keys_its_tries_and_its_words() -> None:
    menu = titled(FLOW, "Menu principal")
    assert menu.props["keys"] == ["1", "2", "*", "#", "0"]
    assert menu.props["first_digit_timeout"] == 8
    assert menu.props["max_tries"] == 3
    assert menu.props["barge_in"] is False
    assert menu.props["prompt"] == [
        {"type": "ssml", "text": '<speak><break time="300ms"/></speak>'},
        {"type": "text", "text": "Urgence, tapez 1. Dossier, tapez 2."},
    ]
    assert {"import.genesys-global-key", "import.genesys-speech-kept"} <= kept(RECEPTION[0])


def test_a_menu_within_a_menu_leads_back_to_it() -> None:
    inner = titled(FLOW, "Autres")
    back = behind(FLOW, inner, "key_9")
    assert back.kind == "goto_node"
    assert back.props["target"] == titled(FLOW, "Menu principal").id
    again = behind(FLOW, titled(FLOW, "Menu principal"), "key_#")
    assert again.props["target"] == titled(FLOW, "Menu principal").id


def test_a_menu_of_spoken_words_alone_is_a_voicebot_with_its_choices() -> None:
    text = b"""
outboundCall:
  startUpRef: ./menus/menu[m]
  menus:
    - menu:
        refId: m
        name: Yes or no
        choices:
          - menuDisconnect:
              name: "No"
              speechRecTerms: {en-us: {terms: ["no"]}}
"""
    bot = titled(read_any(text).flow, "Yes or no")
    assert bot.kind == "voicebot"
    assert behind(read_any(text).flow, bot, "case:c1").kind == "hangup"


def test_nobody_answering_is_told_before_the_call_goes_on() -> None:
    queue = titled(FLOW, "Urgence")
    assert queue.props["queue"] == "Urgences"
    flow = flow_of(
        """
- transferToAcd:
    name: Queue
    targetQueue: {lit: {name: Q}}
    failureTransferAudio: {tts: Sorry}
    outputs:
      failure:
        actions:
          - disconnect:
              name: Bye
"""
    )
    said = behind(flow, titled(flow, "Queue"), "failed")
    assert said.props["prompt"] == [{"type": "text", "text": "Sorry"}]
    assert behind(flow, said, "next").title == "Bye"


def test_a_message_left_ends_the_call() -> None:
    box = titled(FLOW, "Répondeur")
    assert box.props["box"] == "Secrétariat"
    assert behind(FLOW, box, "recorded").kind == "hangup"


def test_the_error_handler_becomes_that_of_the_flow() -> None:
    said = FLOW.nodes[NodeId(str(FLOW.meta["on_error"]))]
    assert said.props["prompt"] == [{"type": "text", "text": "Un incident est survenu."}]
    assert behind(FLOW, said, "next").props["queue"] == "Secours"


def test_a_called_task_is_a_flow_with_an_exit_for_each_way_it_ends() -> None:
    call = titled(FLOW, "Demander le dossier")
    assert call.kind == "subflow"
    assert call.props["flow"] in RECEPTION[1].handles
    assert behind(FLOW, call, "case:default").title == "Trouvé"
    assert behind(FLOW, call, "case:Inconnu").title == "Inconnu"
    assert behind(FLOW, call, "case:to.Menu_20").title == "Menu principal"
    outcomes = {node.props.get("outcome") for node in TASK.nodes.values() if node.kind == "return"}
    assert outcomes == {"default", "Inconnu", "to.Menu_20"}


def test_a_called_task_is_not_drawn_in_the_flow_that_calls_it() -> None:
    assert RECEPTION[1].name == "Accueil clinique · Dossier"
    assert not any(node.title == "Numéro" for node in FLOW.nodes.values())


def test_two_tasks_that_call_each_other_are_read() -> None:
    def task(name: str, other: str) -> str:
        return f"""
    - task:
        name: {name}
        refId: {name}
        actions:
          - callTask:
              name: Call {other}
              targetTaskRef: "/inboundCall/tasks/task[{other}]"
          - jumpToMenu:
              targetMenuRef: "/inboundCall/menus/menu[m]"
"""

    menu = "inboundCall:\n  name: X\n  menus:\n    - menu:\n        refId: m\n"
    text = f"{menu}  tasks:{task('a', 'b')}{task('b', 'a')}"
    flows = read_all(text.encode())
    assert [each.name for each in flows] == ["X", "X · a", "X · b"]
    for each in flows[1:]:
        call = next(node for node in each.flow.nodes.values() if node.kind == "subflow")
        assert behind(each.flow, call, "case:to.m").kind == "return"


def test_tasks_that_all_call_each_other_without_end_are_refused() -> None:
    tasks = "".join(
        f"    - task:\n        refId: t{at}\n        actions:\n"
        f"          - callTask: {{targetTaskRef: 'task[t{(at + 1) % 100}]'}}\n"
        f"          - jumpToMenu: {{targetMenuRef: 'menu[m{at}]'}}\n"
        for at in range(100)
    )
    menus = "".join(f"    - menu: {{refId: m{at}}}\n" for at in range(100))
    with pytest.raises(Unreadable) as refusal:
        read_all(f"inboundCall:\n  tasks:\n{tasks}  menus:\n{menus}".encode())
    assert refusal.value.key == "problem.import-too-many-steps"


def test_a_loop_comes_back_to_itself_and_is_left_by_its_exit() -> None:
    loop = titled(TASK, "Trois essais")
    assert (loop.props["loops"], loop.props["counter"]) == (3, "Task.tour")
    ask = behind(TASK, loop, "again")
    assert behind(TASK, ask, "no_input").props["target"] == loop.id
    assert behind(TASK, ask, "ok").props["target"] == titled(TASK, "Registre").id
    assert behind(TASK, loop, "done").title == "Registre"


def test_a_switch_asks_its_conditions_one_after_the_other() -> None:
    first = titled(TASK, "Selon la lettre")
    assert first.props["operand"] == 'first(Task.saisie, 1) = "9"'
    second = behind(TASK, first, "default")
    assert behind(TASK, second, "case:c2").kind == "foreign"
    assert behind(TASK, second, "default").kind == "return"


def test_a_formula_that_cannot_be_said_stays_as_it_is_and_is_told() -> None:
    second = behind(TASK, titled(TASK, "Selon la lettre"), "default")
    assert second.props["operand"] == "IsNotSetOrEmpty(Flow.dossier) or Weird(Flow.dossier)"
    assert "import.formula-kept" in kept(RECEPTION[1])


def test_an_action_that_we_do_not_know_keeps_its_words_and_its_ways() -> None:
    step = titled(TASK, "Chiffrer")
    assert step.kind == "foreign"
    assert step.origin is not None
    assert step.origin.type == "encryptData"
    assert {each.id for each in exits_of(step)} == {"success", "failure"}
    assert behind(TASK, step, "failure").title == "Panne"


def test_a_queue_flow_begins_anew_and_takes_placeholders_as_texts() -> None:
    assert QUEUE.name == "{{flow_name}}"
    music = titled(QUEUE.flow, "Music")
    assert music.props["period"] == 45
    first = behind(QUEUE.flow, music, "interrupted")
    assert behind(QUEUE.flow, first, "next").title == "Wait time"
    assert titled(QUEUE.flow, "Look up").props["function"] == "{{category}} / {{action}}"


def test_leading_zeros_and_the_callers_own_number_are_kept() -> None:
    remember = titled(QUEUE.flow, "Remember")
    assert remember.props["assignments"] == [{"variable": "look_up_failed", "expression": '"01"'}]
    assert titled(QUEUE.flow, "Callback").props["number_from"] == "caller"
    assert titled(QUEUE.flow, "Offer a callback?").props["operand"] == 'not caller = "anonymous"'


def test_a_flow_that_names_no_start_begins_with_its_first_container() -> None:
    text = b"workflow:\n  states:\n    - state:\n        name: S\n        actions: []\n"
    imported = read_any(text)
    assert behind(imported.flow, imported.flow.nodes[NodeId("start")], "next").title == "S"
    assert "import.start-missing" in kept(imported)


def test_a_jump_to_nowhere_is_told() -> None:
    flow = b"workflow:\n  states:\n    - state:\n        actions:\n"
    jump = b"          - changeState:\n              targetStateRef: ./states/state[gone]\n"
    assert "import.genesys-target-missing" in kept(read_any(flow + jump))


def test_deeply_nested_decisions_are_read_and_deeper_ones_refused() -> None:
    def nested(levels: int) -> bytes:
        lines = ["inboundCall:", "  tasks:", "    - task:", "        actions:"]
        for level in range(levels):
            pad = " " * (10 + 10 * level)
            lines += [
                f"{pad}- decision:",
                f"{pad}    condition: {{exp: Flow.a}}",
                f"{pad}    outputs:",
                f"{pad}      yes:",
                f"{pad}        actions:",
            ]
        lines.append(" " * (10 + 10 * levels) + "- disconnect: {}")
        return "\n".join(lines).encode()

    assert len(read_any(nested(40)).flow.nodes) == 43
    with pytest.raises(Unreadable) as refusal:
        read_any(nested(100))
    assert refusal.value.key == "problem.import-too-deep"


@pytest.mark.parametrize("path", [*OWN.iterdir(), *corpus()], ids=lambda path: path.name)
def test_every_action_of_a_file_is_kept(path: Path) -> None:
    flows = read_all(path.read_bytes(), path.name)
    found = Counter(
        node.origin.type
        for each in flows
        for node in each.flow.nodes.values()
        if node.origin is not None
    )
    listed = Counter(steps_in(yaml_of(plain_yaml_of(path.read_text(encoding="utf-8")), levels=300)))
    assert listed
    assert not listed - found
    for each in flows:
        assert not has_overlaps(each.flow)
        known = cx.read(cx.write(each.flow)).flow
        assert known.nodes == each.flow.nodes
        for link in each.flow.each_link():
            assert link.target in each.flow.nodes
            assert link.exit in {way.id for way in exits_of(each.flow.nodes[link.node])}


def test_nine_in_ten_actions_of_real_files_are_known() -> None:
    if not corpus():
        pytest.skip("The corpus of real files (../shared/corpus) is not there.")
    kinds = Counter(
        node.kind
        for path in corpus()
        for each in read_all(path.read_bytes())
        for node in each.flow.nodes.values()
    )
    assert 1 - kinds["foreign"] / kinds.total() >= 0.9
