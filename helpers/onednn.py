"""oneDNN, TensorFlow's quick convolutions on processors of Intel and AMD: switched on before TensorFlow is imported.

The other lessons leave it off (see helpers/__init__.py): they have no convolutions, and it greets every import with log
lines. Nothing else is quicker with it, and sums come out a last digit different.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

VARIABLE = "TF_ENABLE_ONEDNN_OPTS"
GREETINGS = ("oneDNN custom operations are on", "All log messages before absl::InitializeLog() is called")


def switch_on() -> None:
    """Import TensorFlow with oneDNN, without the lines in which it says so: convolutions take less than half the time.

    Says so if TensorFlow is there already, when it is too late; all works without it, more slowly.
    Taught in notebooks/10_convolution.ipynb.
    """
    if "tensorflow" in sys.modules:
        if not is_on():
            print("TensorFlow is imported already, without oneDNN: convolutions will be slower. Restart the kernel.")
        return
    os.environ[VARIABLE] = "1"
    with _without_greetings():
        import tensorflow  # noqa: F401


def is_on() -> bool:
    """Whether TensorFlow was, or will be, imported with oneDNN."""
    return os.environ.get(VARIABLE) == "1"


@contextlib.contextmanager
def _without_greetings() -> Iterator[None]:
    """Keep back what is written to file descriptor 2, as C++ does, then hand on all of it but the greetings."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as written:
        os.dup2(written.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            written.seek(0)
            lines = written.read().decode(errors="replace").splitlines(keepends=True)
            sys.stderr.write("".join(line for line in lines if not any(each in line for each in GREETINGS)))
