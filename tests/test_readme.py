"""What README.md, CONTRIBUTING.md and TEACHING.md tell one to open or to type is there, and works."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import factories
import pytest

from helpers import claims

PROJECT = Path(__file__).resolve().parent.parent
TEXTS = [PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "TEACHING.md")]
TARGETS = re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
FILE = re.compile(r"(?:[\w.*-]+/)*[\w*-]+\.(?:cff|ipynb|jsonl|md|npz|png|py|sh|toml|txt|yml)|(?:[\w.*-]+/)+")
MADE_LATER = (".venv/", "build/", "install.sh", "start.sh", "fresh.sh", "class.sh")  # by the set-up and by the tools

every_text = pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)


def code(text):
    """All code in a text: the blocks and the spans."""
    blocks = re.findall(r"```\w*\n(.*?)```", text, flags=re.DOTALL)
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def files(text):
    """Every file and folder that a text names, in code or as a link, with the test that may stand behind it."""
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    words = [word for each in code(text) for word in re.split(r"[\s\"'=,;()]+", each)]
    named = [word for word in words if FILE.fullmatch(word.partition("::")[0])]
    return [name for name in links + named if not name.startswith(MADE_LATER)]


def targets(text):
    """Every target of make that a text names: the words after it, up to a setting such as PORT=8899."""
    return {word for each in code(text) for word in re.findall(r"\bmake ([a-z-]+)", each)}


@every_text
def test_every_file_it_names_is_there(text):
    named = files(text.read_text(encoding="utf-8"))
    assert named
    for name in named:
        path, _, test = name.partition("::")
        found = list(PROJECT.glob(path))
        assert found, name
        assert f"def {test}(" in found[0].read_text(encoding="utf-8") if test else True, name


@every_text
def test_every_target_of_make_it_names_is_there(text):
    named = targets(text.read_text(encoding="utf-8"))
    assert "test" in named
    assert named <= set(TARGETS)


def test_a_name_that_has_gone_would_be_found():
    text = "`helpers/expected.toml`, `make words`, [a map](map.md), `python -m pytest tests/test_old.py::test_it -x`"
    assert files(text) == ["map.md", "helpers/expected.toml", "tests/test_old.py::test_it"]
    assert targets(text) == {"words"}


def shown(language):
    """The first block of code in this language that CONTRIBUTING.md shows; tests/labs/test_lab.py takes the second."""
    return re.findall(rf"```{language}\n(.*?)```", TEXTS[1].read_text(encoding="utf-8"), flags=re.DOTALL)[0]


def test_the_exercise_in_contributing_is_a_whole_one():
    names = {}
    exec(shown("python"), names)
    assert names["mean_image"](lambda images: images.mean(axis=0)).right
    assert "axis=0" in names["mean_image"](lambda images: images.mean(axis=1)).words
    assert "returns nothing so far" in names["mean_image"](lambda images: None).words


def test_the_claim_in_contributing_is_one():
    ((name, table),) = claims.read(shown("toml")).items()
    assert name in TEXTS[1].read_text(encoding="utf-8").split("claims.check")[1]
    assert table["test_accuracy"].holds(0.91)
    assert set(table["settings"]) <= set(dir(factories.history()))


@pytest.mark.skipif(os.name == "nt", reason="there one can type the lines themselves")
def test_the_lines_for_windows_set_the_lessons_up(tmp_path):
    """README's lines, in their POSIX form, in a copy of the project.

    They are run as they stand, pip without a network: what it would download, it finds among the packages that are
    here, as it checks each against pyproject.toml and constraints.txt. So the lines, the order and the options are
    proved, and that the pins agree with the dependencies on this machine. Not proved: that Windows has packages of
    these versions, its `py` and its paths, and that JupyterLab opens, for which the last line is given `--help`.
    """
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    lines = re.search(r"```bat\n(.*?)```", readme, flags=re.DOTALL)[1].splitlines()
    make, install, start = (line.replace("\\", "/").replace("/Scripts/", "/bin/").split() for line in lines)
    assert make[0] == "py"
    assert install[0] == start[0] == ".venv/bin/python"

    folder = tmp_path / "dense networks"
    left_out = shutil.ignore_patterns("__pycache__", "mnist.npz")
    for name in ("helpers", "tools"):
        shutil.copytree(PROJECT / name, folder / name, ignore=left_out)
    for name in ("pyproject.toml", "constraints.txt", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, folder)

    def run(command, where=folder, **environment):
        plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        ended = subprocess.run(command, cwd=where, env=plain | environment, capture_output=True, text=True, timeout=120)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    run([sys.executable, *make[1:]])
    # setuptools, which builds the package, is among the packages here too; pip would download it by itself.
    offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PYTHONPATH": sysconfig.get_path("purelib")}
    said = run([*install, "--no-build-isolation"], **offline)
    assert "Successfully installed dense-networks-by-touch" in said
    look = "import importlib.util; print(importlib.util.find_spec('helpers').origin)"
    found = run([folder / ".venv/bin/python", "-c", look], where=tmp_path)
    assert Path(found.strip()) == folder / "helpers" / "__init__.py"
    assert "--port" in run([*start, "--help"], PYTHONPATH=offline["PYTHONPATH"])
