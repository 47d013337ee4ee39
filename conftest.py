"""How the tests share the processors, and how much patience they have."""

import atexit
import os
import shutil
import tempfile

import pytest
from xdist.scheduler import LoadScopeScheduling

from helpers import own_folder

# nbval waits five seconds for a kernel to say that it is done: too short for a busy machine, and it has no option.
OUTPUT_TIMEOUT = 120
os.environ["CLAIMS_MUST_HOLD"] = "1"  # a reader is told when a figure is off; a test stops
if "PYTEST_XDIST_WORKER" not in os.environ:  # the workers inherit what is set here
    os.environ[own_folder.VARIABLE] = tempfile.mkdtemp(prefix="lessons-work-")  # never the developer's own files
    atexit.register(shutil.rmtree, os.environ[own_folder.VARIABLE], ignore_errors=True)


@pytest.hookimpl(optionalhook=True)  # tools.mutants runs pytest without xdist
def pytest_xdist_make_scheduler(config, log):
    """Hand out tests one by one, but a notebook's cells together: each needs what the ones before it made.

    And those of what is built together: two processes would build the same folder.
    """

    class WholeNotebooks(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return file if file.endswith((".ipynb", "/test_built.py")) else nodeid

    return WholeNotebooks(config, log)


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    items.sort(key=_turn)
    for item in items:
        if item.path.suffix == ".ipynb":
            item.output_timeout = OUTPUT_TIMEOUT


def _turn(item) -> tuple:
    """Notebooks first, the later lessons before the earlier, which train less; then what a browser or a seed runs."""
    if item.path.suffix == ".ipynb":
        return 0, -int(item.path.name[:2])
    if item.path.parent.name == "browser":
        return 1, 0
    return (2, 0) if item.path.stem == "test_claims_with_other_seeds" else (3, 0)
