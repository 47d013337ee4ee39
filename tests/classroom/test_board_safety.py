"""What a room of strangers may send, and what comes of it: a sentence, and nothing else."""

import contextlib
import json
import math
from concurrent.futures import ThreadPoolExecutor

import pytest
from boards import PATIENCE

from classroom.board import handlers, lan, store

HTML = "<img src=x onerror=alert(1)>"


def test_the_rooms_code_lets_a_learner_tell_and_no_other_does(board, event):
    assert board.as_learner("POST", "/events", [event()]) == (200, {"new": 1, "refused": [], "why": ""})
    for code in ("wrong", "", board.keys.instructor):
        status, said = board.as_learner("POST", "/events", [event()], code=code)
        assert (status, said["why"][:9]) == (403, "That is n")
    assert len(board.room.rows) == 1


def test_a_name_is_kept_by_its_key(board, event):
    board.as_learner("POST", "/events", [event()], name="ann")
    for method in ("POST", "DELETE"):
        status, said = board.as_learner(method, "/events", [event()], name="ann", key="f" * 16)
        assert (status, said["why"]) == (
            409,
            "Somebody else is ann in this class. Take another name, or bring its key.",
        )
    assert [row["by"] for row in board.room.rows] == ["ann"]
    assert board.as_learner("GET", "/me", name="ann") == (200, {"name": "ann"})


@pytest.mark.parametrize("name", ["", "a", "x" * 25, "7up", "<b>", "ann b", "Ann", "añn", "ann\u202e", "ann\r"])
def test_other_names_are_refused_in_words(board, event, name):
    status, said = board.as_learner("POST", "/events", [event()], name=name.encode().decode("latin-1").strip("\r"))
    assert (status, board.room.rows) == ((403, []) if name != "ann\r" else (200, board.room.rows)), said


def test_bad_events_are_refused_one_by_one_and_hold_up_none_of_the_good(board, event):
    bad = [
        7,
        None,
        [],
        {"id": "x"},
        event() | {"kind": "note"},
        event() | {"kind": ["run"]},
        event() | {"id": HTML},
        event() | {"told": math.inf},
        event() | {"more": 1},
        event(name=HTML),
        event(name="no_such_exercise"),
        event(lesson="99"),
        event(lesson=[]),
        event("run", settings={"seed": 10**400}),
        event("guess", value=math.nan),
        event("guess", value=True),
        event("guess", value="many"),
        event("guess", about="the weather"),
        event("guess", lesson=""),
        event("run", accuracy=math.nan),
        event("run", accuracy=1.5),
        event("run", accuracy=None),
        event("run", lab=HTML),
        event("run", settings={"rate": HTML}),
        event("run", settings={HTML: 1}),
        event("run", settings={"rate": "=cmd()"}),
        event("run", settings={"hidden": [[1]]}),
        event("run", settings={"hidden": [1] * 11}),
        event("run", settings={f"s{n}": 1 for n in range(31)}),
        event("run", settings=[1]),
        event("run", steps=-1),
        event("run", ended="won"),
    ]
    good = event()
    status, said = board.as_learner("POST", "/events", [*bad, good])
    assert (status, said["new"], len(said["refused"])) == (200, 1, len(bad))
    assert said["why"]
    assert [row["name"] for row in board.room.rows] == ["one_hot"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 5000, b"{}", b"null", json.dumps([{}] * 101).encode()])
def test_what_is_no_list_of_events_is_refused_in_words(board, body):
    status, said = board.as_learner("POST", "/events", body)
    assert (status, said["why"]) == (422, "Events come as a list of at most 100, in JSON.")


def test_a_flood_is_refused(board, event):
    with contextlib.suppress(OSError):  # the board hangs up before it has read all of it
        assert board.as_learner("POST", "/events", b" " * 300_000)[0] == 400
    codes = [board.as_learner("POST", "/events", [])[0] for _ in range(handlers.BURST + 10)]
    assert codes[0] == 200 and codes[-1] == 429
    assert int(board.headers["Retry-After"]) >= 1
    assert board.as_learner("POST", "/events", [event()], name="ann")[0] == 200  # nobody else waits for that
    full = [event() for _ in range(100)]
    for _ in range(store.MOST_EVENTS // 100):
        board.room.store.keep("bob", [{**each, "id": each["id"] + str(_)} for each in full])
    status, said = board.as_learner("POST", "/events", [event()], name="bob")
    assert status == 409 and "5000 events of one learner" in said["why"]


def test_names_run_out_before_the_memory_does(board, event, monkeypatch):
    monkeypatch.setattr("classroom.board.store.MOST_PEOPLE", 2)
    assert [board.as_learner("GET", "/me", name=name)[0] for name in ("ann", "bob", "cid", "bob")] == [
        200,
        200,
        409,
        200,
    ]


def test_a_page_needs_a_code_and_what_the_instructor_does_another(board, event):
    assert "The code on the wall" in board.ask("GET", "/")[1]
    for path in ("/stream", "/board.csv"):
        assert board.ask("GET", path)[0] == 403
    assert board.cookie("wrong") == ""
    room, instructor = board.cookie(), board.cookie(board.keys.instructor)
    asked = {"do": "uncover", "about": "01"}
    page = {"Board_Page": "1"}
    assert board.ask("POST", "/instructor", asked, **page)[0] == 403
    assert board.ask("POST", "/instructor", asked, Cookie=room, **page)[0] == 403
    assert board.ask("GET", "/board.csv", Cookie=room)[0] == 403
    assert board.room.state["uncovered"] == {}
    assert board.ask("POST", "/instructor", asked, Cookie=instructor, **page)[0] == 200
    assert board.ask("GET", "/board.csv", Cookie=instructor)[0] == 200
    assert list(board.room.state["uncovered"]) == ["01"]


def test_another_site_cannot_borrow_the_instructors_cookie(board):
    cookie = board.cookie(board.keys.instructor)
    assert "SameSite=Strict" in board.headers["Set-Cookie"] and "HttpOnly" in board.headers["Set-Cookie"]
    clear = {"do": "clear"}
    assert board.ask("POST", "/instructor", clear, Cookie=cookie)[0] == 403
    for site in ("cross-site", "same-site"):
        assert board.ask("POST", "/instructor", clear, Cookie=cookie, Board_Page="1", Sec_Fetch_Site=site)[0] == 403
    assert board.ask("OPTIONS", "/instructor", Origin="http://elsewhere")[0] == 405  # no site is allowed to ask
    assert board.headers["Access-Control-Allow-Origin"] is None
    forged = cookie.replace("|", "||", 1)
    assert board.ask("POST", "/instructor", clear, Cookie=forged, Board_Page="1")[0] == 403


@pytest.mark.parametrize(
    "asked", [None, [], {}, {"do": "rule"}, {"do": "show", "about": 7}, {"do": "uncover", "about": "77"}]
)
def test_the_instructor_is_told_what_the_board_can_do(board, asked):
    cookie = board.cookie(board.keys.instructor)
    assert board.ask("POST", "/instructor", asked or b"null", Cookie=cookie, Board_Page="1")[0] == 422


def test_headers_that_a_proxy_would_set_change_nothing(board, event):
    board.as_learner("POST", "/events", [event()], name="ann")
    status, _ = board.ask("DELETE", "/events", X_Forwarded_User="ann", Remote_User="ann", Board_Name="ann")
    assert (status, len(board.room.rows)) == (403, 1)


def test_a_guess_bears_no_name_and_no_mark_that_links_two_questions(board, event):
    batch = [event("guess"), event("guess", lesson="02", value=9000), event()]
    board.as_learner("POST", "/events", batch, name="ann")
    board.as_learner("POST", "/events", [event("guess", value=7000)], name="ann")
    board.as_learner("POST", "/events", [event("guess", lesson="09", value=HTML)], name="ann")
    first, other_lesson, exercise, changed, words = board.room.rows
    assert exercise["by"] == "ann"
    assert first["mark"] == changed["mark"] != other_lesson["mark"]  # a guess that is changed replaces the first
    assert words["value"] == "another answer"
    guesses = json.dumps([first, other_lesson, changed, words])
    assert "ann" not in guesses.replace("another", "") and HTML not in guesses
    csv = board.ask("GET", "/board.csv", Cookie=board.cookie(board.keys.instructor))[1]
    assert [line.split(",")[1:3] for line in csv.splitlines()[1:]] == [
        ["guess", ""],
        ["guess", ""],
        ["exercise", "ann"],
        ["guess", ""],
        ["guess", ""],
    ]


def test_every_answer_forbids_what_comes_from_elsewhere(board):
    for path in ("/", "/me", "/page/board.css", "/nowhere"):
        board.ask("GET", path)
        assert board.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'"), path
        assert board.headers["X-Content-Type-Options"] == "nosniff"
        assert board.headers["Referrer-Policy"] == "no-referrer"


def test_wrong_codes_wait_and_hold_up_nobody(board, event, monkeypatch):
    monkeypatch.setattr(lan, "MOST_SLOW", 3)
    with ThreadPoolExecutor(6) as callers:
        wrong = [callers.submit(board.as_learner, "GET", "/me", code="wrong") for _ in range(6)]
        assert board.as_learner("POST", "/events", [event()])[0] == 200
        codes = sorted(each.result(PATIENCE)[0] for each in wrong)
    assert codes == [403, 403, 403, 429, 429, 429]
