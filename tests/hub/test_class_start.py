"""What `make class` is asked for, what it says, and what it refuses."""

import os
import re
import shutil
import socket
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from classroom import __main__ as start
from classroom.hub import settings
from classroom.hub.doorkeeper import is_name
from classroom.hub.programs import CannotGoOn, Program, programs

PROJECT = Path(__file__).resolve().parent.parent.parent


def asked(tmp_path, *words):
    return start.arguments(["--folder", str(tmp_path / "class"), *words])


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_class_listens_on_loopback_and_keeps_its_codes(tmp_path):
    first = start.planned(asked(tmp_path))
    assert first.host == start.planned(asked(tmp_path, "--host", "")).host == "127.0.0.1"
    first.keep()
    again = start.planned(asked(tmp_path))
    assert (again.code, again.instructor_code) == (first.code, first.instructor_code)
    assert start.planned(asked(tmp_path, "--code", " of my own ")).code == "of my own"  # as the door strips it


def test_what_sudo_has_begun_is_gone_on_with_by_sudo(tmp_path, monkeypatch):
    start.planned(asked(tmp_path)).keep()
    refused = PermissionError(13, "Permission denied")
    monkeypatch.setattr(settings, "read", lambda _file: (_ for _ in ()).throw(refused))
    with pytest.raises(CannotGoOn, match="spoken to with sudo"):
        start.planned(asked(tmp_path, "--forget-word", "ann"))


def test_accounts_are_not_said_to_be_removed_by_who_cannot(tmp_path, monkeypatch):
    monkeypatch.setattr(start.accounts, "can_have_walls", lambda: False)
    monkeypatch.setattr(start.accounts, "of_this_class", lambda _homes: ["learner-ann"])
    monkeypatch.setattr(start.sys, "argv", ["classroom", "--folder", str(tmp_path), "--remove-accounts"])
    monkeypatch.setattr(start.signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit, match="root alone can remove"):
        start.main()


def test_codes_are_for_the_hubs_account_alone_and_learners_can_list_nothing(plan):
    plan.keep()
    assert [mode(path) for path in (plan.file, plan.state, plan.homes, Path(plan.folder))] == [
        0o600,
        0o700,
        0o711,
        0o711,
    ]
    assert settings.read(plan.file) == plan


def test_a_new_code_can_be_read_aloud_and_is_long_enough_for_jupyterhub():
    codes = {settings.new_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(re.fullmatch(r"(?:[a-z][aeiou]){2}-(?:[a-z][aeiou]){2}", code) for code in codes)
    assert min(map(len, codes)) >= settings.SHORTEST_CODE
    assert len(settings.new_instructor_code()) >= settings.SHORTEST_INSTRUCTOR_CODE


def test_no_two_parts_share_a_port(plan):
    hosts = [plan.proxy_api, plan.hub, plan.board]
    parts = [plan.port, *(int(host.rpartition(":")[2]) for host in hosts)]
    learners = [plan.learner_port(number) for number in range(1, settings.MOST_LEARNERS + 1)]
    assert len({*parts, *learners}) == len(parts) + len(learners)


@pytest.mark.parametrize("what", ["class", "board"])
def test_make_takes_the_host_from_its_command_line_only(what):
    def started(*words, **environment):
        command = [shutil.which("make"), "-n", what, *words]
        plain = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
        return subprocess.run(command, cwd=PROJECT, env=plain | environment, capture_output=True, text=True).stdout

    assert "--host" not in started(HOST="a-shell-that-knows-its-host")
    assert '--host="0.0.0.0"' in started("HOST=0.0.0.0")
    for empty in ("HOST=", "HOST= "):  # as in HOST=$UNSET
        assert "--host" not in started(empty)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("--code", "short"), "8 characters or more: got 'short'"),
        (("--code", "größe-neun"), "without letters such as ö"),
        (("--cert", "room.crt"), "takes a certificate and its key"),
        (("--cert", "room.crt", "--key", "room.key"), "room.crt cannot be read"),
    ],
)
def test_what_cannot_be_is_said(tmp_path, words, answer):
    with pytest.raises(CannotGoOn, match=answer):
        start.planned(asked(tmp_path, *words))


def test_a_port_that_is_taken_is_named(plan):
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.MonkeyPatch.context() as patch:
        port = other.getsockname()[1]
        patch.setattr(settings, "HIGHEST_PORT", port)  # macOS hands out higher ones than a class may have
        with pytest.raises(CannotGoOn, match=f"Port {port} is taken"):
            start.check(replace(plan, port=port - 2))


@pytest.mark.parametrize("port", [-1, 0, 64_000, 65_533, 70_000])
def test_a_port_that_cannot_be_is_answered_in_a_sentence(plan, port):
    with pytest.raises(CannotGoOn, match=f"from 1 to {settings.HIGHEST_PORT}; got {port}"):
        start.check(replace(plan, port=port))


def test_above_the_highest_port_there_is_one_for_every_learner(plan):
    assert replace(plan, port=settings.HIGHEST_PORT).learner_port(settings.MOST_LEARNERS) <= 65_535


def test_without_tls_and_walls_it_says_so(plan, monkeypatch):
    assert "Only this machine can connect" in start.told(plan)
    assert "There are no walls" in start.told(plan)
    in_the_room = replace(plan, host="192.0.2.7", walls=True)
    assert "http://192.0.2.7:8000" in start.told(in_the_room)
    assert "nothing is encrypted" in start.told(in_the_room)
    assert "can read nobody else's files" in start.told(in_the_room)
    monkeypatch.setattr(start, "addresses", lambda _plan: ["http://172.17.0.1:8000", "http://192.0.2.7:8000"])
    assert "The board is at       the one of these that your room can reach, and then /services" in start.told(plan)
    monkeypatch.undo()
    secure = start.told(replace(in_the_room, certificate="room.crt", key="room.key"))
    assert "https://192.0.2.7:8000" in secure and "nothing is encrypted" not in secure


def test_the_proxy_gets_the_certificate_and_its_token_by_the_environment(plan):
    proxy, hub = programs(replace(plan, certificate="room.crt", key="room.key"), "a token")
    assert proxy.command[proxy.command.index("--ssl-cert") + 1] == "room.crt"
    assert proxy.command[proxy.command.index("--ip") + 1] == "127.0.0.1"
    assert "a token" not in " ".join(proxy.command + hub.command)  # which every account could read
    assert proxy.environment["CONFIGPROXY_AUTH_TOKEN"] == "a token"


def test_a_program_that_dies_again_and_again_is_given_up(tmp_path):
    program = Program("hub", ["false"], {"PATH": os.environ["PATH"]}, tmp_path / "log")
    with pytest.raises(CannotGoOn, match="5 times within a minute"):
        for _ in range(5):
            program.start()
            program.process.wait(60)
            assert program.has_died()
    assert mode(tmp_path / "log") == 0o600


def test_the_proxys_packages_are_pinned_by_their_sums_and_name_no_address():
    lock = (PROJECT / "classroom" / "proxy" / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert lock.count('"integrity": "sha512-') == lock.count('"node_modules/')


@pytest.mark.parametrize("name", ["ann", "ann-2", "root", "b7", "x" * 21])
def test_names(name):
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "a", "Ann B", "ann b", "ann\n", "-ann", "7up", "zoë", "../ann", "x" * 22])
def test_what_is_no_name(name):
    assert not is_name(name)
