import os
import re
import select
import shutil
import socket
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from helpers import own_folder
from tools import browser, lab

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
PLAIN_ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in ("PYTHON", "MAKEFLAGS", "MAKELEVEL")}


@pytest.fixture
def copy(tmp_path):
    """The files of the set-up in a folder of their own, with a space in its name."""
    folder = tmp_path / "dense networks"
    shutil.copytree(PROJECT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(PROJECT / name, folder)
    return folder


def make(folder, *words, path=None, **how):
    environment = PLAIN_ENVIRONMENT | ({"PATH": str(path)} if path else {})
    return subprocess.run(
        [shutil.which("make"), *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, **how
    )


def stand_in(path, *lines):
    """Write a program that stands in for a Python which this machine may not have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)
    return path


def names(requirements):
    return {canonicalize_name(requirement.name) for requirement in requirements}


def test_conda_gets_its_dependencies_from_pyproject():
    environment = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, from_here = environment["dependencies"]  # and nothing that pyproject.toml does not know of
    assert python.removeprefix("python=") in SpecifierSet(PYPROJECT["requires-python"])
    assert (pip, from_here) == ("pip", {"pip": ["--constraint constraints.txt", "--editable ."]})


def test_constraints_pin_every_dependency_and_name_no_address():
    pins = [Requirement(line) for line in CONSTRAINTS if line.strip() and not line.startswith("#")]
    assert all(re.fullmatch(r"==[^*,]+", str(pin.specifier)) and pin.url is None for pin in pins)
    assert not any("//" in line or line.startswith("-") for line in CONSTRAINTS)
    listed = [*PYPROJECT["dependencies"], *chain.from_iterable(PYPROJECT["optional-dependencies"].values())]
    assert names(map(Requirement, listed)) <= names(pins)


def test_help_is_the_default_and_lists_every_target_once():
    targets = re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE)
    for internal in ("ready", "ready-to-test", "ready-to-teach", "ready-for-class"):  # the others call them
        targets.remove(internal)
    shown = make(PROJECT)
    assert [line.split()[:2] for line in shown.stdout.splitlines()] == [["make", target] for target in targets]
    assert {"help", "lab", "test", "fresh", "test-all", "lint", "execute", "bench", "clean"} <= set(targets)


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))
def test_after_a_move_every_program_of_venv_is_found(target):
    """A program's first line names the folder that .venv was made in; .venv/bin/python finds its own."""
    called = re.findall(r"^(?:exec )?(\.venv/bin/\S+)", make(PROJECT, "--dry-run", target).stdout, flags=re.MULTILINE)
    assert set(called) <= {".venv/bin/python"}


def test_the_set_up_takes_the_pythons_that_pyproject_takes():
    script = (PROJECT / "tools" / "set_up.sh").read_text(encoding="utf-8")
    taken = re.search(r'^versions="(.+)"$', script, flags=re.MULTILINE)[1].split()
    required = SpecifierSet(PYPROJECT["requires-python"])
    assert taken == [version for version in (f"3.{minor}" for minor in range(30)) if version in required]
    tried = re.search(r"for python in python3 (.+); do", script)[1].split()
    assert sorted(tried) == [f"python{version}" for version in taken]


@pytest.mark.parametrize("named", [True, False], ids=["named", "found on the PATH"])
def test_an_unsupported_python_is_answered_in_one_sentence(copy, named):
    old = stand_in(copy / "bin" / "python3", "echo 3.9")
    for tool in ("sh", "cat", "cksum", "rm"):
        (old.parent / tool).symlink_to(shutil.which(tool))
    answer = make(copy, "lab", *([f"PYTHON={old}"] if named else []), path=old.parent)
    assert answer.returncode != 0
    assert "(3.10 3.11 3.12 3.13)" in answer.stderr
    assert "conda env create -f environment.yml" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""
    assert not (copy / ".venv").exists()


def test_a_python_without_venv_is_told_the_cure(copy):
    bare = stand_in(copy / "bin" / "python3", 'case "$*" in *version_info*) echo 3.12 ;; *) exit 1 ;; esac')
    answer = make(copy, "lab", f"PYTHON={bare}")
    assert answer.returncode != 0
    assert "apt install python3-venv" in answer.stderr
    assert "did not finish" not in answer.stderr


def test_a_set_up_that_fails_says_so_and_is_not_believed(copy):
    """The stand-in makes environments whose pip always fails, as it does without a network."""
    pip = 'case "$*" in *version_info*) echo 3.12 ;; *pip*) echo "no network" >&2; exit 1 ;; esac'
    stand_in(copy / "pip", pip)
    venv = 'case "$*" in *version_info*) echo 3.12 ;; *--clear*) mkdir -p .venv/bin; cp pip .venv/bin/python ;; esac'
    python = stand_in(copy / "bin" / "python3", venv)
    for announcement in ("Setting up .venv with Python 3.12", "Bringing .venv up to date"):
        answer = make(copy, "lab", f"PYTHON={python}")
        assert answer.returncode != 0
        assert announcement in answer.stdout
        assert "no network" in answer.stderr
        assert "Set-up did not finish; with the network there, run the same command again" in answer.stderr
        assert not list((copy / ".venv").glob("ready*"))


@pytest.mark.parametrize("target", ["build/proxy", "build/notebook7"])
def test_a_download_that_is_cut_off_is_made_anew(copy, target):
    """The stand-in is ended the first time with make and its shells, as by Ctrl-C, in the middle of its work."""
    shutil.copytree(PROJECT / "classroom" / "proxy", copy / "classroom" / "proxy")
    stand_in(
        copy / ".venv" / "bin" / "python",
        'for word; do case "$word" in build/*) place=$word ;; esac; done',
        'mkdir -p "$place" && touch "$place/half"',
        "[ -e cut_off ] || { touch cut_off; kill -TERM 0; sleep 60; }",
        'mv "$place/half" "$place/whole"',
    )
    assert make(copy, target, start_new_session=True).returncode != 0
    assert (copy / "cut_off").exists()
    assert make(copy, target).returncode == 0
    assert (copy / target / "whole").exists()
    assert [path.name for path in (copy / "build").iterdir()] == [Path(target).name]
    assert "up to date" in make(copy, target).stdout


def test_clean_keeps_the_readers_work(copy):
    kept = ["notebooks/my_own.ipynb", "notebooks/.ipynb_checkpoints/my_own.ipynb"]
    kept += ["build/instructor/my_own.ipynb", "build/student/my_own.ipynb"]
    gone = [".venv/made", "helpers/__pycache__/data.pyc", ".ruff_cache/x", "build/site/index.html", "build/kit.zip"]
    for file in kept + gone:
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        (copy / file).touch()
    for _ in range(2):  # the second time there is less to remove
        assert make(copy, "clean").returncode == 0
        assert [file for file in kept + gone if (copy / file).exists()] == kept


def test_a_named_port_that_is_taken_is_said_to_be_taken(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr(sys, "argv", ["lab", f"--port={port}"])
        with pytest.raises(SystemExit, match=f"Port {port} is taken"):
            lab.main()


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_a_port_that_cannot_be_is_answered_in_a_sentence(monkeypatch, capsys, port):
    monkeypatch.setattr(sys, "argv", ["lab", f"--port={port}"])
    with pytest.raises(SystemExit):
        lab.main()
    assert f"A port is a number from 0 to 65535; got {port}." in capsys.readouterr().err


@pytest.mark.parametrize("beside", [True, False], ids=["beside the lessons", "elsewhere"])
def test_jupyterlab_opens_the_learners_copy_in_this_process_with_every_option_whole(monkeypatch, tmp_path, beside):
    """Windows would split the options at the spaces of a folder's name, were they handed to another process by exec."""
    began = []
    project = tmp_path / "dense networks"
    folder = project / "work" if beside else tmp_path / "my own"
    monkeypatch.setattr(lab, "PROJECT", project)
    if beside:
        monkeypatch.delenv("LESSONS_WORK")
    else:
        monkeypatch.setenv("LESSONS_WORK", str(folder))
    monkeypatch.setattr(sys, "argv", ["lab"])
    monkeypatch.setattr("runpy.run_module", lambda module, **_how: began.append((module, sys.argv[1:])))
    lab.main()
    ((module, options),) = began
    assert module == "jupyterlab"
    root, page = (project, "work/00_start_here.ipynb") if beside else (folder, "00_start_here.ipynb")
    assert {f"--ServerApp.root_dir={root}", f"--LabApp.default_url=/lab/tree/{page}"} <= set(options)
    assert os.environ["LESSONS_WORK"] == str(folder)  # the kernels hear it
    assert (folder / "00_start_here.ipynb").exists()
    assert options[0].endswith("jupyter_server_config.py")


def test_a_folder_named_from_here_is_the_same_one_in_every_kernel(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LESSONS_WORK", "mine")
    monkeypatch.setattr(sys, "argv", ["lab"])
    monkeypatch.setattr("runpy.run_module", lambda module, **_how: None)
    lab.main()
    monkeypatch.chdir(tmp_path / "mine")  # as a kernel does
    assert own_folder.folder() == tmp_path / "mine"


def test_a_browser_opens_only_where_it_would_be_seen(monkeypatch):
    for name in ("SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert lab.has_display() == (sys.platform != "linux")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert lab.has_display()
    monkeypatch.setenv("SSH_CONNECTION", "from here to there")
    assert not lab.has_display()


def test_without_any_browser_every_try_and_the_cure_are_named(monkeypatch):
    def refuse(command, limit):
        raise browser.NoBrowserError(f"{command[0]} refused")

    monkeypatch.setattr(browser, "INSTALLED", ("no-such-browser",))
    monkeypatch.setattr(browser, "IS_ROOT", False)
    monkeypatch.setattr(browser, "run", refuse)
    with pytest.raises(browser.NoBrowserError) as problem:
        browser.chromium.__wrapped__()
    for word in ("no-such-browser", f"{sys.executable} refused", "apt-get install", "sudo apt install chromium"):
        assert word in str(problem.value)


def test_a_command_that_hangs_is_ended_with_its_helpers(tmp_path):
    held = tmp_path / "held by the helper"
    os.mkfifo(held)
    reading = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    for limit in (2, 60):  # on a busy machine it may not have begun within the first
        with pytest.raises(browser.NoBrowserError, match=f"no result within {limit} seconds"):
            browser.run(["sh", "-c", 'echo begun > "$1"; sleep 600 > "$1" & wait', "sh", str(held)], limit=limit)
        if begun := os.read(reading, 100):
            break
    assert begun == b"begun\n"
    hung_up = select.poll()
    hung_up.register(reading, select.POLLHUP)
    assert hung_up.poll(60_000)  # nobody can write any more, so the helper is gone
    os.close(reading)


def test_ci_runs_lint_and_the_test_command():
    lines = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#!") and "set -euo pipefail" in lines
    assert lines[-2:] == ["make lint", "make test"]
    assert os.access(PROJECT / ".ci" / "run", os.X_OK)


def test_the_workflow_tries_the_pythons_that_pyproject_takes_on_three_systems():
    """Its form was held against the schema of workflows by hand; nothing here proves that it runs."""
    workflow = yaml.safe_load((PROJECT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
    everything, lessons = (workflow["jobs"][job]["strategy"]["matrix"] for job in ("everything", "lessons"))
    script = (PROJECT / "tools" / "set_up.sh").read_text(encoding="utf-8")
    assert lessons["python"] == re.search(r'^versions="(.+)"$', script, flags=re.MULTILINE)[1].split()
    assert lessons["system"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    assert lessons["exclude"] == [{"system": "ubuntu-latest", "python": python} for python in everything["python"]]
    assert workflow["jobs"]["conda"]["steps"][1]["with"]["activate-environment"] == "dense-networks-by-touch"
    commands = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert {"make lint", "make test", "python -m pytest notebooks -n 2"} <= set(commands)


def test_citation_and_changelog_know_the_present_version():
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)  # which its schema asks for
    assert citation["version"] == PYPROJECT["version"]
    assert citation["license"] == PYPROJECT["license"]
    versions = re.findall(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert versions[0] == PYPROJECT["version"]
