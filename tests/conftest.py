"""What several test files share: the data, a small part of it, fresh networks, labs, and processes of their own."""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from factories import ENDLESS, PATIENCE
from hypothesis import settings
from playwright.sync_api import sync_playwright

from classroom.hub import accounts
from helpers import data, own_folder
from helpers.errors import ReaderError
from helpers.labs import controls  # before TensorFlow, as in the lessons
from helpers.labs.playground import Playground
from helpers.plots import drawing
from tools import lessons
from tools.browser import ARGUMENTS, chromium

import tensorflow as tf  # isort: skip

PROJECT = Path(__file__).resolve().parent.parent
# On a busy machine an example takes as long as it takes; and the same ones every time, or a run turns red by itself.
settings.register_profile("busy", deadline=None, derandomize=True)
settings.load_profile("busy")


class OneLayer(tf.Module):
    """The network of lesson 01, starting from zeros."""

    def __init__(self):
        super().__init__()
        self.W = tf.Variable(tf.zeros([784, 10]))
        self.b = tf.Variable(tf.zeros([10]))

    def __call__(self, x):
        return x @ self.W + self.b


def pytest_addoption(parser):
    parser.addoption("--seeds", default="1 2 3 4 5", help="the seeds that the lessons' claims are tried with")
    parser.addoption("--lesson", default="", help="the one lesson whose claims are tried with them: 03")


def pytest_configure(config):
    if lesson := config.getoption("lesson"):
        try:
            lessons.numbered(lesson)
        except ReaderError as error:
            raise pytest.UsageError(str(error)) from error


@pytest.fixture(autouse=True)
def empty_own_folder(monkeypatch, tmp_path):
    """Every test has a folder of its own for a learner's files, which is not made yet."""
    monkeypatch.setenv(own_folder.VARIABLE, str(tmp_path / "work"))
    return tmp_path / "work"


@pytest.fixture(autouse=True)
def no_thread_of_ours_is_left():
    """Every thread that a test lets a lab begin has ended with the test: it would take the next one's time."""
    before = threading.enumerate()
    yield
    for thread in threading.enumerate():
        began_by = getattr(getattr(thread, "_target", None), "__module__", None) or ""
        if thread not in before and began_by.startswith("helpers."):
            thread.join(PATIENCE)  # what was told to stop may be in the middle of a step
            assert not thread.is_alive(), f"{began_by} still runs a thread that the test began"


@pytest.fixture(scope="session", autouse=True)
def a_hand_comes_to_rest_at_once():
    """What is drawn at rest is drawn soon, since a test waits for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "REST", 0.05)
        yield


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, one for all tests of a process: Playwright cannot be started in it twice."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def mnist():
    return data.load_mnist()


@pytest.fixture(scope="session")
def small(mnist):
    """A data set for quick runs."""
    return data.Dataset(mnist.train[:2000], mnist.test[:1000])


@pytest.fixture
def plain_tensorflow(monkeypatch):
    """Networks are not compiled by XLA, which takes six times as long to be ready: for tests of what is around them.

    tests/test_compiled_loop.py holds that both learn the same.
    """
    monkeypatch.setattr("helpers.compiled_loop._slow_in_xla", lambda *_model_and_shape: "test")


@pytest.fixture(scope="session")
def new_model():
    """A function that makes a fresh one-layer network with its weights `W` and biases `b`."""
    return OneLayer


@pytest.fixture
def new_lab(monkeypatch):
    """A function that makes a lab of any kind, `new_lab(Lab, small, new_model)`; one that still runs is stopped.

    Its slider for steps offers short runs and an endless one, besides those that a reader can choose.
    """
    monkeypatch.setattr(controls, "STEPS", (20, 60, 120, *controls.STEPS, ENDLESS))
    made = []

    def make(kind, *arguments, **options):
        made.append(kind(*arguments, **options))
        return made[-1]

    yield make
    for each in made:
        end = each.pause if isinstance(each, Playground) else each.stop
        end()


@pytest.fixture(scope="session")
def in_new_process():
    """A function that runs Python source in a process of its own and returns what it printed and how it ended.

    Further arguments are set in its environment.
    """

    def run(source: str, **also: str) -> subprocess.CompletedProcess:
        # ipykernel and TensorFlow behave a little differently when they believe to run under pytest.
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"} | also
        return subprocess.run(
            [sys.executable, "-c", source], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=300
        )

    return run


@pytest.fixture(scope="session")
def open_python():
    """An interpreter that learners' accounts may run, with this environment's packages.

    The one that runs the tests often lies in root's own folder, which no other account may enter: then the system's of
    the same version, in an environment that borrows the packages.
    """

    def is_open(python):
        return not any(map(accounts.barred, accounts.ways_into(python)))

    if not accounts.can_have_walls() or (is_open(Path(sys.executable)) and not accounts.barred(Path(sys.base_prefix))):
        yield sys.executable
        return
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    others = [
        path for path in (Path("/usr/bin", name), Path("/usr/local/bin", name)) if path.exists() and is_open(path)
    ]
    if not others or accounts.barred(PROJECT):
        pytest.skip(f"no {name}, or not these lessons, may be used by learners' accounts on this machine")
    with tempfile.TemporaryDirectory(prefix="python-", dir="/tmp") as place:
        os.chmod(place, 0o755)
        subprocess.run([others[0], "-m", "venv", "--without-pip", place], check=True)
        ours = Path(sys.prefix, "lib", name, "site-packages")
        borrowed = Path(place, "lib", name, "site-packages", "borrowed.pth")
        borrowed.write_text(f"import site; site.addsitedir({str(ours)!r})\n", encoding="utf-8")
        for folder in ("share", "etc"):
            if Path(sys.prefix, folder).exists():
                Path(place, folder).symlink_to(Path(sys.prefix, folder))
        yield str(Path(place, "bin", "python"))
