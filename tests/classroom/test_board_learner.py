"""The learner's side: a yes before anything is sent, nothing lost, nothing twice, all of it taken back."""

import socket
import sqlite3
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from boards import CODE, KEY, BoardInThread, known_lessons
from IPython.core.events import EventManager, available_events

from classroom.board import kinds
from helpers import checks, class_card, class_notebook, class_terms, classroom, data, events, outbox, own_folder
from helpers.errors import ReaderOSError, ReaderTypeError, ReaderValueError
from helpers.history import History
from helpers.labs import convolution_lab, init_lab, network_lab, remedy_lab, told_runs, training_lab
from helpers.labs.form import plain
from helpers.labs.playground import Playground
from helpers.small_networks import OPTIMISERS

OTHER_CODE = "code-of-room-43"


@pytest.fixture(autouse=True)
def in_no_class():
    """A test begins, and ends, in no class."""
    yield
    if classroom._here:
        classroom._here.end(patience=0)
    classroom._here = None  # for good: what a monkeypatch sets here, it takes back for the next test
    assert events._listeners == []


def wait_for(what, seconds=30):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.01)


def solve():
    return checks.one_hot(lambda labels: np.eye(10)[labels])


def test_without_a_yes_nothing_is_kept_or_sent(board, capsys, empty_own_folder):
    solve()
    assert not empty_own_folder.exists()
    classroom.join(board.address, CODE, "owl-7", lesson="01")
    said = capsys.readouterr().out
    for part in (board.address, "owl-7", '"kind": "guess"', '"kind": "exercise"', '"kind": "run"', "yes=True"):
        assert part in said
    solve()
    assert classroom.state() == "You are in no class, so nothing is sent."
    assert board.room.rows == [] and board.room.people == set()


def test_what_is_shown_before_the_yes_is_what_is_sent(board, shell):
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
    shell.run_cell("my_guess = 5000")
    solve()
    told_runs.tell(_history(), "TrainingLab", {"learning_rate": 0.3, "batch_size": 100, "steps": 2000}, "test")
    wait_for(lambda: len(board.room.rows) == 3)
    for _, kind, body in class_terms.EXAMPLES:
        (sent,) = (row["body"] for row in board.room.store.rows() if row["kind"] == kind)
        assert sent.keys() == {*body, "lesson"}
    wait_for(lambda: classroom.state().endswith(". All events are at the board."))
    assert f'owl-7, and on another computer by join(…, key="{classroom._here.card["key"]}")' in classroom.state()


def _history(rates=((1, 0.3),), ended="finished"):
    history = History(2000, 100, "cross entropy", "mean", 100, 0, list(rates), ended=ended)
    history.add_steps(np.ones(2000), np.ones(2000))
    history.add_test((0.917, 0.3))
    return history


@pytest.fixture
def shell(monkeypatch):
    """IPython, as far as the class needs it."""
    made = SimpleNamespace(user_ns={})
    made.events = EventManager(made, available_events)

    def run_cell(source):
        exec(source, made.user_ns)
        made.events.trigger("post_run_cell", None)

    made.run_cell = run_cell
    monkeypatch.setattr(classroom, "get_ipython", lambda: made)
    monkeypatch.setattr(class_notebook, "get_ipython", lambda: made)
    return made


def test_a_guess_is_told_after_its_cell_and_again_when_it_is_changed(board, shell):
    classroom.join(board.address, CODE, "owl-7", lesson="05", yes=True)
    sent = []
    classroom._here.outbox.tell = lambda kind, body: sent.append((kind, body["about"], body["value"]))
    cells = [
        'my_guess = {"one layer": 10, "two layers": 40.5}',
        "x = 1",
        'my_guess["one layer"] = 12',
        "my_guess = object()",
    ]
    for cell in cells:
        shell.run_cell(cell)
    assert sent == [("guess", "one layer", 10), ("guess", "two layers", 40.5), ("guess", "one layer", 12)]
    classroom.leave()
    shell.run_cell("my_guess = 3")
    assert len(sent) == 3


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (5, 5),
        (0.5, 0.5),
        (np.float32(0.5), 0.5),
        (np.array([3]), 3),
        ("the start", "the start"),
        (True, None),
        (None, None),
        ([1, 2], None),
        (float("nan"), None),
        (1e12, None),
    ],
)
def test_a_guess_is_a_number_or_a_few_words(value, told):
    assert class_notebook._plain(value) == told


def test_only_a_right_answer_is_told_and_the_check_stays_what_it_was():
    told = []
    events.listen(lambda kind, body: told.append((kind, body)))
    try:
        assert not checks.one_hot(lambda labels: labels).right
        assert told == []
        assert solve().right
        assert told == [("exercise", {"name": "one_hot"})]
    finally:
        events._listeners.clear()
    assert checks.one_hot.__doc__.startswith("Check a function from labels")


def test_what_a_run_tells():
    told = []
    events.listen(lambda _kind, body: told.append(body))
    try:
        settings = {"learning_rate": 0.5, "hidden": (np.int64(20), 10)}
        told_runs.tell(_history(rates=((1, 0.5), (900, 0.1)), ended="stopped"), "NetworkLab", settings, "test")
        assert told.pop() == {
            "lab": "NetworkLab",
            "settings": {"learning_rate": 0.1, "hidden": [20, 10]},
            "steps": 2000,
            "ended": "stopped",
            "accuracy": pytest.approx(0.917),
            "moved": True,
        }
        told_runs.tell_figures("Playground", {}, steps=5, ended="finished", accuracy=float("nan"))  # regression
        assert told == []
        told_runs.tell_figures("Lab", {}, steps=5, ended="diverged", accuracy=None)
        assert told[0]["accuracy"] is None
    finally:
        events._listeners.clear()


def test_labs_and_playground_tell_of_a_run_when_it_ends_and_not_of_a_step(new_lab, small, new_model):
    told = []
    events.listen(lambda kind, body: told.append((kind, body["lab"], body["steps"], body["ended"])))
    try:
        lab = new_lab(training_lab.TrainingLab, small, new_model, test_every=10)
        lab.run(steps=20)
        assert told == [("run", "TrainingLab", 20, "finished")]
        lab.start(chunks=1)
        lab.runner.wait()
        assert lab.latest.ended == "stopped" and len(told) == 1
        playground = new_lab(Playground)
        playground.run(steps=5)
        assert told[1:] == [("run", "Playground", 5, "finished")]
        with pytest.raises(ArithmeticError):  # each step turns every weight round, two hundred times as large
            playground.run(
                steps=2000, learning_rate=10, regularisation="L2", regularisation_rate=10, optimiser=OPTIMISERS[1]
            )
        assert told[2:] == [("run", "Playground", playground.steps, "diverged")]
    finally:
        events._listeners.clear()


def test_every_setting_of_every_lab_is_one_that_the_board_takes(new_lab, small, event):
    """A word that the board does not take, as of a new activation, would be refused for the whole class."""
    held_out = data.Dataset(small.train, small.test, small.test)
    labs = [
        new_lab(training_lab.TrainingLab, small, lambda: None),
        new_lab(network_lab.NetworkLab, small),
        new_lab(init_lab.InitLab, small),
        new_lab(remedy_lab.RemedyLab, held_out),
        new_lab(convolution_lab.ConvolutionLab, held_out),
        new_lab(Playground),
    ]
    for lab in labs:
        for name, control in lab.form.controls.items():
            values = getattr(control, "_options_values", [control.value])
            for value in [*values, *(preset[name] for preset in lab.form.presets.values() if name in preset)]:
                told = event("run", lab=type(lab).__name__, settings={**lab.form.settings, name: value})
                told["body"]["settings"] = {key: plain(each) for key, each in told["body"]["settings"].items()}
                assert kinds.refusal(told, known_lessons()) == "", (type(lab).__name__, name, value)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"name": "ann b"}, ReaderValueError, "2 to 24 letters"),
        ({"name": 7}, ReaderTypeError, "a text in quotes; got 7"),
        ({"code": " "}, ReaderValueError, "stands on the wall"),
        ({"code": "h7kd–m2wq"}, ReaderValueError, "holds '–', which is in no code"),
        ({"key": "a b"}, ReaderValueError, "holds ' ', which is in no key"),
        ({"address": "ftp://x"}, ReaderValueError, "looks like http://192.168.1.20:8010"),
        ({"address": "192.168.1.20:8o10"}, ReaderValueError, "looks like http://192.168.1.20:8010"),
        ({"address": "192.168.1.20:80100"}, ReaderValueError, "looks like http://192.168.1.20:8010"),
        ({"address": "192.168.1.20: 8010"}, ReaderValueError, "looks like http://192.168.1.20:8010"),
        ({"address": "192.168,1.20:8010"}, ReaderValueError, "looks like http://192.168.1.20:8010"),
        ({"address": "http://127.0.0.1:9"}, ReaderOSError, "Nothing answers at http://127.0.0.1:9/me"),
        ({"code": "not-the-code"}, outbox.RefusedError, "not this class's code"),
        ({"name": "taken", "key": "f" * 16}, outbox.RefusedError, "Somebody else is taken in this class"),
    ],
)
def test_what_cannot_be_joined_is_said_in_words(board, change, error, said):
    board.as_learner("GET", "/me", name="taken")
    with pytest.raises(error, match=said):
        classroom.join(**{"address": board.address, "code": CODE, "name": "owl-7", **change}, yes=True)
    assert classroom._here is None


def test_what_answers_and_is_no_board_is_said_to_be_none(board):
    with pytest.raises(ReaderOSError, match="is no class board"):
        outbox.ask("GET", f"{board.address}/page/board.css", {})
    with pytest.raises(outbox.RefusedError, match="Is its address right"):
        outbox.ask("GET", f"{board.address}/?code={CODE}", {})  # a redirect is not followed, with the code in hand


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}", b"good morning\r\n\r\n"])
def test_an_answer_that_is_cut_off_is_one_that_may_come_later(answer):
    def answer_once():
        caller, _ = server.accept()
        with caller:
            caller.recv(10_000)
            caller.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=answer_once)
        answering.start()
        with pytest.raises(ReaderOSError, match="Nothing answers at"):
            outbox.ask("GET", f"http://127.0.0.1:{server.getsockname()[1]}/events", {})
        answering.join()


def test_a_name_can_be_taken_along_to_another_computer(board, monkeypatch, tmp_path):
    classroom.join(board.address, CODE, "owl-7", key=KEY, lesson="01", yes=True)
    classroom._here.end()
    monkeypatch.setattr(classroom, "_here", None)
    monkeypatch.setenv(own_folder.VARIABLE, str(tmp_path / "laptop"))
    with pytest.raises(outbox.RefusedError, match="bring its key"):
        classroom.join(board.address, CODE, "owl-7", yes=True)
    classroom.join(board.address, CODE, "owl-7", key=KEY, yes=True)


def test_leaving_keeps_what_was_told_and_withdrawing_takes_it_back(board, capsys):
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
    solve()
    classroom.leave()
    assert len(board.room.rows) == 1
    solve()
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)  # by the key that was kept
    solve()
    wait_for(lambda: len(board.room.rows) == 2)
    classroom.withdraw()
    assert board.room.rows == []
    assert "has deleted 2 events of yours" in capsys.readouterr().out
    solve()
    assert classroom._kept_card()["name"] == "owl-7" and classroom._here is None


def test_withdrawing_from_a_board_that_is_gone_says_so(board):
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
    board.end()
    with pytest.raises(ReaderOSError, match="still there; run this again"):
        classroom.withdraw()
    board.__init__(board.folder)  # for the fixture to end


def test_a_board_that_is_away_costs_no_time_and_loses_nothing(board, capsys):
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
    board.end()
    before = time.perf_counter()
    for _ in range(20):
        solve()
    waited = time.perf_counter() - before
    wait_for(lambda: "are tried again" in classroom.state())
    assert "Nothing answers at" in classroom.state()
    assert waited < outbox.PATIENCE  # nobody waits for a board
    assert classroom._here.outbox.waiting() == 20
    classroom._here.end(patience=0)  # the kernel is gone
    board.__init__(board.folder)
    again = outbox.Outbox(own_folder.folder() / classroom.FILE)
    again.open(board.address, class_card.headers(again.card()), f"{CODE} owl-7")
    wait_for(lambda: again.waiting() == 0)
    again.close()
    assert len(board.room.rows) == 20


@pytest.mark.parametrize("other", ["name", "class"])
def test_what_waits_for_one_class_and_name_is_never_told_to_another(board, tmp_path, capsys, other):
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
    of_other_kernel = classroom._here.outbox
    board.end()
    for _ in range(3):
        solve()
    classroom._here = None  # as in another kernel
    events._listeners.clear()
    there = BoardInThread(tmp_path / "another room", code=CODE if other == "name" else OTHER_CODE)
    try:
        name, code = ("heron", CODE) if other == "name" else ("owl-7", OTHER_CODE)
        classroom.join(there.address, code, name, lesson="01", yes=True)
        assert f"3 events for the class at {board.address} had not reached it" in capsys.readouterr().out
        solve()
        wait_for(lambda: there.room.rows and of_other_kernel.waiting() == 0)  # it is struck off once the board has it
        assert len(there.room.rows) == 1
    finally:
        of_other_kernel.close()
        classroom._here.end()
        there.end()
        board.__init__(board.folder)  # for the fixture to end


def test_a_class_whose_board_has_moved_hears_what_waits_and_knows_the_name(board):
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
    board.end()
    solve()
    classroom._here.end(patience=0)
    classroom._here = None  # as in another kernel
    before = board.address
    board.__init__(board.folder)
    assert board.address != before
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
    wait_for(lambda: len(board.room.rows) == 1)


def test_two_kernels_with_one_file_send_each_to_its_own_board(board, tmp_path):
    there = BoardInThread(tmp_path / "another room")
    boxes = [outbox.Outbox(tmp_path / "box.sqlite") for _ in range(2)]
    try:
        for box, at, name in zip(boxes, (board, there), ("owl-7", "heron"), strict=True):
            box.open(at.address, class_card.headers({"code": CODE, "name": name, "key": KEY}), name)
        for _ in range(5):
            for box in boxes:
                box.tell("exercise", {"name": "one_hot", "lesson": "01"})
        wait_for(lambda: boxes[0].waiting() == 0)
        assert [{row["by"] for row in at.room.rows} for at in (board, there)] == [{"owl-7"}, {"heron"}]
    finally:
        for box in boxes:
            box.close()
        there.end()


def test_a_file_that_cannot_be_written_stops_no_lesson(board):
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
    with sqlite3.connect(classroom._here.outbox.path) as file:
        file.execute("DROP TABLE waiting")
    file.close()
    assert solve().right
    assert "could not be kept for the board: no such table" in classroom.state()


def test_the_next_kernel_goes_on_until_the_yes_is_twelve_hours_old(board, monkeypatch, capsys):
    kernel = SimpleNamespace(
        kernel=None, user_ns={}, events=SimpleNamespace(register=lambda *_: None, callbacks={"post_run_cell": []})
    )
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
    classroom._here.end()
    monkeypatch.setattr(classroom, "_here", None)
    classroom.resume()
    assert classroom._here is None  # no notebook, nothing to hear
    monkeypatch.setattr(classroom, "get_ipython", lambda: kernel)
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/ann/lessons/02_five_layers_sigmoid.ipynb")
    classroom.resume()
    assert classroom._here.lesson == "02"
    assert "hears this notebook too: you are owl-7" in capsys.readouterr().out
    classroom._here.end()
    monkeypatch.setattr(classroom, "_here", None)
    monkeypatch.setattr(class_card, "HOURS", 0)
    classroom.resume()
    assert classroom._here is None and "left" in classroom._kept_card()
    classroom.withdraw()  # by the key, which is kept
    assert "has deleted 0 events" in capsys.readouterr().out


@pytest.mark.parametrize("elsewhere", ["left", "joined in another name", "twelve hours have gone"])
def test_what_another_notebook_takes_back_is_taken_back_in_this_one(board, monkeypatch, elsewhere):
    classroom.join(board.address, CODE, "owl-7", lesson="01", yes=True)
    here, card = classroom._here, classroom._kept_card()
    if elsewhere == "left":
        card |= {"left": time.time()}
    elif elsewhere == "joined in another name":
        card |= {"name": "heron"}
    else:
        card |= {"joined": time.time() - 3600 * 13}
    outbox.Outbox(here.outbox.path).keep_card(card)
    solve()
    assert classroom._here is None and here.outbox.waiting() == 0 and board.room.rows == []
    assert "nothing any more" in here.status.value


def test_on_a_hub_the_question_comes_by_itself_and_a_no_holds(board, monkeypatch):
    asked = []
    kernel = SimpleNamespace(kernel=None, user_ns={})
    monkeypatch.setattr(classroom, "get_ipython", lambda: kernel)
    monkeypatch.setattr(classroom.Membership, "ask", lambda self: asked.append(self))
    monkeypatch.setenv(class_card.BOARD, board.address)
    monkeypatch.setenv(class_card.CODE, CODE)
    monkeypatch.setenv(class_card.USER, "ann")
    classroom.resume()
    (question,) = asked
    assert (question.card["name"], question.card["address"]) == ("ann", board.address)
    question._on_no(None)
    assert question.status.value.endswith("To join later, run from helpers import classroom; classroom.join().")
    classroom.resume()  # the next lesson
    assert len(asked) == 1 and board.room.people == set()
    classroom.join()
    assert asked[1].card == question.card  # with the key that was kept
    asked[1].outbox.keep_card(None)
    monkeypatch.setenv(class_card.BOARD, "nonsense://")
    monkeypatch.setattr(class_card, "HOURS", 0)
    classroom.resume()  # says so, and the lesson goes on


def test_a_learner_of_a_hub_is_shown_the_board_where_a_browser_finds_it():
    card = {"address": "http://127.0.0.1:8003/services/board", "code": "", "name": "ann", "key": ""}
    on_hub, on_wall = class_terms.in_html(card, "01"), class_terms.in_html({**card, "code": CODE}, "01")
    assert 'href="/services/board/"' in on_hub and "127.0.0.1" not in on_hub
    assert card["address"] in on_wall and "href" not in on_wall


def test_a_kernel_without_a_class_imports_nothing_of_it(in_new_process, empty_own_folder):
    done = in_new_process(
        "import ipykernel.kernelapp, sys; from helpers import checks, data\n"
        "print([name for name in ('helpers.classroom', 'helpers.outbox', 'sqlalchemy') if name in sys.modules])"
    )
    assert done.stdout == "[]\n", done.stderr
    assert not empty_own_folder.exists()


def test_five_learners_lose_nothing_while_the_board_is_killed(new_process, tmp_path, event):
    """The quick form of test_board_endurance.py."""
    board = new_process()
    boxes = [outbox.Outbox(tmp_path / f"{number}" / "box.sqlite") for number in range(5)]
    try:
        for number, box in enumerate(boxes):
            card = {"code": CODE, "name": f"owl-{number}", "key": KEY}
            box.open(board.address, class_card.headers(card))

        def tell(box):
            for _ in range(5):
                box.tell("exercise", {"name": "one_hot", "lesson": "01"})
                time.sleep(0.05)

        tellers = [threading.Thread(target=tell, args=(box,)) for box in boxes]
        for each in tellers:
            each.start()
        wait_for(lambda: any(box.state for box in boxes))  # some of it has arrived
        board.kill()
        for each in tellers:
            each.join()
        again = new_process(port=board.port)
        wait_for(lambda: not any(box.waiting() for box in boxes))
    finally:
        for box in boxes:
            box.close()
    again.end()
    kept = BoardInThread(board.folder)
    try:
        assert sorted(row["by"] for row in kept.room.rows) == sorted(f"owl-{n}" for n in range(5) for _ in range(5))
    finally:
        kept.end()
