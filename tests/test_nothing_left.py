"""The last test of all: every kernel, server and browser that a test started has been ended."""

import os

import psutil
import pytest


@pytest.mark.last
@pytest.mark.skipif("TESTS_RUN" not in os.environ, reason="only tools/suite.py runs other tests before")
def test_no_process_that_a_test_started_is_left():
    """Every process inherits TESTS_RUN from tools/suite.py, whoever its parent is by now."""
    ours = psutil.Process()
    family = {ours.pid, *(parent.pid for parent in ours.parents())}
    left = [process for process in psutil.process_iter() if process.pid not in family and _was_started_by_us(process)]
    _, alive = psutil.wait_procs(left, timeout=60)  # what was told to end may take a moment
    assert [" ".join(process.cmdline())[:200] for process in alive] == []


def _was_started_by_us(process: psutil.Process) -> bool:
    try:
        return process.environ().get("TESTS_RUN") == os.environ["TESTS_RUN"]
    except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
        return False
