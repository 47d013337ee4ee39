"""The doctor, on a machine that is fit and with each fault made for real."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from helpers import doctor, own_folder

resource = pytest.importorskip("resource")  # which Windows does not have

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture
def ask(tmp_path):
    """A function that asks the doctor, in a process of its own: what it says, and its exit code."""

    def ask(where=PROJECT, before=None, **environment):
        asked = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        asked |= {"LESSONS_WORK": str(tmp_path / "work")} | environment
        command = [sys.executable, "-m", "helpers.doctor"]
        ended = subprocess.run(
            command, cwd=where, env=asked, preexec_fn=before, capture_output=True, text=True, timeout=300
        )
        assert ended.stderr == ""
        return ended.stdout, ended.returncode

    return ask


def cured(said):
    """Each problem with its cure."""
    return re.findall(r"^✗ (.*)\n  Cure: (.+)$", said, flags=re.MULTILINE)


@pytest.mark.slow  # that a fit machine is told so, the newcomer's journey sees as well
def test_a_machine_that_is_fit_is_told_so_and_nothing_leaves_it(ask, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import socket\n"
        "def refuse(*words):\n"
        "    raise SystemExit(f'a call to {words}')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
    )
    calls = [sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"]
    refused = subprocess.run(calls, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
    assert "a call to" in refused.stderr
    said, code = ask(PYTHONPATH=str(tmp_path))
    assert (code, cured(said)) == (0, []), said
    assert said.count("✓") == 7 and said.endswith("All is well.\n")
    assert re.search(r"✓ 1,000 steps in \d+\.\d s: your machine is ", said)
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["pace.json"]


@pytest.mark.parametrize(
    ("folder", "limit", "used", "given_back"),
    [
        ("", "memory.max", "memory.current", "inactive_file"),
        ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ],
    ids=["cgroup 2", "cgroup 1"],
)
def test_memory_that_holds_files_only_is_there_to_be_had(tmp_path, monkeypatch, folder, limit, used, given_back):
    monkeypatch.setattr(doctor, "CONTROL_GROUP", tmp_path)
    (tmp_path / folder).mkdir(exist_ok=True)
    figures = {limit: "2000000000", used: "1900000000", "memory.stat": f"anon 5\n{given_back} 1500000000"}
    for name, text in figures.items():
        (tmp_path / folder / name).write_text(text)
    there, why = doctor.memory()
    assert why == " (the container's limit)" and there >= 1.6e9


def test_too_little_memory_is_noticed_before_tensorflow_ends_the_process(ask):
    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))

    said, code = ask(before=limited, OPENBLAS_NUM_THREADS="1")
    assert code == 1
    ((problem, cure),) = cured(said)
    assert re.fullmatch(r"Only \d\.\d GB of memory for a lesson, 1\.2 GB needed \(the limit of ulimit -v\)\.", problem)
    assert "Shut down the kernels" in cure and "limit raised" in cure
    assert "steps in" not in said and said.endswith("1 thing needs a cure.\n")


@pytest.mark.skipif(not Path("/proc").exists(), reason="/proc can be written by nobody, root included")
def test_a_folder_that_cannot_be_written_is_noticed(ask):
    said, code = ask(LESSONS_WORK="/proc/lessons")
    assert code == 1
    ((problem, cure),) = cured(said)
    assert "cannot be written" in problem and "LESSONS_WORK" in cure


@pytest.fixture
def copy(tmp_path):
    """The project's helpers in a folder of their own."""
    shutil.copytree(PROJECT / "helpers", tmp_path / "copy" / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "constraints.txt", tmp_path / "copy")
    return tmp_path / "copy"


def test_a_damaged_file_and_a_wrong_version_are_noticed_each_with_its_cure(ask, copy):
    images = copy / "helpers" / "mnist.npz"
    content = bytearray(images.read_bytes())
    content[5_000_000] ^= 1
    images.write_bytes(content)
    pins = copy / "constraints.txt"
    pins.write_text(re.sub(r"^ipywidgets==.*$", "ipywidgets==7.7.1", pins.read_text(), flags=re.MULTILINE))
    said, code = ask(copy)
    assert code == 1
    (versions, install), (damaged, put_back) = cured(said)
    assert re.fullmatch(r"Packages: ipywidgets is 8\.[\d.]+, tested was 7\.7\.1\.", versions)
    assert install.endswith("pip install -c constraints.txt -e .")
    assert "not the one that was shipped" in damaged and "git checkout -- helpers/mnist.npz" in put_back
    assert "2 things need a cure." in said


def test_a_missing_package_and_an_unknown_python_are_named(monkeypatch):
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: ["no-such-package>=1", "numpy"])
    (finding,) = doctor.packages()
    assert "no-such-package is missing" in finding.said and finding.cure
    for version in ((3, 9, 1), (3, 14, 0)):
        monkeypatch.setattr(sys, "version_info", version)
        (finding,) = doctor.python()
        assert "3.10 to 3.13" in finding.said and "make lab PYTHON=" in finding.cure


def test_it_takes_the_pythons_that_pyproject_takes():
    required = SpecifierSet(re.search(r'requires-python = "(.+)"', (PROJECT / "pyproject.toml").read_text())[1])
    (oldest, newest) = (f"3.{minor}" for _, minor in doctor.PYTHONS)
    assert [f"3.{minor}" for minor in range(30) if f"3.{minor}" in required][:: len(range(10, 14)) - 1] == [
        oldest,
        newest,
    ]


def test_the_page_s_question_is_answered_and_the_notebook_keeps_words():
    found = doctor.Checkup([doctor.Finding("Python")])
    found.pulse._handle_custom_msg({"asked": True}, [])
    assert found.pulse.heard == 1
    assert repr(found) == "✓ Python\nAll is well."


def test_training_that_fails_is_a_finding_too(monkeypatch):
    def broken():
        raise ImportError("libtensorflow is missing")
        yield

    monkeypatch.setattr(doctor, "speed", broken)
    (problem,) = doctor.checkup().problems
    assert "ImportError: libtensorflow is missing" in problem.said and "set everything up anew" in problem.cure
    assert own_folder.names("*") == []
