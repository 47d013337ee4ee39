"""The board's service: kept once, shown at once, taken back, uncovered, cleared."""

import ast
import datetime
import ipaddress
import json
import re
import ssl
import stat
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from boards import KEY, BoardInThread, told
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from classroom.board import __main__ as command
from classroom.board import keys, lessons, server
from helpers import checks, outbox
from helpers.errors import ReaderOSError


def test_an_event_that_comes_twice_is_kept_once(board, event):
    one, other = event(), event(name="accuracy")
    assert board.as_learner("POST", "/events", [one, one])[1]["new"] == 1
    assert board.as_learner("POST", "/events", [one, other])[1]["new"] == 1
    assert board.as_learner("POST", "/events", [one], name="ann")[1]["new"] == 1  # hers, by the same id
    assert [(row["by"], row["name"]) for row in board.room.rows] == [
        ("owl-7", "one_hot"),
        ("owl-7", "accuracy"),
        ("ann", "one_hot"),
    ]


def test_a_quiet_board_gives_signs_of_life_well_before_a_page_would_ask_again(board, monkeypatch):
    page = (Path(server.__file__).parent / "page" / "board.js").read_text(encoding="utf-8")
    (silence,) = re.findall(r"const SILENCE = ([\d_]+);", page)
    assert 2000 * server.STILL_HERE < int(silence.replace("_", ""))
    monkeypatch.setattr(server, "STILL_HERE", 0.1)
    came = board.stream(board.cookie(), lambda came: any(name == "here" for name, _, _ in came))
    assert came[-1] == ("here", "", {})


def test_a_page_gets_what_is_there_then_what_comes_and_resumes_where_it_was(board, event):
    board.as_learner("POST", "/events", [event()])
    cookie = board.cookie()
    threading.Timer(0.2, board.as_learner, ("POST", "/events", [event("run")])).start()
    came = board.stream(cookie, lambda came: len(told(came)) == 2)
    assert [name for name, _, _ in came] == ["afresh", "told", "state", "told"]
    assert [row["kind"] for row in told(came)] == ["exercise", "run"]
    first = came[1][1]
    again = board.stream(cookie, lambda came: any(name == "state" for name, _, _ in came), last=first)
    assert [row["kind"] for row in told(again)] == ["run"]
    assert "afresh" not in [name for name, _, _ in again]


def test_what_is_withdrawn_is_gone_from_every_page_and_from_the_file(board, event):
    board.as_learner("POST", "/events", [event(), event("guess")], name="ann")
    board.as_learner("POST", "/events", [event()], name="bob")
    cookie = board.cookie()
    threading.Timer(0.2, board.as_learner, ("DELETE", "/events"), {"name": "ann"}).start()
    came = board.stream(cookie, lambda came: [name for name, _, _ in came].count("afresh") == 2)
    came = board.stream(cookie, lambda came: bool(told(came)), last=came[-1][1])
    assert [row["by"] for row in told(came)] == ["bob"]
    assert [row["author"] for row in board.room.store.rows()] == ["bob"]


def test_an_answer_stays_covered_until_the_instructor_uncovers_it(board, event):
    cookie, page = board.cookie(board.keys.instructor), {"Board_Page": "1"}
    text = board.ask("GET", "/", Cookie=cookie)[1]
    assert "9200" not in text and "9150" not in text

    def state(came):
        return [data for name, _, data in came if name == "state"]

    def shown():
        return state(board.stream(cookie, state))[0]

    assert shown() == {"lesson": "", "uncovered": {}, "people": 0}
    for asked in ({"do": "show", "about": "01"}, {"do": "uncover", "about": "01"}):
        board.ask("POST", "/instructor", asked, Cookie=cookie, **page)
    before = time.time()
    assert shown()["lesson"] == "01"
    answer = shown()["uncovered"]["01"]
    assert answer["answer"] == {"": {"says": 9200.0, "low": 9150.0, "high": 9340.0}}
    assert before - 60 < answer["since"] <= before
    for asked in ({"do": "cover", "about": "01"}, {"do": "show", "about": "01"}):
        board.ask("POST", "/instructor", asked, Cookie=cookie, **page)
        assert shown()["uncovered"] == {}
    board.ask("POST", "/instructor", {"do": "uncover", "about": "01"}, Cookie=cookie, **page)
    assert shown()["uncovered"]["01"] == answer  # who has read it once knows it


def test_clearing_leaves_a_backup_which_brings_all_of_it_back(board, event, capsys):
    board.as_learner("POST", "/events", [event(), event("run")], name="ann")
    before = board.room.store.rows()
    cookie = board.cookie(board.keys.instructor)
    status, said = board.ask("POST", "/instructor", {"do": "clear"}, Cookie=cookie, Board_Page="1")
    assert (status, board.room.rows, board.room.store.rows()) == (200, [], [])
    assert board.as_learner("GET", "/me", name="ann", key="f" * 16)[0] == 409  # the name stays hers
    backup = board.folder / "backups" / said["backup"]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    for found in ("2 events", "0 events"):
        command.main(["--folder", str(board.folder), "--restore", str(backup)])
        assert capsys.readouterr().out == f"{found} of {backup.name} are back.\n"
    rows = board.room.store.rows()
    assert [{**row, "seq": 0} for row in rows] == [{**row, "seq": 0} for row in before]
    assert {row["seq"] for row in rows}.isdisjoint(row["seq"] for row in before)  # so that pages see them as new


def test_a_name_that_is_no_name_can_be_taken_off(board, event):
    board.as_learner("POST", "/events", [event()], name="rude-word")
    cookie = board.cookie(board.keys.instructor)
    asked = {"do": "remove", "about": "rude-word"}
    assert board.ask("POST", "/instructor", asked, Cookie=cookie, Board_Page="1") == (200, {"withdrawn": 1})
    assert board.room.rows == []
    assert board.as_learner("POST", "/events", [event()], name="rude-word")[0] == 409  # its notebook goes on sending
    assert board.room.rows == []


def test_a_restart_changes_nothing(board, event, tmp_path):
    board.as_learner("POST", "/events", [event("guess"), event()])
    cookie = board.cookie(board.keys.instructor)
    board.ask("POST", "/instructor", {"do": "uncover", "about": "01"}, Cookie=cookie, Board_Page="1")
    last = board.stream(cookie, told)[-1][1]
    other = BoardInThread(board.folder)
    try:
        assert (other.keys, other.room.rows) == (board.keys, board.room.rows)
        assert other.room.shown_state == board.room.shown_state
        came = other.stream(cookie, lambda came: any(name == "state" for name, _, _ in came), last=last)
        assert told(came) == []  # the page has it all, and its cookie still opens the door
        assert other.as_learner("GET", "/me", key=KEY)[0] == 200
    finally:
        other.end()


def test_keys_are_for_their_owner_and_survive(tmp_path):
    made = keys.keys(tmp_path / "class")
    assert keys.keys(tmp_path / "class") == made
    assert stat.S_IMODE((tmp_path / "class" / "keys.json").stat().st_mode) == 0o600
    chosen = keys.keys(tmp_path / "class", "our-own-code")
    assert (chosen.code, chosen.instructor) == ("our-own-code", made.instructor)
    assert len(made.code) == 9 and len(made.instructor) == 19 and made.code != made.instructor


@pytest.mark.parametrize("code", ["größe-neun", "room 42 code", "h7kd–m2wq"])
def test_a_code_that_no_notebook_could_send_is_refused(tmp_path, code):
    with pytest.raises(ValueError, match="typed on any keyboard"):
        keys.keys(tmp_path, code)


def test_damaged_keys_are_said_to_be_damaged(tmp_path):
    (tmp_path / "keys.json").write_text("{")
    with pytest.raises(ValueError, match="Take it away, and new ones are made"):
        keys.keys(tmp_path)


def test_with_a_certificate_it_speaks_tls(tmp_path, new_process):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name, now = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "board")]),
        datetime.datetime.now(datetime.timezone.utc),
    )
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now).not_valid_after(now + datetime.timedelta(1)).add_extension(here, critical=False)
    certificate, private = tmp_path / "certificate.pem", tmp_path / "private.pem"
    certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    board = new_process(words=["--certificate", str(certificate), "--private-key", str(private)])
    assert board.address.startswith("https://127.0.0.1:")
    trusted = ssl.create_default_context(cafile=certificate)
    with urllib.request.urlopen(f"{board.address}/health", context=trusted, timeout=30) as answer:
        assert json.load(answer) == {"board": "here"}
    with pytest.raises(ReaderOSError, match="CERTIFICATE_VERIFY_FAILED"):  # a learner's code goes to no stranger
        outbox.ask("GET", f"{board.address}/me", {})


def test_the_command_says_in_a_sentence_why_it_cannot_open(tmp_path, capsys):
    for words in (["--code", "short"], ["--database", "nonsense"], ["--database", "sqlite:////no/such/folder/board"]):
        with pytest.raises(SystemExit, match=r"^The board cannot open: "):
            command.main(["--folder", str(tmp_path / "class"), *words])


def test_a_port_that_is_none_is_said_to_be_none(capsys):
    with pytest.raises(SystemExit):
        command.options(["--port", "99999"])
    assert "from 0 to 65535; got 99999" in capsys.readouterr().err


def test_an_empty_name_of_its_folder_counts_as_none(monkeypatch):
    monkeypatch.setenv("CLASSROOM_FOLDER", "")
    assert command.options([]).folder == command.FOLDER


def test_it_listens_on_this_machine_alone_unless_told_otherwise(tmp_path):
    codes = keys.keys(tmp_path)
    asked = command.options([])
    assert asked.host == command.options(["--host", ""]).host == "127.0.0.1"
    said = command.welcome(asked.host, 8010, codes, secure=False)
    assert "http://127.0.0.1:8010" in said and codes.code in said and "HOST=0.0.0.0 opens it" in said
    assert "travel unencrypted" in command.welcome("192.0.2.7", 8010, codes, secure=False)
    assert "https://192.0.2.7:8010" in command.welcome("192.0.2.7", 8010, codes, secure=True)


def test_the_board_asks_what_the_lessons_ask():
    """A question's `left` is what stands in the lesson's cell; its exercises are those that the lesson checks."""
    known = lessons.load()
    for path in sorted(lessons.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        cells = ["".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"]]
        cell = next((cell for cell in cells if cell.startswith("my_guess = ")), None)
        question = known[path.name[:2]].question
        assert (cell is None) == (question is None), path.name
        if cell:
            stands = ast.literal_eval(cell.removeprefix("my_guess = ").partition("#")[0].strip())
            assert question.left == (stands if isinstance(stands, dict) else {"": stands}), path.name
    assert sum(len(lesson.exercises) for lesson in known.values()) == len(set(_exercises(known)))


def _exercises(known):
    return [name for lesson in known.values() for name in lesson.exercises]


def test_every_exercise_is_on_the_board():
    assert set(_exercises(lessons.load())) == set(checks.__all__)


def test_every_answer_is_one_that_can_be_guessed():
    for number, lesson in lessons.load().items():
        for about, answer in lesson.question.answer.items() if lesson.question else ():
            asked = lesson.question
            if asked.words:
                assert answer["says"] in asked.words, number
            else:
                assert asked.low <= answer.get("low", answer["says"]) <= answer["says"], (number, about)
                assert answer["says"] <= answer.get("high", answer["says"]) <= asked.high, (number, about)
