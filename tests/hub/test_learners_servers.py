"""What the hub is told, how a learner's server is started, and what is in a learner's folder."""

import math
import os
import runpy
import socket
import stat
import statistics
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from traitlets.config import Config

from classroom.hub import accounts, room, spawner
from classroom.hub import settings as class_settings
from classroom.hub.spawner import CannotStart, LearnerSpawner
from tools import lessons, own_copy

PROJECT = Path(__file__).resolve().parent.parent.parent
LESSON = "01_one_layer.ipynb"


@pytest.fixture
def told(plan, monkeypatch):
    """What JupyterHub is told for a class."""
    plan.keep()
    monkeypatch.setenv(class_settings.VARIABLE, str(plan.file))
    before = os.umask(0o022)
    config = Config()
    runpy.run_path(str(PROJECT / "classroom" / "hub" / "config.py"), {"get_config": lambda: config})
    assert os.umask(before) == 0o077  # what the hub writes is its own
    return config


@pytest.fixture
def learner(plan, monkeypatch, tmp_path):
    """The spawner of a learner, without a hub."""
    plan.keep()
    monkeypatch.setattr(class_settings.Settings, "runtime", tmp_path / "run")
    user = SimpleNamespace(name="ann", orm_user=SimpleNamespace(id=3), url="/user/ann/", settings={})
    made = LearnerSpawner(settings=plan)
    made.user = user
    return made


def test_the_hub_starts_no_proxy_ends_no_server_within_the_hour_and_sends_nobody_away(told, plan):
    assert told.ConfigurableHTTPProxy.should_start is False
    assert told.JupyterHub.hub_bind_url == plan.hub
    (timeout,) = [
        int(word.partition("=")[2]) for word in told.JupyterHub.services[0]["command"] if word.startswith("--timeout=")
    ]
    assert timeout >= 3600
    assert told.JupyterHub.concurrent_spawn_limit >= told.JupyterHub.active_server_limit >= 30
    assert told.Spawner.start_timeout >= 180
    assert told.Authenticator.username_pattern.startswith("^") and told.Authenticator.username_pattern.endswith(r"\Z")


def test_a_learners_kernels_speak_by_sockets_of_their_own_and_rest_for_an_hour():
    config = Config()
    names = {"get_config": lambda: config, "load_subconfig": lambda name, path: loaded.append(Path(path, name))}
    loaded = []
    runpy.run_path(str(PROJECT / "classroom" / "hub" / "learner_config.py"), names)
    assert [path.exists() for path in loaded] == [True]  # what `make lab` has
    assert config.KernelManager.transport == "ipc"
    assert config.MappingKernelManager.cull_idle_timeout >= 3600
    assert config.ServerApp.allow_root is False and config.ServerApp.terminals_enabled is False


def test_a_learner_has_a_folder_a_port_and_an_environment_of_their_own(learner, plan, monkeypatch):
    monkeypatch.setenv("CONFIGPROXY_AUTH_TOKEN", "the proxy's")
    learner.prepare()
    assert learner.port == plan.learner_port(3)
    environment = learner.user_env({"CONFIGPROXY_AUTH_TOKEN": "the proxy's", "PATH": "/bin"})
    assert "CONFIGPROXY_AUTH_TOKEN" not in environment and "CONFIGPROXY_AUTH_TOKEN" not in learner.env_keep
    assert environment["LESSONS_WORK"] == str(plan.homes / "ann" / "lessons")
    assert stat.S_IMODE((plan.homes / "ann").stat().st_mode) == 0o700
    assert stat.S_IMODE((plan.runtime / "ann").stat().st_mode) == 0o700
    # A socket's name: the folder, "kernel-", 36 letters, "-ipc-1". Systems take 104 and more.
    longest = Path(f"/tmp/class-{os.geteuid()}-65535") / ("x" * 21)
    assert len(f"{longest}/kernel-{'x' * 36}-ipc-1") < 104


def test_a_port_that_a_lost_server_still_has_is_passed_over(learner, plan):
    with socket.socket() as lost:
        lost.bind(("127.0.0.1", 0))
        lost.listen()
        object.__setattr__(plan, "port", lost.getsockname()[1] - 1003)
        assert learner._free_port() == plan.learner_port(1003)


def test_a_port_that_somebody_has_and_does_not_answer_on_is_passed_over(learner, plan):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        object.__setattr__(plan, "port", taken.getsockname()[1] - 1003)
        assert learner._free_port() == plan.learner_port(1003)


@pytest.fixture
def given(monkeypatch, tmp_path):
    """What became whose: the account of ann is none of this system's, and what is asked for is only noted."""
    account = SimpleNamespace(pw_name="learner-ann", pw_uid=54321, pw_gid=54321, pw_dir=str(tmp_path / "homes" / "ann"))
    monkeypatch.setattr(accounts.pwd, "getpwnam", lambda _name: account)
    noted = []

    def chown(path, uid, gid, *, follow_symlinks):
        assert not follow_symlinks  # what a link leads to is not the learner's
        noted.append((str(Path(path).relative_to(tmp_path)), uid, gid))

    monkeypatch.setattr(accounts.os, "chown", chown)
    return noted


def test_a_folder_of_an_earlier_class_becomes_its_learners_with_all_that_is_in_it(tmp_path, given):
    """One of a class without walls is its instructor's, one of a course that is over is root's."""
    lessons_of_ann = tmp_path / "homes" / "ann" / "lessons"
    lessons_of_ann.mkdir(parents=True)
    (lessons_of_ann / "mine.ipynb").touch()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").touch()
    (lessons_of_ann / "link").symlink_to(tmp_path / "elsewhere")
    assert accounts.walled("ann", tmp_path / "homes").uid == 54321
    of_ann = ["homes/ann/lessons/link", "homes/ann/lessons/mine.ipynb", "homes/ann/lessons", "homes/ann"]
    assert sorted(given) == sorted((path, 54321, 54321) for path in of_ann)
    assert given[-1][0] == "homes/ann"  # the way in last of all


def test_a_link_in_the_place_of_a_learners_folder_is_not_followed(tmp_path, given):
    (tmp_path / "homes").mkdir()
    (tmp_path / "homes" / "ann").symlink_to(tmp_path)
    with pytest.raises(RuntimeError, match="is a link, not a folder"):
        accounts.walled("ann", tmp_path / "homes")
    assert given == []


def test_a_folder_for_sockets_that_somebody_else_has_made_is_refused(learner, plan, tmp_path):
    plan.runtime.mkdir()
    (tmp_path / "of somebody else").mkdir()
    (plan.runtime / "ann").symlink_to(tmp_path / "of somebody else")
    with pytest.raises(CannotStart, match="belongs to somebody else") as problem:
        learner.prepare()
    assert "tell your instructor" in problem.value.jupyterhub_message


def test_a_learners_limits_hold_in_their_process(learner, plan):
    learner.prepare()
    source = (
        "import os, resource as r; print(r.getrlimit(r.RLIMIT_DATA)[0], r.getrlimit(r.RLIMIT_FSIZE)[0], os.getcwd())"
    )
    command = [sys.executable, "-c", source]
    said = subprocess.run(command, preexec_fn=learner.make_preexec_fn("ann"), capture_output=True, text=True)
    memory, file, folder = said.stdout.split()
    assert (int(memory), int(file)) == (spawner.MEMORY, spawner.FILE)
    assert folder == str(plan.homes / "ann")


def test_a_learner_gets_lessons_without_solutions_and_what_they_wrote_stays(tmp_path):
    own_copy.bring(tmp_path, lessons.for_students)
    assert "Solution</summary>" in (lessons.NOTEBOOKS / LESSON).read_text(encoding="utf-8")
    assert "Solution</summary>" not in (tmp_path / LESSON).read_text(encoding="utf-8")
    mine = lessons.read(tmp_path / LESSON)
    assert lessons.for_students(mine).cells == mine.cells  # a kit's lessons have lost theirs already
    mine.cells[0].source = "This is mine."
    lessons.write(mine, tmp_path / LESSON)
    before = (tmp_path / LESSON).read_bytes()
    assert own_copy.bring(tmp_path, lessons.for_students) == []
    assert (tmp_path / LESSON).read_bytes() == before


def test_the_folder_that_bars_the_way_is_named(tmp_path):
    (tmp_path / "closed" / "inner").mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o001:
            assert accounts.barred(tmp_path / "closed" / "inner") is not None
            return
    (tmp_path / "closed").chmod(0o700)
    assert accounts.barred(tmp_path / "closed" / "inner") == tmp_path / "closed"


def test_a_machine_suffices_for_as_many_as_memory_and_processors_serve():
    measured = room.needs()["lessons"]
    assert list(measured) == [path.name[:2] for path in lessons.paths()]
    each = measured["01"]["kernel"] + measured["01"]["server"]
    assert room.learners_by_memory("01", free=room.KEPT_FREE + 10.5 * each) == 10
    assert room.learners_by_memory("01", free=100) == 0
    assert room.learners_by_memory("01", free=10**6) == class_settings.MOST_LEARNERS  # the hub starts no more
    assert room.learners_by_processors("01", cores=4) == 2 * room.learners_by_processors("01", cores=2) > 0
    said = room.suffices_for(free=room.KEPT_FREE + 10.5 * each, cores=2)
    assert f"01      {each:5} MB          10" in said


def test_a_cluster_gives_a_learner_what_every_lesson_was_measured_to_take():
    values = yaml.safe_load((PROJECT / "classroom" / "kubernetes" / "values.yaml").read_text(encoding="utf-8"))
    kept, most = (float(values["singleuser"]["memory"][name].removesuffix("G")) for name in ("guarantee", "limit"))
    needs = sorted(each["kernel"] + each["server"] for each in room.needs()["lessons"].values())  # MB
    assert needs[len(needs) // 2] < kept * 2**10 and needs[-1] < most * 2**10  # G and MB both count in powers of two
    started = values["singleuser"]["cmd"]
    assert (PROJECT / started[1].removeprefix("/opt/lessons/")).exists()
    assert str(Path(started[1]).with_name("learner_config.py")) == started[2].removeprefix("--config=")


def test_on_a_cluster_the_hub_finds_a_learners_server_and_the_server_its_lessons(tmp_path):
    """Address and folder are others than on one machine; what the server makes of them is seen without a cluster."""
    values = yaml.safe_load((PROJECT / "classroom" / "kubernetes" / "values.yaml").read_text(encoding="utf-8"))
    single = values["singleuser"]
    lessons_are_in = single["extraEnv"]["LESSONS_WORK"]
    words = [word.replace("/opt/lessons", str(PROJECT)) for word in single["cmd"][2:]]
    words = [word.replace(lessons_are_in, str(tmp_path)) for word in words]
    source = (
        "import sys; from jupyterhub.singleuser import app; server = app.App()\n"
        "server.parse_command_line(sys.argv[1:]); server.load_config_file(); print(server.ip, server.root_dir)"
    )
    hub = {
        "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:8888/user/ann/",
        "JUPYTERHUB_SERVICE_PREFIX": "/user/ann/",
        "JUPYTERHUB_API_URL": "http://hub:8081/hub/api",
        "JUPYTERHUB_API_TOKEN": "none",
        "JUPYTERHUB_CLIENT_ID": "ann",
        "JUPYTERHUB_USER": "ann",
    }
    ended = subprocess.run(
        [sys.executable, "-c", source, *words],
        env=os.environ | single["extraEnv"] | hub,
        cwd=tmp_path.parent,
        capture_output=True,
        text=True,
    )
    assert ended.stdout.split() == ["0.0.0.0", str(tmp_path)], ended.stderr
    assert single["defaultUrl"].removeprefix("/lab/tree/") in {path.name for path in lessons.paths()}


def test_what_a_thousand_learners_need_is_worked_out_from_what_one_was_measured_to_take():
    folder = PROJECT / "classroom" / "kubernetes"
    text = (folder / "README.md").read_text(encoding="utf-8")
    values = yaml.safe_load((folder / "values.yaml").read_text(encoding="utf-8"))
    kept = float(values["singleuser"]["memory"]["guarantee"].removesuffix("G"))
    measured = room.needs()["lessons"]
    memory = {number: (each["kernel"] + each["server"]) / 1000 for number, each in measured.items()}  # GB
    longest = {number: each["longest"] for number, each in measured.items()}  # seconds
    largest, slowest = max(memory, key=memory.get), max(longest, key=longest.get)
    advised = math.ceil(memory[largest] * 20) / 20  # the next 0.05 GB

    def machines(memory):
        return math.ceil(1000 / int(58 / memory))

    cores = 16 * machines(kept)
    for said in (
        f"| {kept:.0f} GB; the middle lesson takes {statistics.median(memory.values()):.2f}, "
        f"the largest, {largest}, takes {memory[largest]:.2f} | {1000 * kept:,.0f} GB |",
        f"58 GB are for learners | | {machines(kept)}, which have {cores} cores |",
        f"of all, in lesson {slowest}: {longest[slowest]} s of one core, if all run it at the same moment | | "
        f"{1000 * longest[slowest] / cores:.0f} s |",
        f"of lesson 04: {longest['04']} s of one core, in the same way | | {1000 * longest['04'] / cores:.0f} s |",
        f"In lesson {largest} all learners at once take {1000 * memory[largest]:,.0f} GB, which {machines(kept)} "
        f"machines of 64 GB do not have: {machines(advised)} then, or a guarantee of {advised:.2f} GB",
    ):
        assert said in text
