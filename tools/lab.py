"""Opens your own copy of the lessons in JupyterLab: `python -m tools.lab`, `--port=8899` for a port of your own."""

import argparse
import os
import runpy
import socket
import sys
from pathlib import Path

from helpers import own_folder
from helpers.errors import ReaderError
from tools import own_copy

PROJECT = Path(__file__).resolve().parent.parent
FIRST = "00_start_here.ipynb"


def command(*options: str) -> list[str]:
    """Return the command that starts this project's JupyterLab, with further options of Jupyter's own.

    The browser tests use it too, with a port and a folder of theirs.
    """
    config = Path(__file__).with_name("jupyter_server_config.py")
    return [sys.executable, "-m", "jupyterlab", f"--config={config}", *options]


def has_display() -> bool:
    """Tell whether a browser that opens here would be seen; over SSH it would open on the far machine."""
    if "SSH_CONNECTION" in os.environ:
        return False
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def is_taken(port: int) -> bool:
    """Tell whether another program answers on this port already."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def main() -> None:
    """Become JupyterLab in this very process, so that Ctrl-C reaches it directly."""
    parser = argparse.ArgumentParser(prog="python -m tools.lab", description=__doc__)
    parser.add_argument("--port", type=int, help="fails when it is taken; without one, the first free from 8888 on")
    port = parser.parse_args().port
    if port is not None and not 0 <= port < 65536:
        parser.error(f"A port is a number from 0 to 65535; got {port}.")

    # Said to the kernels too: where the helpers are installed apart from the lessons, they would not find the place.
    os.environ.setdefault(own_folder.VARIABLE, str(PROJECT / "work"))
    folder = own_folder.folder().resolve()
    os.environ[own_folder.VARIABLE] = str(folder)  # a kernel begins in its notebook's folder, not in this one
    # The whole project, so that a lesson's links to the code work; or the copy alone, if it lies elsewhere.
    root = PROJECT if folder.is_relative_to(PROJECT) else folder
    page = (folder / FIRST).relative_to(root).as_posix()
    options = [f"--ServerApp.root_dir={root}", f"--LabApp.default_url=/lab/tree/{page}"]
    if port is not None:
        if is_taken(port):
            sys.exit(f"Port {port} is taken by another program: choose another, or leave PORT out.")
        options += [f"--port={port}", "--ServerApp.port_retries=0"]
    if not has_display():
        options += ["--no-browser"]

    try:
        print(*own_copy.bring(folder), "Starting JupyterLab; Ctrl-C, twice, ends it.", sep="\n", flush=True)
    except ReaderError as error:
        sys.exit(str(error))
    # No os.execv: on Windows it splits paths at their spaces, and hands the terminal back while JupyterLab runs.
    _python, _m, module, *sys.argv[1:] = command(*options)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
