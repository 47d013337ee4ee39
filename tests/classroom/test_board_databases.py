"""The store in SQLite, and in a real PostgreSQL: kept once, in order, taken back, cleared."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest
import sqlalchemy as sql
from boards import BoardInThread

from classroom.board.store import FullError, Store

NO_SERVER = "PostgreSQL's programs initdb and pg_ctl are not on this machine: Debian has them in the package postgresql"
NO_USER = "PostgreSQL does not run as root, and this machine has no user postgres to run it as"


@pytest.fixture(scope="module")
def postgresql():
    """The address of a PostgreSQL server of our own, on loopback; the reason why there is none skips the test."""
    programs = {name: shutil.which(name) for name in ("initdb", "pg_ctl")}
    if not all(programs.values()):
        pytest.skip(NO_SERVER)
    account = None
    if os.geteuid() == 0:
        try:
            account = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip(NO_USER)
    user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    home = Path(tempfile.mkdtemp(prefix="board-postgresql-"))  # not pytest's folder, which no other user may enter
    if account:
        os.chown(home, account.pw_uid, account.pw_gid)
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]

    def run(program, *words):
        done = subprocess.run(
            [programs[program], "-D", home / "data", *words],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            **user,
        )
        assert done.returncode == 0, done.stderr

    run("initdb", "--auth=trust", "--username=board", "--no-sync")
    options = f"-h 127.0.0.1 -p {port} -k '' -c fsync=off"
    run("pg_ctl", "start", "-w", "-l", home / "log", "-o", options)
    try:
        yield f"postgresql+psycopg://board@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "stop", "-w", "-m", "immediate")
        shutil.rmtree(home)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'board.sqlite'}"
    url = request.getfixturevalue("postgresql")
    engine = sql.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as server:
        server.execute(sql.text("DROP SCHEMA public CASCADE"))
        server.execute(sql.text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture
def store(database):
    """A store of its own."""
    made = Store(database)
    yield made
    made.close()


def test_it_keeps_once_and_in_order(store, event, tmp_path):
    first, second = [event(), event("run")], [event("guess", value="the start", lesson="03")]
    assert [row["id"] for row in store.keep("ann", [*first, first[0]])] == [each["id"] for each in first]
    assert store.keep("ann", first) == []
    assert [row["id"] for row in store.keep("bob", first + second)] == [each["id"] for each in first + second]
    rows = store.rows()
    assert [row["author"] for row in rows] == ["ann", "ann", "bob", "bob", "bob"]
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)
    assert rows[1]["body"] == first[1]["body"]
    backup = store.back_up(tmp_path)
    assert store.withdraw("ann", {"epoch": 1}) == 2
    assert store.state() == {"epoch": 1, "lesson": "", "uncovered": {}, "known": {}}
    store.clear({"epoch": 2})
    assert store.rows() == [] and store.state()["epoch"] == 2
    assert store.restore(backup.read_text().splitlines()) == 5
    assert min(row["seq"] for row in store.rows()) > max(row["seq"] for row in rows)


def test_names_and_limits(store, event, monkeypatch):
    assert [store.admit("ann", key * 16)[:13] for key in "aba"] == ["", "Somebody else", ""]
    monkeypatch.setattr("classroom.board.store.MOST_EVENTS", 2)
    store.keep("ann", [event(), event()])
    with pytest.raises(FullError, match="events of one learner"):
        store.keep("ann", [event()])
    for key in "ab":  # nobody has ann's name any more but who comes next; her notebooks, which go on sending, do not
        assert store.admit("ann", key * 16) == ""
        store.withdraw("ann", {}, name_too=True)
        assert store.admit("ann", key * 16) == "Your instructor has taken ann off the board. Take another name."
    assert store.admit("ann", "c" * 16) == ""


def test_a_whole_board_runs_on_it(database, tmp_path, event):
    board = BoardInThread(tmp_path / "board", database)
    try:
        batch = [event() for _ in range(20)]
        askers = [threading.Thread(target=board.as_learner, args=("POST", "/events", batch)) for _ in range(5)]
        for each in askers:
            each.start()
        for each in askers:
            each.join()
        assert sorted(row["seq"] for row in board.room.rows) == [row["seq"] for row in board.room.store.rows()]
        assert len(board.room.rows) == 20
        assert board.as_learner("DELETE", "/events") == (200, {"withdrawn": 20})
    finally:
        board.end()
