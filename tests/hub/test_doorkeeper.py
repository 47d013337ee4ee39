"""Who may come in, and what the others are told."""

import json
import stat

import pytest
from factories import come_of
from tornado.web import HTTPError

from classroom.hub import doorkeeper
from classroom.hub.doorkeeper import Doorkeeper, Words

CODE, INSTRUCTOR_CODE = "tavo-kire", "i" * 32


@pytest.fixture
def door(tmp_path):
    """The door of a class that nobody has entered yet."""
    made = Doorkeeper(user_password=CODE, admin_password=INSTRUCTOR_CODE, words_file=str(tmp_path / "words.json"))
    made.admin_users, made.allow_all, made.username_pattern = {"instructor"}, True, doorkeeper.NAME
    return made


def knock(door, name, word="apple pie", code=CODE):
    """The name that JupyterHub gets, or what the form says."""
    data = {"username": name, "password": code, "word": word}
    try:
        return come_of(door.get_authenticated_user(None, data))["name"]
    except HTTPError as error:
        return error.log_message


def test_a_learner_comes_in_again_with_their_word_and_nobody_else_does(door):
    assert knock(door, "ann") == "ann"
    assert knock(door, " Ann ") == "ann"
    assert "chose another word" in knock(door, "ann", word="cherry pie")
    assert knock(door, "bob", word="cherry pie") == "bob"


@pytest.mark.parametrize(
    ("name", "word", "code", "answer"),
    [
        ("Ann B", "apple pie", CODE, "small letters from a to z"),
        ("ann", "apple pie", "tavo kire", "not the class code"),
        ("ann", "apple pie", "", "not the class code"),
        ("ann", "apple pie", "tavo–kire", "not the class code"),
        ("instructor", "apple pie", "geheim-ä", "not the instructor's code"),
        ("ann", "pie", CODE, "4 characters or more"),
        ("instructor", "apple pie", CODE, "not the instructor's code"),
        ("ann", "apple pie", INSTRUCTOR_CODE, "not the class code"),
    ],
)
def test_what_is_wrong_is_said(door, name, word, code, answer):
    assert answer in knock(door, name, word, code)


def test_the_instructor_needs_no_word_and_is_the_only_admin(door):
    data = {"username": "instructor", "password": INSTRUCTOR_CODE}
    assert come_of(door.get_authenticated_user(None, data))["admin"]
    learner = {"username": "ann", "password": CODE, "word": "apple pie"}
    assert not come_of(door.get_authenticated_user(None, learner))["admin"]


def test_guessing_a_word_has_to_rest(door, monkeypatch):
    knock(door, "ann")
    for _ in range(doorkeeper.TRIES):
        assert "another word" in knock(door, "ann", word="a guess")
    assert "wait half a minute" in knock(door, "ann")
    assert knock(door, "bob") == "bob"
    later = doorkeeper.time.monotonic() + doorkeeper.PAUSE + 1
    monkeypatch.setattr(doorkeeper.time, "monotonic", lambda: later)
    assert knock(door, "ann") == "ann"


def test_words_are_kept_as_sums_for_the_hub_alone_and_can_be_forgotten(door, tmp_path):
    knock(door, "ann")
    file = tmp_path / "words.json"
    assert "apple" not in file.read_text() and list(json.loads(file.read_text())) == ["ann"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Words(file).forget("ann") and not Words(file).forget("ann")
    assert knock(door, "ann", word="cherry pie") == "ann"
