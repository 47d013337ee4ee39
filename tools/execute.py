"""Run the notebooks from top to bottom and store their outputs: `make execute`.

What is stored is for readers without a kernel: pictures, text and tables. Widgets live only while a kernel does, so
their views are left out (a picture stays with its words, controls as a table), and so is what differs between machines
for no reason. The kernels keep a learner's files in an empty folder of their own, so that what is stored about
durations is said for the machine that the lessons are made on.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from helpers import own_folder
from tools import lessons

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SECONDS_A_CELL = 900


def is_bare_widget(bundle: dict) -> bool:
    """Whether an output's data, by MIME type, is a widget and nothing that a reader without a kernel could see."""
    return WIDGET_VIEW in bundle and not {"text/html", "image/png"} & bundle.keys()


def execute(path: Path) -> None:
    """Run one notebook on a fresh kernel and store it with its outputs. Raises nbclient's error if a cell fails."""
    with tempfile.TemporaryDirectory() as empty:
        os.environ[own_folder.VARIABLE] = str(Path(empty) / "work")  # its name is shown, and stored
        _run_and_store(path)


def _run_and_store(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": path.parent}},
        extra_arguments=["--log-level=ERROR"],  # a warning about TCP would look like something to do
    )
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            # A widget that brings no table of its own would leave only its Python name behind.
            cell.outputs = [each for each in cell.outputs if not is_bare_widget(each.get("data", {}))]
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "sources_sha256": lessons.sources_hash(notebook),
    }
    lessons.write(notebook, path)


def main(names: list[str]) -> None:
    """Execute the notebooks named, or all of them, in the order of their numbers."""
    paths = [NOTEBOOKS / Path(name).name for name in names] or sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in paths:
        print(f"Executing {path.name} …", flush=True)
        execute(path)


if __name__ == "__main__":
    main(sys.argv[1:])
